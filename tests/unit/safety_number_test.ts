/** Safety numbers: the same for both, other for others. */

import { assertEquals, assertMatch } from "@std/assert";
import { safetyNumber } from "../../peer/safety_number.ts";
import { nodeCrypto } from "../../io/crypto.ts";
import { peerId } from "./fake_chat.ts";

const crypto = nodeCrypto();

Deno.test("safetyNumber: both see the same 60 digits, whoever else others", () => {
  const [ann, bo] = [peerId("a"), peerId("b")];
  const number = safetyNumber(ann, bo, crypto);
  assertMatch(number, /^(\d{5} ){11}\d{5}$/);
  assertEquals(safetyNumber(bo, ann, crypto), number);
  const others = [safetyNumber(ann, ann, crypto), safetyNumber(ann, peerId("c"), crypto)];
  assertEquals(new Set([number, ...others]).size, 3);
  // Computed by hand from the two hashes, so that another program can compare.
  const tag = new TextEncoder().encode("starling/1 safety number\0");
  const hashes = [0, 1].flatMap((n) => [
    ...crypto.sha256(
      Uint8Array.of(...tag, ...Uint8Array.fromHex(ann), ...Uint8Array.fromHex(bo), n),
    ),
  ]);
  const last = hashes.slice(55, 60).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) % 100_000n;
  assertEquals(number.slice(-5), String(last).padStart(5, "0"));
});

Deno.test("safetyNumber: one bit of one key changes all groups", () => {
  const ann = peerId("a");
  const before = safetyNumber(ann, peerId("b"), crypto).split(" ");
  const after = safetyNumber(ann, `c${peerId("b").slice(1)}` as typeof ann, crypto).split(" ");
  assertEquals(before.filter((group, i) => group === after[i]), []);
});
