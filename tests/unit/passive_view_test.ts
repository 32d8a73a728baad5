/** The members of a room that are known and no neighbours: bounded, and drawn by lot. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { type MemberRecord, PassiveView } from "../../discovery/passive_view.ts";
import type { PeerId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const rng = seededRng(301);
const { passiveMax, passivePerNeighbour } = defaultLimits;

function record(addresses: readonly string[] = ["10.0.0.5:9797"]): MemberRecord {
  return { peer: sampleId<PeerId>(rng), addresses };
}

function view(): PassiveView<MemberRecord> {
  return new PassiveView(defaultLimits, () => rng.next());
}

Deno.test("PassiveView keeps nobody who cannot be dialled", () => {
  const members = view();
  members.add(record([]), null);
  assertEquals([members.size, members.sample(5)], [0, []]);
});

Deno.test("PassiveView keeps one record of each member, the newest", () => {
  const members = view();
  const old = record();
  const moved = { ...old, addresses: ["10.0.0.6:9797"] };
  members.add(old, null);
  members.add(moved, null);
  assertEquals(members.sample(5), [moved]);
  members.remove(old.peer);
  assertEquals(members.size, 0);
});

Deno.test("PassiveView: beyond passiveMax any of the old may go, and never the new one", () => {
  const outs = new Set<number>();
  for (let round = 0; round < 200; round++) {
    const members = view();
    const known = Array.from({ length: passiveMax }, () => record());
    for (const each of known) members.add(each, null);
    const newcomer = record();
    members.add(newcomer, null);
    assertEquals(members.size, passiveMax);
    const left = new Set(members.sample(passiveMax).map(({ peer }) => peer));
    assert(left.has(newcomer.peer));
    known.forEach(({ peer }, i) => {
      if (!left.has(peer)) outs.add(i);
    });
  }
  assert(outs.size > passiveMax / 2, `only ${outs.size} places were ever given up`);
});

Deno.test("PassiveView: of a full view one neighbour can take passivePerNeighbour places", () => {
  const [honest, other, flooder] = [1, 2, 3].map(() => record().peer);
  const members = view();
  const known = Array.from({ length: passiveMax }, () => record());
  known.forEach((each, i) => members.add(each, i % 2 === 0 ? honest! : other!));
  const named = Array.from({ length: 1_000 }, () => record());
  for (const each of named) members.add(each, flooder!);
  const flood = new Set(named.map(({ peer }) => peer));
  const count = () => members.sample(passiveMax).filter(({ peer }) => flood.has(peer)).length;
  assertEquals([members.size, count()], [passiveMax, passivePerNeighbour]);
  for (const each of members.sample(passiveMax)) members.add(each, flooder!);
  const more = Array.from({ length: 1_000 }, () => record());
  for (const each of more) members.add(each, null);
  assert(count() < passivePerNeighbour, "who was linked takes any place");
});

Deno.test("PassiveView: who names first may fill the view, and gives way to others", () => {
  const members = view();
  const [early, late] = [record().peer, record().peer];
  const first = new Set<PeerId>();
  for (let i = 0; i < 100; i++) {
    const each = record();
    first.add(each.peer);
    members.add(each, early);
  }
  for (let i = 0; i < passivePerNeighbour; i++) members.add(record(), late);
  const left = members.sample(passiveMax).filter(({ peer }) => first.has(peer)).length;
  // The lot falls upon any, at times upon one that has just come.
  assertEquals(members.size, passiveMax);
  assertLess(left, passiveMax - passivePerNeighbour / 2);
  assert(left >= passiveMax - passivePerNeighbour);
});

Deno.test("PassiveView: a newer record of a known member puts nobody out", () => {
  const members = view();
  const known = Array.from({ length: passiveMax }, () => record());
  for (const each of [...known, ...known]) members.add(each, null);
  const peers = members.sample(passiveMax).map(({ peer }) => peer);
  assertEquals(peers.sort(), known.map(({ peer }) => peer).sort());
});

Deno.test("PassiveView: who is drawn is drawn once, and everybody has the same chance", () => {
  const members = view();
  const known = Array.from({ length: 10 }, () => record());
  for (const each of known) members.add(each, null);
  const drawn = new Map<PeerId, number>();
  for (let round = 0; round < 1_000; round++) {
    const some = members.sample(3);
    assertEquals(new Set(some).size, 3);
    for (const { peer } of some) drawn.set(peer, (drawn.get(peer) ?? 0) + 1);
  }
  for (const { peer } of known) {
    const times = drawn.get(peer) ?? 0;
    assert(times > 200 && times < 400, `${times} times of 1,000`);
  }
  assertEquals(members.size, 10, "drawing takes nobody out");
});
