/** The gate's share of the big simulation: each fault once, with few peers. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { simulateBig } from "./big_simulation.ts";
import { breaches } from "./ceilings.ts";
import { fastCrypto } from "./fast_crypto.ts";
import { commandOf, faults, readOptions, scenarioOf } from "./scenario.ts";

for (const fault of faults) {
  Deno.test(`simulateBig, 40 peers, ${fault}: every post comes to everybody, at no great cost`, () => {
    const crypto = fault === "none" ? "real" : "fast";
    const scenario = scenarioOf({
      peers: 40,
      workload: "turns",
      fault,
      crypto,
      posts: 30,
      length: "brief",
    });
    const measured = simulateBig(scenario, () => {});
    assert(measured.talk.deliveries >= 39 * 30, `${measured.talk.deliveries} deliveries`);
    assertEquals(breaches(measured), [], commandOf(scenario));
  });
}

Deno.test("simulateBig measures the same each time for the same seed, and else for another", () => {
  const measured = (seed: number) =>
    JSON.stringify({
      ...simulateBig(scenarioOf({ peers: 12, seed, crypto: "fast", posts: 5 }), () => {}),
      scenario: null,
    });
  assertEquals(measured(3), measured(3));
  assert(measured(3) !== measured(4));
});

Deno.test("fastCrypto finds a spoilt signature, another message and another's key", () => {
  const crypto = fastCrypto(1);
  const [me, other] = [crypto.generateEd25519(), crypto.generateEd25519()];
  const [message, altered] = [Uint8Array.of(1, 2), Uint8Array.of(1, 3)];
  const signature = crypto.sign(me.secretKey, message);
  assert(crypto.verify(me.publicKey, message, signature));
  assert(fastCrypto(2).verify(me.publicKey, message, signature), "everywhere");
  assert(!crypto.verify(me.publicKey, altered, signature));
  assert(!crypto.verify(other.publicKey, message, signature));
  for (let bit = 0; bit < 8 * signature.length; bit++) {
    const spoilt = signature.slice();
    spoilt[bit >> 3]! ^= 1 << (bit & 7);
    assert(!crypto.verify(me.publicKey, message, spoilt), `bit ${bit}`);
  }
});

Deno.test("readOptions takes lists and limits, and refuses what means nothing", () => {
  const { peers, faults: named, isTable, rest } = readOptions(
    ["--peers", "10,20", "--fault", "churn,split2", "--limit", "graftMs=300", "--seed", "7"],
  );
  assertEquals([peers, named, isTable], [[10, 20], ["churn", "split2"], false]);
  const scenario = scenarioOf({ ...rest, peers: 10, fault: "churn" });
  assertEquals(scenario.limits.graftMs, 300);
  assertEquals(
    commandOf(scenario),
    "deno task sim:big --peers 10 --workload steady --fault churn --seed 7 --limit graftMs=300",
  );
  assert(readOptions([]).isTable);
  for (const wrong of [["--peers", "x"], ["--fault", "rain"], ["--limit", "no=1"], ["--what"]]) {
    assertThrows(() => readOptions(wrong), RangeError, "Cannot read");
  }
});
