/** Invites on the page: on the card of somebody new, and in "Connect…". */

import { assertEquals } from "@std/assert";
import { decodeInvite, encodeInvite } from "../../wire/invite.ts";
import { ephemeral, PeerProcess, TempFolder } from "../integration/peer_process.ts";
import { Program } from "../integration/program.ts";
import { Chromium, reads, ready } from "./browser.ts";

const linkIn = (line: string) => /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/.exec(line)?.[0] ?? null;

Deno.test("page: an invite leads to its room, from the card and from Connect…", async () => {
  using folder = new TempFolder();
  await using bo = await PeerProcess.start(ephemeral("bo", "--room", "dev"));
  await using cy = await PeerProcess.start(ephemeral("cy", "--room", "ops"));
  const { invite } = await bo.get({ type: "invite", room: "dev" });
  const args = ["--ui", "line", "--data", folder.file("a"), "--web=0", "--listen", "127.0.0.1:0"];
  await using ann = new Program(args);
  const line = await ann.err.until((text) => linkIn(text) !== null);
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(linkIn(line)!);
  const enter = page.getByRole("button", { name: "Enter", exact: true });
  await page.getByLabel("Your name").fill("ann");
  await page.getByLabel("Address of a friend").fill(`${invite}q`);
  await enter.click();
  await page.locator("#address-problem", { hasText: "invite is damaged" }).waitFor();
  await page.getByLabel("Address of a friend").fill(invite);
  await enter.click();
  await ready(page);
  await bo.say("welcome to dev", "dev");
  await reads(page, "welcome to dev");

  await page.getByRole("button", { name: "Connect…" }).click();
  const field = page.getByLabel("Address or invite");
  const go = page.getByRole("button", { name: "Connect", exact: true });
  const other = await cy.get({ type: "invite", room: "ops" });
  // The address of cy with the key of nobody.
  const peer = decodeInvite(invite).peer.replace(
    /^./,
    (first: string) => first === "0" ? "1" : "0",
  ) as typeof bo.id & { brand: "PeerId" };
  await field.fill(encodeInvite({ ...decodeInvite(other.invite), peer }));
  await go.click();
  await page.getByText("somebody else is there, not who made the invite").first().waitFor();
  await field.fill(other.invite);
  await go.click();
  await page.getByText("cy").first().waitFor();
  await cy.until((each) => each.type === "presence" && each.room === "ops");
  assertEquals(complaints, []);
});

Deno.test("page: an invite to a private room opens it once somebody has let one in", async () => {
  using folder = new TempFolder();
  await using bo = await PeerProcess.start(ephemeral("bo"));
  await bo.command("/room new plans --private");
  const rooms = await bo.get({ type: "rooms" });
  const { room } = rooms.find(({ title }: { title?: string }) => title === "plans");
  const { invite } = await bo.get({ type: "invite", room, count: 1 });
  const args = [
    "--ui",
    "line",
    "--data",
    folder.file("a"),
    "--name",
    "ann",
    "--web=0",
    "--listen",
    "127.0.0.1:0",
  ];
  await using ann = new Program(args);
  const line = await ann.err.until((text) => linkIn(text) !== null);
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(linkIn(line)!);
  await ready(page);
  await page.getByRole("button", { name: "Connect…" }).click();
  await page.getByLabel("Address or invite").fill(invite);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  // Whoever takes an invite is led to its room, as soon as it is open.
  await page.locator(".head h1", { hasText: "plans" }).waitFor();
  await bo.say("welcome to the plans", room);
  await reads(page, "welcome to the plans");
  // Nobody else comes by it, and the page says why.
  await using cy = await PeerProcess.start(ephemeral("cy", "--peer", invite));
  assertEquals((await cy.notice("not-let-in")).reason, "used-up");
  assertEquals(complaints, []);
});

Deno.test("page: invites to a private room that were given before are listed, and can be ended", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await ann.command("/room new plans --private");
  const { room } = await ann.until((line) => line.type === "room" && line.event === "open");
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(ann.lines[0]?.web);
  const invite = async () => {
    await page.getByRole("button", { name: "About this room" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Invite…" }).click();
    await page.locator(".sheet .invite", { hasText: "starling:" }).waitFor();
    return await page.locator(".sheet .invite").innerText();
  };
  await page.locator(".room-button", { hasText: "~plans" }).click();
  const first = await invite();
  assertEquals(await page.getByText("Given before").count(), 0);
  await page.keyboard.press("Escape");
  await invite();
  const given = page.locator(".sheet .links li", { hasText: "ann" });
  await given.filter({ hasText: "0/1" }).waitFor();
  assertEquals(await given.count(), 1);
  await page.getByRole("button", { name: "End it" }).click();
  await given.waitFor({ state: "detached" });
  const made = await ann.get({ type: "invites", room });
  assertEquals(made.map(({ ended }: { ended: string | null }) => ended), ["revoked", null]);
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", first));
  assertEquals((await bo.notice("not-let-in")).reason, "revoked");
  assertEquals(complaints, []);
});
