/** What one asks of the page by commands and in sheets: it is done, shown, and said if not. */

import { assertEquals } from "@std/assert";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { within } from "../within.ts";
import { Chromium, reads, ready, say } from "./browser.ts";
import { pair, webOf } from "./pair.ts";

Deno.test("page: a command's answer is a block in its order, and one goes where it leads", async () => {
  const [annPeer, boPeer] = await pair();
  await using _ann = annPeer;
  await using _bo = boPeer;
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(annPeer));
  await ready(page);
  await boPeer.say("a needle in the hay");
  await reads(page, "a needle");
  await say(page, "/help");
  const lines = (await page.locator(".answer").innerText()).split("\n");
  assertEquals(lines[0]?.slice(0, 5), "/help");
  assertEquals(lines.at(-1)?.slice(0, 8), "// sends");
  assertEquals(lines, await annPeer.command("/help"));
  const title = (text: RegExp) => page.locator(".head h1", { hasText: text }).waitFor();
  await say(page, "/join dev");
  await title(/^#dev$/);
  await say(page, "/query bo");
  await title(/^bo$/);
  // Both are open now: one goes there all the same.
  await say(page, "/join #dev");
  await title(/^#dev$/);
  await say(page, "/query bo");
  await title(/^bo$/);
  await say(page, "/join lobby");
  await title(/^#lobby$/);
  await say(page, "/lang zh");
  await page.getByRole("button", { name: "发送" }).waitFor();
  await say(page, "/lang en");
  await page.getByRole("button", { name: "Send" }).waitFor();
  await say(page, "/nick anna");
  await page.locator(".me", { hasText: "anna" }).waitFor();
  await say(page, "/search needle");
  await page.getByRole("dialog").locator("button", { hasText: "a needle in the hay" }).waitFor();
  await page.keyboard.press("Escape");
  // What was cleared from the screen was said all the same, and can be had again.
  await say(page, "/clear");
  await page.locator(".answer").first().waitFor({ state: "detached" });
  assertEquals(await page.locator("#log").innerText(), "Earlier messages");
  await page.getByRole("button", { name: "Earlier messages" }).click();
  await reads(page, "a needle");
  assertEquals(complaints, []);
});

Deno.test("page: what was taken back is not quoted any more, and the focus stays there", async () => {
  const [annPeer, boPeer] = await pair();
  await using _ann = annPeer;
  await using _bo = boPeer;
  await using browser = await Chromium.start();
  const ann = await browser.open(webOf(annPeer));
  const bo = await browser.open(webOf(boPeer));
  await ready(ann.page);
  await ready(bo.page);
  await say(bo.page, "my secret");
  const secret = ann.page.locator(".message", { hasText: "my secret" });
  await secret.hover();
  await secret.getByRole("button", { name: "Reply" }).click();
  await say(ann.page, "you should not say that");
  const quote = bo.page.locator(".quote");
  await quote.filter({ hasText: "my secret" }).waitFor();
  await bo.page.locator("#log").focus();
  await bo.page.keyboard.press("ArrowUp");
  await bo.page.keyboard.press("ArrowUp");
  await bo.page.locator(".message.own:focus-within").getByRole("button", { name: "Take back" })
    .press("Enter");
  await bo.page.locator(".message.own.withdrawn:focus").waitFor();
  await quote.filter({ hasText: "Taken back" }).waitFor();
  await ann.page.locator(".quote", { hasText: "Taken back" }).waitFor();
  assertEquals(await ann.page.getByText("my secret").count(), 0);
  assertEquals([ann.complaints, bo.complaints], [[], []]);
});

Deno.test("page: whoever takes a name that is there is told apart, in what was said before, too", async () => {
  const [annPeer, boPeer] = await pair();
  await using _ann = annPeer;
  await using _bo = boPeer;
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(annPeer));
  await ready(page);
  await boPeer.say("I am bo");
  await page.locator(".message .name", { hasText: /^bo$/ }).waitFor();
  await using eve = await PeerProcess.start(ephemeral("bo", "--peer", annPeer.address));
  await annPeer.meets(eve.id);
  await eve.say("so am I");
  const name = (said: string) => page.locator(".message", { hasText: said }).locator(".name");
  await name("so am I").filter({ hasText: `bo·${eve.id.slice(0, 4)}` }).waitFor();
  await name("I am bo").filter({ hasText: `bo·${boPeer.id.slice(0, 4)}` }).waitFor();
  assertEquals(complaints, []);
});

Deno.test("page: the end stays in sight when the window or the draft takes its place", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(peer));
  await ready(page);
  for (let n = 0; n < 30; n++) await peer.say(`post ${n} ${"word ".repeat(40)}`);
  await peer.say("the end");
  const end = page.locator(".message", { hasText: "the end" });
  await end.waitFor();
  /** Resolves when the last one is above the end of what is shown, in a window of this height. */
  const seen = (height: number) =>
    within(page.evaluate(`new Promise((resolve) => {
      const look = () => {
        const { bottom } = document.getElementById("log").getBoundingClientRect();
        const last = [...document.querySelectorAll(".message")].at(-1);
        const isSeen = innerHeight === ${height} && last.getBoundingClientRect().bottom <= bottom;
        if (isSeen) resolve();
        else requestAnimationFrame(look);
      };
      look();
    })`));
  await page.locator(".composer textarea").fill("a\nb\nc\nd\ne\nf");
  await seen(800);
  // A message that has just moved the end, and a line more in the same frame.
  await page.evaluate(`{
    document.getElementById("log").scrollTop -= 1;
    document.querySelector("textarea").style.height = "300px";
  }`);
  await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
  await seen(800);
  await page.setViewportSize({ width: 360, height: 400 });
  await seen(400);
  assertEquals(await page.locator(".pill").count(), 0);
  assertEquals(complaints, []);
});

Deno.test("page: two rooms that founders called alike are told apart", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(peer));
  await ready(page);
  await peer.command("/room new club --owned");
  const rooms = page.locator(".room-button .label");
  await rooms.filter({ hasText: /^~club$/ }).waitFor();
  await peer.command("/room new club --owned");
  await rooms.filter({ hasText: /^~club·[0-9a-f]{4}$/ }).nth(1).waitFor();
  assertEquals(new Set(await rooms.allInnerTexts()).size, 3);
  assertEquals(complaints, []);
});

Deno.test("page: a field where nothing was typed says what it wants, and a topic can be none", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(peer));
  await ready(page);
  const sheet = page.getByRole("dialog");
  for (
    const [button, wants] of [
      ["Join a room…", "Type a name for the room"],
      ["New room…", "Type a name for the room"],
      ["Connect…", "Type an address"],
    ] as const
  ) {
    await page.getByRole("button", { name: button }).click();
    // Nothing is clicked first: the field has the focus.
    await sheet.locator("input:focus").waitFor();
    await page.keyboard.press("Enter");
    await sheet.locator(".problem", { hasText: wants }).waitFor();
    await page.keyboard.press("Escape");
  }
  await page.getByRole("button", { name: "Settings" }).click();
  await sheet.getByLabel("Your name").fill(" ");
  await page.keyboard.press("Enter");
  await sheet.locator(".problem", { hasText: "Type the name" }).waitFor();
  await page.keyboard.press("Escape");
  for (const topic of ["Books", ""]) {
    await page.getByRole("button", { name: "About this room" }).click();
    await sheet.getByLabel("Topic").fill(topic);
    await page.keyboard.press("Enter");
    await page.locator(".head .topic", { hasText: topic === "" ? "No topic" : topic }).waitFor();
  }
  await page.locator(".note", { hasText: "ann cleared the topic" }).waitFor();
  assertEquals(complaints, []);
});

Deno.test("page: a text that was refused comes back as it was typed, with what it answers", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(peer));
  await ready(page);
  await peer.say("a question");
  const question = page.locator(".message", { hasText: "a question" });
  await question.hover();
  await question.getByRole("button", { name: "Reply" }).click();
  const long = `//part ${"x".repeat(17_000)}`;
  await say(page, long);
  await page.locator(".composer .problem", { hasText: "Not sent" }).waitFor();
  // The text comes back a moment after the word about it.
  await page.waitForFunction(`document.querySelector(".composer textarea").value !== ""`);
  assertEquals(await page.locator(".composer textarea").inputValue(), long);
  await page.locator(".replying", { hasText: "Reply to ann" }).waitFor();
  assertEquals(complaints, []);
});

Deno.test("page: an invite leads to its room, and says why if nobody is let in by it", async () => {
  await using annPeer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using boPeer = await PeerProcess.start(ephemeral("bo", "--web=0"));
  await annPeer.command("/room new club --owned");
  const { room } = await annPeer.until((line) => line.type === "room" && line.event === "open");
  const { invite: open } = await annPeer.get({ type: "invite", room });
  await annPeer.command("/room new team --private");
  const team = await annPeer.until((line) =>
    line.type === "room" && line.event === "open" && line.room !== room
  );
  const { invite: used } = await annPeer.get({ type: "invite", room: team.room, count: 1 });
  await using cy = await PeerProcess.start(ephemeral("cy", "--peer", used));
  await annPeer.meets(cy.id, team.room);
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(boPeer));
  await ready(page);
  const sheet = page.getByRole("dialog");
  const take = async (invite: string) => {
    await page.getByRole("button", { name: "Connect…" }).click();
    await sheet.getByLabel("Address or invite").fill(invite);
    await page.keyboard.press("Enter");
  };
  await take(open);
  await page.locator(".head h1", { hasText: "~club" }).waitFor();
  await sheet.waitFor({ state: "detached" });
  await take(used);
  await sheet.getByRole("status").filter({ hasText: "as many people as it was for" }).waitFor();
  await page.keyboard.press("Escape");
  // Whoever was removed has nobody to invite.
  await page.getByRole("button", { name: "About this room" }).click();
  await sheet.getByRole("button", { name: "Invite…" }).waitFor();
  await annPeer.get({ type: "command", room, line: `/remove ${boPeer.id}` });
  await page.locator(".silent").waitFor();
  assertEquals(await sheet.getByRole("button", { name: "Invite…" }).count(), 0);
  assertEquals(complaints, []);
});

Deno.test("page: in one column the focus goes along, to the rooms and back", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(webOf(peer), { width: 390, height: 844 });
  await ready(page);
  await page.locator(".composer textarea").fill("a draft");
  await page.getByRole("button", { name: "Back to the rooms" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".room-button:focus", { hasText: "#lobby" }).waitFor();
  await page.keyboard.press("Enter");
  const field = page.locator(".composer textarea:focus");
  await field.waitFor();
  assertEquals(await field.inputValue(), "a draft");
  assertEquals(complaints, []);
});
