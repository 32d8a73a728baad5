/** Rooms with a founder: founding, inviting, announcing, admins, removing, and the end. */

import { assert, assertEquals } from "@std/assert";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { Chromium, reads, ready, say } from "./browser.ts";

Deno.test("page: somebody founds a room, invites, and is in charge until it is closed", async () => {
  await using annPeer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using boPeer = await PeerProcess.start(ephemeral("bo", "--web=0"));
  await using browser = await Chromium.start();
  const ann = await browser.open(annPeer.lines[0]?.web);
  const bo = await browser.open(boPeer.lines[0]?.web);
  await ready(ann.page);
  await ready(bo.page);
  const sheet = ann.page.getByRole("dialog");

  await ann.page.getByRole("button", { name: "New room…" }).click();
  await sheet.getByLabel("Everybody who has the invite").check();
  await sheet.getByLabel("Name of the room").fill("Reading club");
  await ann.page.keyboard.press("Enter");
  await ann.page.locator(".head h1", { hasText: "~reading-club" }).waitFor();
  // What comes next is to invite: by a word, or by squares.
  await sheet.getByRole("img", { name: "The invite as a QR code" }).waitFor();
  const invite = await sheet.locator(".invite").innerText();
  assert(invite.startsWith("starling:"), invite);
  await ann.page.keyboard.press("Escape");

  await bo.page.getByRole("button", { name: "Connect…" }).click();
  await bo.page.getByLabel("Address or invite").fill(invite);
  await bo.page.getByRole("button", { name: "Connect", exact: true }).click();
  await bo.page.getByRole("dialog").waitFor({ state: "detached" });
  await bo.page.locator(".head h1", { hasText: "~reading-club" }).waitFor();
  await say(bo.page, "hello");
  await reads(ann.page, "hello");
  await bo.page.locator(".people .person", { hasText: "ann" })
    .locator("small", { hasText: "founder" }).waitFor();

  // Announced: across the room, and above it until the next one.
  await ann.page.getByRole("button", { name: "About this room" }).click();
  await sheet.getByLabel("Announcement, set apart").fill("We meet on Friday");
  await ann.page.keyboard.press("Enter");
  await bo.page.locator(".announced", { hasText: "We meet on Friday" }).click();
  await bo.page.getByRole("dialog").getByText("We meet on Friday").waitFor();
  await bo.page.keyboard.press("Escape");
  await bo.page.locator(".is-announcement", { hasText: "We meet on Friday" }).waitFor();

  // An admin may do what others may not.
  await bo.page.locator(".message.other", { hasText: "We meet" }).hover();
  assertEquals(await bo.page.getByRole("button", { name: "Hide for everybody" }).count(), 0);
  const person = ann.page.locator(".people .person", { hasText: "bo" });
  await person.click();
  await sheet.getByRole("button", { name: "Make an admin" }).click();
  await sheet.getByRole("button", { name: "No admin any more" }).waitFor();
  await ann.page.keyboard.press("Escape");
  await person.locator("small", { hasText: "admin" }).waitFor();
  await bo.page.getByRole("button", { name: "About this room" }).click();
  await bo.page.getByRole("dialog").getByLabel("Topic").fill("Books");
  await bo.page.keyboard.press("Enter");
  await ann.page.locator(".head .topic", { hasText: "Books" }).waitFor();

  // Removed, bo can only read; admitted again, he speaks.
  await person.click();
  await sheet.getByRole("button", { name: "Remove", exact: true }).click();
  await sheet.getByRole("button", { name: "Admit again" }).waitFor();
  await bo.page.getByText("You were removed from this room").waitFor();
  assertEquals(await bo.page.locator(".composer").count(), 0);
  await ann.page.keyboard.press("Escape");
  await ann.page.getByRole("button", { name: "About this room" }).click();
  await sheet.getByRole("button", { name: "Admit again: bo" }).click();
  await sheet.getByRole("button", { name: "Admit again: bo" }).waitFor({ state: "detached" });
  await say(bo.page, "back again");
  await reads(ann.page, "back again");

  // What was done can be read by all, and the end is asked for twice.
  await sheet.getByRole("button", { name: "What those in charge did" }).click();
  await sheet.locator(".acts li", { hasText: "ann founded ~reading-club" }).waitFor();
  await sheet.locator(".acts li", { hasText: "ann removed bo" }).waitFor();
  await ann.page.keyboard.press("Escape");
  await ann.page.getByRole("button", { name: "About this room" }).click();
  await sheet.getByRole("button", { name: "Close the room…" }).click();
  await sheet.getByText("for everybody and for good").waitFor();
  await sheet.getByRole("button", { name: "Close it for good" }).click();
  await bo.page.getByText("This room is closed").waitFor();
  await bo.page.locator(".room-button", { hasText: "closed" }).waitFor();
  assertEquals([ann.complaints, bo.complaints], [[], []]);
});

Deno.test("page: a private room lets in one person by an invite, and its members talk", async () => {
  await using annPeer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using boPeer = await PeerProcess.start(ephemeral("bo", "--web=0"));
  await using browser = await Chromium.start();
  const ann = await browser.open(annPeer.lines[0]?.web);
  const bo = await browser.open(boPeer.lines[0]?.web);
  await ready(ann.page);
  await ready(bo.page);
  const sheet = ann.page.getByRole("dialog");
  await ann.page.getByRole("button", { name: "New room…" }).click();
  await sheet.getByText("encrypted for the members").waitFor();
  await sheet.getByLabel("Name of the room").fill("family");
  await ann.page.keyboard.press("Enter");
  await sheet.getByLabel("Lets in").waitFor();
  await sheet.locator(".invite", { hasText: "starling:" }).waitFor();
  const invite = await sheet.locator(".invite").innerText();
  await ann.page.keyboard.press("Escape");
  await bo.page.getByRole("button", { name: "Connect…" }).click();
  await bo.page.getByLabel("Address or invite").fill(invite);
  await bo.page.getByRole("button", { name: "Connect", exact: true }).click();
  await bo.page.locator(".head h1", { hasText: "~family" }).waitFor();
  await say(bo.page, "here I am");
  await reads(ann.page, "here I am");
  await say(ann.page, "welcome");
  await reads(bo.page, "welcome");
  await bo.page.getByRole("button", { name: "About this room" }).click();
  await bo.page.getByRole("dialog").getByText("who alone carry it: 2 members").waitFor();
  assertEquals([ann.complaints, bo.complaints], [[], []]);
});

Deno.test("page: somebody in charge hides for everybody what another has said", async () => {
  await using annPeer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using boPeer = await PeerProcess.start(ephemeral("bo", "--peer", annPeer.address));
  await annPeer.command("/room new club --owned");
  const { room } = await annPeer.until((line) => line.type === "room" && line.event === "open");
  await boPeer.get({ type: "join", room });
  await annPeer.meets(boPeer.id, room);
  const id = await boPeer.say("rude words", room);
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(annPeer.lines[0]?.web, {
    width: 390,
    height: 844,
  });
  await reads(page, "rude words");
  await page.locator(".message", { hasText: "rude words" }).hover();
  await page.getByRole("button", { name: "Hide for everybody" }).click();
  await page.locator(".message.withdrawn").waitFor();
  await boPeer.until((line) => line.type === "withdrawn" && line.id === id);
  assertEquals(complaints, []);
});
