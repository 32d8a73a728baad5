/** Invites to private rooms among real engines: who is let in, who is not, and who learns what. */

import { assert, assertEquals } from "@std/assert";
import type { Notice } from "../../peer/notice.ts";
import type { PrivateRooms } from "../../peer/private_rooms.ts";
import type { PostId, RoomId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import type { InviteRefusal, Message } from "../../wire/message.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { inviteKeys } from "../../wire/redemption.ts";
import { PrivateNetwork, type PrivatePeer } from "./private_network.ts";

const { redeemAgainMs } = defaultLimits;

interface Made {
  readonly room: RoomId;
  readonly maker: PrivatePeer;
  readonly seed: Uint8Array;
  readonly id: PostId;
}

interface Wishes {
  readonly count?: number;
  readonly expiresMs?: number;
}

function make(
  network: PrivateNetwork,
  maker: PrivatePeer,
  room: RoomId,
  { count, expiresMs }: Wishes = {},
): Made {
  const seed = network.crypto.randomBytes(16);
  const key = inviteKeys(seed, network.crypto).publicKey;
  const outcome = maker.command({
    type: "make-invite",
    room,
    key,
    expiresMs: expiresMs ?? null,
    count: count ?? null,
  });
  assert(outcome.ok && outcome.id !== null, JSON.stringify(outcome));
  return { room, maker, seed, id: outcome.id };
}

/** Takes an invite, as `/connect` does. */
function take(guest: PrivatePeer, { room, maker, seed }: Made): void {
  const ticket = { room, seed, expiresMs: null };
  const outcome = guest.command({ type: "accept-invite", peer: maker.me, addresses: [], ticket });
  assert(outcome.ok, JSON.stringify(outcome));
}

const told = (peer: PrivatePeer, code: "let-in" | "not-let-in") =>
  peer.notices.filter((notice) => notice.type === "notice" && notice.code === code);
const reasons = (peer: PrivatePeer) =>
  told(peer, "not-let-in").map((notice) =>
    (notice as Extract<Notice, { code: "not-let-in" }>).reason
  );
const isIn = (peer: PrivatePeer, room: RoomId) =>
  peer.engine.rooms().some(({ id, role }) => id === room && role !== "stranger");

function network(
  seed: number,
  limits: Partial<Limits> = {},
): { net: PrivateNetwork; ann: PrivatePeer; bo: PrivatePeer; cy: PrivatePeer; room: RoomId } {
  const net = new PrivateNetwork(seed, ["ann", "bo", "cy"], limits);
  const [ann, bo, cy] = net.peers as [PrivatePeer, PrivatePeer, PrivatePeer];
  return { net, ann, bo, cy, room: ann.found("plans") };
}

Deno.test("an invite opens a private room for who has it, and talk goes both ways", () => {
  const { net, ann, bo, room } = network(1_001);
  ann.say(room, "before");
  const invite = make(net, ann, room);
  take(bo, invite);
  assertEquals(bo.engine.rooms(), [], "nothing is open before somebody lets him in");
  net.link(bo, ann);
  net.pass(2_000);
  assertEquals(told(bo, "let-in"), [
    { type: "notice", code: "let-in", room: `~${room}`, peer: ann.me, name: "ann" },
  ]);
  assert(isIn(bo, room));
  assertEquals(ann.members(room), 2);
  ann.say(room, "welcome");
  bo.say(room, "thanks");
  net.pass(1_000);
  for (const peer of [ann, bo]) {
    assertEquals(peer.texts(room).slice(-2).sort(), ["thanks", "welcome"], peer.name);
  }
  assert(!bo.texts(room).includes("before"));
  assertEquals(ann.engine.invites(room, net.now).map(({ used, end }) => [used, end]), [[1, null]]);
});

Deno.test("an invite is asked for over a link that is up already, and who is let in can speak", () => {
  const { net, ann, bo, room } = network(1_002);
  net.link(bo, ann);
  bo.onNotice = (notice) => {
    if (notice.type !== "notice" || notice.code !== "let-in") return;
    net.later(() => assert(bo.say(room, "at once").ok));
  };
  take(bo, make(net, ann, room));
  net.pass(2_000);
  assertEquals(ann.texts(room).at(-1), "at once");
});

Deno.test("two who take the last use at once: one is let in, the other told why not", () => {
  const { net, ann, bo, cy, room } = network(1_003);
  const invite = make(net, ann, room, { count: 1 });
  net.link(bo, ann);
  net.link(cy, ann);
  // Both requests lie in ann's inbox when she turns to it.
  const asks = ann.inbox = [];
  for (const guest of [bo, cy]) take(guest, invite);
  ann.inbox = null;
  assertEquals(asks.length, 2);
  ann.give(...asks);
  net.settle();
  net.pass(2_000);
  assertEquals([bo, cy].map((guest) => isIn(guest, room)), [true, false]);
  assertEquals(reasons(cy), ["used-up"]);
  assertEquals(ann.members(room), 2);
  assertEquals(ann.engine.invites(room, net.now).map(({ end }) => end), ["used-up"]);
});

Deno.test("a counted invite holds for as many as it says, over restarts of its maker", () => {
  const { net, ann, bo, cy, room } = network(1_004);
  const invite = make(net, ann, room, { count: 1 });
  net.link(bo, ann);
  take(bo, invite);
  net.pass(1_000);
  ann.start();
  net.link(cy, ann);
  take(cy, invite);
  net.pass(1_000);
  assertEquals([isIn(bo, room), isIn(cy, room)], [true, false]);
  assertEquals(reasons(cy), ["used-up"]);
  // Who has come by it already is welcomed again.
  net.link(bo, ann);
  take(bo, invite);
  net.pass(1_000);
  assertEquals([told(bo, "let-in").length, ann.members(room)], [2, 2]);
});

Deno.test("an uncounted invite is honoured by any member, a counted one by its maker alone", () => {
  const { net, ann, bo, cy, room } = network(1_005);
  const [open, counted] = [make(net, ann, room), make(net, ann, room, { count: 5 })];
  net.link(bo, ann);
  take(bo, open);
  net.pass(2_000);
  bo.cutFrom(ann);
  net.link(cy, bo);
  take(cy, counted);
  net.pass(1_000);
  assertEquals([isIn(cy, room), reasons(cy)], [false, ["not-maker"]]);
  take(cy, open);
  net.pass(2_000);
  assert(isIn(cy, room));
  assertEquals(bo.members(room), 3);
  net.link(ann, bo);
  net.pass(2_000);
  assertEquals(ann.members(room), 3);
});

Deno.test("an invite that was taken back, has expired or ended with a removal is refused", () => {
  const refusals: readonly (readonly [
    InviteRefusal,
    (net: PrivateNetwork, invite: Made, bo: PrivatePeer) => void,
  ])[] = [
    ["revoked", (_net, { room, maker, id }) => {
      const outcome = maker.command({ type: "revoke-invite", room, invite: id });
      assert(outcome.ok, JSON.stringify(outcome));
    }],
    ["expired", (net) => net.pass(600_000, 100_000)],
    ["revoked", (net, { room, maker }, bo) => {
      assert(maker.invite(room, bo).ok);
      net.pass(1_000);
      assert(maker.power(room, "remove", bo).ok);
      net.pass(1_000);
    }],
  ];
  for (const [i, [reason, end]] of refusals.entries()) {
    const { net, ann, bo, cy, room } = network(1_010 + i);
    const invite = make(net, ann, room, { expiresMs: net.now.wallMs + 300_000 });
    end(net, invite, bo);
    net.link(cy, ann);
    take(cy, invite);
    net.pass(2_000);
    assertEquals([isIn(cy, room), reasons(cy)], [false, [reason]]);
    assertEquals(ann.members(room), 1);
    // It is given up: another link to the maker asks for nothing.
    const before = ann.heard.length;
    cy.cutFrom(ann);
    net.link(cy, ann);
    assert(!ann.heard.slice(before).some(({ message }) => message.type === "redeem"));
  }
});

Deno.test("an invite that is taken back, or ended by a removal, in the step of a request lets nobody in", () => {
  const ends = [
    (
      { room, id }: Made,
      _cy: PrivatePeer,
    ) => ({ type: "revoke-invite", room, invite: id } as const),
    ({ room }: Made, { me }: PrivatePeer) =>
      ({ type: "power", room: `~${room}`, deed: { act: "remove", peer: me } }) as const,
  ];
  for (const [i, end] of ends.entries()) {
    const { net, ann, bo, cy, room } = network(1_015 + i);
    assert(ann.invite(room, cy).ok);
    const invite = make(net, ann, room);
    net.link(bo, ann);
    net.pass(2_000);
    ann.inbox = [];
    take(bo, invite);
    net.pass(100);
    const [request, ...more] = ann.inbox;
    assertEquals([request?.type, more], ["received", []]);
    ann.inbox = null;
    ann.give({ type: "command", ref: 9_999, command: end(invite, cy) }, request!);
    net.pass(redeemAgainMs + 1_000);
    assertEquals([isIn(bo, room), reasons(bo)], [false, ["later", "revoked"]], `${i}`);
  }
});

Deno.test("who was removed is let in by no invite, also by a newer one", () => {
  const { net, ann, bo, room } = network(1_020);
  net.link(bo, ann);
  take(bo, make(net, ann, room));
  net.pass(1_000);
  assert(ann.power(room, "remove", bo).ok);
  net.pass(1_000);
  take(bo, make(net, ann, room));
  net.pass(1_000);
  assertEquals(reasons(bo), ["removed"]);
  assertEquals(ann.members(room), 1);
});

Deno.test("only its maker and those above take an invite back", () => {
  const { net, ann, bo, cy, room } = network(1_021);
  for (const guest of [bo, cy]) {
    net.link(guest, ann);
    assert(ann.invite(room, guest).ok);
  }
  net.pass(2_000);
  const [hers, his] = [make(net, ann, room), make(net, bo, room)];
  net.pass(1_000);
  const revoke = (by: PrivatePeer, { id }: Made) => {
    const outcome = by.command({ type: "revoke-invite", room, invite: id });
    return outcome.ok ? "done" : outcome.code;
  };
  assertEquals([revoke(bo, hers), revoke(cy, his), revoke(ann, his)], [
    "not-in-charge",
    "not-in-charge",
    "done",
  ]);
  assertEquals(revoke(ann, { ...hers, id: room as string as PostId }), "no-such-post");
  net.pass(1_000);
  assertEquals(cy.engine.invites(room, net.now).map(({ end }) => end), [null, "revoked"]);
});

Deno.test("who is in no private room, or in another, learns nothing from a request", () => {
  const { net, ann, bo, cy, room } = network(1_022);
  const invite = make(net, ann, room);
  const key = inviteKeys(invite.seed, net.crypto).publicKey.toHex();
  cy.found("others");
  make(net, cy, cy.engine.rooms()[0]!.id);
  net.link(bo, cy);
  take(bo, invite);
  net.pass(15_000);
  const sent = cy.heard.map(({ message }) => encodeMessage(message).toHex()).join();
  assert(cy.heard.some(({ message }) => message.type === "redeem"));
  for (const secret of [room, key, invite.seed.toHex()]) assert(!sent.includes(secret));
  // It says that it knows of nothing, and nobody is told so: the maker may come yet.
  assertEquals([reasons(bo), isIn(bo, room)], [[], false]);
  net.link(bo, ann);
  net.pass(2_000);
  assert(isIn(bo, room));
});

Deno.test("a maker who has lost the room does not know the invite, and that is the end of it", () => {
  const { net, ann, bo, room } = network(1_023);
  const invite = make(net, ann, room);
  assert(ann.command({ type: "leave", room: `~${room}` }).ok);
  net.link(bo, ann);
  take(bo, invite);
  net.pass(1_000);
  assertEquals(reasons(bo), ["unknown"]);
});

Deno.test("whoever copies a request cannot use it over another link", () => {
  const { net, ann, bo, cy, room } = network(1_024);
  net.link(bo, cy);
  take(bo, make(net, ann, room, { count: 1 }));
  const { message } = cy.heard.find(({ message }) => message.type === "redeem")!;
  net.link(cy, ann);
  net.pass(1_000);
  cy.forge(ann, message);
  net.pass(1_000);
  assertEquals(ann.members(room), 1);
  assertEquals(cy.heard.map(({ message }) => message).filter(({ type }) => type === "refused"), [
    {
      type: "refused",
      tag: (message as Extract<Message, { type: "redeem" }>).tag,
      reason: "unknown",
    },
  ]);
});

Deno.test("a member who welcomes to another room than that of the invite is not believed", () => {
  const { net, ann, bo, cy, room } = network(1_025);
  const other = cy.found("trap");
  ann.roomsFor = (rooms) =>
    new Proxy(rooms, {
      get: (target, name: keyof PrivateRooms) => {
        if (name === "secretOf") {
          return () => cy.records.find((each) => each.room === other)!.secret;
        }
        const value = target[name];
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const invite = make(net, ann, room);
  ann.start();
  net.link(bo, ann);
  take(bo, invite);
  net.pass(2_000);
  assertEquals(bo.engine.rooms(), []);
  assertEquals(told(bo, "let-in"), []);
});

Deno.test("redeemAgainMs: a member whose disk is full says later, and lets in once it is not", () => {
  const { net, ann, bo, room } = network(1_026);
  const invite = make(net, ann, room, { count: 1 });
  net.link(bo, ann);
  ann.diskFails = true;
  take(bo, invite);
  net.pass(1_000);
  assertEquals([reasons(bo), ann.members(room)], [["later"], 1]);
  ann.diskFails = false;
  net.pass(defaultLimits.diskProbeMs + defaultLimits.redeemAgainMs + 1_000);
  assert(isIn(bo, room));
  assertEquals(told(bo, "not-let-in").length, 1, "told once");
});

Deno.test("redeemAnswerMs: silence of the maker is told of", () => {
  const { net, ann, bo, room } = network(1_027);
  const invite = make(net, ann, room);
  net.link(bo, ann);
  ann.isDeaf = true;
  take(bo, invite);
  net.pass(defaultLimits.redeemAnswerMs - 1_000);
  assertEquals(reasons(bo), []);
  net.pass(2_000);
  assertEquals(reasons(bo), ["no-answer"]);
});

Deno.test("redeemTellingsMax: of so many words of others than the maker a person is told", () => {
  const { redeemTellingsMax } = defaultLimits;
  const names = Array.from({ length: redeemTellingsMax + 5 }, (_, i) => `liar ${i}`);
  const net = new PrivateNetwork(1_033, ["ann", "bo", ...names], {});
  const [ann, bo, ...liars] = net.peers as [PrivatePeer, PrivatePeer, ...PrivatePeer[]];
  const invite = make(net, ann, ann.found("plans"));
  take(bo, invite);
  for (const liar of liars) {
    net.link(bo, liar);
    const { message } = liar.heard.find(({ message }) => message.type === "redeem")!;
    const { tag } = message as Extract<Message, { type: "redeem" }>;
    for (const reason of ["revoked", "used-up"] as const) {
      liar.forge(bo, { type: "refused", tag, reason });
    }
  }
  assertEquals(reasons(bo).length, redeemTellingsMax);
  // The maker is heard all the same.
  assert(ann.command({ type: "revoke-invite", room: invite.room, invite: invite.id }).ok);
  net.link(bo, ann);
  net.pass(1_000);
  assertEquals(reasons(bo).slice(redeemTellingsMax), ["revoked"]);
});

Deno.test("redeemsBurst, redeemsPerSecond: a link asks so often, and is told later beyond", () => {
  const { redeemsBurst, redeemsPerSecond } = defaultLimits;
  const { net, ann, bo, room } = network(1_028);
  net.link(bo, ann);
  net.pass(60_000, 1_000);
  const invite = make(net, ann, room);
  const answers = () =>
    bo.heard.flatMap(({ message }) =>
      message.type === "welcome" ? ["welcome"] : message.type === "refused" ? [message.reason] : []
    );
  for (let i = 0; i <= redeemsBurst; i++) take(bo, invite);
  assertEquals(answers(), [...new Array<string>(redeemsBurst).fill("welcome"), "later"]);
  net.pass(1_000 / redeemsPerSecond, 500);
  take(bo, invite);
  assertEquals(answers().at(-1), "welcome");
});

Deno.test("takingMax: of too many invites that are taken the oldest goes", () => {
  const { takingMax } = defaultLimits;
  const { net, ann, bo, room } = network(1_029);
  const all = Array.from({ length: takingMax + 1 }, () => make(net, ann, room));
  for (const each of all) take(bo, each);
  assertEquals(bo.engine.sizes.takingMax, takingMax);
  net.link(bo, ann);
  const asked = ann.heard.filter(({ message }) => message.type === "redeem");
  assertEquals(asked.length, takingMax);
});

Deno.test("ownInvitesMax: one person has so many in a room, until some are taken back", () => {
  const { net, ann, room } = network(1_030, { ownInvitesMax: 3 });
  const first = make(net, ann, room);
  for (let i = 1; i < 3; i++) make(net, ann, room);
  const key = net.crypto.randomBytes(32);
  const more = () => ann.command({ type: "make-invite", room, key, expiresMs: null, count: null });
  const refused = more();
  assert(!refused.ok && refused.code === "not-available");
  assert(ann.command({ type: "revoke-invite", room, invite: first.id }).ok);
  assert(more().ok);
});

Deno.test("inviteDeedsMax: the newest posts about invites are looked at", () => {
  const { net, ann, bo, room } = network(1_031, { inviteDeedsMax: 4 });
  const all = Array.from({ length: 6 }, () => make(net, ann, room));
  assertEquals(
    ann.engine.invites(room, net.now).map(({ id }) => id),
    all.slice(2).map(({ id }) => id),
  );
  assertEquals(ann.engine.sizes.inviteDeedsMax, 4);
  net.link(bo, ann);
  take(bo, all[0]!);
  net.pass(1_000);
  assertEquals(reasons(bo), ["unknown"]);
  take(bo, all[2]!);
  net.pass(1_000);
  assert(isIn(bo, room));
});

Deno.test("a room that is not private has no invites of this kind", () => {
  const { net, ann, bo, room } = network(1_032);
  const invite = make(net, ann, room);
  const key = net.crypto.randomBytes(32);
  const refused = bo.command({ type: "make-invite", room, key, expiresMs: null, count: null });
  assert(!refused.ok && refused.code === "not-joined");
  const not = bo.command({ type: "revoke-invite", room, invite: invite.id });
  assert(!not.ok && not.code === "not-joined");
  assertEquals(bo.engine.invites(room, net.now), []);
});
