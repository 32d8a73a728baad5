/** Brief posts at an engine: taken, passed on, and asked for whole where they cannot be read. */

import { assert, assertEquals, assertLess } from "@std/assert";
import type { BriefPost } from "../../wire/brief.ts";
import { BriefReader, BriefWriter } from "../../wire/brief_link.ts";
import { type LogId, type PeerId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Message } from "../../wire/message.ts";
import { type Post, signPost } from "../../wire/post.ts";
import { encodeBody } from "../../wire/post_body.ts";
import { publicRoomId } from "../../wire/text.ts";
import { LoneEngine, loneEpochMs, type TestNeighbour } from "../lone_engine.ts";
import { relayed } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(602);
const identity = crypto.generateEd25519(), author = crypto.generateEd25519();
const room = publicRoomId("lobby", crypto);
const log = toId<LogId>(new Uint8Array(8).fill(7));
const { briefMissesBurst, briefMissesPerSecond, frontierMs, invalidMax } = defaultLimits;

/** Posts of one author, one after the other. */
function writeLog(count: number, inRoom = room): Post[] {
  const posts: Post[] = [];
  for (let seq = 1; seq <= count; seq++) {
    posts.push(signPost(
      {
        ...encodeBody({ kind: "text", text: `line ${seq}`, reply: null }),
        room: inRoom,
        author: toId<PeerId>(author.publicKey),
        log,
        seq,
        previous: posts.at(-1)?.id ?? null,
        time: { ms: loneEpochMs + seq, counter: 0 },
        heads: [],
      },
      author.secretKey,
      crypto,
    ));
  }
  return posts;
}

function lone(): { engine: LoneEngine; bo: TestNeighbour; cy: TestNeighbour } {
  const engine = new LoneEngine({ crypto, identity });
  assert(engine.command({ type: "join", room: "lobby" }).ok);
  const [bo, cy] = [engine.link(), engine.link()];
  bo.enter(room);
  cy.enter(room);
  return { engine, bo, cy };
}

/** What a neighbour would say that sends these posts over a link of its own. */
function briefly(posts: readonly Post[], writer = new BriefWriter()): BriefPost[] {
  const heard = new BriefReader();
  return posts.map((post) => writer.write({ post, hops: 1, wide: false }, heard));
}

const brief = (posts: readonly BriefPost[], anew = false): Message => ({
  type: "brief",
  anew,
  posts,
});

const sizeOf = (engine: LoneEngine, posts: readonly Post[]) =>
  posts.filter(({ id }) => engine.store.has(id)).length;

Deno.test("brief: posts are stored as they were signed and passed on, as briefly", () => {
  const { engine, bo, cy } = lone();
  const posts = writeLog(3);
  bo.say(brief(briefly(posts)));
  for (const post of posts) {
    assertEquals(engine.store.get(post.id)?.signed.toHex(), post.signed.toHex());
  }
  const passed = cy.heardOf("posts").flatMap((message) => message.posts);
  assertEquals(
    passed.map(({ signed }) => signed.toHex()),
    posts.map(({ signed }) => signed.toHex()),
  );
  const raw = cy.raw.flatMap((message) => message.type === "brief" ? message.posts : []);
  assertEquals(raw.map(({ log }) => typeof log), ["object", "number", "number"]);
  assertEquals(cy.raw.filter(({ type }) => type === "posts"), []);
});

Deno.test("brief: own posts go out briefly, and whole to who asks again", () => {
  const { engine, bo } = lone();
  for (const text of ["one", "two", "three"]) {
    assert(engine.command({ type: "say", room: "lobby", kind: "text", text, reply: null }).ok);
  }
  const raw = bo.raw.flatMap((message) => message.type === "brief" ? [message] : []);
  const said = raw.flatMap(({ posts }) => posts);
  const [, second] = bo.heardOf("posts").flatMap((message) => message.posts).slice(-3);
  bo.say({ type: "again", number: said.length - 2 });
  const whole = bo.raw.filter((message) => message.type === "posts").at(-1)!;
  assertEquals(whole.posts.map(({ signed }) => signed.toHex()), [second!.signed.toHex()]);
  assert(engine.command({ type: "say", room: "lobby", kind: "text", text: "4", reply: null }).ok);
  const next = bo.raw.findLast((message) => message.type === "brief")!;
  assertEquals(
    [next.anew, typeof next.posts[0]!.log],
    [true, "object"],
    "what follows begins anew",
  );
  bo.say({ type: "again", number: 1_000_000 });
  engine.pass(1_000);
  assert(bo.heardOf("digest").length > 1, "for what is forgotten the digest is told");
});

Deno.test("brief: what cannot be read is asked for whole, and costs nobody the link", () => {
  const { engine, bo } = lone();
  const posts = writeLog(6);
  const said = briefly(posts);
  bo.say(brief(said.slice(0, 2)));
  // The third gets lost, and with it what the fourth says of the one before.
  bo.say(brief(said.slice(3, 4)));
  assertEquals(bo.heardOf("again").map(({ number }) => number), [2]);
  assertEquals([sizeOf(engine, posts), bo.closed], [2, null]);
  bo.say({ type: "posts", room, posts: [relayed(posts[3]!)] });
  assertEquals(sizeOf(engine, posts), 3);
  bo.say(brief(briefly(posts.slice(4)), true));
  assertEquals([sizeOf(engine, posts), bo.closed], [5, null]);
});

Deno.test("brief: of more that cannot be read than are asked for whole nothing is lost", () => {
  const { engine, bo } = lone();
  const posts = writeLog(briefMissesBurst + 10);
  const said = briefly(posts);
  bo.say(brief(said.slice(0, 1)));
  const digests = () => {
    engine.pass(frontierMs);
    return bo.heardOf("digest").length;
  };
  const before = digests();
  // The second names a post that nobody has sent, and all that follow build upon it.
  bo.say(brief([{ ...said[1]!, heads: [2 * 499 + 1] }, ...said.slice(2)]));
  assertEquals(bo.heardOf("again").length, briefMissesBurst);
  assertEquals(digests(), before + 1, "the neighbour has to say what it holds");
  const { author: peer, id: topId } = posts.at(-1)!;
  const entry = { author: peer, log, top: posts.length, topId, above: [] };
  bo.say({ type: "frontier", room, entries: [entry], last: true });
  assertEquals(bo.heardOf("want").length, 1);
});

Deno.test("briefMissesBurst, briefMissesPerSecond: wrong ones are asked for so often, then count", () => {
  const { engine, bo } = lone();
  const [post] = writeLog(1);
  const wrong = () => brief(briefly([{ ...post!, signature: new Uint8Array(64).fill(3) }]), true);
  for (let i = 0; i < briefMissesBurst; i++) bo.say(wrong());
  assertEquals([bo.heardOf("again").length, bo.closed], [briefMissesBurst, null]);
  engine.advance(1_000);
  for (let i = 0; i < briefMissesPerSecond; i++) bo.say(wrong());
  assertEquals(bo.heardOf("again").length, briefMissesBurst + briefMissesPerSecond);
  for (let i = 1; i < invalidMax; i++) bo.say(wrong());
  assertEquals(bo.closed, null);
  bo.say(wrong());
  assertEquals(bo.closed, "wrong signatures");
  assertEquals(sizeOf(engine, [post!]), 0);
});

Deno.test("brief: whoever asks again and again is given no more than that", () => {
  const { engine, bo } = lone();
  assert(engine.command({ type: "say", room: "lobby", kind: "text", text: "one", reply: null }).ok);
  const whole = () => bo.raw.filter(({ type }) => type === "posts").length;
  for (let i = 0; i < 10 * briefMissesBurst; i++) bo.say({ type: "again", number: 0 });
  assert(whole() > 0);
  assertLess(whole(), briefMissesBurst + 1);
  assertEquals(bo.closed, null);
});

Deno.test("brief: posts of a room that is not open are ignored, and counted", () => {
  const { engine, bo } = lone();
  const other = publicRoomId("other", crypto);
  const [elsewhere, here] = [writeLog(2, other), writeLog(2)];
  bo.say(brief(briefly([elsewhere[0]!, here[0]!, elsewhere[1]!, here[1]!])));
  assertEquals([sizeOf(engine, elsewhere), sizeOf(engine, here)], [0, 2]);
  assertEquals(bo.heardOf("again"), []);
});
