/** Breaks: of the connection to the peer, and of the peer itself. */

import { assertEquals } from "@std/assert";
import { ephemeral, PeerProcess, TempFolder } from "../integration/peer_process.ts";
import { freePort } from "../integration/free_port.ts";
import { Chromium, reads, ready, say } from "./browser.ts";

Deno.test("page: a break loses nothing and doubles nothing, and drafts stay", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page } = await browser.open("about:blank");
  let sockets = 0;
  let swallow = () => {};
  let cut = () => Promise.resolve();
  await page.routeWebSocket(/\/socket$/, (socket) => {
    sockets++;
    const server = socket.connectToServer();
    swallow = () => server.onMessage(() => {});
    cut = () => socket.close({ code: 3_000, reason: "cut" });
  });
  await page.goto(peer.lines[0]?.web);
  await ready(page);
  await peer.say("before");
  await reads(page, "before");
  // What the peer sends from now on is lost, the answer to the next text too.
  swallow();
  await say(page, "said by the page");
  await peer.hears("said by the page");
  await page.locator(".composer textarea").fill("half a thou");
  for (let n = 0; n < 5; n++) await peer.say(`during ${n}`);
  await cut();
  await peer.say("after");
  await reads(page, "after");
  const texts = await page.locator(".message .text").allInnerTexts();
  const during = Array.from({ length: 5 }, (_, n) => `during ${n}`);
  assertEquals(texts, ["before", "said by the page", ...during, "after"]);
  assertEquals(peer.count("said by the page"), 1);
  assertEquals(await page.locator(".composer textarea").inputValue(), "half a thou");
  assertEquals(sockets, 2);
});

Deno.test("page: when the peer stops it says so, keeps the draft, and the new link goes on", async () => {
  using folder = new TempFolder();
  const port = freePort();
  const args = ["--data", folder.file("a"), "--name", "ann", `--web=${port}`, "--no-listen"];
  await using browser = await Chromium.start();
  const first = await PeerProcess.start(args);
  await using _first = first;
  const { page, context } = await browser.open(first.lines[0]?.web);
  await ready(page);
  await say(page, "said before the end");
  await reads(page, "said before the end");
  await page.locator(".composer textarea").fill("not yet said");
  await first.kill("SIGKILL");
  await page.locator(".bar.bad", { hasText: "has stopped" }).waitFor();
  // Typed while nobody answers, it waits: the run that comes has never had it.
  await say(page, "said to nobody");
  await page.locator(".message.own", { hasText: "said to nobody" }).waitFor();
  await page.locator(".composer textarea").fill("not yet said");
  await using second = await PeerProcess.start(args);
  await page.locator(".bar.bad", { hasText: "Open the new link" }).waitFor();
  // The new link, opened in another tab, tells this one the way in.
  const other = await browser.open(second.lines[0]?.web, { context });
  await ready(other.page);
  await page.locator(".bar.alone").waitFor();
  await reads(page, "said before the end");
  await second.hears("said to nobody");
  assertEquals(second.count("said to nobody"), 1);
  await reads(other.page, "said to nobody");
  assertEquals(await page.locator(".composer textarea").inputValue(), "not yet said");
  await page.locator(".composer textarea").press("Enter");
  await second.hears("not yet said");
  await reads(other.page, "not yet said");
  // Stored, and so no longer on its way: what stands there now stays.
  const said = page.locator(".message", { hasText: "not yet said" });
  await said.locator(".tick.stored").waitFor();
  assertEquals(await said.count(), 1);
});

Deno.test("page: logging out forgets the way in, for this browser alone", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page } = await browser.open(peer.lines[0]?.web);
  await ready(page);
  // Loading again needs no link: the tab keeps the token until it is closed.
  await page.reload();
  await ready(page);
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByText("You are logged out").waitFor();
  await page.reload();
  await page.getByText("This page belongs to one person").waitFor();
  await page.goto("about:blank");
  await page.goto(peer.lines[0]?.web);
  await ready(page);
});

Deno.test("page: a text that the peer has not taken yet is not closed away without a question", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page } = await browser.open(ann.lines[0]?.web);
  await ready(page);
  await ann.kill("SIGKILL");
  await page.locator(".bar.bad").waitFor();
  await say(page, "said to nobody");
  await page.locator(".tick.sending").waitFor();
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assertEquals(dialog.type(), "beforeunload");
  await dialog.dismiss();
  await page.locator(".tick.sending").waitFor();
});
