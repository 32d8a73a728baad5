/** Direct messages on a real engine, whose neighbour writes, cannot read, or knows nobody. */

import { assert, assertEquals } from "@std/assert";
import type { Outcome } from "../../peer/action.ts";
import { directRoom } from "../../peer/letter.ts";
import type { Notice, ShownPost } from "../../peer/notice.ts";
import { Sealer } from "../../peer/sealer.ts";
import { SealingKeys } from "../../peer/sealing_keys.ts";
import type { KeyPair } from "../../wire/crypto_suite.ts";
import { type LogId, type PeerId, type PostId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { decodePost, type Post, type PostFields, postKind, signPost } from "../../wire/post.ts";
import { decodeBody, encodeBody } from "../../wire/post_body.ts";
import type { LetterContent } from "../../wire/sealed.ts";
import { publicRoomId } from "../../wire/text.ts";
import { LoneEngine, loneEpochMs, type TestNeighbour } from "../lone_engine.ts";
import { relayed } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(304);
const room = publicRoomId("lobby", crypto);
const identity = crypto.generateEd25519();
const me = toId<PeerId>(identity.publicKey);
const words = (text: string): LetterContent => ({ kind: "text", text, reply: null });

/** Somebody at the other end of a link. */
class Writer {
  readonly signing: KeyPair = crypto.generateEd25519();
  readonly peer = toId<PeerId>(this.signing.publicKey);
  readonly log = toId<LogId>(crypto.randomBytes(8));
  readonly keys = new SealingKeys(
    [],
    { ...crypto.generateX25519(), madeMs: 0, agedMs: 0 },
    defaultLimits,
  );
  readonly sealer = new Sealer(
    this.peer,
    crypto.generateX25519(),
    this.keys,
    crypto,
    defaultLimits,
  );
  #seq = 0;
  #previous: PostId | null = null;

  profile(name = "bo"): Post {
    return this.#sign((head) => ({
      ...head,
      ...encodeBody({ kind: "profile", name, keys: this.sealer.profileKeys }),
    }));
  }

  takesBack(target: PostId): Post {
    return this.#sign((head) => ({ ...head, ...encodeBody({ kind: "tombstone", target }) }));
  }

  writes(content: LetterContent, sealing?: Uint8Array): Post {
    return this.#sign((place) => {
      const head = { ...place, kind: postKind.sealed };
      return { ...head, body: this.sealer.seal(head, me, content, sealing)! };
    });
  }

  #sign(fields: (place: Omit<PostFields, "kind" | "body">) => PostFields): Post {
    const time = { ms: loneEpochMs + ++this.#seq, counter: 0 };
    const place = { room, author: this.peer, log: this.log, seq: this.#seq, time, heads: [] };
    const previous = this.#previous;
    const post = signPost(fields({ ...place, previous }), this.signing.secretKey, crypto);
    this.#previous = post.id;
    return post;
  }
}

interface Stage {
  readonly engine: LoneEngine;
  readonly bo: Writer;
  readonly neighbour: TestNeighbour;
  readonly say: (...posts: readonly Post[]) => void;
}

/** An engine in the lobby with a neighbour there, each of whom knows the other's keys. */
function stage(limits: Partial<Limits> = {}): Stage {
  const engine = new LoneEngine({ crypto, identity, limits, direct: true });
  assert(engine.command({ type: "join", room: "lobby" }).ok);
  const bo = new Writer();
  const neighbour = engine.link({ peer: bo.peer });
  neighbour.enter(room);
  const say = (...posts: readonly Post[]) =>
    void neighbour.say({ type: "posts", room, posts: posts.map((post) => relayed(post)) });
  say(bo.profile());
  bo.sealer.onProfile(me, engine.profileKeys(room), { ms: 0, counter: 0 });
  return { engine, bo, neighbour, say };
}

const of = <T extends Notice["type"]>(engine: LoneEngine, type: T) =>
  engine.notices.filter((notice): notice is Extract<Notice, { type: T }> => notice.type === type);
const shown = (engine: LoneEngine): ShownPost[] => of(engine, "message").map(({ post }) => post);
const direct = (engine: LoneEngine, to: PeerId, text: string): Outcome =>
  engine.command({ type: "direct", to, kind: "text", text, reply: null });
const accept = (engine: LoneEngine, peer: PeerId) =>
  assert(engine.command({ type: "accept", peer }).ok);

/** What bo reads of the sealed posts that went out. */
function read({ engine, bo }: Stage): (LetterContent | null | undefined)[] {
  return engine.store.newest(room, 99).map((post) => decodePost(post, crypto))
    .filter(({ kind, author }) => kind === postKind.sealed && author === me).reverse()
    .map((post) => bo.sealer.open(post)?.content);
}

Deno.test("direct: the first message of somebody unknown waits, the second is not told of, accept opens", () => {
  const { engine, bo, say } = stage();
  const [first, second, third] = ["hi", "hello?", "there you are"].map((text) =>
    bo.writes(words(text))
  ) as [Post, Post, Post];
  say(first, second);
  const request = { from: bo.peer, name: "bo", text: "hi", id: first.id };
  assertEquals(of(engine, "request"), [{ type: "request", ...request }]);
  assertEquals(shown(engine), []);
  assertEquals(engine.engine.requests(), [request]);
  accept(engine, bo.peer);
  assertEquals(engine.engine.requests(), []);
  say(third);
  assertEquals(
    shown(engine).map(({ id, room, text, from, origin }) => [id, room, text, from, origin]),
    [
      [third.id, directRoom(bo.peer), "there you are", bo.peer, "live"],
    ],
  );
  const kept = engine.store.letters(bo.peer, null, 9);
  assertEquals(kept.rows.map(({ content }) => content.text), ["hi", "hello?", "there you are"]);
});

Deno.test("direct: of strangers beyond requestsToldBurst nobody is told, and their messages wait all the same", () => {
  const { engine, neighbour } = stage({ requestsToldBurst: 2, requestsToldPerMinute: 60 });
  const stranger = () => {
    const writer = new Writer();
    writer.sealer.onProfile(me, engine.profileKeys(room), { ms: 0, counter: 0 });
    const posts = [relayed(writer.profile("stranger")), relayed(writer.writes(words("hi")))];
    neighbour.say({ type: "posts", room, posts });
  };
  for (let i = 0; i < 4; i++) stranger();
  assertEquals([of(engine, "request").length, engine.engine.requests().length], [2, 4]);
  engine.pass(1_000);
  stranger();
  assertEquals([of(engine, "request").length, engine.engine.requests().length], [3, 5]);
});

Deno.test("direct: an own message is shown, read by its recipient alone, and ticked by him alone", () => {
  const all = stage();
  const { engine, bo, neighbour } = all;
  const other = engine.link();
  other.enter(room);
  const outcome = direct(engine, bo.peer, "psst");
  assert(outcome.ok && outcome.id !== null);
  const [post] = shown(engine);
  assertEquals([post!.id, post!.room, post!.text, post!.origin, post!.private], [
    outcome.id,
    directRoom(bo.peer),
    "psst",
    "own",
    true,
  ]);
  assertEquals(read(all), [words("psst")]);
  const sent = decodePost(engine.store.get(outcome.id)!, crypto);
  assertEquals(new Writer().sealer.open(sent), null);
  const have = { type: "have", room, log: sent.log, ranges: [[sent.seq, sent.seq]] } as const;
  other.say(have);
  assertEquals(of(engine, "receipt").filter(({ id }) => id === outcome.id), []);
  neighbour.say(have);
  assertEquals(of(engine, "receipt").filter(({ id }) => id === outcome.id), [
    { type: "receipt", id: outcome.id, room: directRoom(bo.peer), have: 1, members: 1 },
  ]);
  // Whom one writes to, one hears.
  neighbour.say({ type: "posts", room, posts: [relayed(bo.writes(words("yes?")))] });
  assertEquals(shown(engine).map(({ text }) => text), ["psst", "yes?"]);
});

Deno.test("direct: a message that slips in above what was seen of its chat is marked late", () => {
  const { engine, bo, say } = stage();
  accept(engine, bo.peer);
  const [one, two, three, four] = ["one", "two", "three", "four"].map((text) =>
    bo.writes(words(text))
  ) as [Post, Post, Post, Post];
  const fetched = (...posts: Post[]) => assert(engine.command({ type: "import", posts }).ok);
  // Nothing was seen before: all of it is new, in whatever order it comes.
  fetched(three, one);
  say(four);
  fetched(two);
  assertEquals(shown(engine).map(({ text, late }) => [text, late]), [
    ["one", false],
    ["three", false],
    ["four", false],
    ["two", true],
  ]);
});

Deno.test("direct: an own message is handed on, or undelivered after undeliveredMs, like every other", () => {
  const { engine, bo, neighbour } = stage({ undeliveredMs: 700 });
  const states = (id: PostId) =>
    of(engine, "delivery").filter((notice) => notice.id === id)
      .map(({ room, state, reason }) => [room, reason ?? state]);
  const sent = (text: string) => {
    const outcome = direct(engine, bo.peer, text);
    assert(outcome.ok && outcome.id !== null);
    return outcome.id;
  };
  const chat = directRoom(bo.peer);
  const first = sent("one");
  engine.pass(699);
  assertEquals(states(first), [[chat, "handed"]]);
  engine.pass(1);
  assertEquals(states(first), [[chat, "handed"], [chat, "unconfirmed"]]);
  const second = sent("two");
  const { log, seq } = decodePost(engine.store.get(second)!, crypto);
  neighbour.say({ type: "have", room, log, ranges: [[seq, seq]] });
  engine.pass(700);
  assertEquals(states(second), [[chat, "handed"], [chat, "held"]]);
  // Nobody is there: it waits alone.
  engine.give({ type: "disconnected", connection: neighbour.connection, reason: "gone" });
  const third = sent("three");
  engine.pass(700);
  assertEquals(states(third), [[chat, "alone"]]);
  assertEquals(engine.engine.receipt(third, engine.now)?.reason, "alone");
});

Deno.test("direct: no key, oneself, somebody blocked and no text are refused with a code each", () => {
  const { engine, bo } = stage();
  const code = (to: PeerId, text = "x") => {
    const outcome = direct(engine, to, text);
    return outcome.ok ? "sent" : outcome.code;
  };
  assertEquals(code(new Writer().peer), "no-key");
  assertEquals(code(me), "no-key");
  assertEquals(code(bo.peer, " "), "text-empty");
  assert(engine.command({ type: "block", peer: bo.peer, on: true }).ok);
  assertEquals(code(bo.peer), "blocked");
  assert(engine.command({ type: "block", peer: bo.peer, on: false }).ok);
  assertEquals(code(bo.peer), "sent");
  const bare = new LoneEngine({ crypto, identity });
  const outcome = direct(bare, bo.peer, "x");
  assert(!outcome.ok && outcome.code === "not-available");
  // A refused message takes no place in the log.
  const seqs = engine.store.frontier(room).filter(({ author }) => author === me);
  assertEquals(seqs.map(({ top, above }) => [top, above]), [[2, []]]);
});

Deno.test("peopleDecidedMax: where no decision can be kept nothing is sent either", () => {
  const { engine, bo } = stage({ peopleDecidedMax: 1 });
  accept(engine, new Writer().peer);
  const outcome = direct(engine, bo.peer, "are you there?");
  assert(!outcome.ok && outcome.code === "too-many-people");
  assertEquals(read({ engine, bo } as Stage), []);
  assertEquals(shown(engine), []);
});

Deno.test("keyWaitMs: a message to somebody who has just come waits for the key, and not longer", () => {
  const { engine, neighbour } = stage({ keyWaitMs: 1_000, keyWaitingMax: 1 });
  const cy = new Writer();
  cy.sealer.onProfile(me, engine.profileKeys(room), { ms: 0, counter: 0 });
  // A live text comes before the profile, which stands before it in the log.
  const [profile, text] = [cy.profile("cy"), cy.writes(words("x"))];
  const say = (post: Post) => neighbour.say({ type: "posts", room, posts: [relayed(post)] });
  const ask = (ref: number) => {
    const command = {
      type: "direct",
      to: cy.peer,
      kind: "text",
      text: "psst",
      reply: null,
    } as const;
    return engine.give({ type: "command", ref, command });
  };
  const answers = (actions: ReturnType<typeof ask>) =>
    actions.flatMap((action) => action.type === "acknowledge" ? [action.outcome] : []);
  say(text);
  assertEquals(answers(ask(901)), []);
  assertEquals(answers(ask(902)).map((outcome) => !outcome.ok && outcome.code), ["no-key"]);
  assertEquals(answers(engine.pass(999)), []);
  assertEquals(answers(engine.pass(1)).map((outcome) => !outcome.ok && outcome.code), ["no-key"]);
  assertEquals(answers(ask(903)), []);
  assert(answers(say(profile))[0]?.ok);
  assertEquals(answers(ask(904)).map(({ ok }) => ok), [true]);
});

Deno.test("direct: what no key opens is asked for again, once, and comes again sealed anew", () => {
  const all = stage();
  const { engine, bo, say } = all;
  accept(engine, bo.peer);
  const lost = crypto.generateX25519();
  const letter = bo.writes(words("lost?"), lost.publicKey);
  say(letter);
  assertEquals(shown(engine), []);
  const [notice] = of(engine, "notice").filter(({ code }) => code === "unreadable");
  assert(notice?.code === "unreadable" && notice.asked && notice.peer === bo.peer);
  const [asked] = read(all);
  assertEquals(asked, { kind: "resend", id: letter.id, sealing: engine.sealingKey(room) });
  say(bo.writes(words("lost?"), engine.sealingKey(room)));
  assertEquals(shown(engine).map(({ text }) => text), ["lost?"]);
});

Deno.test("direct: who could not open ours gets it again under the key it names, once for each", () => {
  const all = stage();
  const { engine, bo, say } = all;
  const outcome = direct(engine, bo.peer, "psst");
  assert(outcome.ok && outcome.id !== null);
  const fresh = crypto.generateX25519();
  const ask = (id: PostId) => bo.writes({ kind: "resend", id, sealing: fresh.publicKey });
  say(ask(outcome.id), ask(outcome.id), ask("0".repeat(64) as PostId));
  const sent = engine.store.newest(room, 99).map((post) => decodePost(post, crypto))
    .filter(({ kind, author }) => kind === postKind.sealed && author === me);
  assertEquals(sent.length, 2);
  bo.keys.renew(fresh, 1);
  assertEquals(read(all), [words("psst"), words("psst")]);
  // Its author has said it once.
  assertEquals(shown(engine).filter(({ origin }) => origin === "own").length, 1);
  // Somebody else cannot ask for it.
  const eve = new Writer();
  eve.sealer.onProfile(me, engine.profileKeys(room), { ms: 0, counter: 0 });
  say(eve.profile("eve"));
  accept(engine, eve.peer);
  say(eve.writes({ kind: "resend", id: outcome.id, sealing: fresh.publicKey }));
  assertEquals(read(all).length, 2);
});

Deno.test("resendsMax: one person makes us write only so often", () => {
  const { engine, bo, say } = stage({ resendsMax: 2 });
  accept(engine, bo.peer);
  for (let i = 0; i < 4; i++) say(bo.writes(words(`${i}`), crypto.generateX25519().publicKey));
  const notices = of(engine, "notice").filter(({ code }) => code === "unreadable");
  assertEquals(notices.map((notice) => notice.code === "unreadable" && notice.asked), [
    ...[true, true, false, false],
  ]);
});

Deno.test("direct: strangers with wrong letters make us neither write nor tell", () => {
  const all = stage();
  const { engine, bo, say } = all;
  say(bo.writes(words("x"), crypto.generateX25519().publicKey));
  const id = "1".repeat(64) as PostId;
  say(bo.writes({ kind: "resend", id, sealing: crypto.generateX25519().publicKey }));
  assertEquals(read(all), []);
  assertEquals(engine.notices.filter(({ type }) => type === "request"), []);
  assertEquals(of(engine, "notice").filter(({ code }) => code === "unreadable"), []);
});

Deno.test("direct: a letter that is taken back is shown taken back, before or after", () => {
  const { engine, bo, say } = stage();
  accept(engine, bo.peer);
  const [first, second] = [bo.writes(words("a")), bo.writes(words("b"))];
  say(first);
  say(bo.takesBack(first.id));
  const withdrawn = { type: "withdrawn", id: first.id, room: directRoom(bo.peer), from: bo.peer };
  assertEquals(of(engine, "withdrawn"), [withdrawn] as typeof engine.notices);
  say(bo.takesBack(second.id), second);
  assertEquals(shown(engine).map(({ text, withdrawn }) => [text, withdrawn]), [
    ["a", false],
    ["", true],
  ]);
});

Deno.test("direct: nothing of somebody who is blocked is shown, in no room", () => {
  const { engine, bo, say } = stage();
  accept(engine, bo.peer);
  assert(engine.command({ type: "block", peer: bo.peer, on: true }).ok);
  const before = engine.notices.length;
  say(bo.writes(words("psst")), bo.profile("bobo"));
  assertEquals(engine.notices.slice(before), []);
  assert(engine.command({ type: "block", peer: bo.peer, on: false }).ok);
  say(bo.writes(words("again")));
  assertEquals(shown(engine).map(({ text }) => text), ["again"]);
});

Deno.test("sealingLookMs: a key that is old is renewed, and every room hears of the new one", () => {
  const { sealingLookMs, sealingKeyMs } = defaultLimits;
  const { engine } = stage();
  const before = engine.sealingKey(room).toHex();
  engine.jump(sealingKeyMs);
  assertEquals(engine.sealingKey(room).toHex(), before, "it is looked at now and then");
  const actions = engine.pass(sealingLookMs);
  assert(engine.sealingKey(room).toHex() !== before);
  const [append] = actions.filter(({ type }) => type === "append");
  assert(append?.type === "append");
  const [{ kept, post }] = append.arrivals as [typeof append.arrivals[0]];
  assert(kept?.type === "keys" && kept.keys.length === 2);
  const body = decodeBody(post.kind, post.body);
  assert(body?.kind === "profile");
  assertEquals(body.keys?.sealing, kept.keys[1]!.publicKey);
});

Deno.test("sealingLookMs: a key whose profile could not be stored is told of once the disk is back", () => {
  const { sealingLookMs, sealingKeyMs, diskProbeMs } = defaultLimits;
  const { engine } = stage();
  const before = engine.sealingKey(room).toHex();
  engine.jump(sealingKeyMs);
  engine.diskFails = true;
  engine.pass(sealingLookMs);
  assertEquals(engine.sealingKey(room).toHex(), before);
  engine.diskFails = false;
  const actions = engine.pass(diskProbeMs);
  const kept = actions.flatMap((action) => action.type === "append" ? action.arrivals : [])
    .flatMap(({ kept }) => kept?.type === "keys" ? [kept.keys] : []);
  assertEquals(kept.map((keys) => keys.length), [2]);
  assert(engine.sealingKey(room).toHex() !== before);
});

Deno.test("directChatsMax: the longest silent chat leaves the list, and its letters stay", () => {
  const { engine, bo, say } = stage({ directChatsMax: 1 });
  accept(engine, bo.peer);
  say(bo.writes(words("psst")));
  const chats = () => engine.engine.rooms().filter(({ kind }) => kind === "direct");
  assertEquals(chats().map(({ room, title }) => [room, title]), [[directRoom(bo.peer), "bo"]]);
  const cy = new Writer();
  assert(engine.command({ type: "join", room: directRoom(cy.peer) }).ok);
  assertEquals(chats().map(({ room }) => room), [directRoom(cy.peer)]);
  assertEquals(engine.store.letters(bo.peer, null, 9).rows.length, 1);
  assert(engine.command({ type: "leave", room: directRoom(cy.peer) }).ok);
  assertEquals(chats(), []);
});

/** A second person at the same neighbour's, of a name and with a key of its own. */
function impostor({ engine, say }: Stage, name: string): Writer {
  const eve = new Writer();
  eve.sealer.onProfile(me, engine.profileKeys(room), { ms: 0, counter: 0 });
  say(eve.profile(name));
  return eve;
}

Deno.test("trust: under a verified name nothing is sent to another key, and its owner is told", () => {
  const all = stage();
  const { engine, bo, say } = all;
  assert(engine.command({ type: "verify", peer: bo.peer, on: true }).ok);
  for (const name of ["bo", "Bo", "b0", "Вo"]) {
    const eve = impostor(all, name);
    const before = { notices: engine.notices.length, sealed: mine(engine) };
    say(eve.writes(words("it is me")));
    assertEquals(
      engine.notices.slice(before.notices).map((notice) => [notice.type, codeOf(notice)]),
      [
        ["notice", "verified-name"],
        ["request", null],
      ],
    );
    const refused = direct(engine, eve.peer, "hello bo");
    assert(!refused.ok && refused.code === "verified-name", name);
    assertEquals(mine(engine), before.sealed);
    // Whoever says so does it knowingly.
    accept(engine, eve.peer);
    assert(direct(engine, eve.peer, "who are you?").ok);
  }
  assert(direct(engine, bo.peer, "hello").ok);
  const other = impostor(all, "boris");
  assert(direct(engine, other.peer, "hello").ok);
});

/** How many sealed posts it has written. */
const mine = (engine: LoneEngine) =>
  engine.store.newest(room, 99).map((post) => decodePost(post, crypto))
    .filter(({ kind, author }) => kind === postKind.sealed && author === me).length;

const codeOf = (notice: Notice) => notice.type === "notice" ? notice.code : null;

Deno.test("trust: a verified name is kept when its owner takes another, and given free when taken back", () => {
  const all = stage();
  const { engine, bo, say } = all;
  assert(engine.command({ type: "verify", peer: bo.peer, on: true }).ok);
  say(bo.profile("robert"));
  const eve = impostor(all, "bo");
  const code = () => {
    const outcome = direct(engine, eve.peer, "x");
    return outcome.ok ? "sent" : outcome.code;
  };
  assertEquals(code(), "verified-name");
  assertEquals(engine.engine.whois("robert").map(({ peer, mark }) => [peer, mark]), [
    [bo.peer, "verified"],
  ]);
  assert(engine.command({ type: "verify", peer: bo.peer, on: false }).ok);
  assertEquals(code(), "sent");
});

Deno.test("trust: a petname stands everywhere, and is nobody else's to change", () => {
  const all = stage();
  const { engine, bo, say } = all;
  const call = (name: string | null) => engine.command({ type: "petname", peer: bo.peer, name });
  assert(call("Bobby").ok);
  accept(engine, bo.peer);
  say(bo.profile("mallory"), bo.writes(words("hi")));
  assertEquals(shown(engine).map(({ name }) => name), ["Bobby"]);
  const [person] = engine.engine.whois("Bobby");
  assertEquals([person?.peer, person?.name, person?.ownName], [bo.peer, "Bobby", "mallory"]);
  assertEquals(engine.engine.whois("mallory").length, 1);
  const refused = call("\u0007");
  assert(!refused.ok && refused.code === "name-empty");
  assert(call(null).ok);
  assertEquals(engine.engine.whois("mallory")[0]?.name, "mallory");
  const oneself = engine.command({ type: "petname", peer: me, name: "x" });
  assert(!oneself.ok && oneself.code === "no-such-peer");
});
