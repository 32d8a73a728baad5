/** What is said in the clear: bytes, versions, and who is told apart from whom. */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { LinkError } from "../../wire/channel.ts";
import {
  commonVersion,
  decodePreamble,
  decodeRefusal,
  describeVersions,
  encodePreamble,
  encodeRefusal,
} from "../../wire/preamble.ts";

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const range = (lowest: number, highest: number) => ({ lowest, highest });

Deno.test("encodePreamble and encodeRefusal give 12 fixed bytes", () => {
  assertEquals(encodePreamble(range(1, 0x203)).toHex(), "737461726c696e6700010203");
  assertEquals(encodeRefusal(range(1, 0x203)).toHex(), "737461726c2d6e6f00010203");
  for (const wrong of [range(2, 1), range(-1, 1), range(0, 65_536), range(NaN, 1)]) {
    assertThrows(() => encodePreamble(wrong), RangeError, "Cannot offer versions");
  }
});

Deno.test("decodePreamble and decodeRefusal wait for 12 bytes and ignore what follows", () => {
  for (
    const [encode, decode] of [[encodePreamble, decodePreamble], [
      encodeRefusal,
      decodeRefusal,
    ]] as const
  ) {
    const bytes = encode(range(3, 0xabcd));
    for (let length = 0; length < 12; length++) {
      assertEquals(decode(bytes.slice(0, length)), null);
    }
    assertEquals(decode(bytes), range(3, 0xabcd));
    assertEquals(decode(Uint8Array.of(...bytes, 1, 2, 3)), range(3, 0xabcd));
  }
});

Deno.test("decodePreamble refuses at the first byte that differs, with no reply", () => {
  const bytes = encodePreamble(range(1, 1));
  for (let at = 0; at < 8; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const altered = bytes.slice(0, at + 1);
      altered[at]! ^= 1 << bit;
      const error = assertThrows(() => decodePreamble(altered), LinkError);
      assertEquals([error.code, error.reply.length], ["not-starling", 0]);
    }
  }
});

Deno.test("decodePreamble says what was seen instead", () => {
  const greetings: readonly [string, string][] = [
    ["GET / HTTP/1.1\r\n", "an HTTP request"],
    ["POST /x HTTP/1.1\r\n", "an HTTP request"],
    ["PRI * HTTP/2.0\r\n", "an HTTP/2 request"],
    ["HTTP/1.1 400 Bad Request", "an HTTP response"],
    ["\x16\x03\x01\x02\x00\x01", "TLS"],
    ["\x15\x03\x03\x00\x02\x02", "TLS"],
    ["SSH-2.0-OpenSSH_9.6", "SSH"],
    ["220 mail.example ESMTP", "a mail or file server"],
    ["\x13BitTorrent protocol", "BitTorrent"],
    ["\x13/multistream/1.0.0\n", "libp2p"],
    ["\x05\x01\x00", "SOCKS"],
    ["\x00\x20" + "x".repeat(32), "a Noise handshake without a preamble"],
    ["starl-no\x00\x01\x00\x01", "a Starling's refusal"],
    ["G", "it begins with the bytes 47"],
    ["\x1b[2J\x1b[2Jevil", "it begins with the bytes 1b5b324a1b5b324a"],
  ];
  for (const [greeting, words] of greetings) {
    const error = assertThrows(() => decodePreamble(ascii(greeting)), LinkError);
    assertEquals(error.code, "not-starling");
    assertStringIncludes(error.detail, words);
  }
  const dialler = assertThrows(() => decodeRefusal(encodePreamble(range(1, 1))), LinkError);
  assertStringIncludes(dialler.detail, "another Starling that dials too");
});

Deno.test("commonVersion gives the highest that both speak, or null", () => {
  const cases: readonly [[number, number], [number, number], number | null][] = [
    [[1, 1], [1, 1], 1],
    [[1, 3], [2, 9], 3],
    [[2, 9], [1, 3], 3],
    [[1, 2], [3, 4], null],
    [[3, 4], [1, 2], null],
    [[5, 5], [1, 9], 5],
    // A range from high to low is no range.
    [[1, 9], [8, 2], null],
    [[0, 65_535], [0, 65_535], 65_535],
  ];
  for (const [own, offered, expected] of cases) {
    assertEquals(commonVersion(range(...own), range(...offered)), expected);
  }
});

Deno.test("describeVersions says the range in words", () => {
  assertEquals(describeVersions(range(2, 5)), "speaks versions 2 to 5");
});
