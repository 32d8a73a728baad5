/** The gate's share of the big simulation: each fault once, with few peers. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { simulateBig } from "./big_simulation.ts";
import { inThreads } from "../threads.ts";
import { fastCrypto } from "./fast_crypto.ts";
import type { Judged } from "./fault_worker.ts";
import { commandOf, faults, readOptions, type Scenario, scenarioOf } from "./scenario.ts";

Deno.test("simulateBig, 40 peers, each fault: every post comes to everybody, at no great cost", async (t) => {
  // The last ones take longest.
  const each = faults.toReversed().map((fault) =>
    scenarioOf({
      peers: 40,
      workload: "turns",
      fault,
      crypto: fault === "none" ? "real" : "fast",
      posts: 30,
      length: "brief",
    })
  );
  const script = new URL("fault_worker.ts", import.meta.url);
  for (const [i, judging] of inThreads<Scenario, Judged>(script, each).entries()) {
    await t.step(each[i]!.fault, async () => {
      const { found, deliveries, command } = await judging;
      assert(deliveries >= 39 * 30, `${deliveries} deliveries`);
      assertEquals(found, [], command);
    });
  }
});

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
