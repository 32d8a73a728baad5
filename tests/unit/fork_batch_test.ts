/** Forks within one step: what stands in one place before any of it is on disk. */

import { assertEquals } from "@std/assert";
import type { Post } from "../../wire/post.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { LoneEngine } from "../lone_engine.ts";
import { relayed } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { Author } from "./author.ts";

const { branchesMax } = defaultLimits;
const crypto = seededCrypto(163);

Deno.test("branchesMax: no more branches are kept of posts that come in one step", () => {
  const ann = new Author(crypto);
  const engine = new LoneEngine({ crypto, identity: crypto.generateEd25519() });
  engine.command({ type: "join", room: "lobby" });
  const bo = engine.link();
  bo.enter(ann.room);
  const say = (posts: readonly Post[]) =>
    bo.say({ type: "posts", room: ann.room, posts: posts.map((post) => relayed(post)) });
  const at = (seq: number) =>
    engine.store.range(ann.room, ann.peer, ann.log, seq, seq, Infinity).length;
  const many = (seq: number, previous: Post | null) =>
    Array.from(
      { length: 20 },
      (_, i) => ann.text(seq, `branch ${i} at ${seq}`, { previous: previous?.id ?? null }),
    );
  const first = many(1, null);
  say(first);
  assertEquals(at(1), branchesMax);
  // Of many that go on from one end all but one would be new branches.
  say(many(2, first[0]!));
  assertEquals(at(2), 1);
  // Each branch goes on, though all come together.
  say(first.slice(1, branchesMax).map((post, i) => many(2, post)[i]!));
  assertEquals(at(2), branchesMax);
});
