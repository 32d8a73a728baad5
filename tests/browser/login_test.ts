/** The first minutes of somebody new: a link, a name, and chatting. */

import { assertEquals } from "@std/assert";
import { ephemeral, PeerProcess, TempFolder } from "../integration/peer_process.ts";
import { Program } from "../integration/program.ts";
import { freePort } from "../integration/free_port.ts";
import { Chromium, reads, ready, say } from "./browser.ts";

const linkIn = (line: string) => /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/.exec(line)?.[0] ?? null;

Deno.test("page: whoever starts without a name gets a card, and each mistake is explained", async () => {
  using folder = new TempFolder();
  await using bo = await PeerProcess.start(ephemeral("bo"));
  const args = ["--ui", "line", "--data", folder.file("a"), "--web=0", "--listen", "127.0.0.1:0"];
  await using ann = new Program(args);
  const line = await ann.err.until((text) => linkIn(text) !== null);
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(linkIn(line)!);
  await page.getByRole("heading", { name: "Welcome to Starling" }).waitFor();
  // Whoever types at once types the name.
  await page.locator("[name=name]:focus").waitFor();
  const enter = page.getByRole("button", { name: "Enter", exact: true });
  await enter.click();
  await page.locator("#name-problem", { hasText: "Type the name" }).waitFor();
  await page.getByLabel("Your name").fill("ann");
  await page.getByLabel("Address of a friend").fill("nowhere");
  await enter.click();
  await page.locator("#address-problem", { hasText: "a port is missing" }).waitFor();
  const closed = `127.0.0.1:${freePort()}`;
  await page.getByLabel("Address of a friend").fill(closed);
  await enter.click();
  await page.locator("#address-problem", { hasText: `Cannot reach ${closed}` }).waitFor();
  await page.getByLabel("Room").fill("two words");
  await page.getByLabel("Address of a friend").fill(bo.address);
  await enter.click();
  await page.locator("#room-problem").waitFor();
  await page.getByLabel("Room").fill("lobby");
  await enter.click();
  await ready(page);
  await say(page, "hello from a browser");
  await bo.hears("hello from a browser");
  await bo.say("welcome, ann");
  await reads(page, "welcome, ann");
  // The terminal writes into the room that the page has opened.
  await ann.write("and from the terminal\n");
  await bo.hears("and from the terminal");
  await page.locator(".message.own", { hasText: "and from the terminal" }).waitFor();
  const names = bo.messages.map(({ name }) => name).filter((name) => name !== "bo");
  assertEquals(new Set(names), new Set(["ann"]), "nothing was said under another name");
  assertEquals(complaints, []);
});

Deno.test("page: the card can be read in Chinese", async () => {
  using folder = new TempFolder();
  const args = ["--ui", "line", "--data", folder.file("a"), "--web=0", "--listen", "127.0.0.1:0"];
  await using ann = new Program(args);
  const line = await ann.err.until((text) => linkIn(text) !== null);
  await using browser = await Chromium.start();
  const { page } = await browser.open(linkIn(line)!, { language: "zh" });
  await page.getByRole("heading", { name: "欢迎使用 Starling" }).waitFor();
  await page.getByLabel("语言").selectOption("en");
  await page.getByRole("heading", { name: "Welcome to Starling" }).waitFor();
  await page.getByLabel("Language").selectOption("zh");
  await page.getByLabel("你的名字").fill("小明");
  await page.getByRole("button", { name: "进入", exact: true }).click();
  await ready(page);
  await page.locator(".bar", { hasText: "现在只有你一个人" }).waitFor();
  // Whoever is alone wants to invite.
  await page.locator(".first").getByRole("button", { name: "邀请" }).click();
  await page.getByRole("dialog").getByText("starling:").waitFor();
  await page.keyboard.press("Escape");
  await say(page, "你好");
  await page.locator(".message.own", { hasText: "你好" }).waitFor();
});
