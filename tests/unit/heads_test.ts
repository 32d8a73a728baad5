/** What the next own post refers to. */

import { assertEquals, assertLessOrEqual } from "@std/assert";
import { Heads } from "../../peer/heads.ts";
import type { PostId } from "../../wire/ids.ts";
import { comparePosts, compareTimes, type LogicalTime } from "../../wire/post.ts";
import { randomBelow, seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

interface Head {
  readonly id: PostId;
  readonly time: LogicalTime;
}

/** The slow twin: takes each, and looks at all for the one that is too many. */
class PlainHeads {
  kept: Head[] = [];

  onReferred(ids: readonly PostId[], time: LogicalTime): void {
    if (this.kept.every((head) => compareTimes(head.time, time) >= 0)) return;
    this.kept = this.kept.filter(({ id }) => !ids.includes(id));
  }

  add(head: Head, max: number): void {
    this.kept.push(head);
    if (this.kept.length <= max) return;
    let oldest = head;
    for (const each of this.kept) if (compareTimes(each.time, oldest.time) < 0) oldest = each;
    this.kept.splice(this.kept.indexOf(oldest), 1);
  }

  take(count: number): PostId[] {
    const taken = this.kept.toSorted((a, b) => comparePosts(b, a)).slice(0, count);
    this.kept = this.kept.filter((head) => !taken.includes(head));
    return taken.map(({ id }) => id);
  }
}

Deno.test("Heads: the newest are kept, as by a slow twin, whatever comes in whatever order", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const rng = seededRng(seed);
    const max = 1 + randomBelow(rng, 12);
    const heads = new Heads(max);
    const plain = new PlainHeads();
    const ids: PostId[] = [];
    const some = () => ids[ids.length - 1 - randomBelow(rng, Math.min(ids.length, 2 * max))]!;
    // Newest first, as a back-fill brings them, oldest first, or in no order.
    const step = randomBelow(rng, 3) - 1;
    for (let i = 0; i < 300; i++) {
      const id = sampleId<PostId>(rng);
      ids.push(id);
      const ms = step === 0 ? randomBelow(rng, 40) : 1_000 + step * Math.floor(i / 2);
      const head = { id, time: { ms, counter: randomBelow(rng, 2) } };
      const previous = rng.next() < 0.3 ? some() : null;
      const referred = rng.next() < 0.2 ? [some(), some()] : [];
      heads.onReferred({ previous, heads: referred, time: head.time });
      plain.onReferred(previous === null ? referred : [previous, ...referred], head.time);
      heads.add(head);
      plain.add(head, max);
      assertEquals(heads.size, plain.kept.length, `seed ${seed}`);
      assertLessOrEqual(heads.size, max);
      const count = rng.next() < 0.02 ? max : rng.next() < 0.1 ? 2 : 0;
      assertEquals(heads.take(count), plain.take(count), `seed ${seed}, post ${i}`);
    }
    assertEquals(heads.take(max), plain.take(max), `seed ${seed}, at the end`);
    assertEquals(heads.size, 0);
  }
});
