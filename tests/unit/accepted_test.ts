/** The memory of what was stored lately. */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { Accepted } from "../../peer/accepted.ts";
import type { PostId } from "../../wire/ids.ts";
import { markOf } from "../../wire/mark.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const rng = seededRng(303);

function ids(count: number): PostId[] {
  return Array.from({ length: count }, () => sampleId<PostId>(rng));
}

Deno.test("Accepted: how a post came is found by its id and by its mark", () => {
  const accepted = new Accepted(10);
  const [id, other] = ids(2);
  accepted.add({ id: id!, source: 3, hops: 2, wide: true });
  assert(accepted.has(id!));
  assert(!accepted.has(other!));
  assertEquals(accepted.get(markOf(id!)), { id: id!, source: 3, hops: 2, wide: true });
  assertEquals(accepted.get(markOf(other!)), undefined);
});

Deno.test("Accepted: an id with the mark of another is another post", () => {
  const accepted = new Accepted(10);
  const [id] = ids(1);
  const twin = `${markOf(id!)}${"0".repeat(32)}` as PostId;
  accepted.add({ id: id!, source: null, hops: 0, wide: false });
  assert(!accepted.has(twin), "else half an id made up by somebody would hide a post");
  assert(accepted.has(id!));
});

Deno.test("Accepted: it never outgrows its limit, and keeps at least the newest half of it", () => {
  for (const max of [2, 7, 100]) {
    const accepted = new Accepted(max);
    const many = ids(5 * max);
    many.forEach((id, i) => {
      accepted.add({ id, source: null, hops: 0, wide: false });
      assertLessOrEqual(accepted.size, max);
      for (const recent of many.slice(Math.max(0, i + 1 - Math.floor(max / 2)), i + 1)) {
        assert(accepted.get(markOf(recent)) !== undefined, `${max}: forgotten too soon`);
      }
    });
    assertEquals(accepted.get(markOf(many[0]!)), undefined);
  }
});

Deno.test("Accepted: what is asked for again and again is not forgotten", () => {
  const accepted = new Accepted(10);
  const [asked, ...others] = ids(60);
  accepted.add({ id: asked!, source: 1, hops: 1, wide: false });
  for (const id of others) {
    accepted.add({ id, source: null, hops: 0, wide: false });
    assert(accepted.has(asked!));
  }
  assertEquals(accepted.get(markOf(asked!))?.source, 1);
});
