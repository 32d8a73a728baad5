/** Every view in both themes, both languages, wide and narrow: axe finds nothing. */

import { assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { ephemeral, PeerProcess, TempFolder } from "../integration/peer_process.ts";
import { Program } from "../integration/program.ts";
import { Chromium, type Looks, reads, ready, say } from "./browser.ts";

/** Each in both themes: a theme changes colours alone, so the dark one is asked about these. */
const everyLook: readonly Looks[] = (["en", "zh"] as const).flatMap((language) =>
  [390, 1_280].map((width) => ({ language, width, height: width === 390 ? 844 : 800 }))
);

/** What axe minds in the page as it is now. */
async function violations(page: Page, view: string, looks: Looks): Promise<string[]> {
  const found: string[] = [];
  for (
    const [theme, options] of [["light", "{ preload: false }"], [
      "dark",
      "{ preload: false, runOnly: 'color-contrast' }",
    ]]
  ) {
    await page.emulateMedia({ colorScheme: theme as "light" | "dark" });
    const minded = await page.evaluate<string[]>(`axe.run(document, ${options})
      .then(({ violations }) => violations.map(({ id, nodes }) =>
        id + ": " + nodes[0].html + " " + nodes[0].failureSummary))`);
    found.push(...minded.map((each) => `${view} ${theme} ${JSON.stringify(looks)} ${each}`));
  }
  return found;
}

Deno.test("page: axe finds nothing in any view, theme, language and width", async () => {
  using folder = new TempFolder();
  await using ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--web=0", "--peer", ann.address));
  await using unnamed = new Program([
    ...["--ui", "line", "--data", folder.file("a"), "--web=0", "--no-listen"],
  ]);
  const line = await unnamed.err.until((text) => text.includes("#token="));
  const loginLink = /http:\S+/.exec(line)?.[0] ?? "";
  await ann.meets(bo.id);
  await bo.say("hello ann, see https://example.org/a");
  await ann.hears("hello ann, see https://example.org/a");
  await ann.say("hello bo");
  await ann.command("/topic a topic");
  await ann.get({ type: "direct", to: bo.id, text: "for you alone" });
  await bo.until((line) => line.type === "request");
  await bo.get({ type: "accept", from: ann.id });
  await bo.get({ type: "direct", to: ann.id, text: "nobody else reads it" });
  await ann.hears("nobody else reads it");
  await ann.command("/room new club --owned");
  const { room } = await ann.until((line) => line.type === "room" && line.room.startsWith("~"));
  await bo.get({ type: "join", room });
  await ann.meets(bo.id, room);
  await bo.say("hello club", room);
  // What had not come before the removal would count as never said.
  await ann.hears("hello club");
  const act = async (line: string) => await ann.get({ type: "command", room, line });
  await act("/announce We meet on Friday");
  await act(`/remove ${bo.id}`);
  await bo.until((line) => line.type === "notice" && line.code === "removed");
  // One of members alone, which is not looked at first.
  await ann.command("/room new team --private");
  await ann.get({ type: "part", room });
  await ann.get({ type: "join", room });
  await using browser = await Chromium.start();
  const found: string[] = [];
  for (const looks of everyLook) {
    const login = await browser.open(loginLink, looks);
    await login.page.locator(".card form").waitFor();
    // Over the debugging protocol: the page itself allows no script but its own.
    await login.page.evaluate(axe.source);
    found.push(...await violations(login.page, "login", looks));
    await login.page.locator(".card button.main").click();
    await login.page.locator("#name-problem").waitFor();
    found.push(...await violations(login.page, "login, wrong", looks));
    await login.context.close();

    const { page, context } = await browser.open(ann.lines[0]?.web, looks);
    await ready(page);
    await page.evaluate(axe.source);
    await page.locator(".announced").waitFor();
    found.push(...await violations(page, "room with a founder", looks));
    for (const [view, open] of ownedSheets) {
      await open(page);
      await page.getByRole("dialog").waitFor();
      found.push(...await violations(page, view, looks));
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    if (looks.width === 390) await page.locator(".back").click();
    await page.locator(".room-button", { hasText: "#lobby" }).click();
    await reads(page, "hello ann");
    found.push(...await violations(page, "room", looks));
    await say(page, "/nonsense");
    await page.locator(".composer .problem").waitFor();
    found.push(...await violations(page, "room, refused", looks));
    if (looks.width === 390) {
      await page.locator(".back").click();
      found.push(...await violations(page, "rooms", looks));
    }
    for (const [view, open] of sheets(looks)) {
      await open(page);
      await page.getByRole("dialog").waitFor();
      found.push(...await violations(page, view, looks));
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    if (looks.width === 390) await page.locator(".back").click();
    await page.locator(".room-button", { hasText: "bo" }).click();
    await reads(page, "nobody else reads it");
    found.push(...await violations(page, "private chat", looks));
    await context.close();

    const other = await browser.open(bo.lines[0]?.web, looks);
    await other.page.locator(".silent").waitFor();
    await other.page.evaluate(axe.source);
    found.push(...await violations(other.page, "room one was removed from", looks));
    await other.context.close();
  }
  assertEquals(found, []);
});

/** How each sheet of a room with a founder is opened. */
const ownedSheets: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ["about a room with a founder", async (page) => {
    await page.locator(".head .about").click();
    await page.locator(".sheet .links button").waitFor();
  }],
  ["closing it", async (page) => {
    await page.locator(".head .about").click();
    await page.locator(".sheet .grave").click();
    await page.locator(".sheet [role=alert]").waitFor();
  }],
  ["what those in charge did", async (page) => {
    await page.locator(".head .about").click();
    await page.locator(".sheet .row button").nth(1).click();
    await page.locator(".sheet .acts li").first().waitFor();
  }],
  ["somebody who was removed", async (page) => {
    await page.locator(".head .about").click();
    await page.locator(".sheet .facts button").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator(".message.other .name").first().click();
  }],
];

/** How each sheet is opened. */
function sheets({ width }: Looks): readonly (readonly [string, (page: Page) => Promise<void>])[] {
  const ways = (n: number) => async (page: Page) => {
    if (width === 390 && !await page.locator(".ways").isVisible()) {
      await page.locator(".back").click();
    }
    await page.locator(".ways button").nth(n).click();
  };
  const inRoom = async (page: Page) => {
    if (width === 390 && await page.locator(".room-button").first().isVisible()) {
      await page.locator(".room-button").first().click();
    }
  };
  return [
    ["join", ways(0)],
    ["new room", ways(1)],
    ["connect", ways(2)],
    ["settings", (page) => page.locator(".rooms header .icon").click()],
    ["switcher", (page) => page.keyboard.press("Control+k")],
    ["search", async (page) => {
      await inRoom(page);
      await page.locator(".head .icon:not(.back, .about)").click();
    }],
    ["about the room", (page) => page.locator(".head .about").click()],
    ["invite to a private room", async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill("~team");
      await page.keyboard.press("Enter");
      await page.locator(".head h1", { hasText: "~team" }).waitFor();
      await page.locator(".head .about").click();
      await page.locator(".sheet .row button").first().click();
      await page.locator(".sheet .squares").waitFor();
    }],
    ["about a private room", (page) => page.locator(".head .about").click()],
    ["invite", async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill("#lobby");
      await page.keyboard.press("Enter");
      await page.locator(".head h1", { hasText: "#lobby" }).waitFor();
      await page.locator(".head .about").click();
      await page.locator(".sheet .row button").first().click();
      await page.locator(".sheet .squares").waitFor();
    }],
    ["person", (page) => page.locator(".message.other .name").first().click()],
    ["details", async (page) => {
      await page.locator(".message.own").first().hover();
      await page.locator(".message.own .actions button").nth(1).click();
    }],
    ["help", async (page) => {
      await page.locator("#log").focus();
      await page.keyboard.press("?");
    }],
  ];
}
