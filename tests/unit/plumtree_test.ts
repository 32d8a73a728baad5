/** The broadcast tree: who gets a post at once, who is told of it, and how the tree mends itself. */

import { assert, assertEquals } from "@std/assert";
import { nextHops } from "../../peer/plumtree.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { hopsMax, markOf, type PostMark } from "../../wire/mark.ts";
import { newId, Tree } from "./tree.ts";

const { announceMs, graftMs, pruneAfterMs, tornMs, marksPerMessage, floodMax } = defaultLimits;
const { vainGraftsMax, vainMs } = defaultLimits;

/** Chance that always draws the same. */
const drawing = (value: number) => ({ next: () => value });

Deno.test("Plumtree: new neighbours are eager, and the one that brought a post is left out", () => {
  const tree = new Tree(4);
  assertEquals(tree.take().targets, [1, 2, 3, 4]);
  assertEquals(tree.take({ source: 3, hops: 2 }).targets, [1, 2, 4]);
  tree.tree.onNeighbourDown(2, 0);
  assertEquals(tree.take().targets, [1, 3, 4]);
  assertEquals(tree.tree.counts, { neighbours: 3, eager: 3 });
});

Deno.test("Plumtree: where a tree has grown a new neighbour is lazy until it is needed", () => {
  const tree = new Tree(4);
  tree.tree.onPrune(1);
  tree.tree.onNeighbourUp(5, false);
  assertEquals(tree.take().targets, [2, 3, 4]);
  for (const connection of [2, 3, 4]) tree.tree.onPrune(connection);
  tree.tree.onNeighbourUp(6, false);
  assertEquals(tree.take().targets, [6], "where all are lazy one must not be");
});

Deno.test("Plumtree: what is soon said again goes by the tree and to one beside it", () => {
  const { tree } = new Tree(6);
  assertEquals(tree.targetsOfRepeated(2, drawing(0.5)), [1, 3, 4, 5, 6]);
  for (const connection of [1, 3, 5]) tree.onPrune(connection);
  const sent = [0, 0.4, 0.999].map((draw) => tree.targetsOfRepeated(2, drawing(draw)));
  assertEquals(sent, [[4, 6, 1], [4, 6, 3], [4, 6, 5]]);
  assertEquals(
    tree.targetsOfRepeated(5, drawing(0.999)),
    [2, 4, 6, 3],
    "not back to where it came from",
  );
});

Deno.test("Plumtree: a tree that brings too little takes one more neighbour in, for a while for certain", () => {
  const tree = new Tree(4);
  assertEquals(tree.tree.mend(drawing(0), 0), null, "all are part of it");
  for (const connection of [1, 3]) tree.tree.onPrune(connection);
  assertEquals(tree.tree.mend(drawing(0.5), 0), 3);
  assertEquals([tree.tree.isEager(1), tree.tree.isEager(3)], [false, true]);
  assert(!tree.copy(3, { source: 2, hops: 2 }), "a copy does not cut it off at once");
  assert(tree.copy(3, { source: 2, hops: 2 }, pruneAfterMs));
});

Deno.test("Plumtree: a copy makes its link lazy on both sides, once", () => {
  const tree = new Tree(4);
  assert(tree.copy(2, { source: 1, hops: 2 }));
  assert(!tree.copy(2, { source: 1, hops: 2 }), "it is told once");
  tree.tree.onPrune(3);
  assertEquals(tree.take().targets, [1, 4]);
  assertEquals([tree.tree.counts.eager, tree.tree.copies], [2, 2]);
});

Deno.test("Plumtree: a newcomer that sends all to a neighbour who holds it for lazy is told so", () => {
  const tree = new Tree(4);
  tree.tree.onPrune(1);
  tree.tree.onNeighbourUp(5, false);
  assert(!tree.tree.isEager(5));
  assert(tree.copy(5, { source: 2, hops: 2 }));
  assert(!tree.copy(5, { source: 2, hops: 2 }, pruneAfterMs - 1), "posts were on their way");
  assert(tree.copy(5, { source: 2, hops: 2 }, pruneAfterMs), "and it has not heard");
});

Deno.test("Plumtree: a copy proves nothing if the first came otherwise than by gossip from another", () => {
  const tree = new Tree(4);
  assert(!tree.tree.onCopy(2, undefined, 0), "it is forgotten how it came");
  assert(!tree.copy(2, { source: 1, hops: null }), "history was faster");
  assert(!tree.copy(2, { source: 2 }), "the same link has brought it before");
  assert(!tree.copy(9, { source: 1 }), "no neighbour");
  assertEquals(tree.tree.counts.eager, 4);
});

Deno.test("Plumtree: with up to floodMax neighbours all are eager for good", () => {
  for (const count of [1, floodMax, floodMax + 1]) {
    const tree = new Tree(count);
    const isTree = count > floodMax;
    assertEquals(tree.copy(1), isTree);
    tree.tree.onPrune(count);
    assertEquals(tree.tree.counts.eager < count, isTree, `${count} neighbours`);
  }
  const tree = new Tree(floodMax + 1);
  tree.tree.onPrune(1);
  tree.tree.onNeighbourDown(floodMax + 1, 0);
  const all = Array.from({ length: floodMax }, (_, i) => i + 1);
  assertEquals(tree.take().targets, all, "lazy ones, too");
});

Deno.test("Plumtree: lazy neighbours are told after announceMs, together", () => {
  const tree = new Tree(4);
  tree.tree.onPrune(2);
  assertEquals(tree.tree.deadlineMs, Infinity);
  const first = tree.take({ source: 1, hops: 3 }, 0).id;
  const second = tree.take({}, announceMs - 1).id;
  assertEquals(tree.tree.deadlineMs, announceMs);
  assertEquals(tree.tree.takeDue(announceMs - 1).announcements, []);
  const marks = [markOf(first), markOf(second)];
  assertEquals(tree.tree.takeDue(announceMs).announcements, [{ connection: 2, marks }]);
  assertEquals(tree.tree.takeDue(10 * announceMs).announcements, [], "once");
  assertEquals(tree.take({ source: 2, hops: 1 }, 0).targets, [1, 3, 4]);
  assertEquals(tree.tree.deadlineMs, Infinity, "not to the one that brought it");
});

Deno.test("Plumtree: one of two waits longer, and neither announces what the other holds", () => {
  const tree = new Tree(4, {}, [3]);
  for (const connection of [2, 3, 4]) tree.tree.onPrune(connection);
  const ids = [tree.take({ source: 1 }).id, tree.take({ source: 1 }).id, tree.take().id];
  const [first, second, third] = ids.map(markOf) as [PostMark, PostMark, PostMark];
  tree.hear(3, ids[0]!, announceMs);
  tree.tree.onSent(4, ids[1]!);
  assertEquals(tree.tree.takeDue(announceMs).announcements, [
    { connection: 2, marks: [first, second, third] },
    { connection: 4, marks: [first, third] },
  ]);
  assertEquals(tree.tree.deadlineMs, 2 * announceMs);
  tree.hear(3, ids[2]!, announceMs + 1);
  assertEquals(tree.tree.takeDue(2 * announceMs).announcements, [
    { connection: 3, marks: [second] },
  ]);
  assertEquals(tree.tree.onGraft(3, [first], 0), [], "it has said that it holds it");
});

Deno.test("Plumtree: no message announces more than marksPerMessage", () => {
  const tree = new Tree(3);
  tree.tree.onPrune(1);
  for (let i = 0; i < marksPerMessage + 5; i++) tree.take();
  const { announcements } = tree.tree.takeDue(announceMs);
  assertEquals(announcements.map(({ marks }) => marks.length), [marksPerMessage, 5]);
});

Deno.test("Plumtree: a graft is given what was announced, once, and makes its link eager", () => {
  const tree = new Tree(4);
  tree.tree.onPrune(2);
  tree.tree.onPrune(3);
  const { id } = tree.take();
  const marks = [markOf(id), markOf(newId())];
  assertEquals(tree.tree.onGraft(1, marks, 0), [], "it was sent there at once");
  assertEquals(tree.tree.onGraft(9, marks, 0), [], "no neighbour");
  assertEquals(tree.tree.onGraft(2, marks, 0), [id]);
  assertEquals(tree.tree.onGraft(2, marks, 0), []);
  assertEquals(tree.take().targets, [1, 2, 4]);
  assertEquals(tree.tree.onGraft(3, marks, 0), [id]);
});

Deno.test("Plumtree: announcedMax posts can be asked for over one link, the newest", () => {
  const tree = new Tree(3, { announcedMax: 4 });
  tree.tree.onPrune(1);
  const ids = Array.from({ length: 9 }, () => tree.take().id);
  assertEquals(tree.tree.sizes.offered, 4);
  assertEquals(tree.tree.onGraft(1, ids.map(markOf), 0), ids.slice(-4));
});

Deno.test("Plumtree: an announced post is asked for after graftMs, and its link is eager then", () => {
  const tree = new Tree(4);
  tree.tree.onPrune(2);
  const id = newId();
  tree.hear(2, id);
  assertEquals(tree.tree.deadlineMs, graftMs);
  assertEquals(tree.grafts(graftMs - 1), []);
  assertEquals(tree.tree.takeDue(graftMs).grafts, [{ connection: 2, marks: [markOf(id)] }]);
  assertEquals(tree.tree.counts.eager, 4);
});

Deno.test("Plumtree: what comes by itself is not asked for", () => {
  const tree = new Tree(4);
  const id = newId();
  tree.hear(2, id);
  tree.take({ id, source: 1, hops: 5 }, 10);
  assertEquals(tree.grafts(graftMs), []);
  assertEquals([tree.tree.sizes.missing, tree.tree.deadlineMs], [0, Infinity]);
});

Deno.test("Plumtree: the next announcer is asked half as long after, the gone are left out", () => {
  const tree = new Tree(5);
  const id = newId();
  for (const connection of [2, 3, 4, 2]) tree.hear(connection, id);
  assertEquals(tree.grafts(graftMs), [[2, 1]]);
  tree.tree.onNeighbourDown(3, 0);
  assertEquals(tree.grafts(graftMs + graftMs / 2 - 1), []);
  assertEquals(tree.grafts(graftMs + graftMs / 2), [[4, 1]], "each once");
  const waitedMs = graftMs + graftMs / 2 + 4 * graftMs;
  const none = { announcements: [], prunes: [], grafts: [], silent: [] };
  assertEquals(tree.tree.takeDue(waitedMs - 1), { ...none, unheard: [] });
  assertEquals(tree.tree.takeDue(waitedMs), { ...none, unheard: [4] });
  assertEquals(tree.tree.sizes.missing, 0, "from here on it is a matter for history");
  assertEquals(tree.tree.deadlineMs, Infinity);
});

Deno.test("Plumtree: nobody is unheard who has gone", () => {
  const tree = new Tree(4);
  tree.hear(2, newId());
  assertEquals(tree.grafts(graftMs), [[2, 1]]);
  tree.tree.onNeighbourDown(2, 0);
  assertEquals(tree.tree.takeDue(5 * graftMs).unheard, []);
  assertEquals(tree.tree.sizes.missing, 0);
});

Deno.test("Plumtree: for tornMs after an eager link was lost, posts are asked for sooner", () => {
  const soonMs = 50;
  const tree = new Tree(4);
  tree.tree.onNeighbourDown(1, 0);
  tree.tree.onAnnounced(2, [markOf(newId())], tornMs - 1);
  assertEquals(tree.grafts(tornMs - 1 + soonMs), [[2, 1]]);
  tree.tree.onAnnounced(3, [markOf(newId())], tornMs + graftMs);
  assertEquals(tree.grafts(tornMs + graftMs + soonMs), []);
  assertEquals(tree.grafts(tornMs + 2 * graftMs), [[3, 1]]);
});

Deno.test("Plumtree: no graft asks for more than marksPerMessage, and the rest follows", () => {
  const tree = new Tree(3, {
    missingPostsMax: 10 * marksPerMessage,
    missingPerLink: 5 * marksPerMessage,
  });
  const told = Array.from({ length: marksPerMessage + 7 }, () => markOf(newId()));
  tree.tree.onAnnounced(1, told, 0);
  assertEquals(tree.grafts(graftMs), [[1, marksPerMessage]]);
  assertEquals(tree.grafts(graftMs + graftMs / 2), [[1, 7]]);
});

Deno.test("Plumtree: missingPostsMax posts are waited for, missingPerLink of one neighbour", () => {
  const tree = new Tree(3, { missingPerLink: 2 });
  for (let i = 0; i < 50; i++) tree.hear(1 + i % 3, newId());
  assertEquals(tree.tree.sizes.missing, 6);
  const many = new Tree(9, { missingPostsMax: 5 });
  for (let i = 0; i < 50; i++) many.hear(1 + i % 9, newId());
  assertEquals(many.tree.sizes.missing, 5);
  const none = new Tree(3);
  none.hear(9, newId());
  assertEquals(none.tree.sizes.missing, 0, "who is no neighbour announces nothing");
});

Deno.test("Plumtree: a link that was needed stays eager for pruneAfterMs, whatever copies come", () => {
  const tree = new Tree(4);
  const id = newId();
  tree.hear(2, id);
  assertEquals(tree.grafts(graftMs), [[2, 1]]);
  assert(!tree.copy(2, { source: 1 }, graftMs + pruneAfterMs - 1));
  assert(!tree.copy(2, { id, source: 1 }, graftMs + pruneAfterMs), "of what was asked for");
  assert(tree.copy(2, { source: 1 }, graftMs + pruneAfterMs));
  tree.tree.onPrune(3);
  tree.tree.onGraft(3, [], 0);
  assert(!tree.copy(3, { source: 1 }, pruneAfterMs - 1), "asked is needed, too");
  assert(tree.copy(3, { source: 1 }, pruneAfterMs));
});

Deno.test("Plumtree: who is late itself does not ask for what may wait to be read", () => {
  const tree = new Tree(4);
  tree.hear(2, newId());
  assertEquals(tree.grafts(graftMs + 10_000), []);
  assertEquals(tree.tree.deadlineMs, graftMs + 10_250);
  assertEquals(tree.grafts(graftMs + 10_250), [[2, 1]]);
});

/** Neighbour 2 announces posts for so long, each of which it is asked for; who is silent at the end. */
function announceInVain(tree: Tree, posts: number, spanMs: number, sentMs = -1): number[] {
  const silent: number[] = [];
  let nowMs = 0;
  for (let i = 0; i < posts; i++) {
    tree.hear(2, newId(), i * spanMs / posts);
  }
  while (tree.tree.deadlineMs < Infinity) {
    nowMs = tree.tree.deadlineMs;
    if (sentMs >= 0 && nowMs >= sentMs) {
      tree.tree.onSent(2, newId());
      sentMs = Infinity;
    }
    silent.push(...tree.tree.takeDue(nowMs).silent);
  }
  return silent;
}

Deno.test("Plumtree: who announces vainGraftsMax posts over vainMs and sends none is silent", () => {
  assertEquals(new Set(announceInVain(new Tree(4), vainGraftsMax, 2 * vainMs)), new Set([2]));
  assertEquals(announceInVain(new Tree(4), vainGraftsMax - 1, 2 * vainMs), [], "one less");
  assertEquals(announceInVain(new Tree(4), 10 * vainGraftsMax, vainMs / 2), [], "only slow");
  assertEquals(announceInVain(new Tree(4), vainGraftsMax, 2 * vainMs, vainMs), [], "it sends some");
  assertEquals(announceInVain(new Tree(floodMax), vainGraftsMax, 2 * vainMs), [], "one of few");
});

Deno.test("nextHops: one more than a post has come over, and no more than is counted", () => {
  const of = (hops: number | null) => nextHops({ id: newId(), source: 1, hops, wide: false });
  assertEquals([of(0), of(4), of(hopsMax), of(null)], [1, 5, hopsMax, 1]);
});
