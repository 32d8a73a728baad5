/** Invites between peers of this process: who may answer, what is dialled when, what is refused. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DialSchedule } from "../../discovery/dial_schedule.ts";
import type { ChatOptions } from "../../io/chat_options.ts";
import { openChat } from "../../io/open_chat.ts";
import type { Chat } from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import { invitable, readInvite } from "../../peer/invitation.ts";
import type { Notice } from "../../peer/notice.ts";
import type { PeerId, PostId } from "../../wire/ids.ts";
import { decodeInvite, encodeInvite } from "../../wire/invite.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { within } from "../within.ts";

const local = { host: "127.0.0.1", port: 0 };
const [ann, bo] = ["a".repeat(64), "b".repeat(64)] as [PeerId, PeerId];
const open = (name: string, options: ChatOptions = {}) =>
  openChat({ ephemeral: true, name, listen: local, debug: true, ...options });

async function seen(chat: Chat, fits: (notice: Notice) => boolean): Promise<Notice> {
  const search = async () => {
    for await (const notice of chat.notices) if (fits(notice)) return notice;
    throw new Error("The notices have ended");
  };
  return await within(search());
}

const isUp = (notice: Notice) => notice.type === "peer" && notice.event === "up";
const tells = (code: string) => (notice: Notice) =>
  notice.type === "notice" && notice.code === code;

async function refused(code: string, run: () => unknown): Promise<string> {
  const error = await assertRejects(async () => await within((async () => await run())()));
  assert(error instanceof ChatError);
  assertEquals(error.code, code);
  return error.message;
}

Deno.test("an invite leads to its maker and its room", async () => {
  await using maker = await open("ann", { rooms: ["dev"] });
  const invite = await maker.invite("#dev");
  assertEquals(decodeInvite(invite).addresses, maker.listen);
  await using guest = await open("bo", { rooms: [] });
  assertEquals(await guest.connect(` ${invite.slice(0, 40)}\n  ${invite.slice(40)}\n`), "dev");
  assertEquals(guest.rooms().map(({ room }) => room), ["dev"]);
  const up = await seen(guest, isUp);
  assert(up.type === "peer");
  assertEquals([up.peer, up.direction], [maker.me, "out"]);
  await maker.say("dev", "welcome");
  await seen(guest, (n) => n.type === "message" && n.post.text === "welcome");
  await refused("own-invite", () => maker.connect(invite));
});

Deno.test("invites among the peers of a start are taken", async () => {
  await using maker = await open("ann");
  const invite = await maker.invite("lobby");
  await using guest = await open("bo", { peers: [invite], rooms: ["dev"] });
  assertEquals(guest.rooms().map(({ room }) => room), ["dev", "lobby"]);
  await seen(guest, isUp);
});

Deno.test("an own invite among the peers of a start is told of and left out", async () => {
  const data = await Deno.makeTempDir({ prefix: "starling-" });
  try {
    let invite: string;
    {
      await using first = await open("ann", { ephemeral: false, data });
      invite = await first.invite("lobby");
    }
    await using again = await open("ann", { ephemeral: false, data, peers: [invite] });
    await seen(again, tells("own-invite"));
    assertEquals(again.peers(), []);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("no link is made where somebody else than the maker answers", async () => {
  await using other = await open("cy");
  await using guest = await open("bo", { rooms: [] });
  const fields = { room: "lobby", addresses: other.listen, expiresMs: null, ticket: null };
  await guest.connect(encodeInvite({ ...fields, peer: ann }));
  const notice = await seen(guest, tells("not-inviter"));
  assertEquals(notice, {
    type: "notice",
    room: null,
    code: "not-inviter",
    address: other.listen[0]!,
  });
  assertEquals([guest.peers(), other.peers()], [[], []]);
  // Who is named by address alone may be anybody, also there.
  await guest.connect(other.listen[0]!);
  await seen(guest, isUp);
  // And is not taken for the maker afterwards either.
  await guest.connect(encodeInvite({ ...fields, peer: ann }));
  await seen(guest, tells("not-inviter"));
  assertEquals(guest.peers().map(({ peer }) => peer), [other.me]);
});

Deno.test("each address that fails is named, and a good one behind it is tried", async () => {
  await using maker = await open("ann");
  const [good] = maker.listen as [string];
  const lost = "127.0.0.1:1";
  const whole = decodeInvite(await maker.invite("lobby"));
  await using guest = await open("bo", { rooms: [] });
  await guest.connect(encodeInvite({ ...whole, addresses: [lost, good] }));
  const failed = await seen(guest, tells("dial-failed"));
  assert(failed.type === "notice" && failed.code === "dial-failed");
  assertEquals(failed.address, lost);
  assertStringIncludes(failed.reason, "refused");
  await seen(guest, isUp);
});

Deno.test("an invite to a private room is counted, listed and taken back", async () => {
  await using maker = await open("ann");
  const room = await maker.createRoom("plans", { kind: "private" });
  const invite = await maker.invite(room, { count: 1 });
  assertEquals(decodeInvite(invite).room, room);
  await using guest = await open("bo", { rooms: [] });
  assertEquals(await guest.connect(invite), null);
  await seen(guest, (notice) => notice.type === "room" && notice.event === "open");
  assertEquals(guest.rooms().map((each) => [each.room, each.kind]), [[room, "private"]]);
  await guest.say(room, "here I am");
  await seen(maker, (n) => n.type === "message" && n.post.text === "here I am");
  const infos = () => maker.invites(room).map(({ count, used, end }) => [count, used, end]);
  assertEquals(infos(), [[1, 1, "used-up"]]);
  // Who is in a room needs no invite to it any more, and loses nothing by taking one.
  assertEquals(await guest.connect(invite), room);

  const forever = await maker.invite(room, { expiresMs: null });
  assertEquals(decodeInvite(forever).expiresMs, null);
  const [, second] = maker.invites(room);
  await maker.revokeInvite(room, second!.id);
  assertEquals(infos()[1], [null, 0, "revoked"]);
  await using late = await open("cy", { rooms: [], peers: [forever] });
  const notice = await seen(late, tells("not-let-in"));
  assert(notice.type === "notice" && notice.code === "not-let-in");
  assertEquals([notice.reason, notice.byMaker, notice.peer], ["revoked", true, maker.me]);

  for (const count of [0, 1.5, defaultLimits.inviteCountMax + 1]) {
    await refused("bad-field", () => maker.invite(room, { count }));
  }
  await refused("not-available", () => maker.invite("lobby", { count: 2 }));
  await refused("not-available", () => maker.invites("lobby"));
  await refused("not-available", () => maker.revokeInvite("lobby", second!.id));
  await refused("no-such-post", () => maker.revokeInvite(room, "0".repeat(64) as PostId));
});

Deno.test("invite() is refused where nobody can come in, and in a room that is not open", async () => {
  await using deaf = await open("ann", { listen: false });
  assertStringIncludes(await refused("not-listening", () => deaf.invite("lobby")), "/listen");
  await refused("not-joined", () => deaf.invite("dev"));
  await refused("not-available", () => deaf.invite(`@${bo}`));
  assertStringIncludes(
    await refused("bad-field", () => deaf.invite("lobby", { expiresMs: 1 })),
    "expires at 1: that is past; give milliseconds",
  );
});

Deno.test("inviteMs: an invite holds so long, and no longer", async () => {
  await using maker = await open("ann");
  const { inviteMs } = defaultLimits;
  const before = Date.now();
  const text = await maker.invite("lobby");
  const expiresMs = decodeInvite(text).expiresMs!;
  assert(expiresMs > before + inviteMs - 60_000 && expiresMs <= Date.now() + inviteMs);
  assertEquals(readInvite(text, bo, expiresMs).room, "lobby");
  const message = await refused("expired-invite", () => readInvite(text, bo, expiresMs + 1));
  assertEquals(
    message,
    "The invite expired within the last 1 h: ask for a new one, or set the clock right",
  );
});

Deno.test("invitable() leaves this machine's own addresses out if there are others", async () => {
  const near = ["127.0.0.1:1", "[::1]:1", "localhost:1"];
  assertEquals(invitable([...near, "10.0.0.5:1", "host.lan:1"]), ["10.0.0.5:1", "host.lan:1"]);
  assertEquals(invitable(near), near);
  await refused("not-listening", () => invitable([]));
});

Deno.test("inviteStaggerMs: ways to one peer are tried in turn, and rest once one has led there", () => {
  const { inviteStaggerMs } = defaultLimits;
  const schedule = new DialSchedule(defaultLimits, () => 0.5);
  for (const [i, address] of ["a:1", "b:1", "c:1"].entries()) {
    schedule.add(address, 0, ann, i * inviteStaggerMs);
  }
  assertEquals([schedule.expectedAt("a:1"), schedule.expectedAt("x:1")], [ann, null]);
  assertEquals(schedule.takeDue(0, 8), ["a:1"]);
  assertEquals(schedule.takeDue(inviteStaggerMs - 1, 8), []);
  assertEquals(schedule.takeDue(inviteStaggerMs, 8), ["b:1"]);
  schedule.onUp("b:1", ann, 350);
  schedule.onPeerUp(ann, 350);
  // The first one fails late: it rests too, and so does the third, which was never dialled.
  assertEquals(schedule.onFailed("a:1", "no answer", 400), null);
  assertEquals([schedule.deadlineMs, schedule.waiting], [Infinity, []]);
  schedule.onPeerDown(ann, "cut", 500);
  assertEquals(schedule.waiting.map(({ address }) => address), ["a:1", "b:1", "c:1"]);
  // It rests because bo was there and is linked by another way; an invite of ann wants to know.
  schedule.add("d:1", 600);
  schedule.takeDue(600, 8);
  schedule.onUp("d:1", bo, 610);
  schedule.add("d:1", 620, ann);
  assertEquals(schedule.takeDue(620, 8).includes("d:1"), true);
  // Named by a person as a mere address: whoever is there.
  schedule.add("a:1", 600);
  assertEquals(schedule.expectedAt("a:1"), null);
});
