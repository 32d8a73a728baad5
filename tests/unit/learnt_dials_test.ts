/** Dials to addresses of which others told: their pace, their bounds, and what they come to. */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { LearntDials } from "../../discovery/learnt_dials.ts";
import type { PeerId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { randomBelow, seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const { learntDialMs, learntHostTriesMax, learntHostMs, learntQueueMax } = defaultLimits;
const { learntBackoffMs, learntFailuresMax, addressesMax } = defaultLimits;
const rng = seededRng(83);
const bo = sampleId<PeerId>(rng), cy = sampleId<PeerId>(rng), di = sampleId<PeerId>(rng);

/** Dials without jitter: the factor is 1 in the middle of the range. */
const steady = (limits: Limits = defaultLimits) => new LearntDials(limits, () => 0.5);

Deno.test("LearntDials dials one peer after the other, one a second", () => {
  const dials = steady();
  assertEquals([dials.deadlineMs, dials.takeDue(0, 8)], [Infinity, []]);
  assert(dials.offer(bo, ["10.0.0.1:1"], false, 100));
  assert(dials.offer(cy, ["10.0.0.2:1"], false, 100));
  assert(dials.offer(di, ["10.0.0.3:1"], true, 100));
  assertEquals(dials.deadlineMs, 100);
  assertEquals(dials.takeDue(100, 0), []);
  assertEquals(dials.takeDue(100, 8), [{ address: "10.0.0.3:1", peer: di }], "urgent first");
  assertEquals(dials.deadlineMs, 100 + learntDialMs);
  assertEquals(dials.takeDue(100 + learntDialMs - 1, 8), []);
  assertEquals(dials.takeDue(100 + learntDialMs, 8), [{ address: "10.0.0.1:1", peer: bo }]);
  assertEquals(dials.takeDue(100 + 2 * learntDialMs, 8), [{ address: "10.0.0.2:1", peer: cy }]);
  assertEquals([dials.deadlineMs, dials.dialling, dials.size], [Infinity, 3, 3]);
});

Deno.test("LearntDials tries the addresses of a peer one after the other, then leaves it alone", () => {
  const dials = steady();
  const addresses = ["10.0.0.1:1", "10.0.0.2:1", "10.0.0.1:1"];
  let now = 0;
  for (const backoffMs of [...learntBackoffMs, learntBackoffMs.at(-1)!]) {
    assert(dials.offer(bo, addresses, false, now));
    assert(dials.offer(bo, ["10.0.0.9:1"], false, now), "it waits already");
    assertEquals(dials.takeDue(now, 8), [{ address: "10.0.0.1:1", peer: bo }]);
    assertEquals(dials.takeDue(now + learntDialMs, 8), [], "the first is not over");
    const failed = { peer: bo, matched: false };
    assertEquals(dials.onFailed("10.0.0.1:1", "refused", now), { ...failed, exhausted: false });
    now += learntDialMs;
    assertEquals(dials.takeDue(now, 8), [{ address: "10.0.0.2:1", peer: bo }]);
    assertEquals(dials.onFailed("10.0.0.2:1", "no route", now), { ...failed, exhausted: true });
    assertEquals([dials.size, dials.dialling, dials.deadlineMs], [0, 0, Infinity]);
    assertEquals({ ...dials.failureOf(bo)! }, {
      ...dials.failureOf(bo)!,
      reason: "no route",
      untilMs: now + backoffMs,
    });
    assert(!dials.offer(bo, addresses, true, now + backoffMs - 1));
    now += backoffMs;
  }
});

Deno.test("LearntDials forgets failures after long, after a link, and on another network", () => {
  const dials = steady();
  const fail = (nowMs: number) => {
    assert(dials.offer(bo, ["10.0.0.1:1"], false, nowMs));
    assertEquals(dials.takeDue(nowMs, 8).length, 1);
    dials.onFailed("10.0.0.1:1", "refused", nowMs);
    return dials.failureOf(bo)!.untilMs - nowMs;
  };
  const [first, second] = learntBackoffMs;
  const dayMs = 86_400_000;
  assertEquals([fail(0), fail(first!)], [first, second]);
  assertEquals(fail(dayMs), first);
  dials.onPeerUp(bo);
  assertEquals([dials.failureOf(bo), fail(2 * dayMs)], [null, first]);
  dials.forgive();
  assertEquals([dials.failures, fail(2 * dayMs + learntDialMs)], [0, first]);
});

Deno.test("LearntDials tells whether the key was the one that was wanted", () => {
  const dials = steady();
  dials.offer(bo, ["10.0.0.1:1", "10.0.0.2:1"], false, 0);
  dials.takeDue(0, 8);
  const lied = { peer: bo, matched: false, exhausted: false };
  assertEquals(dials.onUp("10.0.0.1:1", cy, 0), lied);
  dials.takeDue(learntDialMs, 8);
  assertEquals(dials.onUp("10.0.0.2:1", bo, learntDialMs), { ...lied, matched: true });
  assertEquals([dials.size, dials.dialling, dials.failureOf(bo)], [0, 0, null]);
  assertEquals(dials.onUp("10.0.0.2:1", bo, learntDialMs), null, "told once");
  assertEquals(dials.onUp("10.0.0.9:1", bo, 0), null);
  assertEquals(dials.onFailed("10.0.0.9:1", "refused", 0), null);
});

Deno.test("LearntDials dials a host twice a minute, whatever the ports and peers", () => {
  const dials = steady();
  for (let port = 1; port <= 9; port++) {
    dials.offer(sampleId<PeerId>(rng), [`10.0.0.1:${port}`], true, 0);
  }
  dials.offer(bo, ["[::ffff:10.0.0.1]:99"], false, 0);
  const taken: number[] = [];
  for (let now = 0; now < 3 * learntHostMs; now += learntDialMs / 4) {
    for (const { address } of dials.takeDue(now, 8)) {
      dials.onFailed(address, "refused", now);
      taken.push(now);
    }
    if (dials.size > 0) assertLessOrEqual(now, dials.deadlineMs);
  }
  const pair = [0, learntDialMs];
  assertEquals(taken, [0, 1, 2].flatMap((i) => pair.map((ms) => i * learntHostMs + ms)));
  assertEquals(learntHostTriesMax, 2);
  assert(dials.offer(cy, ["10.0.0.2:1"], false, 3 * learntHostMs), "another host is not held up");
});

Deno.test("learntHostTriesMax: a host with a link that broke has tries of its own for that", () => {
  const dials = steady();
  const taken = () => {
    const [dial] = dials.takeDue(dials.deadlineMs, 8);
    if (dial !== undefined) dials.onFailed(dial.address, "no answer", 0);
    return dial?.peer;
  };
  // As when a network is cut: others of that side are looked for in vain.
  for (const peer of [cy, di]) {
    dials.offer(peer, ["10.0.0.1:2"], true, 0);
    assertEquals(taken(), peer);
  }
  dials.offer(sampleId<PeerId>(rng), ["10.0.0.1:3"], true, 0);
  assertEquals(dials.deadlineMs, learntHostMs);
  for (let tries = 0; tries < learntHostTriesMax; tries++) {
    dials.retry(bo, ["10.0.0.1:1"], 0);
    assertEquals([dials.deadlineMs, taken()], [(2 + tries) * learntDialMs, bo]);
  }
  dials.retry(bo, ["10.0.0.1:1"], 0);
  assertEquals(dials.deadlineMs, learntHostMs, "neither of them has more");
  // Who waits already has the others' tries from then on.
  dials.offer(cy, ["10.0.0.2:1"], true, 0);
  dials.retry(cy, ["10.0.0.2:1"], 0);
  assertEquals([dials.deadlineMs, taken()], [4 * learntDialMs, cy]);
});

Deno.test("LearntDials never dials its own doors, also those it opened later", () => {
  const dials = steady();
  const dialled = (address: string) => {
    const now = dials.deadlineMs;
    const [dial] = dials.takeDue(now === Infinity ? 0 : now, 8);
    if (dial !== undefined) dials.onFailed(dial.address, "refused", 0);
    return dial?.address === address;
  };
  dials.setOwn(["10.0.0.5:9797", "[fd00::5]:9797"], [9797, 8080]);
  const own = ["127.0.0.1:9797", "127.9.9.9:8080", "[::1]:9797", "10.0.0.5:8080", "[fd00::5]:9797"];
  for (const address of own) {
    assert(!dials.offer(sampleId<PeerId>(rng), [address], true, 0), address);
  }
  for (const address of ["127.0.0.1:9798", "10.0.0.5:22", "10.0.0.6:9797", "[fd00::6]:9797"]) {
    assert(dials.offer(sampleId<PeerId>(rng), [...own.slice(0, 3), address], true, 0));
    assert(dialled(address), address);
  }
  dials.offer(bo, ["10.0.0.7:9797"], true, 0);
  dials.setOwn(["10.0.0.7:9797"], [9797]);
  assert(!dialled("10.0.0.7:9797"));
  assertEquals([dials.size, dials.deadlineMs], [0, Infinity]);
});

Deno.test("LearntDials passes over what is no address, and keeps as many as a record and a hint", () => {
  const dials = steady();
  assert(!dials.offer(bo, ["nonsense", "10.0.0.1:0", ""], true, 0));
  const many = Array.from({ length: 100 }, (_, i) => `10.0.0.${i}:1`);
  dials.offer(bo, many, true, 0);
  let tried = 0;
  for (let now = 0; dials.size > 0; now += learntDialMs) {
    const [dial] = dials.takeDue(now, 8);
    assertEquals(dial?.address, many[tried++]);
    dials.onFailed(dial!.address, "refused", now);
  }
  assertEquals(tried, addressesMax + 1);
});

Deno.test("LearntDials keeps a bounded queue, in which the longest waiting makes room", () => {
  const dials = steady();
  const peers = Array.from({ length: learntQueueMax + 2 }, () => sampleId<PeerId>(rng));
  const address = (i: number) => [`10.0.${i >> 8}.${i & 255}:1`];
  for (const [i, peer] of peers.entries()) assert(dials.offer(peer, address(i), false, 0));
  assertEquals(dials.size, learntQueueMax);
  assertEquals(dials.takeDue(0, 8)[0]?.peer, peers[2]);
  for (const [i, peer] of peers.entries()) dials.offer(peer, address(1_000 + i), true, 0);
  assertEquals([dials.size, dials.dialling], [learntQueueMax, 1], "a dial is not put out");
  assert(!dials.offer(bo, ["10.9.9.9:1"], false, 0), "all others are urgent");
  dials.withdraw(peers[5]!);
  assert(dials.offer(bo, ["10.9.9.9:1"], false, 0));
});

Deno.test("LearntDials remembers a bounded number of failures, the oldest out first", () => {
  const dials = steady({ ...defaultLimits, learntDialMs: 0 });
  const peers = Array.from({ length: learntFailuresMax + 1 }, () => sampleId<PeerId>(rng));
  for (const [i, peer] of peers.entries()) {
    const address = `10.1.${i >> 8}.${i & 255}:1`;
    dials.offer(peer, [address], false, 0);
    assertEquals(dials.takeDue(0, 8), [{ address, peer }]);
    dials.onFailed(address, "refused", 0);
  }
  assertEquals([dials.failures, dials.failureOf(peers[0]!)], [learntFailuresMax, null]);
  assertEquals(dials.failureOf(peers[1]!)?.reason, "refused");
});

Deno.test("LearntDials keeps its promises whatever is offered and whatever comes of it", () => {
  const dials = new LearntDials(defaultLimits, () => rng.next());
  const peers = Array.from({ length: 100 }, () => sampleId<PeerId>(rng));
  const any = () => peers[randomBelow(rng, peers.length)]!;
  const tries: { readonly host: string; readonly now: number }[] = [];
  const open: string[] = [];
  let now = 0;
  for (let i = 0; i < 20_000; i++) {
    now += randomBelow(rng, learntDialMs);
    const addresses = Array.from({ length: 3 }, () => `10.0.0.${randomBelow(rng, 60)}:9`);
    if (rng.next() < 0.5) dials.offer(any(), addresses, rng.next() < 0.3, now);
    if (rng.next() < 0.05) dials.withdraw(any());
    const due = now >= dials.deadlineMs;
    const taken = dials.takeDue(now, 8);
    assert(due || taken.length === 0, "nothing before the deadline");
    assert(!due || taken.length === 1 || now < dials.deadlineMs, "the deadline means something");
    for (const { address } of taken) {
      assert(!open.includes(address));
      open.push(address);
      tries.push({ host: address.split(":")[0]!, now });
    }
    if (open.length > 0 && rng.next() < 0.5) {
      const address = open.splice(randomBelow(rng, open.length), 1)[0]!;
      const outcome = rng.next() < 0.2
        ? dials.onUp(address, any(), now)
        : dials.onFailed(address, "refused", now);
      assert(outcome !== null);
    }
    assertEquals(dials.dialling, open.length);
  }
  assert(tries.length > 1_000, `${tries.length}`);
  for (const [i, { host, now }] of tries.entries()) {
    if (i > 0) assertLessOrEqual(tries[i - 1]!.now + learntDialMs, now);
    const recent = tries.slice(0, i + 1).filter((t) =>
      t.host === host && t.now > now - learntHostMs
    );
    assertLessOrEqual(recent.length, learntHostTriesMax);
  }
});
