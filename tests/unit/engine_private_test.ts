/** Private rooms between real engines: who reads what, who gets what, and who gets nothing. */

import { assert, assertEquals } from "@std/assert";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { signPost } from "../../wire/post.ts";
import { encodePrivateAct } from "../../wire/private_acts.ts";
import { PrivateNetwork, type PrivatePeer } from "./private_network.ts";

type Four = [PrivatePeer, PrivatePeer, PrivatePeer, PrivatePeer];

/** Ann with a room, and others; all who are named in `pairs` are linked. */
function company(
  seed: number,
  pairs: readonly (readonly [number, number])[],
  history = false,
): { readonly network: PrivateNetwork; readonly people: Four; readonly room: RoomId } {
  const network = new PrivateNetwork(seed, ["ann", "bo", "cy", "eve"]);
  const people = network.peers as Four;
  for (const [a, b] of pairs) network.link(people[a]!, people[b]!);
  return { network, people, room: people[0].found("Club", history) };
}

/** What somebody was sent, as bytes, in hex. */
const bytesTo = ({ heard }: PrivatePeer) =>
  heard.map(({ message }) => encodeMessage(message).toHex()).join(" ");

Deno.test("what is said in a private room is read by its members, and by nobody else", () => {
  const { network, people: [ann, bo, , eve], room } = company(1, [[0, 1], [0, 3], [1, 3]]);
  assert(ann.say(room, "alone").ok);
  assert(ann.invite(room, bo).ok);
  network.pass(2_000);
  assertEquals([ann.members(room), bo.members(room)], [2, 2]);
  assertEquals(bo.engine.title(`~${room}`), "club");
  assert(ann.say(room, "welcome").ok);
  assert(bo.say(room, "thanks").ok);
  network.pass(2_000);
  assertEquals(ann.texts(room), ["alone", "welcome", "thanks"]);
  assertEquals(bo.texts(room), ["welcome", "thanks"], "what was said before is not for bo");
  assertEquals(eve.posts(room), []);
  assert(!bytesTo(eve).includes(room), "not even that there is such a room");
  const words = ["alone", "welcome", "thanks", "club"].map((word) =>
    new TextEncoder().encode(word).toHex()
  );
  for (const peer of [ann, bo]) {
    const disk = peer.posts(room).map(({ signed }) => signed.toHex()).join(" ");
    for (const word of words) assert(!disk.includes(word), "encrypted at rest");
  }
});

Deno.test("with shared history whoever is added reads what was said before", () => {
  const { network, people: [ann, bo, cy], room } = company(2, [[0, 1], [0, 2]], true);
  assert(ann.say(room, "first").ok);
  assert(ann.invite(room, bo).ok);
  network.pass(2_000);
  assert(bo.power(room, "remove", ann).ok === false);
  assert(ann.say(room, "second").ok);
  assert(ann.invite(room, cy).ok);
  network.pass(2_000);
  assertEquals(cy.texts(room), ["first", "second"]);
  assertEquals(bo.texts(room), ["first", "second"]);
});

Deno.test("whoever is removed gets nothing more, and the others go on", () => {
  const { network, people: [ann, bo, cy], room } = company(3, [[0, 1], [0, 2], [1, 2]]);
  assert(ann.invite(room, bo).ok);
  assert(ann.invite(room, cy).ok);
  network.pass(3_000);
  assert(cy.say(room, "before").ok);
  network.pass(1_000);
  assert(ann.power(room, "remove", cy).ok);
  const [removal] = ann.engine.roomLog(`~${room}`).slice(-1);
  network.pass(1_000);
  const held = new Set(cy.posts(room).map(({ id }) => id));
  assert(held.has(removal!.id), "it is told of its removal");
  assert(ann.say(room, "without cy").ok);
  assert(bo.say(room, "indeed").ok);
  const late = cy.say(room, "let me in");
  assertEquals(late.ok ? "" : late.code, "removed");
  network.pass(30_000);
  assertEquals(cy.posts(room).filter(({ id }) => !held.has(id)), [], "not one more post");
  for (const peer of [ann, bo]) {
    assertEquals(peer.texts(room), ["before", "without cy", "indeed"]);
    assertEquals(peer.members(room), 2);
  }
  // Nor after a restart, over links that are new.
  cy.start();
  network.link(cy, ann);
  network.link(bo, cy);
  network.pass(30_000);
  assertEquals(cy.posts(room).filter(({ id }) => !held.has(id)), []);
});

Deno.test("after a removal all who stay read at once, and nothing of before they came", () => {
  const { network, people: [ann, bo, cy], room } = company(24, [[0, 1], [1, 2], [0, 2]]);
  // The one epoch that bo was never given is that of ann alone.
  assert(ann.say(room, "alone").ok);
  for (const guest of [bo, cy]) {
    assert(ann.invite(room, guest).ok);
    network.pass(2_000);
    assert(ann.say(room, `hello ${guest.name}`).ok);
    network.pass(1_000);
  }
  assert(ann.power(room, "remove", bo).ok);
  network.pass(1_000);
  assert(ann.say(room, "the two of us").ok);
  network.pass(1_000);
  assertEquals(cy.texts(room), ["hello cy", "the two of us"]);
  network.pass(3 * defaultLimits.epochWaitMs);
  assertEquals(cy.texts(room), ["hello cy", "the two of us"], "and nothing more later");
  assert(!bo.texts(room).includes("the two of us"));
});

Deno.test("somebody who was away when he was removed hears of it when he is back", () => {
  const { network, people: [ann, bo, cy], room } = company(4, [[0, 1], [0, 2]]);
  assert(ann.invite(room, bo).ok);
  assert(ann.invite(room, cy).ok);
  network.pass(3_000);
  cy.cutFrom(ann);
  assert(ann.power(room, "remove", cy).ok);
  assert(ann.say(room, "secret").ok);
  const own = cy.say(room, "written in vain");
  assert(own.ok);
  network.link(cy, ann);
  network.pass(10_000);
  assertEquals(cy.engine.rooms().find(({ id }) => id === room)?.role, "removed");
  assertEquals(cy.texts(room), []);
  assertEquals(ann.texts(room), ["secret"]);
  assertEquals(bo.texts(room), ["secret"]);
});

Deno.test("an addition is heard of from the guest himself, where nobody else can tell", () => {
  const { network, people: [ann, bo, cy], room } = company(5, [[0, 1], [1, 2]]);
  assert(ann.invite(room, bo).ok);
  network.pass(2_000);
  ann.cutFrom(bo);
  // Bo adds cy, and goes; ann has never heard of cy.
  assert(bo.invite(room, cy).ok);
  network.pass(2_000);
  assert(bo.say(room, "hello cy").ok);
  network.pass(1_000);
  bo.cutFrom(cy);
  network.link(cy, ann);
  network.pass(5_000);
  assertEquals([ann.members(room), cy.members(room)], [3, 3]);
  assert(ann.say(room, "who are you?").ok);
  network.pass(2_000);
  assertEquals(cy.texts(room), ["hello cy", "who are you?"]);
  assertEquals(ann.texts(room), ["hello cy", "who are you?"]);
});

Deno.test("a private room is open again after a start, with all that was said", () => {
  const { network, people: [ann, bo], room } = company(6, [[0, 1]]);
  assert(ann.invite(room, bo).ok);
  network.pass(2_000);
  assert(ann.say(room, "one").ok);
  network.pass(1_000);
  bo.start();
  assertEquals(bo.texts(room), ["one"]);
  assertEquals(bo.engine.nameOf(ann.me), "ann");
  network.link(bo, ann);
  network.pass(2_000);
  assert(bo.say(room, "two").ok);
  network.pass(1_000);
  assertEquals(ann.texts(room), ["one", "two"]);
});

Deno.test("whoever leaves is out for everybody, and may be added again by any member", () => {
  const { network, people: [ann, bo, cy], room } = company(7, [[0, 1], [0, 2], [1, 2]]);
  for (const guest of [bo, cy]) assert(ann.invite(room, guest).ok);
  network.pass(3_000);
  assert(cy.power(room, "remove", cy).ok);
  network.pass(15_000);
  assertEquals([ann.members(room), bo.members(room)], [2, 2]);
  assert(ann.say(room, "cy is gone").ok);
  network.pass(1_000);
  assertEquals(cy.texts(room), []);
  assert(bo.add(room, cy).ok, "bo is no admin");
  network.pass(3_000);
  assert(cy.say(room, "back").ok);
  network.pass(1_000);
  assertEquals(ann.texts(room), ["cy is gone", "back"]);
});

Deno.test("who was removed is admitted by those in charge alone", () => {
  const { network, people: [ann, bo, cy], room } = company(8, [[0, 1], [0, 2], [1, 2]]);
  for (const guest of [bo, cy]) assert(ann.invite(room, guest).ok);
  network.pass(3_000);
  assert(ann.power(room, "remove", cy).ok);
  network.pass(1_000);
  const added = bo.add(room, cy);
  assertEquals(added.ok ? "" : added.code, "not-in-charge");
  assert(ann.power(room, "readmit", cy).ok);
  network.pass(5_000);
  assertEquals(bo.members(room), 3);
  assert(cy.say(room, "again").ok);
  network.pass(1_000);
  assertEquals(bo.texts(room), ["again"]);
});

Deno.test("what somebody said that the remover had not seen is taken from every screen", () => {
  const { network, people: [ann, bo, cy], room } = company(14, [[0, 1], [0, 2], [1, 2]]);
  for (const guest of [bo, cy]) assert(ann.invite(room, guest).ok);
  network.pass(3_000);
  assert(cy.say(room, "seen by all").ok);
  network.pass(1_000);
  ann.cutFrom(bo);
  ann.cutFrom(cy);
  assert(cy.say(room, "seen by bo alone").ok);
  network.pass(1_000);
  assertEquals(bo.texts(room), ["seen by all", "seen by bo alone"]);
  assert(ann.power(room, "remove", cy).ok);
  network.link(ann, bo);
  network.pass(12_000);
  for (const peer of [ann, bo]) assertEquals(peer.texts(room), ["seen by all"]);
  const gone = bo.notices.filter(({ type }) => type === "withdrawn");
  assertEquals(gone.length, 1);
  network.pass(10_000);
  assertEquals(cy.texts(room), ["seen by all"]);
  const told = cy.notices.filter((notice) => notice.type === "notice" && notice.code === "removed");
  assertEquals(told.length, 1, "it came from bo");
});

Deno.test("an admin of a private room is one of its members", () => {
  const { network, people: [ann, bo, cy], room } = company(15, [[0, 1]]);
  assert(ann.invite(room, bo).ok);
  network.pass(2_000);
  const refused = ann.power(room, "admin", cy);
  assertEquals(refused.ok ? "" : refused.code, "not-a-member");
  assert(ann.power(room, "admin", bo).ok);
  network.pass(1_000);
  assert(bo.add(room, cy).ok);
  assert(bo.power(room, "remove", cy).ok);
  network.pass(2_000);
  assertEquals(ann.members(room), 2);
});

Deno.test("an admin who removes somebody while he is removed himself has done nothing", () => {
  const { network, people: [ann, bo, cy, eve], room } = company(16, [
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 2],
    [1, 3],
    [2, 3],
  ]);
  for (const guest of [bo, cy, eve]) assert(ann.invite(room, guest).ok);
  for (const admin of [bo, cy]) assert(ann.power(room, "admin", admin).ok);
  network.pass(4_000);
  for (const other of [ann, bo, eve]) cy.cutFrom(other);
  assert(!cy.power(room, "remove", bo).ok, "bo was named before");
  assert(cy.power(room, "remove", eve).ok);
  assert(bo.power(room, "remove", cy).ok);
  network.pass(2_000);
  for (const other of [ann, bo, eve]) network.link(cy, other);
  network.pass(30_000);
  assertEquals([ann, bo, eve].map((peer) => peer.members(room)), [3, 3, 3]);
  assertEquals(cy.engine.rooms().find(({ id }) => id === room)?.role, "removed");
  assert(bo.say(room, "here").ok);
  network.pass(2_000);
  for (const peer of [ann, eve]) assertEquals(peer.texts(room), ["here"]);
  assertEquals(cy.texts(room), []);
});

Deno.test("a receipt counts the members", () => {
  const { network, people: [ann, bo, cy], room } = company(9, [[0, 1]]);
  assert(ann.invite(room, bo).ok);
  assert(ann.add(room, cy).ok);
  network.pass(2_000);
  assert(ann.say(room, "hear").ok);
  network.pass(5_000);
  const net = () => ann.engine.net().rooms.at(-1)?.unheard?.map(({ peer }) => peer);
  assertEquals(net(), [cy.me], "no path leads to cy");
  const told = ann.notices.filter((notice) => notice.type === "receipt").at(-1);
  assertEquals(told?.type === "receipt" ? [told.have, told.members] : [], [1, 2]);
});

Deno.test("where there is no epoch to write under a member makes one in time", () => {
  const { network, people: [ann, bo, cy], room } = company(10, [[0, 1], [1, 2], [0, 2]]);
  for (const guest of [bo, cy]) assert(ann.invite(room, guest).ok);
  network.pass(3_000);
  assert(cy.power(room, "remove", cy).ok);
  const epochs = () => ann.posts(room).filter(({ kind }) => kind === 8).length;
  const before = epochs();
  network.pass(9_000);
  assertEquals(epochs(), before);
  network.pass(20_000);
  assert(epochs() > before);
});

Deno.test("what cannot be stored founds no room, and what is lost is not written under", () => {
  const { network, people: [ann, bo], room } = company(11, [[0, 1]]);
  ann.diskFails = true;
  assert(!ann.command({ type: "found", name: "other", kind: "private", history: false }).ok);
  assert(!ann.add(room, bo).ok);
  ann.diskFails = false;
  network.pass(6_000);
  assert(ann.invite(room, bo).ok);
  network.pass(3_000);
  assert(ann.say(room, "all is well").ok);
  network.pass(1_000);
  assertEquals(bo.texts(room), ["all is well"]);
});

Deno.test("a tag that somebody else has shown proves nothing", () => {
  const { network, people: [ann, bo, , eve], room } = company(12, [[0, 1], [0, 3]]);
  assert(ann.invite(room, bo).ok);
  network.pass(2_000);
  // Eve knows the room's id from somewhere, and sends whatever she likes about it.
  const before = bytesTo(eve).length;
  assert(before > 0);
  eve.command({ type: "join", room: `~${room}` });
  network.pass(5_000);
  assert(ann.say(room, "psst").ok);
  network.pass(5_000);
  assertEquals(eve.posts(room).filter(({ author }) => author !== eve.me), []);
  assertEquals(ann.posts(room).filter(({ author }) => author === eve.me), []);
  assert(!bytesTo(eve).includes(room), "nothing about it was said to eve");
});

Deno.test("privateRoomsMax and privateKeptMax: one more room is refused until one is closed", () => {
  const network = new PrivateNetwork(20, ["ann"], { privateRoomsMax: 2, privateKeptMax: 3 });
  const [ann] = network.peers as [PrivatePeer];
  const rooms = [ann.found("one"), ann.found("two")];
  const found = () => {
    const outcome = ann.command({ type: "found", name: "more", kind: "private", history: false });
    return outcome.ok ? "founded" : outcome.code;
  };
  assertEquals(found(), "too-many-rooms");
  assert(ann.command({ type: "leave", room: `~${rooms[0]}` }).ok);
  assertEquals(found(), "founded");
  assert(!ann.command({ type: "join", room: `~${rooms[0]}` }).ok, "no tag is left for it");
  assert(ann.command({ type: "leave", room: `~${rooms[1]}` }).ok);
  assertEquals(found(), "too-many-rooms", "three are kept");
  assertEquals(ann.engine.sizes.privateKeptMax, 3);
});

Deno.test("membersMax: a full room takes nobody in", () => {
  const network = new PrivateNetwork(21, ["ann", "bo", "cy"], { membersMax: 2 });
  const [ann, bo, cy] = network.peers as [PrivatePeer, PrivatePeer, PrivatePeer];
  const room = ann.found("us-two");
  assert(ann.add(room, bo).ok);
  const third = ann.add(room, cy);
  assertEquals(third.ok ? "" : third.code, "not-available");
});

Deno.test("who was never in a private room is not admitted again, and the code says why", () => {
  const network = new PrivateNetwork(24, ["ann", "bo"]);
  const [ann, bo] = network.peers as [PrivatePeer, PrivatePeer];
  const refused = ann.power(ann.found("us"), "readmit", bo);
  assertEquals(refused.ok ? "" : refused.code, "not-a-member");
});

Deno.test("epochWaitMs: nobody waits for it who has something to say", () => {
  const { network, people: [ann, bo, cy], room } = company(22, [[0, 1], [1, 2], [0, 2]]);
  for (const guest of [bo, cy]) assert(ann.invite(room, guest).ok);
  network.pass(3_000);
  assert(cy.power(room, "remove", cy).ok);
  network.pass(defaultLimits.epochWaitMs / 2);
  assert(bo.say(room, "at once").ok);
  network.pass(1_000);
  assertEquals(ann.texts(room), ["at once"]);
  assertEquals(cy.texts(room), []);
});

Deno.test("tagsBurst and tagsPerSecond: who shows tags all the time is not listened to", () => {
  const limits = { tagsBurst: 4, tagsPerSecond: 0.5 };
  const network = new PrivateNetwork(23, ["ann", "bo"], limits);
  const [ann, bo] = network.peers as [PrivatePeer, PrivatePeer];
  network.link(ann, bo);
  const rooms = ["a", "b", "c", "d", "e", "f"].map((name) => ann.found(name));
  for (const room of rooms) assert(ann.add(room, bo).ok);
  for (const { secret } of ann.records) bo.command({ type: "adopt", secret });
  const joined = () => rooms.filter((room) => (bo.members(room) ?? 0) > 0).length;
  network.pass(1_000);
  assert(joined() < rooms.length, `${joined()} at once`);
  network.pass(60_000);
  assertEquals(joined(), rooms.length, "and all are found in the end");
});

Deno.test("whoever was removed and those who stay ask one another more and more rarely", () => {
  const { network, people: [ann, bo, cy], room } = company(31, [[0, 1], [0, 2], [1, 2]]);
  assert(ann.invite(room, bo).ok);
  assert(ann.invite(room, cy).ok);
  network.pass(3_000);
  assert(ann.power(room, "remove", cy).ok);
  network.pass(30_000);
  const asked = () =>
    [ann, bo, cy].flatMap(({ heard }) => heard)
      .filter(({ message }) => message.type === "acts-wanted").length;
  const before = asked();
  network.pass(120_000);
  assert(asked() - before <= 12, `${asked() - before} questions in two minutes`);
});

Deno.test("a member who names admins, which only the founder does, costs nobody a look at all acts", () => {
  const { network, people: [ann, bo], room } = company(41, [[0, 1]]);
  assert(ann.invite(room, bo).ok);
  network.pass(2_000);
  let looks = 0;
  const { store } = ann;
  const acts = store.acts.bind(store);
  store.acts = (...args: Parameters<typeof acts>) => {
    if (args[1] === null) looks++;
    return acts(...args);
  };
  const log = toId<LogId>(new Uint8Array(8).fill(77));
  let previous: PostId | null = null;
  const posts = Array.from({ length: 40 }, (_, i) => {
    const peer = toId<PeerId>(network.crypto.randomBytes(32));
    const time = { ms: network.now.wallMs, counter: i };
    const act = encodePrivateAct({ act: "admin", peer, logs: [] });
    const fields = { ...act, room, author: bo.me, log, seq: i + 1, previous, time, heads: [] };
    const post = signPost(fields, bo.keys.secretKey, network.crypto);
    previous = post.id;
    return { signed: post.signed, signature: post.signature, hops: 1 };
  });
  for (const post of posts) {
    bo.forge(ann, { type: "posts", room, posts: [post] });
    network.settle();
  }
  const held = ann.posts(room).filter((post) => post.author === bo.me && post.log === log);
  assertEquals([held.length, looks], [40, 0]);
  assertEquals(ann.engine.standing(`~${room}`).admins.length, 0);
  assert(ann.power(room, "admin", bo).ok);
  const { admins } = ann.engine.standing(`~${room}`);
  assertEquals([looks, admins.map(({ peer }) => peer)], [1, [bo.me]]);
});
