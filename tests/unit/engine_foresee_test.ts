/** Verifying the posts of a message together changes nothing of what the engine does. */

import { assertEquals, assertGreater, assertLess } from "@std/assert";
import type { Action } from "../../peer/action.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import { type LogId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { publicRoomId } from "../../wire/text.ts";
import { LoneEngine, loneEpochMs } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";
import { relayed, samplePost } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const maker = seededCrypto(402);
const [author, stranger] = [maker.generateEd25519(), maker.generateEd25519()];
const room = publicRoomId("lobby", maker);
const log = toId<LogId>(new Uint8Array(8).fill(7));

function posts(count: number, key = author): Post[] {
  const rng = seededRng(402);
  return Array.from(
    { length: count },
    (_, i) => samplePost(rng, key, maker, { room, log, seq: i + 1, ms: loneEpochMs }),
  );
}

/** The same suite, once as it is and once with `verifyAll`; counts what each is asked. */
function suites(): { alone: CryptoSuite; together: CryptoSuite; asked: { together: number } } {
  const [first, second] = [seededCrypto(403), seededCrypto(403)];
  const asked = { together: 0 };
  const together: CryptoSuite = {
    ...second,
    verifyAll: (count, item) =>
      Array.from({ length: count }, (_, index) => {
        asked.together++;
        const { publicKey, message, signature } = item(index);
        return second.verify(publicKey, message, signature);
      }),
  };
  return { alone: first, together, asked };
}

/** What an engine does with these posts in one message, and with some of them once more. */
function taken(crypto: CryptoSuite, given: readonly Post[], limits: Partial<Limits>): Action[] {
  const engine = new LoneEngine({ crypto, identity: crypto.generateEd25519(), limits });
  engine.command({ type: "join", room: "lobby" });
  const neighbour = engine.link();
  neighbour.enter(room);
  const envelopes = given.map((post) => relayed(post, 1));
  return [
    ...neighbour.say({ type: "posts", room, posts: envelopes }),
    ...neighbour.say({ type: "posts", room, posts: envelopes.slice(0, 20) }),
  ];
}

function forged(post: Post): Post {
  const signature = post.signature.slice();
  signature[9]! ^= 4;
  return { ...post, signature };
}

Deno.test("foresee: with verifyAll the engine does what it does without, forgeries and copies included", () => {
  const given = posts(40).map((post, i) => i === 17 ? forged(post) : post);
  const { alone, together, asked } = suites();
  const limits = { budgetBurst: 100 };
  const actions = taken(together, [...given, given[3]!], limits);
  assertEquals(actions, taken(alone, [...given, given[3]!], limits));
  const stored = actions.flatMap((action) => action.type === "append" ? action.arrivals : []);
  assertEquals(stored.length, 39);
  assertEquals(asked.together, 41, "once each, and again only the forged one");
});

Deno.test("foresee: a post that no budget has room for is not verified", () => {
  const given = posts(60, stranger);
  const { alone, together, asked } = suites();
  const limits = { budgetBurst: 20 };
  assertEquals(taken(together, given, limits), taken(alone, given, limits));
  assertGreater(asked.together, 15);
  assertLess(asked.together, 25);
});

Deno.test("foresee: a short message is taken as it comes", () => {
  const { together, asked } = suites();
  taken(together, posts(15), {});
  assertEquals(asked.together, 0);
  assertEquals(defaultLimits.budgetBurst > 15, true);
});
