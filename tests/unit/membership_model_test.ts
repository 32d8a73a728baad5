/**
 * Memberships wired back to back over links that keep the order, under events drawn by a seed:
 * links come and go, words cross, time passes. When all words have arrived no link may be a
 * neighbour's at one end alone; after some rest everybody reaches everybody.
 */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { Membership } from "../../discovery/membership.ts";
import type { MembershipStep } from "../../discovery/membership_step.ts";
import type { MemberRecord } from "../../discovery/passive_view.ts";
import type { Rng } from "../../peer/ports.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { numberedPeer } from "../lone_engine.ts";
import { randomBelow, seededRng } from "../rng.ts";

type Members = Membership<MemberRecord>;
type Spoken = Exclude<
  MembershipStep<MemberRecord>,
  { type: "up" | "down" | "dial" | "withdraw" }
>;

/** What comes to one end of a link, in order. */
interface End {
  readonly node: Node;
  readonly words: (() => void)[];
}

/** Words in one run; far more than any run needs. */
const wordsMax = 300_000;
/** What is let in beyond the limit, at most, when all is quiet. */
const beyondMax = 4;

/** One peer in the room. */
class Node {
  readonly record: MemberRecord;
  readonly members: Members;
  readonly up = new Set<number>();
  readonly #net: Net;

  constructor(net: Net, number: number) {
    this.#net = net;
    this.record = { peer: numberedPeer(number), addresses: [`10.0.0.${number}:9797`] };
    this.members = new Membership(
      this.record.peer,
      defaultLimits,
      () => net.rng.next(),
      () => net.rng.next() < 0.5,
      net.nowMs,
    );
  }

  /** Lets something happen, and carries out what is wanted then. */
  do(happens: (members: Members) => void): void {
    happens(this.members);
    for (let steps; (steps = this.members.takeSteps()).length > 0;) {
      for (const step of steps) {
        if (step.type === "up") assert(!this.up.has(step.link)), this.up.add(step.link);
        else if (step.type === "down") assert(this.up.delete(step.link), "down without up");
        else if (step.type === "dial") this.#net.dial(this, step.record);
        else if (step.type !== "withdraw") this.#net.send(this, step);
      }
    }
  }
}

/** All peers and what is between them. */
class Net {
  readonly rng: Rng;
  readonly nodes: Node[];
  nowMs = 0;
  words = 0;
  readonly #links = new Map<number, readonly [End, End]>();
  #numbers = 0;

  constructor(seed: number, count: number) {
    this.rng = seededRng(seed);
    this.nodes = Array.from({ length: count }, (_, i) => new Node(this, i + 1));
  }

  /** Opens a link, unless there is one. */
  open(a: Node, b: Node): void {
    const open = [...this.#links.values()].some((ends) =>
      ends.every(({ node }) => node === a || node === b)
    );
    if (a === b || open) return;
    const number = ++this.#numbers;
    this.#links.set(number, [{ node: a, words: [] }, { node: b, words: [] }]);
    // Each hears of it in its turn, so that the first words may wait for the second.
    for (const [node, other] of [[a, b], [b, a]] as const) {
      this.#to(number, node, () => {
        node.do((members) =>
          members.onShared(number, other.record.peer, node === a, false, this.nowMs)
        );
      });
    }
  }

  /** Cuts a link; what was on its way is lost. */
  cut(number: number): void {
    const ends = this.#links.get(number)!;
    this.#links.delete(number);
    for (const [i, { node }] of ends.entries()) {
      const { record } = ends[1 - i]!.node;
      node.do((members) => members.onUnshared(number, record, this.nowMs));
    }
  }

  dial(from: Node, { peer }: MemberRecord): void {
    const to = this.nodes.find(({ record }) => record.peer === peer)!;
    if (this.rng.next() < 0.9) this.open(from, to);
    else from.do((members) => members.onUnreachable(peer, this.nowMs));
  }

  send(from: Node, step: Spoken): void {
    const ends = this.#links.get(step.link);
    if (ends === undefined) return;
    const to = ends.find(({ node }) => node !== from)!.node;
    const named = [from.record, ...from.members.passive.sample(7)];
    this.#to(step.link, to, () => to.do((members) => this.#hear(members, from, to, step, named)));
  }

  #hear(
    members: Members,
    from: Node,
    to: Node,
    step: Spoken,
    named: readonly MemberRecord[],
  ): void {
    const { link } = step;
    const isHeard = this.rng.next() < 0.95;
    if (step.type === "neighbour" && !isHeard) members.onTooOften(link);
    else if (step.type === "neighbour") {
      members.onNeighbour(link, step.others, from.record, this.nowMs);
    } else if (step.type === "rest") members.onRest(link, this.nowMs);
    else if (step.type === "walk") members.onWalk(link, step.hopsLeft, step.record);
    else {
      if (step.ask) this.send(to, { type: "members", link, ask: false });
      for (const record of named) members.onMember(link, record, this.nowMs);
    }
  }

  #to(link: number, node: Node, word: () => void): void {
    this.#links.get(link)?.find((end) => end.node === node)?.words.push(word);
    assertLessOrEqual(++this.words, wordsMax, "it does not come to rest");
  }

  /** One word arrives somewhere; says whether any was on its way. */
  deliver(): boolean {
    const waiting = [...this.#links.values()].flat().filter(({ words }) => words.length > 0);
    if (waiting.length === 0) return false;
    waiting[randomBelow(this.rng, waiting.length)]!.words.shift()!();
    return true;
  }

  /** Time passes; who has something to do does it. */
  pass(ms: number): void {
    this.nowMs += ms;
    for (const node of this.nodes) {
      // Who knows nobody any longer still has the address that its person gave.
      if (node.members.sharedCount === 0) this.open(node, this.nodes[0]!);
      if (node.members.deadlineMs > this.nowMs) continue;
      node.do((members) => members.onTime(this.nowMs));
    }
  }

  /** Something happens that nobody decides. */
  disturb(): void {
    const dice = this.rng.next();
    const numbers = [...this.#links.keys()];
    if (dice < 0.03 && numbers.length > 0) {
      this.cut(numbers[randomBelow(this.rng, numbers.length)]!);
    } else if (dice < 0.06) this.open(this.#any, this.#any);
    else if (dice < 0.2) this.pass(randomBelow(this.rng, 5_000));
    else this.deliver();
  }

  get #any(): Node {
    return this.nodes[randomBelow(this.rng, this.nodes.length)]!;
  }

  /** All words have arrived: both ends of each link are of one mind. */
  settle(): void {
    while (this.deliver());
    for (const [number, ends] of this.#links) {
      const [a, b] = ends.map(({ node }) => node.members.isActive(number));
      assertEquals(a, b, `link ${number} is half open`);
    }
    for (const { members, up } of this.nodes) assertEquals([...up].sort(), members.active.sort());
  }

  /** Pairs of neighbours. */
  get links(): Set<string> {
    const pairs = [...this.#links].flatMap(([number, ends]) => {
      const names = ends.map(({ node }) => node.record.peer).sort();
      return ends[0].node.members.isActive(number) ? [names.join()] : [];
    });
    return new Set(pairs);
  }

  /** Pairs of neighbours of whom one is among the first so many, and one is not. */
  between(count: number): number {
    const first = new Set<string>(this.nodes.slice(0, count).map(({ record }) => record.peer));
    const isAcross = ([a, b]: string[]) => first.has(a!) !== first.has(b!);
    return [...this.links].filter((pair) => isAcross(pair.split(","))).length;
  }

  /** How many can be reached from the first over neighbours. */
  get reached(): number {
    const seen = new Set([this.nodes[0]!]);
    for (const node of seen) {
      for (const number of node.members.active) {
        for (const end of this.#links.get(number) ?? []) seen.add(end.node);
      }
    }
    return seen.size;
  }
}

/** So much time passes, a second at a time. */
function rest(net: Net, seconds: number): void {
  for (let i = 0; i < seconds; i++) {
    net.pass(1_000);
    net.settle();
  }
}

/** A room in which everybody knows the first, after a storm. */
function afterStorm(seed: number, count: number, events: number): Net {
  const net = new Net(seed, count);
  for (const node of net.nodes) net.open(node, net.nodes[0]!);
  for (let i = 0; i < events; i++) net.disturb();
  net.settle();
  return net;
}

Deno.test("Membership: when all words have arrived no link is half open, in 150 storms", () => {
  for (let seed = 1; seed <= 150; seed++) {
    const net = new Net(seed, 2 + seed % 14);
    for (const node of net.nodes) net.open(node, net.nodes[0]!);
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 100; i++) net.disturb();
      net.settle();
    }
  }
});

Deno.test("Membership: after a storm and a rest everybody reaches everybody", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const count = 2 + seed % 30;
    const net = afterStorm(seed, count, 1_000);
    rest(net, 120);
    assertEquals(net.reached, count, `seed ${seed}`);
    for (const { members } of net.nodes) {
      assertLessOrEqual(members.active.length, defaultLimits.activeMax + beyondMax, `seed ${seed}`);
    }
  }
});

Deno.test("Membership: a room at rest says next to nothing", () => {
  const net = afterStorm(7, 20, 500);
  rest(net, 300);
  const before = net.words;
  const seconds = 300;
  rest(net, seconds);
  // Each asks for members every 30 s or so and is answered; little else is left to say.
  const perPeerAndMinute = (net.words - before) / 20 / (seconds / 60);
  assertLessOrEqual(perPeerAndMinute, 10);
});

Deno.test("Membership: mixing leaves everybody with about as many neighbours as before", () => {
  const { activeTarget, activeMax } = defaultLimits;
  const net = afterStorm(11, 40, 1_000);
  rest(net, 300);
  const before = net.links;
  for (let minute = 0; minute < 20; minute++) {
    rest(net, 60);
    const degrees = net.nodes.map(({ members }) => members.active.length);
    const mean = degrees.reduce((sum, degree) => sum + degree, 0) / degrees.length;
    assert(mean >= activeTarget - 0.5 && mean <= activeMax, `${mean} after ${minute} minutes`);
    assertEquals(net.reached, net.nodes.length);
  }
  const changed = net.links.difference(before).size;
  assert(changed > before.size / 4, `${changed} of ${before.size} are new: that is no mixing`);
});

Deno.test("Membership: two groups of whom each has neighbours enough become one room", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const net = new Net(seed, 24);
    const half = 12;
    net.nodes.forEach((node, i) => net.open(node, net.nodes[i < half ? 0 : half]!));
    net.settle();
    rest(net, 120);
    assertEquals(net.reached, half);
    for (const [i, node] of net.nodes.entries()) {
      const { record } = net.nodes[(i + half) % net.nodes.length]!;
      node.do((members) => members.onMember(0, record, net.nowMs));
    }
    rest(net, 600);
    assertEquals(net.reached, 2 * half, `seed ${seed}`);
    const across = net.between(half);
    assert(across >= 4, `${across} links between the two`);
  }
});
