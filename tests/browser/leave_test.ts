/** Leaving a private room: for now or for good, and the way back. */

import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { Chromium, reads, ready } from "./browser.ts";

/** Ann with a private room, in which bo is; both have a page, on which it is looked at. */
async function family(ann: PeerProcess, bo: PeerProcess): Promise<string> {
  await ann.command("/room new family --private");
  const { room } = await ann.until((line) => line.type === "room" && line.event === "open");
  const { invite } = await ann.get({ type: "invite", room, count: 1 });
  await bo.get({ type: "connect", address: invite });
  await ann.meets(bo.id, room);
  await bo.meets(ann.id, room);
  return room;
}

async function leave(page: Page): Promise<void> {
  await page.getByRole("button", { name: "About this room" }).click();
  await page.getByRole("button", { name: "Leave this room" }).click();
}

Deno.test("page: whoever closes a private room goes on belonging to it, and comes back by a click", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--web=0"));
  const room = await family(ann, bo);
  await using browser = await Chromium.start();
  for (const peer of [ann, bo]) {
    const { page, complaints } = await browser.open(peer.lines[0]?.web);
    await ready(page);
    await page.locator(".room-button", { hasText: "~family" }).click();
    await leave(page);
    const isFounder = peer === ann;
    const asked = isFounder ? "You founded it" : "only a member can let you in again";
    await page.getByRole("alert").getByText(asked).waitFor();
    // What can be done about it is a Tab away.
    await page.locator("button:focus", { hasText: "Leave this room" }).waitFor();
    assertEquals(
      await page.getByRole("button", { name: "Leave for good" }).count(),
      isFounder ? 0 : 1,
    );
    await page.getByRole("button", { name: "Close it here" }).click();
    await page.locator(".room-button", { hasText: "~family" }).waitFor({ state: "detached" });
    assertEquals((await peer.get({ type: "rooms" })).length, 1);
    await page.getByRole("button", { name: "Join a room…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "~family" }).click();
    await page.locator(".head h1", { hasText: "~family" }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await peer.say("back again", room);
    await reads(page, "back again");
    // What is open is offered no more.
    await page.getByRole("button", { name: "Join a room…" }).click();
    await page.getByLabel("Name of the room").waitFor();
    const offered = page.getByRole("dialog").getByRole("button", { name: "~family" });
    assertEquals(await offered.count(), 0);
    assertEquals(complaints, []);
  }
});

Deno.test("page: whoever leaves a private room for good belongs to it no more, and others learn of it", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--web=0"));
  const room = await family(ann, bo);
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(bo.lines[0]?.web);
  await ready(page);
  await page.locator(".room-button", { hasText: "~family" }).click();
  await page.locator(".people .person", { hasText: "ann" }).waitFor();
  await leave(page);
  await page.getByRole("button", { name: "Leave for good" }).click();
  await page.locator(".room-button", { hasText: "~family" }).waitFor({ state: "detached" });
  await ann.notice("member-left");
  const mine = (await ann.get({ type: "rooms" })).find((each: { room: string }) =>
    each.room === room
  );
  assertEquals(mine.members, 1);
  // There is nothing to come back to.
  await page.getByRole("button", { name: "Join a room…" }).click();
  await page.getByLabel("Name of the room").waitFor();
  assertEquals(await page.getByRole("dialog").getByRole("button", { name: "~family" }).count(), 0);
  assertEquals(complaints, []);
});

Deno.test("page: a private room that is left where nobody is stays open, to tell of it later", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--web=0"));
  await family(ann, bo);
  await using browser = await Chromium.start();
  const [hers, his] = [
    await browser.open(ann.lines[0]?.web),
    await browser.open(bo.lines[0]?.web),
  ] as const;
  for (const { page } of [hers, his]) {
    await page.locator(".room-button", { hasText: "~family" }).click();
    await page.locator(".head .topic", { hasText: "2 members" }).waitFor();
  }
  await bo.get({ type: "disconnect", peer: ann.id });
  const { page } = his;
  await page.locator(".bar.alone").waitFor();
  await page.locator(".people h2", { hasText: "1 person" }).waitFor();
  await leave(page);
  await page.getByRole("button", { name: "Leave for good" }).click();
  await page.locator(".silent", { hasText: "or left it" }).waitFor();
  await bo.get({ type: "connect", address: ann.address });
  await hers.page.locator(".head .topic", { hasText: "1 member" }).waitFor();
  await leave(page);
  await page.locator(".room-button", { hasText: "~family" }).waitFor({ state: "detached" });
  assertEquals([hers.complaints, his.complaints], [[], []]);
});
