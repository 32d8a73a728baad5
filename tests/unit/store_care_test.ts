import { assertEquals } from "@std/assert";
import { StoreCare } from "../../io/store_care.ts";
import { StoreError } from "../../io/store/store_error.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { within } from "../within.ts";

/** A store with posts to index, which tells of each piece that was done. */
class Posts {
  readonly pieces: number[] = [];
  failures = 0;
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

  done(): Promise<void> {
    return within(this.#done.promise);
  }

  again(): void {
    this.#done = Promise.withResolvers();
  }
}

const soon = { careMs: 1, careBusyPosts: 10, carePosts: 30 };

Deno.test("StoreCare does little while posts keep coming, then the rest, and then nothing", async () => {
  assertEquals(defaultLimits.careBusyPosts < defaultLimits.carePosts, true);
  const posts = new Posts(100);
  const care = new StoreCare(posts, soon, () => {});
  care.poke();
  care.poke();
  await posts.done();
  assertEquals(posts.pieces, [10, 30, 30, 30, 0]);
  posts.again();
  posts.left = 15;
  care.poke();
  await posts.done();
  assertEquals(posts.pieces.slice(5), [10, 5]);
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
