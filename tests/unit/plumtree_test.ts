/** The broadcast tree: who gets a post at once, who is told of it, and how the tree mends itself. */

import { assert, assertEquals } from "@std/assert";
import { type Acceptance, Accepted } from "../../peer/accepted.ts";
import { nextHops, Plumtree } from "../../peer/plumtree.ts";
import type { PeerId, PostId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { type Announced, hopsMax, markOf } from "../../wire/mark.ts";
import { numberedPeer } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const rng = seededRng(306);
const { announceMs, graftMs, shorterHops, shorterMs, pruneAfterMs, marksPerMessage, rootMs } =
  defaultLimits;
const newId = () => sampleId<PostId>(rng);
const [ann, bo] = [numberedPeer(1), numberedPeer(2)];

/** A tree with neighbours 1 to `count`, and the memory that it shares with others. */
class Tree {
  readonly accepted = new Accepted(1_000);
  readonly tree: Plumtree;

  constructor(count: number, changes: Partial<Limits> = {}) {
    this.tree = new Plumtree({ ...defaultLimits, ...changes }, this.accepted);
    for (let connection = 1; connection <= count; connection++) {
      this.tree.onNeighbourUp(connection);
    }
  }

  /** A post is stored; returns who gets it at once. */
  take(post: Partial<Acceptance> = {}, nowMs = 0): { id: PostId; eager: number[] } {
    const acceptance = { id: newId(), author: ann, source: null, hops: 0, ...post };
    this.accepted.add(acceptance);
    this.tree.onHeld(acceptance.id, acceptance.source, nowMs);
    return { id: acceptance.id, eager: this.tree.push(acceptance, nowMs) };
  }

  /** A neighbour sends what has come from another already. */
  copy(connection: number, first: Partial<Acceptance> = {}, nowMs = 0): boolean {
    return this.tree.onCopy(connection, {
      id: newId(),
      author: ann,
      source: null,
      hops: 1,
      ...first,
    }, nowMs);
  }

  hear(connection: number, id: PostId, hops = 1, nowMs = 0): boolean {
    return this.tree.onAnnounced(connection, [{ mark: markOf(id), hops }], nowMs);
  }

  /** Who is asked now, and for how many posts. */
  grafts(nowMs: number): [connection: number, marks: number][] {
    return this.tree.takeDue(nowMs).grafts.map(({ connection, marks }) => [
      connection,
      marks.length,
    ]);
  }
}

Deno.test("Plumtree: new neighbours are eager, and the one that brought a post is left out", () => {
  const tree = new Tree(4);
  assertEquals(tree.take().eager, [1, 2, 3, 4]);
  assertEquals(tree.take({ source: 3, hops: 2 }).eager, [1, 2, 4]);
  tree.tree.onNeighbourDown(2);
  assertEquals(tree.take().eager, [1, 3, 4]);
  assertEquals(tree.tree.counts, { neighbours: 3, eager: 3 });
});

Deno.test("Plumtree: a copy makes its link lazy on both sides, once", () => {
  const tree = new Tree(4);
  assert(tree.copy(2, { source: 1, hops: 2 }));
  assert(!tree.copy(2, { source: 1, hops: 2 }), "it is told once");
  tree.tree.onPrune(3);
  assertEquals(tree.take().eager, [1, 4]);
  assertEquals([tree.tree.counts.eager, tree.tree.copies], [2, 2]);
});

Deno.test("Plumtree: a copy proves nothing if the first came otherwise than by gossip from another", () => {
  const tree = new Tree(4);
  assert(!tree.tree.onCopy(2, undefined, 0), "it is forgotten how it came");
  assert(!tree.copy(2, { source: 1, hops: null }), "history was faster");
  assert(!tree.copy(2, { source: 2, hops: 1 }), "the same link has brought it before");
  assert(!tree.copy(9, { source: 1, hops: 1 }), "no neighbour");
  assertEquals(tree.tree.counts.eager, 4);
});

Deno.test("Plumtree: with up to floodMax neighbours all are eager for good", () => {
  const { floodMax } = defaultLimits;
  for (const count of [1, floodMax, floodMax + 1]) {
    const tree = new Tree(count);
    const isTree = count > floodMax;
    assertEquals(tree.copy(1, { source: null }), isTree);
    tree.tree.onPrune(count);
    assertEquals(tree.tree.counts.eager < count, isTree, `${count} neighbours`);
  }
});

Deno.test("Plumtree: lazy neighbours are told after announceMs, together and with the hops to them", () => {
  const tree = new Tree(4);
  tree.tree.onPrune(2);
  assertEquals(tree.tree.deadlineMs, Infinity);
  const first = tree.take({ source: 1, hops: 3 }, 0).id;
  const second = tree.take({}, announceMs - 1).id;
  assertEquals(tree.tree.deadlineMs, announceMs);
  assertEquals(tree.tree.takeDue(announceMs - 1).announcements, []);
  const marks: Announced[] = [{ mark: markOf(first), hops: 4 }, { mark: markOf(second), hops: 1 }];
  assertEquals(tree.tree.takeDue(announceMs).announcements, [{ connection: 2, marks }]);
  assertEquals(tree.tree.takeDue(10 * announceMs).announcements, [], "once");
  assertEquals(tree.take({ source: 2, hops: 1 }, 0).eager, [1, 3, 4]);
  assertEquals(tree.tree.deadlineMs, Infinity, "not to the one that brought it");
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
  assertEquals(tree.take().eager, [1, 2, 4]);
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
  assert(!tree.hear(2, id));
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
  tree.tree.onNeighbourDown(3);
  assertEquals(tree.grafts(graftMs + graftMs / 2 - 1), []);
  assertEquals(tree.grafts(graftMs + graftMs / 2), [[4, 1]], "each once");
  const waitedMs = graftMs + graftMs / 2 + 4 * graftMs;
  assertEquals(tree.tree.takeDue(waitedMs - 1), { announcements: [], grafts: [], unheard: [] });
  assertEquals(tree.tree.takeDue(waitedMs), { announcements: [], grafts: [], unheard: [4] });
  assertEquals(tree.tree.sizes.missing, 0, "from here on it is a matter for history");
  assertEquals(tree.tree.deadlineMs, Infinity);
});

Deno.test("Plumtree: nobody is unheard who has gone", () => {
  const tree = new Tree(4);
  tree.hear(2, newId());
  assertEquals(tree.grafts(graftMs), [[2, 1]]);
  tree.tree.onNeighbourDown(2);
  assertEquals(tree.tree.takeDue(5 * graftMs).unheard, []);
  assertEquals(tree.tree.sizes.missing, 0);
});

Deno.test("Plumtree: no graft asks for more than marksPerMessage, and the rest follows", () => {
  const tree = new Tree(3, { missingPostsMax: 10 * marksPerMessage });
  const told = Array.from({ length: marksPerMessage + 7 }, () => ({
    mark: markOf(newId()),
    hops: 1,
  }));
  tree.tree.onAnnounced(1, told, 0);
  assertEquals(tree.grafts(graftMs), [[1, marksPerMessage]]);
  assertEquals(tree.grafts(graftMs + graftMs / 2), [[1, 7]]);
});

Deno.test("Plumtree: missingPostsMax posts are waited for, whatever is announced", () => {
  const tree = new Tree(3, { missingPostsMax: 5 });
  for (let i = 0; i < 50; i++) tree.hear(1 + i % 3, newId());
  assertEquals(tree.tree.sizes.missing, 3, "none takes more than a share");
  const many = new Tree(9, { missingPostsMax: 5 });
  for (let i = 0; i < 50; i++) many.hear(1 + i % 9, newId());
  assertEquals(many.tree.sizes.missing, 5);
  assert(!tree.hear(9, newId()), "who is no neighbour announces nothing");
});

Deno.test("Plumtree: an announcer that is shorterHops nearer is eager from now on", () => {
  const cases: [announced: number, hops: number | null, isNearer: boolean][] = [
    [2, 2 + shorterHops, true],
    [2, 1 + shorterHops, false],
    [2, null, false],
  ];
  for (const [announced, hops, isNearer] of cases) {
    const tree = new Tree(4);
    tree.tree.onPrune(2);
    const { id } = tree.take({ source: 1, hops });
    assertEquals(tree.hear(2, id, announced), isNearer);
    assertEquals(tree.take().eager, isNearer ? [1, 2, 3, 4] : [1, 3, 4]);
  }
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

Deno.test("Plumtree: the tree changes for a shorter way once in shorterMs", () => {
  const tree = new Tree(6);
  for (const connection of [2, 3]) tree.tree.onPrune(connection);
  const far = () => tree.take({ source: 1, hops: 2 * shorterHops }).id;
  assert(tree.hear(2, far(), 1, 0));
  const next = () => tree.take({ source: 4, hops: 2 * shorterHops }).id;
  assert(!tree.hear(3, next(), 1, shorterMs - 1));
  assert(tree.hear(3, next(), 1, shorterMs));
});

Deno.test("Plumtree: ways are kept short for one author, the least of those heard within rootMs", () => {
  const shortens = (tree: Tree, author: PeerId, nowMs: number) => {
    for (const connection of [2, 3]) tree.tree.onPrune(connection);
    const { id } = tree.take({ author, source: 1, hops: 2 * shorterHops }, nowMs);
    return tree.hear(2, id, 1, nowMs);
  };
  const tree = new Tree(6);
  assert(shortens(tree, bo, 0), "the only one");
  assert(shortens(new Tree(6), ann, 0));
  const both = new Tree(6);
  both.take({ author: ann });
  assert(!shortens(both, bo, rootMs));
  assert(shortens(both, bo, rootMs + 1), "the other is silent");
});

Deno.test("Plumtree: who is late itself does not ask for what may wait to be read", () => {
  const tree = new Tree(4);
  tree.hear(2, newId());
  assertEquals(tree.grafts(graftMs + 10_000), []);
  assertEquals(tree.tree.deadlineMs, graftMs + 10_250);
  assertEquals(tree.grafts(graftMs + 10_250), [[2, 1]]);
});

Deno.test("Plumtree: no eager link, and no way of an own post, is shortened", () => {
  const far = 2 * shorterHops + 1;
  const eager = new Tree(4);
  assert(!eager.hear(2, eager.take({ source: 1, hops: far }).id));
  const own = new Tree(4);
  own.tree.onPrune(2);
  assert(!own.hear(2, own.take().id));
  const same = new Tree(4);
  same.tree.onPrune(2);
  assert(!same.hear(2, same.take({ source: 2, hops: far }).id), "it has come that way");
  for (const tree of [eager, own, same]) assertEquals(tree.tree.sizes.missing, 0);
});

Deno.test("nextHops: one more than a post has come over, and no more than is counted", () => {
  const of = (hops: number | null) => nextHops({ id: newId(), author: ann, source: 1, hops });
  assertEquals([of(0), of(4), of(hopsMax), of(null)], [1, 5, hopsMax, 1]);
});
