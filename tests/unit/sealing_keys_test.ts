/** Own sealing keys: renewed weekly, and kept as long as somebody may still use them. */

import { assert, assertEquals } from "@std/assert";
import type { SealingKey } from "../../peer/letter.ts";
import { SealingKeys } from "../../peer/sealing_keys.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(302);
const { sealingKeyMs, sealingKeptMs } = defaultLimits;
const first: SealingKey = { ...crypto.generateX25519(), madeMs: 1_000, agedMs: 0 };

Deno.test("SealingKeys: the first key is unsaved until it is stored, kept ones are saved", () => {
  const keys = new SealingKeys([], first, defaultLimits);
  assertEquals(keys.all, [first]);
  assertEquals(keys.unsaved, [first]);
  keys.onSaved([first]);
  assert(keys.unsaved !== null, "another list may lack the newest");
  keys.onSaved(keys.all);
  assertEquals(keys.unsaved, null);
  assertEquals(new SealingKeys([first], { ...first, madeMs: 2 }, defaultLimits).unsaved, null);
});

Deno.test("SealingKeys: sealingKeyMs after it was made a key is replaced, and the new one told", () => {
  const keys = new SealingKeys([first], first, defaultLimits);
  assertEquals(keys.isDue(1_000 + sealingKeyMs - 1), false);
  assert(keys.isDue(1_000 + sealingKeyMs));
  const pair = crypto.generateX25519();
  keys.renew(pair, 5_000);
  assertEquals(keys.newest, { ...pair, madeMs: 5_000, agedMs: 0 });
  assertEquals(keys.unsaved, keys.all);
  assertEquals(keys.all.length, 2);
});

Deno.test("SealingKeys: an old key goes after sealingKeptMs with somebody linked, and all history here", () => {
  const keys = new SealingKeys([first], first, defaultLimits);
  keys.renew(crypto.generateX25519(), 5_000);
  assertEquals(keys.onTime(0, true, true), false, "the first look has seen no time pass");
  assertEquals(keys.onTime(sealingKeptMs, false, true), false, "time alone does not count");
  assert(keys.onTime(2 * sealingKeptMs - 1, true, true));
  assertEquals(keys.all.map(({ agedMs }) => agedMs), [sealingKeptMs - 1, 0]);
  assert(keys.onTime(2 * sealingKeptMs, true, false));
  assertEquals(keys.all.length, 2, "history that is still on its way may be sealed to it");
  assert(keys.onTime(2 * sealingKeptMs + 1, true, true));
  assertEquals(keys.all, [keys.newest]);
  assertEquals(keys.onTime(9 * sealingKeptMs, true, true), false, "the newest does not age");
});

Deno.test("SealingKeys: no more than sealingKeysMax are kept, the newest of them", () => {
  const keys = new SealingKeys([first], first, { ...defaultLimits, sealingKeysMax: 3 });
  for (let i = 0; i < 5; i++) keys.renew(crypto.generateX25519(), i);
  assertEquals(keys.all.map(({ madeMs }) => madeMs), [2, 3, 4]);
});
