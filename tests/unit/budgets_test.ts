/** Budgets of live posts: a key that is known has its own, all others of a room have one. */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { Budgets } from "../../peer/budgets.ts";
import type { PeerId, RoomId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const rng = seededRng(305);
const [lobby, den] = [sampleId<RoomId>(rng), sampleId<RoomId>(rng)];
const [ann, bo] = [sampleId<PeerId>(rng), sampleId<PeerId>(rng)];
const dayMs = 86_400_000;

interface Sent {
  readonly room?: RoomId;
  readonly author?: PeerId;
  readonly known?: boolean;
  readonly bytes?: number;
  readonly nowMs?: number;
}

/** How many of `tries` posts are taken. */
function taken(budgets: Budgets, tries: number, sent: Sent = {}): number {
  const { room = lobby, author = ann, known = true, bytes = 200, nowMs = 0 } = sent;
  let count = 0;
  for (let i = 0; i < tries; i++) {
    if (!budgets.allows(room, author, known, bytes, nowMs)) continue;
    budgets.spend(room, author, known, bytes, nowMs);
    count++;
  }
  return count;
}

const small = (changes: Partial<Limits>) => new Budgets({ ...defaultLimits, ...changes });

Deno.test("Budgets: budgetBurst posts come at once, and then budgetPerSecond", () => {
  const { budgetBurst, budgetPerSecond } = defaultLimits;
  const budgets = new Budgets(defaultLimits);
  assertEquals(taken(budgets, 10_000), budgetBurst);
  assertEquals(taken(budgets, 10_000, { nowMs: 1_000 }), budgetPerSecond);
  assertEquals(taken(budgets, 10_000, { nowMs: 1e6 }), budgetBurst);
});

Deno.test("Budgets: asking spends nothing, for a forged signature must not cost the author", () => {
  const budgets = new Budgets(defaultLimits);
  for (let i = 0; i < 10_000; i++) assert(budgets.allows(lobby, ann, true, 200, 0));
});

Deno.test("Budgets: known keys do not share, and neither do rooms", () => {
  const budgets = small({ budgetBurst: 5 });
  assertEquals(taken(budgets, 9), 5);
  assertEquals(taken(budgets, 9, { author: bo }), 5);
  assertEquals(taken(budgets, 9, { room: den }), 5);
});

Deno.test("Budgets: strangers of a room share one, however many keys they make", () => {
  const budgets = small({ budgetBurst: 5 });
  let count = 0;
  for (let i = 0; i < 20; i++) {
    count += taken(budgets, 1, { author: sampleId<PeerId>(rng), known: false });
  }
  assertEquals(count, 5);
  assertEquals(taken(budgets, 9), 5, "known keys are not touched by it");
  assertEquals(budgets.size, 2);
});

Deno.test("Budgets: allowancePosts and allowanceBytes bound a day", () => {
  const fast = { budgetBurst: 1e6, budgetPerSecond: 1e6 };
  const posts = small({ ...fast, allowancePosts: 100 });
  assertEquals(taken(posts, 500), 100);
  assertEquals(taken(posts, 500, { nowMs: dayMs / 4 }), 25);
  const bytes = small({ ...fast, allowanceBytes: 1_000 });
  assertEquals(taken(bytes, 50, { bytes: 300 }), 3);
  assertEquals(taken(bytes, 50, { bytes: 100 }), 1);
  assertEquals(taken(bytes, 50, { bytes: 300, nowMs: dayMs }), 3);
});

Deno.test("Budgets: beyond budgetsMax the one that was not used for longest is forgotten", () => {
  const budgets = small({ budgetsMax: 3, budgetBurst: 5 });
  const keys = Array.from({ length: 4 }, () => sampleId<PeerId>(rng));
  for (const author of keys.slice(0, 3)) taken(budgets, 5, { author });
  assert(!budgets.allows(lobby, keys[0]!, true, 1, 0), "used again, so that it is the newest");
  taken(budgets, 5, { author: keys[3]! });
  assertLessOrEqual(budgets.size, 3);
  assertEquals(taken(budgets, 5, { author: keys[0]! }), 0);
  assertEquals(taken(budgets, 5, { author: keys[1]! }), 5, "full again");
});

Deno.test("Budgets: history spends of the day's allowance alone, and a person may have it filled again", () => {
  const budgets = small({ allowancePosts: 10 });
  for (let i = 0; i < 15; i++) budgets.spendHistory(lobby, ann, true, 200, 0);
  assert(!budgets.allowsHistory(lobby, ann, true, 0));
  assertEquals(taken(budgets, 5), 0, "what comes as it happens counts to the same day");
  assert(budgets.allowsHistory(den, ann, true, 0) && budgets.allowsHistory(lobby, bo, true, 0));
  assert(
    !budgets.allowsHistory(lobby, ann, true, dayMs / 2),
    "what was taken too much is waited for",
  );
  assert(budgets.allowsHistory(lobby, ann, true, dayMs));
  budgets.refill(lobby);
  assert(budgets.allowsHistory(lobby, ann, true, 0));
});
