/** Peers whose links broke: dialled again and again, and for an hour. */

import { assert, assertEquals } from "@std/assert";
import { LostPeers } from "../../discovery/lost_peers.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { numberedPeer } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";

const { lostPeersMax, lostRetryMs, lostMs } = defaultLimits;
const addresses = ["10.0.0.5:9797"];
const [ann, bo] = [numberedPeer(1), numberedPeer(2)];

function lostPeers(): LostPeers {
  const rng = seededRng(307);
  return new LostPeers(defaultLimits, () => rng.next());
}

Deno.test("LostPeers: one is tried about every lostRetryMs for lostMs, and then no more", () => {
  const lost = lostPeers();
  assertEquals(lost.deadlineMs, Infinity);
  lost.onLost(ann, addresses, 0);
  const times = [0];
  for (let nowMs; (nowMs = lost.deadlineMs) !== Infinity;) {
    assertEquals(lost.takeDue(nowMs - 1), []);
    assertEquals(lost.takeDue(nowMs), [{ peer: ann, addresses }]);
    const gapMs = nowMs - times.at(-1)!;
    assert(gapMs >= 0.5 * lostRetryMs && gapMs <= 1.5 * lostRetryMs, `${gapMs}`);
    times.push(nowMs);
  }
  assert(times.at(-1)! >= lostMs && times.at(-1)! <= lostMs + 1.5 * lostRetryMs);
  assertEquals(lost.size, 0);
});

Deno.test("LostPeers: who is linked again is tried no more, and neither is who cannot be dialled", () => {
  const lost = lostPeers();
  lost.onLost(ann, addresses, 0);
  lost.onLost(bo, [], 0);
  assertEquals(lost.size, 1);
  lost.forget(ann);
  assertEquals([lost.size, lost.takeDue(10 * lostRetryMs)], [0, []]);
});

Deno.test("LostPeers: beyond lostPeersMax the one lost first is forgotten", () => {
  const lost = lostPeers();
  const many = Array.from({ length: lostPeersMax + 3 }, (_, i) => numberedPeer(i + 1));
  for (const peer of many) lost.onLost(peer, addresses, 0);
  lost.onLost(many[3]!, addresses, 0);
  assertEquals(lost.size, lostPeersMax);
  const due = lost.takeDue(2 * lostRetryMs).map(({ peer }) => peer);
  assertEquals(due, [...many.slice(4), many[3]!]);
});
