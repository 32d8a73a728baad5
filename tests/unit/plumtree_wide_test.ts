/** Posts that go to all neighbours now and then, and how the tree grows anew along their way. */

import { assert, assertEquals } from "@std/assert";
import { defaultLimits } from "../../wire/limits.ts";
import { newId, Tree } from "./tree.ts";

const { wideMs, wideMsMin, wideSettleMs, pruneAfterMs, floodMax, graftMs } = defaultLimits;

/** A tree with 5 neighbours of whom 4 and 5 are lazy. */
function halfLazy(): Tree {
  const tree = new Tree(5);
  for (const connection of [4, 5]) tree.tree.onPrune(connection);
  return tree;
}

Deno.test("Plumtree: an own post goes to all at first and then every wideMs", () => {
  const tree = halfLazy();
  const all = [1, 2, 3, 4, 5];
  const toAll = (nowMs: number) => {
    const { targets, wide, graft } = tree.own(nowMs);
    assertEquals([targets, graft], [wide ? all : [1, 2, 3], null]);
    return wide;
  };
  const times = [0, 1, wideMs - 1, wideMs, wideMs + 1, 2 * wideMs - 1, 5 * wideMs];
  assertEquals(times.map(toAll), [true, false, false, true, false, false, true]);
  assertEquals(tree.tree.isEager(4), false, "to be sent one post makes nobody eager");
});

Deno.test("Plumtree: a post that others send to all goes on to all, at most every wideMsMin", () => {
  const tree = halfLazy();
  const push = (nowMs: number) => {
    const { targets, wide } = tree.take({ source: 1, hops: 2, wide: true }, nowMs);
    assertEquals(targets, wide ? [2, 3, 4, 5] : [2, 3]);
    return wide;
  };
  const times = [0, 1, wideMsMin - 1, wideMsMin, 2 * wideMsMin - 1, 2 * wideMsMin];
  assertEquals(times.map(push), [true, false, false, true, false, true]);
});

Deno.test("Plumtree: own posts and those of others count together", () => {
  const tree = halfLazy();
  assert(tree.own(0).wide);
  assert(!tree.take({ source: 1, wide: true }, wideMsMin - 1).wide);
  assert(tree.take({ source: 1, wide: true }, wideMsMin).wide);
  assert(!tree.own(wideMs).wide, "somebody else's has gone to all not long ago");
  assert(tree.own(wideMsMin + wideMs).wide);
});

Deno.test("Plumtree: an own post goes to all where it would go to nobody", () => {
  const tree = halfLazy();
  assert(tree.own(0).wide);
  for (const connection of [1, 2, 3]) {
    assert(!tree.own(1).wide);
    tree.tree.onPrune(connection);
  }
  assertEquals(tree.take({ source: 1 }, 2).targets, [], "of others it is told");
  const { wide, targets } = tree.own(2);
  assertEquals([wide, targets], [true, [1, 2, 3, 4, 5]]);
  tree.tree.onGraft(3, [], 3);
  assertEquals(tree.own(4).targets, [3], "until one has said that it came this way first");
});

Deno.test("Plumtree: no other post goes to all, and none that came as history", () => {
  const tree = halfLazy();
  assertEquals(tree.take({ source: 1 }).targets, [2, 3]);
  const { wide, targets } = tree.take({ source: 1, hops: null, wide: true });
  assertEquals([wide, targets], [false, [2, 3]]);
});

Deno.test("Plumtree: the neighbour that brings it first is asked for all that follows", () => {
  const tree = halfLazy();
  assertEquals(tree.take({ source: 4, wide: true }, 0).graft, 4);
  assert(tree.tree.isEager(4));
  assert(!tree.copy(4, { source: 1 }, pruneAfterMs - 1), "it has just proved to be needed");
  assert(tree.copy(4, { source: 1 }, pruneAfterMs));
  assertEquals(tree.take({ source: 4, wide: true }, wideMsMin - 1).graft, null, "not obeyed");
  assert(!tree.tree.isEager(4));
  assert(tree.tree.isEager(1));
  assertEquals(tree.take({ source: 1, wide: true }, wideMsMin).graft, 1, "it may hold us for lazy");
  assertEquals(tree.take({ source: 77, wide: true }, 2 * wideMsMin).graft, null, "no neighbour");
  const few = new Tree(floodMax);
  assertEquals(few.take({ source: 1, wide: true }).graft, null, "there all get everything");
});

Deno.test("Plumtree: who brings a copy of it is told to announce only, after wideSettleMs", () => {
  const tree = halfLazy();
  const { id } = tree.take({ source: 1, wide: true }, 0);
  const first = { id, source: 1, wide: true };
  assert(!tree.copy(2, first, 100));
  assertEquals(tree.tree.deadlineMs, 100 + wideSettleMs);
  assert(!tree.copy(3, first, 200));
  assert(!tree.copy(3, first, 200), "more than once");
  assert(!tree.copy(4, first, 200), "it was lazy before");
  assertEquals(tree.tree.takeDue(100 + wideSettleMs - 1).prunes, []);
  assertEquals(tree.tree.counts.eager, 3, "the old tree is whole until then");
  assertEquals(tree.tree.takeDue(100 + wideSettleMs).prunes, [2, 3]);
  assertEquals([tree.tree.counts.eager, tree.tree.isEager(1)], [1, true]);
  assertEquals(tree.tree.deadlineMs, Infinity);
  assertEquals(tree.tree.takeDue(10 * wideSettleMs).prunes, [], "once");
  tree.tree.onGraft(2, [], wideMsMin);
  const next = tree.take({ source: 1, wide: true }, 3 * wideMsMin);
  tree.tree.onGraft(3, [], 2 * wideMsMin);
  tree.copy(3, { id: next.id, source: 1, wide: true }, 3 * wideMsMin);
  assertEquals(tree.tree.takeDue(3 * wideMsMin + wideSettleMs).prunes, [3], "each time anew");
});

Deno.test("Plumtree: a link that was needed meanwhile is kept, whoever needed it", () => {
  const tree = new Tree(6);
  const { id } = tree.take({ source: 1, wide: true }, 0);
  for (const connection of [2, 3, 4, 5, 6]) tree.copy(connection, { id, source: 1, wide: true }, 0);
  tree.tree.onGraft(2, [], 100);
  tree.hear(3, newId(), 100);
  assertEquals(tree.grafts(100 + graftMs), [[3, 1]]);
  tree.tree.onPrune(4);
  tree.tree.onNeighbourDown(5, 0);
  assertEquals(tree.tree.takeDue(wideSettleMs).prunes, [6], "4 knows, 5 is gone");
  assertEquals([1, 2, 3, 4, 6].map((connection) => tree.tree.isEager(connection)), [
    true,
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("Plumtree: while the new tree grows no other post changes it, be it one to all", () => {
  for (const wide of [true, false]) {
    const tree = new Tree(4);
    const { id } = tree.take({ source: 1, wide: true }, 0);
    const other = tree.take({ source: 2, wide }, 10);
    assert(!other.wide);
    assert(!tree.copy(1, { id: other.id, source: 2, wide }, 20), "this is the new tree");
    tree.copy(2, { id, source: 1, wide: true }, 20);
    assertEquals(tree.tree.takeDue(20 + wideSettleMs).prunes, [2]);
    assert(tree.tree.isEager(1), "else both ways were lost");
    const late = 2 * wideSettleMs - 1;
    assert(!tree.copy(1, { source: 2, wide }, late), "over a link that is being given up");
    assert(tree.copy(3, { source: 1, wide }, 2 * wideSettleMs), "then all is as ever");
  }
});

Deno.test("Plumtree: who brings an own post back is told no sooner", () => {
  const tree = new Tree(4);
  const { id } = tree.own(0);
  assert(!tree.copy(2, { id, source: null, hops: 0 }, 10));
  assertEquals(tree.tree.takeDue(10 + wideSettleMs).prunes, [2]);
});

Deno.test("Plumtree: among floodMax neighbours it goes to all and changes nothing", () => {
  const few = new Tree(floodMax);
  const { id } = few.take({ source: 1, wide: true }, 0);
  assert(!few.copy(2, { id, source: 1, wide: true }, 0));
  assertEquals(few.tree.deadlineMs, Infinity);
  const fewer = new Tree(floodMax + 1);
  const next = fewer.take({ source: 1, wide: true }, 0);
  fewer.copy(2, { id: next.id, source: 1, wide: true }, 0);
  fewer.tree.onNeighbourDown(3, 0);
  assertEquals(fewer.tree.takeDue(wideSettleMs).prunes, [], "too few are left for a tree");
  assertEquals(fewer.tree.counts, { neighbours: floodMax, eager: floodMax });
});
