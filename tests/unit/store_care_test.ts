import { assertEquals } from "@std/assert";
import { StoreCare } from "../../io/store_care.ts";
import { StoreError } from "../../io/store/store_error.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { RoomId } from "../../wire/ids.ts";
import { within } from "../within.ts";

/** A store with posts to index, which tells of each piece that was done. */
class Posts {
  readonly pieces: number[] = [];
  failures = 0;
  #pruned = Promise.withResolvers<void>();
  #done = Promise.withResolvers<void>();
  constructor(public left: number) {}

  index(postsMax: number): number {
    if (this.failures > 0) {
      this.failures--;
      this.#done.resolve();
      throw new StoreError("disk-full", "history.db", "no room");
    }
    const count = Math.min(this.left, postsMax);
    this.left -= count;
    this.pieces.push(count);
    if (count < postsMax) this.#done.resolve();
    return count;
  }

  readonly told: (readonly RoomId[])[] = [];
  /** What each pass of pruning gives. */
  passes: (readonly RoomId[])[][] = [];
  tooLarge = false;

  isTooLarge(): boolean {
    return this.tooLarge;
  }

  *prune(): Generator<readonly RoomId[], void, void> {
    this.pieces.push(-1);
    const pass = this.passes.shift() ?? [];
    yield* pass;
    if (this.passes.length === 0) {
      this.tooLarge = false;
      this.#pruned.resolve();
    }
  }

  pruned(rooms: readonly RoomId[]): void {
    this.told.push(rooms);
  }

  allPruned(): Promise<void> {
    return within(this.#pruned.promise);
  }

  done(): Promise<void> {
    return within(this.#done.promise);
  }

  again(): void {
    this.#done = Promise.withResolvers();
  }
}

const soon = { careMs: 1, careBusyPosts: 10, carePosts: 30, pruneMs: 3_600_000 };
const [lobby, dev] = ["aa".repeat(32) as RoomId, "bb".repeat(32) as RoomId];

Deno.test("StoreCare does little while posts keep coming, then the rest, and then nothing", async () => {
  assertEquals(defaultLimits.careBusyPosts < defaultLimits.carePosts, true);
  const posts = new Posts(100);
  const care = new StoreCare(posts, soon, () => {});
  care.poke();
  care.poke();
  await posts.done();
  assertEquals(posts.pieces, [10, 30, 30, 30, 0]);
  // Then it is looked once for what need not be kept, and again only after `pruneMs`.
  await posts.allPruned();
  posts.again();
  posts.left = 15;
  care.poke();
  await posts.done();
  assertEquals(posts.pieces.filter((piece) => piece !== 0).slice(4), [-1, 10, 5]);
  care.close();
});

Deno.test("StoreCare tries again with the next post after the disk has failed", async () => {
  const lines: string[] = [];
  const posts = new Posts(5);
  posts.failures = 1;
  const care = new StoreCare(posts, soon, (line) => lines.push(line));
  care.poke();
  await posts.done();
  assertEquals([posts.left, lines.length], [5, 1]);
  posts.again();
  care.poke();
  await posts.done();
  assertEquals(posts.left, 0);
  care.close();
});

Deno.test("StoreCare does nothing after its end", () => {
  const posts = new Posts(5);
  const care = new StoreCare(posts, soon, () => {});
  care.poke();
  care.close();
  care.poke();
  assertEquals(posts.pieces, []);
});

Deno.test("StoreCare removes what is too much before it indexes, and tells of the rooms once", async () => {
  const posts = new Posts(40);
  posts.tooLarge = true;
  posts.passes = [[[lobby], [], [dev, lobby]], [[]]];
  const care = new StoreCare(posts, soon, () => {});
  care.poke();
  await posts.allPruned();
  await posts.done();
  assertEquals(posts.told, [[lobby, dev]]);
  // The first pass is not enough; the second finds nothing, and so there is no third.
  assertEquals(posts.pieces.slice(0, 2), [-1, -1]);
  care.close();
});
