/** Membership of a room: whom a peer asks, lets in and puts out, and how members become known. */

import { assert, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { Membership, type MembershipStep } from "../../discovery/membership.ts";
import type { MemberRecord } from "../../discovery/passive_view.ts";
import type { PeerId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { numberedPeer } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";

const { activeTarget, activeMax, walkHops, walkHopsKept, membersMs, membersFirstMs } =
  defaultLimits;
const { neighbourAskMs, passiveMax } = defaultLimits;
const me = numberedPeer(1_000);

/** The peer of a link; both have one number here. */
const peerOf = (link: number): PeerId => numberedPeer(link);
const recordOf = (link: number): MemberRecord => ({
  peer: peerOf(link),
  addresses: [`10.0.0.${link}:9797`],
});

type Step = MembershipStep<MemberRecord>;
type StepOf<T extends Step["type"]> = Extract<Step, { type: T }>;

/** One membership; whatever it wants is kept. */
class Room {
  readonly members: Membership<MemberRecord>;
  /** Links over which posts go at once. */
  readonly branches = new Set<number>();

  constructor(seed = 1) {
    const rng = seededRng(seed);
    this.members = new Membership(
      me,
      defaultLimits,
      () => rng.next(),
      (link) => this.branches.has(link),
      0,
    );
  }

  get steps(): Step[] {
    return this.members.takeSteps();
  }

  /** What it wants of one kind since the last look; the rest is forgotten. */
  only<T extends Step["type"]>(type: T): StepOf<T>[] {
    return this.steps.filter((step): step is StepOf<T> => step.type === type);
  }

  /** Links become neighbours that have so many others. */
  fill(links: readonly number[], others: number): this {
    for (const link of links) {
      this.members.onShared(link, peerOf(link), 0);
      this.members.onNeighbour(link, others, recordOf(link), 0);
    }
    this.members.takeSteps();
    return this;
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

Deno.test("Membership: a shared room is asked for, and carries gossip once both have said so", () => {
  const { members } = new Room();
  members.onShared(1, peerOf(1), 0);
  assertEquals(members.takeSteps(), [{ type: "neighbour", link: 1, others: 0 }]);
  assertEquals([members.active, members.sharedCount], [[], 1]);
  members.onNeighbour(1, 3, recordOf(1), 0);
  assertEquals(members.takeSteps(), [{ type: "up", link: 1 }]);
  assertEquals([members.active, members.isActive(1)], [[1], true]);
});

Deno.test("Membership: activeTarget neighbours are asked for, and activeMax let in", () => {
  const room = new Room();
  for (const link of upTo(20)) room.members.onShared(link, peerOf(link), 0);
  assertEquals(room.only("neighbour").map(({ link }) => link), upTo(activeTarget));
  const later = upTo(20).slice(activeTarget);
  for (const link of later) room.members.onNeighbour(link, 2, null, 0);
  const steps = room.steps;
  const answers = later.map((link) =>
    steps.find((step) => "link" in step && step.link === link && step.type !== "up")?.type
  );
  assertEquals(answers.slice(0, activeMax - activeTarget), ["neighbour"]);
  assert(answers.slice(activeMax - activeTarget).every((type) => type === "rest"));
});

Deno.test("Membership: who has one other or none is let in for somebody who has three", () => {
  for (const others of [0, 1]) {
    const room = new Room().fill(upTo(activeMax), 3);
    room.members.onShared(9, peerOf(9), 0);
    room.members.onNeighbour(9, others, recordOf(9), 0);
    const steps = room.steps;
    const put = steps.filter(({ type }) => type === "rest");
    const down = steps.filter(({ type }) => type === "down");
    assertEquals([put.length, down.length], [1, 1]);
    assertEquals([room.members.active.length, room.members.isActive(9)], [activeMax, true]);
  }
});

Deno.test("Membership: where nobody has three others, a lonely one comes on top, for a while", () => {
  const room = new Room().fill(upTo(activeMax), 2);
  room.members.onShared(9, peerOf(9), 0);
  room.members.onNeighbour(9, 0, recordOf(9), 0);
  assertEquals([room.only("rest"), room.members.active.length], [[], activeMax + 1]);
  room.members.onNeighbour(4, 3, null, 0);
  assertEquals(room.only("rest"), [{ type: "rest", link: 4 }]);
  assertEquals(room.members.active, [1, 2, 3, 5, 6, 9]);
});

Deno.test("Membership: a link that the tree can do without is given up first", () => {
  for (const others of [0, 1]) {
    const room = new Room().fill(upTo(activeMax), 3);
    for (const link of upTo(activeMax)) if (link !== 4) room.branches.add(link);
    room.members.onShared(9, peerOf(9), 0);
    room.members.onNeighbour(9, others, recordOf(9), 0);
    assertEquals(room.only("rest"), [{ type: "rest", link: 4 }]);
  }
});

Deno.test("Membership: between being let in anywhere and being put out lies a step", () => {
  const room = new Room().fill(upTo(activeMax), 2);
  room.members.onShared(9, peerOf(9), 0);
  room.members.onNeighbour(9, 2, recordOf(9), 0);
  assertEquals(room.only("rest"), [{ type: "rest", link: 9 }]);
  assertEquals(room.members.active, upTo(activeMax));
});

Deno.test("Membership: neighbours are told how many others there are, up to three", () => {
  const room = new Room();
  const told: number[] = [];
  for (const link of upTo(activeTarget)) {
    room.members.onShared(link, peerOf(link), 0);
    room.members.onNeighbour(link, 3, null, 0);
    for (const step of room.only("neighbour")) if (step.link === 1) told.push(step.others);
  }
  assertEquals(told, [0, 1, 2, 3]);
  for (const link of upTo(activeTarget).slice(1)) {
    room.members.onUnshared(link, null, 0);
    for (const step of room.only("neighbour")) if (step.link === 1) told.push(step.others);
  }
  assertEquals(told, [0, 1, 2, 3, 2, 1, 0]);
});

Deno.test("Membership: a refusal ends what was, and is not answered by asking again at once", () => {
  const room = new Room().fill([1, 2], 3);
  room.members.onRest(1, 0);
  assertEquals(room.steps, [
    { type: "down", link: 1 },
    { type: "neighbour", link: 2, others: 0 },
  ]);
  room.members.onTime(neighbourAskMs / 2 - 1);
  assertEquals(room.only("neighbour"), []);
  room.members.onTime(3 * neighbourAskMs);
  assertEquals(room.only("neighbour"), [{ type: "neighbour", link: 1, others: 1 }]);
});

Deno.test("Membership: a lost neighbour is replaced, over an open link before a new one", () => {
  const room = new Room().fill(upTo(activeTarget), 3);
  room.members.onShared(9, peerOf(9), 0);
  assertEquals(room.steps, [], "nobody more is wanted");
  room.members.onMember(recordOf(30), 0);
  room.members.onUnshared(1, null, 1);
  const steps = room.steps;
  assertEquals(steps[0], { type: "down", link: 1 });
  assertEquals(steps[1], { type: "neighbour", link: 9, others: 3 });
  assertEquals(steps.filter(({ type }) => type === "dial"), []);
  room.members.onUnshared(2, null, 2);
  const record = recordOf(30);
  assertEquals(room.only("dial"), [{ type: "dial", record, urgent: false }]);
  assert(room.members.isWanted(record.peer));
  room.members.onShared(10, peerOf(10), 3);
  assertEquals(room.only("withdraw"), [{ type: "withdraw", peer: record.peer }]);
});

Deno.test("Membership: a dial is urgent for who has no neighbour, and one in vain is forgotten", () => {
  const room = new Room();
  room.members.onMember(recordOf(30), 0);
  assertEquals(room.only("dial"), [{ type: "dial", record: recordOf(30), urgent: true }]);
  room.members.onUnreachable(peerOf(30), 0);
  assertEquals([room.members.passive.size, room.members.isWanted(peerOf(30))], [0, false]);
  assertEquals(room.only("dial"), []);
});

Deno.test("Membership: whose link is lost stays known, who is linked is not dialled", () => {
  const room = new Room().fill([1], 3);
  room.members.onMember(recordOf(1), 0);
  room.members.onMember({ ...recordOf(1), peer: me }, 0);
  assertEquals([room.members.passive.size, room.only("dial")], [0, []]);
  room.members.onUnshared(1, recordOf(1), 0);
  assertEquals(room.members.passive.size, 1);
  assertEquals(room.only("dial").map(({ record }) => record), [recordOf(1)]);
});

Deno.test("Membership: a newcomer is told of members and walks over each other neighbour", () => {
  for (const [others, walks] of [[0, 3], [1, 3], [2, 0]] as const) {
    const room = new Room().fill([1, 2, 3], 3);
    room.members.onShared(9, peerOf(9), 0);
    room.members.takeSteps();
    room.members.onNeighbour(9, others, recordOf(9), 0);
    const steps = room.steps;
    const walk = steps.filter((step) => step.type === "walk");
    const record = recordOf(9);
    const expected = [1, 2, 3].slice(0, walks).map((link): Step => ({
      type: "walk",
      link,
      hopsLeft: walkHops - 1,
      record,
    }));
    assertEquals(walk, expected);
    const told = steps.filter((step) => step.type === "members");
    assertEquals(told, walks > 0 ? [{ type: "members", link: 9, ask: false }] : []);
    room.members.onNeighbour(9, others, recordOf(9), 0);
    assertEquals(room.only("walk"), [], "once");
  }
});

Deno.test("Membership: a walk goes on, and neither back nor to whom it is about", () => {
  const room = new Room().fill([1, 2, 3], 3);
  const record = { ...recordOf(2) };
  for (let i = 0; i < 20; i++) {
    room.members.onWalk(1, 5, record);
    assertEquals(room.steps, [{ type: "walk", link: 3, hopsLeft: 4, record }]);
  }
  const stranger = recordOf(30);
  for (let hopsLeft = walkHops; hopsLeft > 0; hopsLeft--) {
    const before = room.members.passive.size;
    room.members.onWalk(1, hopsLeft, stranger);
    const [step] = room.only("walk");
    assertEquals(step?.hopsLeft, hopsLeft - 1);
    assertNotEquals(step?.link, 1);
    assertEquals(room.members.passive.size - before, hopsLeft === walkHopsKept ? 1 : 0);
  }
});

Deno.test("Membership: at its end a walk has the newcomer dialled, if there is room", () => {
  const record = recordOf(30);
  for (const [count, hopsLeft] of [[1, 5], [3, 0], [activeMax, 0]] as const) {
    const room = new Room().fill(upTo(count), 3);
    room.members.onWalk(1, hopsLeft, record);
    const dials = count < activeMax ? [{ type: "dial", record, urgent: true }] : [];
    assertEquals(room.steps, dials as Step[]);
    assertEquals(room.members.passive.size, 1);
  }
  const room = new Room().fill([1], 3);
  room.members.onWalk(1, 0, { ...record, peer: me });
  room.members.onShared(2, peerOf(2), 0);
  room.members.takeSteps();
  room.members.onWalk(2, 0, record);
  assertEquals(room.steps, [], "over a link that is no neighbour's nothing walks");
});

/** When members are asked for, and the links asked, up to the hundredth time. */
function exchanges(room: Room): { times: number[]; asked: Set<number> } {
  const times: number[] = [];
  const asked = new Set<number>();
  for (let nowMs = 0; times.length < 100; nowMs = room.members.deadlineMs) {
    room.members.onTime(nowMs);
    for (const { link, ask } of room.only("members")) {
      assert(ask);
      asked.add(link);
      times.push(nowMs);
    }
  }
  return { times, asked };
}

Deno.test("Membership: members are asked for after membersFirstMs, then ever more rarely, to membersMs", () => {
  const { times, asked } = exchanges(new Room().fill(upTo(activeTarget), 3));
  assertEquals(asked, new Set(upTo(activeTarget)));
  assert(times[0]! >= 0.5 * membersFirstMs && times[0]! <= 1.5 * membersFirstMs, `${times[0]}`);
  times.slice(1).forEach((ms, i) => {
    const pauseMs = Math.min(membersFirstMs * 2 ** i, membersMs);
    const gapMs = ms - times[i]!;
    assert(gapMs >= 0.75 * pauseMs && gapMs <= 1.25 * pauseMs, `${gapMs} of ${pauseMs}`);
  });
});

Deno.test("Membership: now and then a member takes the place of a neighbour", () => {
  const room = new Room().fill(upTo(activeTarget), 3);
  room.members.onMember(recordOf(30), 0);
  let nowMs = 0;
  const dials: StepOf<"dial">[] = [];
  for (; dials.length === 0; nowMs = room.members.deadlineMs) {
    room.members.onTime(nowMs);
    dials.push(...room.only("dial"));
    assertLess(nowMs, 10 * membersMs);
  }
  assertEquals(dials, [{ type: "dial", record: recordOf(30), urgent: false }]);
  room.members.onShared(30, peerOf(30), nowMs);
  assertEquals(room.steps, [{ type: "neighbour", link: 30, others: 3 }]);
  room.members.onNeighbour(30, 3, null, nowMs);
  assertEquals(room.only("rest").length, 1);
  assertEquals([room.members.active.length, room.members.isActive(30)], [activeTarget, true]);
});

Deno.test("Membership: however many are named, passiveMax are kept", () => {
  const room = new Room().fill(upTo(activeTarget), 3);
  for (let link = 30; link < 200; link++) room.members.onMember(recordOf(link), 0);
  assertEquals(room.members.passive.size, passiveMax);
  assertEquals(room.only("dial"), [], "nobody more is wanted");
});

Deno.test("Membership: words over links that do not share the room do nothing", () => {
  const room = new Room();
  room.members.onNeighbour(7, 0, recordOf(7), 0);
  room.members.onRest(7, 0);
  room.members.onUnshared(7, recordOf(7), 0);
  room.members.onWalk(7, 3, recordOf(8));
  assertEquals([room.steps, room.members.passive.size, room.members.active], [[], 0, []]);
});
