/** The way from what a search finds, and from an answer, to where it was said. */

import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { Chromium, reads, ready, scrollsTo } from "./browser.ts";

const posts = 500;

/** A peer whose lobby has 500 posts, one of which nobody else says the like of. */
async function talkative(): Promise<PeerProcess> {
  const peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  const lines = Array.from({ length: posts }, (_, n) => {
    const text = n === 120 ? "the needle" : `post ${n}`;
    return JSON.stringify({ ref: n, type: "say", room: "lobby", text });
  });
  await peer.write(lines.join("\n") + "\n");
  await peer.until((line) => line.type === "result" && line.ref === posts - 1);
  return peer;
}

async function search(page: Page, query: string): Promise<void> {
  await page.locator(".head").getByRole("button", { name: "Search" }).click();
  await page.getByRole("searchbox").fill(query);
  await page.keyboard.press("Enter");
}

/** What axe minds in the page as it is now, in both themes. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    const minded = await page.evaluate<string[]>(`axe.run(document, { preload: false })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`);
    found.push(...minded);
  }
  return found;
}

/** How far the middle of what has the focus is from the middle of the log, in pixels. */
async function offMiddle(page: Page): Promise<number> {
  return await page.evaluate<number>(`(() => {
    const middle = (element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return (top + bottom) / 2;
    };
    return Math.abs(middle(document.activeElement) - middle(document.querySelector("#log")));
  })()`);
}

Deno.test("page: what a search finds leads to where it was said, and on from there to the newest", async () => {
  await using peer = await talkative();
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(peer.lines[0]?.web);
  await ready(page);
  await reads(page, `post ${posts - 1}`);
  assertEquals(await page.locator(".message", { hasText: "the needle" }).count(), 0);
  await search(page, "needle");
  const found = page.locator(".found button", { hasText: "the needle" });
  await found.waitFor();
  assertEquals(await violations(page), []);
  await found.focus();
  await page.keyboard.press("Enter");
  await page.locator("article.sought:focus", { hasText: "the needle" }).waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert(await offMiddle(page) < 3, "it is in the middle");
  await page.locator(".pill", { hasText: "To the newest" }).waitFor();
  await page.locator(".sought").waitFor({ state: "detached" });
  // Scrolling goes on in both directions, without a hole, to the newest.
  const log = page.locator("#log");
  const toTop = () => log.evaluate((element) => element.scrollTop = 0);
  const toBottom = () => log.evaluate((element) => element.scrollTop = element.scrollHeight);
  await scrollsTo(page, /^post 0$/, toTop);
  await scrollsTo(page, /^post 499$/, toBottom);
  await toBottom();
  await page.locator(".pill").waitFor({ state: "detached" });
  const texts = await page.locator(".message .text").allInnerTexts();
  const first = posts - texts.length;
  const all = Array.from({ length: posts }, (_, n) => n === 120 ? "the needle" : `post ${n}`);
  assertEquals(texts, all.slice(first));
  // And at once, by the button.
  await search(page, "needle");
  await found.click();
  await page.locator("article:focus", { hasText: "the needle" }).waitFor();
  await peer.say("said meanwhile");
  await page.locator(".pill").click();
  await reads(page, "said meanwhile");
  await page.locator(".pill").waitFor({ state: "detached" });
  assertEquals(complaints, []);
});

Deno.test("page: an answer leads to what it answers, also from where that is not loaded", async () => {
  await using peer = await talkative();
  const { messages } = await peer.get({ type: "search", query: "needle", limit: 1 });
  await peer.get({ type: "say", room: "lobby", text: "found it", reply: messages[0].id });
  const gone = "ab".repeat(32);
  await peer.get({ type: "say", room: "lobby", text: "to nobody", reply: gone });
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(peer.lines[0]?.web);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await ready(page);
  const lost = page.locator(".message", { hasText: "to nobody" });
  await lost.locator("button.quote", { hasText: "Answers an earlier message" }).click();
  await lost.locator("p.quote", { hasText: "Answers a message that is not here" }).waitFor();
  assertEquals(await page.evaluate("document.activeElement.tagName"), "ARTICLE");
  assertEquals(await violations(page), []);
  const answer = page.locator(".message", { hasText: "found it" });
  await answer.locator("button.quote").click();
  const needle = page.locator("article.sought:focus", { hasText: "the needle" });
  await needle.waitFor();
  // At once: after three seconds nothing is marked any more.
  const timing = await page.evaluate(
    "getComputedStyle(document.activeElement).animationTimingFunction",
  );
  assertEquals(timing, "steps(1)", "nothing moves");
  assert(await offMiddle(page) < 3, "it is in the middle");
  assertEquals(complaints, []);
});

Deno.test("page: what was found in a room that is closed meanwhile leads there, too, and says so", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0", "--room", "other"));
  await peer.get({ type: "join", room: "lobby" });
  await peer.say("the needle");
  await using browser = await Chromium.start();
  for (
    const [language, words] of [
      ["en", "Its room is not open: this joins it"],
      ["zh", "所在的房间没有打开"],
    ] as const
  ) {
    await peer.get({ type: "join", room: "lobby" });
    const { page, context, complaints } = await browser.open(peer.lines[0]?.web, { language });
    await page.locator(".room-button", { hasText: "#lobby" }).click();
    await reads(page, "the needle");
    await page.locator(".head .icon:not(.back, .about)").click();
    await page.getByRole("searchbox").fill("needle");
    await page.keyboard.press("Enter");
    await page.locator(".found button", { hasText: "the needle" }).waitFor();
    await peer.get({ type: "part", room: "lobby" });
    await page.locator(".head h1", { hasText: "#other" }).waitFor();
    await page.locator(".found button", { hasText: words }).click();
    await page.locator("article:focus", { hasText: "the needle" }).waitFor();
    await page.locator(".head h1", { hasText: "#lobby" }).waitFor();
    assertEquals(complaints, []);
    await context.close();
  }
});

Deno.test("page: a search looks through the room, or through all, and says where and what it leaves out", async () => {
  await using peer = await talkative();
  await peer.get({ type: "join", room: "other" });
  await peer.say("a needle elsewhere", "other");
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(peer.lines[0]?.web);
  await page.locator(".room-button", { hasText: "#lobby" }).click();
  await search(page, "needle");
  const found = page.locator(".found button");
  await found.filter({ hasText: "the needle" }).waitFor();
  assertEquals(await found.count(), 1);
  await page.getByLabel("Where").selectOption("In all rooms");
  await found.filter({ hasText: "#other" }).waitFor();
  assertEquals(await found.count(), 2);
  assertEquals(await violations(page), []);
  await page.getByRole("searchbox").fill("post");
  await page.keyboard.press("Enter");
  await page.locator(".found", { hasText: "Only the newest 50 are shown" }).waitFor();
  assertEquals(await found.count(), 50);
  await page.getByRole("searchbox").fill("elsewhere");
  await page.keyboard.press("Enter");
  await found.filter({ hasText: "a needle elsewhere" }).click();
  await page.locator(".head h1", { hasText: "#other" }).waitFor();
  await page.locator("article:focus", { hasText: "a needle elsewhere" }).waitFor();
  assertEquals(complaints, []);
});

Deno.test("page: behind posts of somebody blocked, more than a page of them, stands what was before", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", peer.address));
  await peer.meets(bo.id);
  await bo.meets(peer.id);
  await peer.say("before all that");
  const lines = Array.from(
    { length: 150 },
    (_, ref) => JSON.stringify({ ref, type: "say", room: "lobby", text: `spam ${ref}` }),
  );
  await bo.write(lines.join("\n") + "\n");
  await peer.hears("spam 149");
  await peer.get({ type: "block", from: bo.id });
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(peer.lines[0]?.web);
  await reads(page, "before all that");
  await page.locator(".edge", { hasText: "This is the beginning" }).waitFor();
  assertEquals(await page.locator(".message").count(), 1);
  assertEquals(complaints, []);
});

Deno.test("page: own posts have their ticks also where they are many, and further up", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", peer.address));
  await peer.meets(bo.id);
  await bo.meets(peer.id);
  const lines = Array.from(
    { length: 130 },
    (_, ref) => JSON.stringify({ ref, type: "say", room: "lobby", text: `mine ${ref}` }),
  );
  await peer.write(lines.join("\n") + "\n");
  await bo.hears("mine 129");
  await peer.until(({ type, state, id }) =>
    type === "delivery" && state === "held" && id === peer.messages.at(-1)?.id
  );
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(peer.lines[0]?.web);
  const held = page.locator(".tick.held");
  await reads(page, "mine 129");
  await held.nth(99).waitFor();
  await page.locator("#log").evaluate((element) => element.scrollTop = 0);
  await held.nth(129).waitFor();
  assertEquals(await held.count(), await page.locator(".message").count());
  assertEquals(complaints, []);
});
