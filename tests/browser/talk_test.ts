/** Two people on two peers, each in a browser. */

import { assertEquals } from "@std/assert";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { Chromium, reads, ready, say } from "./browser.ts";
import { pair, webOf } from "./pair.ts";

Deno.test("page: two people talk, see each other, and see who has what", async () => {
  const [annPeer, boPeer] = await pair();
  await using _ann = annPeer;
  await using _bo = boPeer;
  await using browser = await Chromium.start();
  const ann = await browser.open(webOf(annPeer));
  const bo = await browser.open(webOf(boPeer));
  await ready(ann.page);
  await ready(bo.page);
  assertEquals(ann.page.url(), ann.page.url().replace(/#.*/, ""), "the token left the address");
  await say(ann.page, "hello bo, are you there?");
  await reads(bo.page, "are you there?");
  await say(bo.page, "yes, ann");
  await reads(ann.page, "yes, ann");
  // Own on the right, ticks at the end of the way, others with their name.
  await ann.page.locator(".message.own .tick.held").waitFor();
  await ann.page.locator(".message.other.names-me header", { hasText: "bo" }).waitFor();
  await bo.page.locator(".people .person", { hasText: "ann" }).first().waitFor();
  await ann.page.locator(".bar.good", { hasText: "1 peer" }).waitFor();
  // What is said on the page comes out of the peer, and what the peer says comes to the page.
  await annPeer.hears("hello bo, are you there?");
  await annPeer.say("typed in the terminal");
  await ann.page.locator(".message.own", { hasText: "typed in the terminal" }).waitFor();
  assertEquals([ann.complaints, bo.complaints], [[], []]);
});

Deno.test("page: a reply quotes, taking back hides, details tell", async () => {
  const [annPeer, boPeer] = await pair();
  await using _ann = annPeer;
  await using _bo = boPeer;
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(annPeer));
  const bo = await browser.open(webOf(boPeer));
  await ready(page);
  await ready(bo.page);
  await say(bo.page, "shall we meet?");
  await reads(page, "shall we meet?");
  const question = page.locator(".message", { hasText: "shall we meet?" });
  await question.hover();
  await question.getByRole("button", { name: "Reply" }).click();
  await page.locator(".replying", { hasText: "Reply to bo" }).waitFor();
  await say(page, "at noon");
  await bo.page.locator(".message", { hasText: "at noon" })
    .locator(".quote", { hasText: "shall we meet?" }).waitFor();
  const own = page.locator(".message.own", { hasText: "at noon" });
  await own.hover();
  await own.getByRole("button", { name: "Details" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.locator(".facts", { hasText: "bo (1/1)" }).waitFor();
  await page.keyboard.press("Escape");
  await own.hover();
  await own.getByRole("button", { name: "Take back" }).click();
  await bo.page.locator(".message.withdrawn", { hasText: "Taken back" }).waitFor();
  await page.locator(".message.withdrawn").waitFor();
  await page.locator(".message.other .name", { hasText: "bo" }).first().click();
  await sheet.locator(".facts .code", { hasText: boPeer.id.slice(0, 8) }).first().waitFor();
  assertEquals(complaints, []);
});

Deno.test("page: without a mouse, a message is reached by arrows and answered", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(peer));
  await ready(page);
  for (const text of ["one", "two", "three"]) await peer.say(text);
  await reads(page, "three");
  await page.locator("#log").focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".replying").waitFor();
  await say(page, "to the second");
  await page.locator(".message", { hasText: "to the second" })
    .locator(".quote", { hasText: "two" }).waitFor();
  assertEquals(complaints, []);
});

Deno.test("page: who is away stands there at once, and that they are back", async () => {
  const [annPeer, boPeer] = await pair();
  await using _ann = annPeer;
  await using _bo = boPeer;
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(annPeer));
  await ready(page);
  const bo = page.locator(".people .person", { hasText: "bo" });
  await bo.waitFor();
  await boPeer.command("/away at lunch");
  await bo.locator("small", { hasText: "away: at lunch" }).waitFor();
  await boPeer.command("/away");
  await bo.locator("small", { hasText: "away" }).waitFor({ state: "detached" });
  // The own state too, on whichever face it was said.
  const ann = page.locator(".people .person", { hasText: "ann" });
  await annPeer.command("/away");
  await ann.locator("small", { hasText: "away" }).waitFor();
  const events = annPeer.lines.filter(({ type }) => type === "away");
  assertEquals([events, complaints], [[], []], "programs are told by who alone");
});

Deno.test("page: digits are compared on the sheet of a person, who is marked then", async () => {
  const [annPeer, boPeer] = await pair();
  await using _ann = annPeer;
  await using _bo = boPeer;
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(annPeer));
  await ready(page);
  const bo = page.locator(".people .person", { hasText: "bo" });
  await bo.click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: "Verify…" }).click();
  await sheet.locator(".code", { hasText: /^(\d{5} ?){12}$/ }).waitFor();
  await sheet.getByRole("button", { name: "They are equal" }).click();
  await sheet.getByText("verified", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".people h2", { hasText: "2 people, 1 verified" }).waitFor();
  await bo.locator("small", { hasText: "verified" }).waitFor();
  await bo.click();
  await sheet.getByRole("button", { name: "Verify…" }).click();
  await sheet.getByRole("button", { name: "Not verified any more" }).click();
  await page.keyboard.press("Escape");
  await page.locator(".people h2", { hasText: /^2 people$/ }).waitFor();
  assertEquals(complaints, []);
});

Deno.test("page: rooms are joined, counted as unread, searched and switched by keys", async () => {
  const [annPeer, boPeer] = await pair();
  await using _ann = annPeer;
  await using _bo = boPeer;
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(annPeer));
  await ready(page);
  await page.getByRole("button", { name: "Join a room…" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("dev");
  await page.keyboard.press("Enter");
  await page.locator(".head h1", { hasText: "#dev" }).waitFor();
  await annPeer.until((line) => line.type === "room" && line.room === "dev");
  await boPeer.say("the needle is in the lobby");
  const lobby = page.locator(".room-button", { hasText: "#lobby" });
  await lobby.locator(".badge").waitFor();
  // Opened by the terminal, shown by the page.
  await annPeer.get({ type: "join", room: "third" });
  await page.locator(".room-button", { hasText: "#third" }).waitFor();
  await page.keyboard.press("Alt+ArrowUp");
  await page.locator(".head h1", { hasText: "#lobby" }).waitFor();
  await page.locator(".new", { hasText: "1 new message" }).waitFor();
  await lobby.locator(".badge").waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("dev");
  await page.keyboard.press("Enter");
  await page.locator(".head h1", { hasText: "#dev" }).waitFor();
  await lobby.click();
  await page.locator(".head").getByRole("button", { name: "Search" }).click();
  await page.getByRole("searchbox").fill("needle");
  await page.keyboard.press("Enter");
  await page.locator(".found .text", { hasText: "the needle is in the lobby" }).waitFor();
  assertEquals(complaints, []);
});

Deno.test("page: what is asked for while a sheet closes is shown, and the focus comes back", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(peer));
  await ready(page);
  const keys = page.getByRole("dialog", { name: "Keys" });
  await page.locator("#log").focus();
  await page.keyboard.press("?");
  await keys.waitFor();
  for (let turn = 0; turn < 10; turn++) {
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await keys.waitFor();
  }
  await page.getByRole("button", { name: "Close" }).click();
  await keys.waitFor({ state: "detached" });
  assertEquals(await page.evaluate("document.activeElement.id"), "log");
  assertEquals(complaints, []);
});

Deno.test("page: a click on a person opens a sheet, and from it a chat for two alone", async () => {
  const [annPeer, boPeer] = await pair();
  await using _ann = annPeer;
  await using _bo = boPeer;
  await using browser = await Chromium.start();
  const ann = await browser.open(webOf(annPeer));
  const bo = await browser.open(webOf(boPeer), { width: 390, height: 844 });
  await ready(ann.page);
  await ready(bo.page);
  await ann.page.locator(".people .person", { hasText: "bo" }).click();
  await ann.page.getByRole("dialog").getByRole("button", { name: "Message" }).click();
  await ann.page.locator(".head h1", { hasText: /^bo$/ }).waitFor();
  await say(ann.page, "only for you");
  await ann.page.locator(".message.own", { hasText: "only for you" }).waitFor();
  // Bo has never heard of ann: her first words wait until he decides.
  await bo.page.locator(".back").click();
  await bo.page.locator(".requests", { hasText: "only for you" }).waitFor();
  await bo.page.getByRole("button", { name: "Accept" }).click();
  await bo.page.locator(".head h1", { hasText: /^ann$/ }).waitFor();
  await reads(bo.page, "only for you");
  await say(bo.page, "and for nobody else");
  await reads(ann.page, "and for nobody else");
  // It stands in no room.
  await ann.page.locator(".room-button", { hasText: "#lobby" }).click();
  await ann.page.locator(".head h1", { hasText: "#lobby" }).waitFor();
  assertEquals(await ann.page.locator(".message", { hasText: "only for you" }).count(), 0);
  // Blocked, bo is heard no more.
  await ann.page.locator(".people .person", { hasText: "bo" }).click();
  await ann.page.getByRole("dialog").getByRole("button", { name: "Block" }).click();
  await ann.page.getByRole("dialog").getByRole("button", { name: "Unblock" }).waitFor();
  const unheard = await boPeer.say("can you hear me?");
  await boPeer.until((line) => line.type === "receipt" && line.id === unheard);
  await ann.page.keyboard.press("Escape");
  await annPeer.say("the end");
  await reads(ann.page, "the end");
  assertEquals(await ann.page.locator(".message", { hasText: "can you hear me?" }).count(), 0);
  assertEquals([ann.complaints, bo.complaints], [[], []]);
});
