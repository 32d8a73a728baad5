/** Forks, chains, seeks and gaps: what a log says about posts that are not there. */

import { assert, assertEquals } from "@std/assert";
import { Chains, type Held } from "../../peer/chains.ts";
import { Forks } from "../../peer/forks.ts";
import { Gaps } from "../../peer/gaps.ts";
import { HistorySeek } from "../../peer/history_seek.ts";
import { type LogKey, logKey } from "../../peer/log_key.ts";
import type { PeerId, PostId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { arrivals, Author } from "./author.ts";
import { MemoryStore } from "./memory_store.ts";

const crypto = seededCrypto(161);
const rng = seededRng(161);
const ann = new Author(crypto);
const key = logKey(ann.peer, ann.log);

/** So many posts of a branch, each naming the one before it, on top of another. */
function branch(name: string, from: number, to: number, before: Post | null): Post[] {
  const posts: Post[] = [];
  for (let seq = from; seq <= to; seq++) {
    const previous = posts.at(-1)?.id ?? before?.id ?? null;
    posts.push(ann.text(seq, `${name}${seq}`, { previous }));
  }
  return posts;
}

const trunk = branch("trunk", 1, 4, null);
const left = branch("left", 5, 8, trunk[3]!);
const right = branch("right", 5, 6, trunk[3]!);

/** A room that takes posts one by one. */
class Shelf {
  readonly store = new MemoryStore();
  readonly chains = new Chains(defaultLimits);
  readonly forks: Forks;
  readonly missing = new Set<PostId>();
  readonly told: number[] = [];

  constructor(limits = defaultLimits) {
    this.forks = new Forks(ann.room, this.store, crypto, limits);
  }

  take(...posts: readonly Post[]): this {
    for (const post of posts) {
      const joins = this.#holds(key, post.seq);
      this.store.append(arrivals([post]), null, 5);
      this.missing.delete(post.id);
      if (this.forks.onStored(post, joins) !== null) this.told.push(post.seq);
      const held: Held = {
        holds: (of, seq) => this.#holds(of, seq),
        has: (id) => this.store.has(id),
        previousOf: (_of, seq) =>
          this.#at(seq).flatMap(({ previous }) => previous === null ? [] : [previous]),
      };
      for (const id of this.chains.onStored(post, held)) this.missing.add(id);
    }
    return this;
  }

  #holds(_key: LogKey, seq: number): boolean {
    return this.store.range(ann.room, ann.peer, ann.log, seq, seq, Infinity).length > 0;
  }

  #at(seq: number): Post[] {
    return [...trunk, ...left, ...right].filter((post) =>
      post.seq === seq && this.store.has(post.id)
    );
  }
}

const ends = (shelf: Shelf) => shelf.forks.ends(key).map(({ id }) => id).sort();

Deno.test("Forks finds the same ends in whatever order the posts come, and again after a restart", () => {
  const all = [...trunk, ...left, ...right];
  const expected = [right[1]!.id];
  for (const order of [all, all.toReversed(), [...right, ...left.toReversed(), ...trunk]]) {
    const shelf = new Shelf().take(...order);
    assertEquals(ends(shelf), expected);
    assertEquals(shelf.told.toSorted(), [5, 6]);
    assertEquals([...shelf.missing], []);
    const again = new Forks(ann.room, shelf.store, crypto, defaultLimits);
    again.reload();
    assertEquals(again.ends(key).map(({ id }) => id), expected);
    assert(again.hasForked(ann.peer));
  }
  const equal = new Shelf().take(...trunk, left[0]!, right[0]!);
  assertEquals(ends(equal), [left[0]!.id, right[0]!.id].sort());
  assertEquals(ends(new Shelf().take(...trunk, ...left)), []);
});

Deno.test("branchesMax: so many branches are kept, and each goes on", () => {
  const others = Array.from({ length: 4 }, (_, i) => branch(`other${i}`, 5, 6, trunk[3]!));
  const shelf = new Shelf({ ...defaultLimits, branchesMax: 4 });
  shelf.take(...trunk, ...others.slice(0, 3).map((posts) => posts[0]!), left[0]!);
  assert(!shelf.forks.mayJoin(others[3]![0]!), "a fifth post at one place");
  // A branch that leaves another elsewhere would be a fifth one, too.
  const sprout = ann.text(4, "sprout", { previous: trunk[2]!.id });
  assert(!shelf.forks.mayJoin(sprout));
  shelf.take(others[0]![1]!);
  assert(shelf.forks.mayJoin(others[1]![1]!), "it goes on from an end");
  const lower = ann.text(4, "lower", { previous: trunk[2]!.id });
  const few = new Shelf().take(...trunk, ...left);
  assert(few.forks.mayJoin(lower), "the log has few branches");
});

Deno.test("forkPlacesMax: of more forked places no ends are told", () => {
  const shelf = new Shelf({ ...defaultLimits, forkPlacesMax: 1 }).take(...trunk, ...left, ...right);
  assertEquals(shelf.forks.places, 1);
  assertEquals(ends(shelf), [], "of the place that is known both posts go on");
});

Deno.test("Chains names what must exist and is not held, in either direction", () => {
  assertEquals([...new Shelf().take(...trunk, ...left).missing], []);
  assertEquals([...new Shelf().take(...trunk.toReversed()).missing], []);
  // The page does not link to what is held.
  const shelf = new Shelf().take(...trunk, ...right, ...left.slice(2).toReversed());
  assertEquals([...shelf.missing], [left[1]!.id]);
  shelf.take(left[1]!);
  assertEquals([...shelf.missing], [left[0]!.id]);
  shelf.take(left[0]!);
  assertEquals([...shelf.missing], []);
  // What is held does not link to the page.
  const above = new Shelf().take(left[2]!, left[3]!).take(...right.toReversed());
  assertEquals([...above.missing], [left[1]!.id]);
});

const room = sampleId<RoomId>(rng);
const post = (previous: PostId | null, id = sampleId<PostId>(rng)) => ({ room, id, previous });

/** A seek with requests numbered from 1. */
function seeker(limits = defaultLimits) {
  const seek = new HistorySeek(limits);
  let number = 0;
  const next = (connection: number, nowMs: number) =>
    seek.next(connection, (of) => of === room, () => ++number, nowMs);
  return { seek, next };
}

Deno.test("HistorySeek asks one neighbour at a time, and takes only what each post names", () => {
  const { seek, next } = seeker();
  const lower = post(null), upper = post(lower.id);
  seek.onMissing(room, upper.id);
  assertEquals(next(1, 0), { room, request: 1, id: upper.id, most: defaultLimits.seekPostsMax });
  assertEquals([next(1, 0), next(2, 0)], [null, null]);
  seek.onCame(1, 1, lower);
  assert(!seek.isAsked(1, 1, lower.id), "not before the one that names it");
  seek.onCame(1, 1, upper);
  assert(
    seek.isAsked(1, 1, upper.id) && !seek.isAsked(2, 1, upper.id) && !seek.isAsked(1, 2, upper.id),
  );
  seek.onCame(1, 1, lower);
  assert(seek.isAsked(1, 1, lower.id));
  seek.onStored(upper.id);
  seek.onPage(1, 1, 5);
  assertEquals([seek.size, next(1, 5), seek.deadlineMs], [0, null, Infinity]);
});

Deno.test("HistorySeek asks the next neighbour, and the same one again after a rest that doubles", () => {
  const { askAgainMs, pageMs } = defaultLimits;
  const { seek, next } = seeker();
  const { id } = post(null);
  seek.onMissing(room, id);
  next(1, 0);
  seek.onPage(1, 1, 10);
  assertEquals(next(1, 10), null);
  assertEquals(next(2, 10)?.id, id);
  seek.onTime(10 + pageMs);
  assertEquals(seek.deadlineMs, 10 + askAgainMs);
  assertEquals(next(1, 10 + askAgainMs)?.id, id);
  seek.onLinkLost(2);
  seek.onPage(1, 3, 20 + askAgainMs);
  assertEquals(seek.deadlineMs, 20 + 3 * askAgainMs);
  seek.onUnshared(1, room);
  assertEquals(next(1, 21 + askAgainMs)?.id, id, "a new link is asked at once");
  seek.onRoomClosed(room);
  assertEquals(seek.size, 0);
});

Deno.test("seeksMax: so many are sought at a time, the latest", () => {
  const { seek, next } = seeker({ ...defaultLimits, seeksMax: 2 });
  const ids = [post(null), post(null), post(null)].map(({ id }) => id);
  for (const id of ids) seek.onMissing(room, id);
  assertEquals([seek.size, next(1, 0)?.id, next(2, 0)?.id, next(3, 0)], [2, ids[1], ids[2], null]);
});

Deno.test("HistorySeek asks only those who say so for what no post names, and gives it up first", () => {
  const { seek, next } = seeker({ ...defaultLimits, seeksMax: 3 });
  const [named, ...said] = [1, 2, 3, 4, 5].map(() => post(null).id) as [PostId, ...PostId[]];
  seek.onMissing(room, named);
  for (const id of said.slice(1)) seek.onMissing(room, id, 1);
  assertEquals(next(2, 0)?.id, named, "not what the first neighbour has made up");
  assertEquals([next(1, 0)?.id, next(3, 0)], [said[2], null]);
  seek.onMissing(room, said[0]!, 3);
  assertEquals(next(3, 0)?.id, said[0], "another's word takes the place of one of many");
  seek.onLinkLost(1);
  assertEquals(seek.size, 2);
  seek.onMissing(room, said[0]!);
  seek.onUnshared(3, room);
  assertEquals(seek.size, 2, "a post has named it since");
});

Deno.test("gapMs: Gaps tells what has stood still for so long, and what has healed", () => {
  const { gapMs } = defaultLimits;
  const gaps = new Gaps(defaultLimits);
  const [from, other] = [sampleId<PeerId>(rng), sampleId<PeerId>(rng)];
  gaps.onChanged(0);
  assertEquals(gaps.dueMs, gapMs);
  assertEquals(gaps.onTime(new Map([[from, 9]]), gapMs), []);
  assertEquals(gaps.onTime(new Map([[from, 5]]), 2 * gapMs), [], "it still comes in");
  assertEquals(gaps.onTime(new Map([[from, 5]]), 3 * gapMs), [{ from, missing: 5 }]);
  assertEquals(gaps.dueMs, Infinity, "nothing moves any more");
  gaps.onChanged(4 * gapMs);
  assertEquals(gaps.onTime(new Map([[from, 5], [other, 1]]), 5 * gapMs), []);
  assertEquals(gaps.onTime(new Map([[other, 1]]), 6 * gapMs), [
    { from, missing: 0 },
    { from: other, missing: 1 },
  ]);
});

Deno.test("gapsToldMax: people are told of so many authors at a time", () => {
  const gaps = new Gaps({ ...defaultLimits, gapsToldMax: 2 });
  const missing = new Map([1, 2, 3].map((count) => [sampleId<PeerId>(rng), count]));
  gaps.onTime(missing, 0);
  assertEquals(gaps.onTime(missing, 1).length, 2);
  assertEquals(gaps.size, 2);
});

Deno.test("Gaps tells of a known key, however many strangers there are", () => {
  const friend = sampleId<PeerId>(rng);
  const gaps = new Gaps({ ...defaultLimits, gapsToldMax: 2 }, (peer) => peer === friend);
  const missing = new Map([1, 2, 3].map((count) => [sampleId<PeerId>(rng), count]));
  missing.set(friend, 4);
  gaps.onTime(missing, 0);
  assertEquals(gaps.onTime(missing, 1).map(({ missing: count }) => count), [1, 2, 4]);
});
