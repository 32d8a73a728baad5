/** Posts on their way to the disk: a log has the same name in every room, and places of each. */

import { assert, assertEquals } from "@std/assert";
import { Batch } from "../../peer/batch.ts";
import { HeldLogs } from "../../peer/held_logs.ts";
import { logKey } from "../../peer/log_key.ts";
import type { RoomId } from "../../wire/ids.ts";
import { seededRng } from "../rng.ts";
import { sampleId, samplePost } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(433);
const rng = seededRng(433);
const rooms = [sampleId<RoomId>(rng), sampleId<RoomId>(rng)] as const;
const maker = crypto.generateEd25519();
const post = samplePost(rng, maker, crypto, { room: rooms[0], seq: 5 });
const key = logKey(post.author, post.log);

Deno.test("Batch reserves places of one room, whatever is reserved in another", () => {
  const batch = new Batch();
  const reserve = (room: RoomId, seq: number) => batch.reserve(new HeldLogs(room), key, seq, 1);
  assert(reserve(rooms[0], 5));
  assert(reserve(rooms[1], 1));
  assert(!reserve(rooms[1], 4));
  assert(reserve(rooms[0], 4));
});

Deno.test("Batch knows what stands at a place of one room, not of another", () => {
  const batch = new Batch();
  for (const room of rooms) batch.reserve(new HeldLogs(room), key, 5, 1);
  batch.add({ post, origin: "live" }, 1, 1);
  assertEquals(batch.at(rooms[0], key, 5), [post]);
  assertEquals(batch.at(rooms[1], key, 5), []);
});

Deno.test("Batch tells its posts apart, also in one place, and knows how each has come", () => {
  const batch = new Batch();
  const { author, log } = post;
  const other = samplePost(rng, maker, crypto, { room: rooms[0], log, seq: 5 });
  assertEquals([other.author, other.id === post.id], [author, false]);
  // An own post has no place reserved.
  batch.add({ post, origin: "own" }, null, 0);
  assert(batch.has(post));
  assert(!batch.has(other));
  assertEquals(batch.acceptance(other), undefined);
  batch.add({ post: other, origin: "live" }, 7, 2, true);
  assertEquals(
    [post, other].map((each) => batch.acceptance(each)),
    [
      { id: post.id, source: null, hops: 0, wide: false },
      { id: other.id, source: 7, hops: 2, wide: true },
    ],
  );
  assertEquals(batch.acceptances, [post, other].map((each) => batch.acceptance(each)!));
});
