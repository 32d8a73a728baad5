/** Identifiers: bytes on the wire, lower-case hex in memory, and what a person may type. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { fromId, lendId, type LogId, parseId, type PeerId, toId } from "../../wire/ids.ts";
import { randomBytes, seededRng } from "../rng.ts";

Deno.test("toId and fromId agree on 32 bytes and on 8", () => {
  const rng = seededRng(61);
  for (let i = 0; i < 100; i++) {
    const key = randomBytes(rng, 32), log = randomBytes(rng, 8);
    const peer = toId<PeerId>(key), name = toId<LogId>(log);
    assertEquals([peer.length, name.length], [64, 16]);
    assert(/^[0-9a-f]+$/.test(peer + name));
    assertEquals([fromId(peer), fromId(name)], [key, log]);
    assertEquals(parseId(peer), peer);
  }
});

Deno.test("toId refuses every other length", () => {
  for (let length = 0; length < 70; length++) {
    if (length === 8 || length === 32) continue;
    assertThrows(() => toId(new Uint8Array(length)), RangeError, `${length} bytes`);
  }
});

Deno.test("fromId gives a fresh array each time", () => {
  const id = toId<PeerId>(new Uint8Array(32));
  fromId(id)[0] = 1;
  assertEquals(fromId(id), new Uint8Array(32));
});

Deno.test("lendId gives the bytes of an id until it is called again", () => {
  const [a, b] = [new Uint8Array(32).fill(0xa1), new Uint8Array(32).fill(0xb2)];
  const lent = lendId(toId<PeerId>(a));
  assertEquals(lent, a);
  lendId(toId<PeerId>(b));
  assertEquals(lent, b);
});

Deno.test("parseId takes either case and gives lower case, so that equal ids are equal strings", () => {
  const typed = "AbCdEf0123456789".repeat(4);
  assertEquals(parseId<PeerId>(typed), typed.toLowerCase() as PeerId);
});

Deno.test("parseId refuses what is not exactly 64 hex digits", () => {
  const good = "0123456789abcdef".repeat(4);
  const wrong = ["", "0", good.slice(1), `${good}0`, ` ${good}`, `${good}\n`, `0x${good.slice(2)}`];
  for (const text of [...wrong, good.replace("0", "g"), good.replace("0", "０"), `${good}\0`]) {
    assertEquals(parseId(text), null, JSON.stringify(text));
  }
});
