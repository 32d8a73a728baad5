/** Which texts and names may be carried, and the one spelling of a room's name. */

import { assert, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { defaultLimits } from "../../wire/limits.ts";
import {
  checkName,
  checkReason,
  checkRoomName,
  checkText,
  normalRoomName,
  publicRoomId,
} from "../../wire/text.ts";
import { processorMs } from "../processor_ms.ts";
import { randomBelow, seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const { textBytesMax, nameBytesMax, roomNameBytesMax, awayBytesMax } = defaultLimits;

/** Everything that a screen shows as nothing, one of each sort. */
const invisibles = [
  " ",
  "\t",
  "\u00a0",
  "\u00ad",
  "\u034f",
  "\u061c",
  "\u115f",
  "\u180e",
  "\u200b",
  "\u200d",
  "\u200e",
  "\u202e",
  "\u2060",
  "\u2800",
  "\u3000",
  "\u3164",
  "\ufe0f",
  "\ufeff",
  "\uffa0",
  "\u{e0041}",
  "\u{1d173}",
  "\u0301",
];

Deno.test("checkText takes 16,384 bytes of UTF-8 exactly and refuses one more", () => {
  for (const unit of ["x", "é", "𝄞"]) {
    const bytes = new TextEncoder().encode(unit).length;
    const longest = unit.repeat(textBytesMax / bytes);
    assertEquals(checkText(longest), null);
    assertEquals(checkText(`${longest}x`), "too-long");
  }
  assertEquals(checkText("水".repeat(5_461) + "x"), null);
  assertEquals(checkText("水".repeat(5_461) + "xx"), "too-long");
});

Deno.test("checkText refuses NUL, lone surrogates and blanks, and nothing else", () => {
  const table: [string, ReturnType<typeof checkText>][] = [
    ["hello", null],
    ["\u001b[31mred\u0007", null],
    ["two\nlines", null],
    ["👩‍👩‍👧 \u202e bidi", null],
    ["\u200b", null],
    ["\ud800", "surrogate"],
    ["a\udc00b", "surrogate"],
    ["\udc00\ud800", "surrogate"],
    ["\ud83d\ude00", null],
    ["a\0b", "nul"],
    ["\0", "nul"],
    ["", "empty"],
    [" \t\r\n\u00a0\u3000\u2028\ufeff", "empty"],
    [" ".repeat(20_000), "empty"],
  ];
  for (const [text, problem] of table) assertEquals(checkText(text), problem, JSON.stringify(text));
});

Deno.test("checkReason takes nothing, and else what a text may be up to 256 bytes", () => {
  assertEquals(checkReason(""), null);
  assertEquals(checkReason("at lunch"), null);
  assertEquals(checkReason("é".repeat(awayBytesMax / 2)), null);
  assertEquals(checkReason("é".repeat(awayBytesMax / 2) + "x"), "too-long");
  assertEquals(checkReason("  "), "empty");
  assertEquals(checkReason("a\0"), "nul");
  assertEquals(checkReason("\ud800"), "surrogate");
});

Deno.test("checkName takes 64 bytes of UTF-8 exactly and refuses one more", () => {
  for (const unit of ["x", "é", "𝄞"]) {
    const longest = unit.repeat(nameBytesMax / new TextEncoder().encode(unit).length);
    assertEquals(checkName(longest), null);
    assertEquals(checkName(`${longest}x`), "too-long");
  }
});

Deno.test("checkName refuses names of only invisible characters, alone and in any mixture", () => {
  const rng = seededRng(51);
  for (const character of invisibles) {
    assertEquals(checkName(character), "empty", character.codePointAt(0)!.toString(16));
  }
  for (let i = 0; i < 200; i++) {
    const some = Array.from(
      { length: 1 + randomBelow(rng, 8) },
      () => invisibles[randomBelow(rng, invisibles.length)]!,
    );
    assertEquals(checkName(some.join("")), "empty");
    some.splice(randomBelow(rng, some.length), 0, "x");
    assertNotEquals(checkName(some.join("")), "empty");
  }
});

Deno.test("checkName refuses control characters and line breaks, and half characters", () => {
  for (let code = 0; code < 0xa0; code++) {
    const control = code < 0x20 || code >= 0x7f;
    assertEquals(checkName(`a${String.fromCharCode(code)}b`), control ? "control" : null);
  }
  for (const name of ["a\u2028b", "a\u2029b"]) assertEquals(checkName(name), "control");
  for (const name of ["\ud800", "a\udfff", "\ude00\ud83d"]) {
    assertEquals(checkName(name), "surrogate");
  }
  for (const name of ["José", "李明", "علي", "👩‍👩‍👧", "a b", "#1"]) {
    assertEquals(checkName(name), null);
  }
});

Deno.test("normalRoomName brings spellings of one name together", () => {
  const table: [typed: string, name: string][] = [
    ["Lobby", "lobby"],
    ["#lobby", "lobby"],
    ["#LOBBY", "lobby"],
    ["cafe\u0301", "caf\u00e9"],
    ["CAFE\u0301", "caf\u00e9"],
    ["ＡＢＣ", "ａｂｃ"],
    ["STRASSE", "strasse"],
    ["straße", "straße"],
    ["\u212a", "k"],
    ["\u1e9e", "ß"],
    ["你好", "你好"],
    ["", ""],
    ["#", ""],
  ];
  for (const [typed, name] of table) assertEquals(normalRoomName(typed), name, typed);
});

Deno.test("normalRoomName leaves every name that it has made as it is, for all characters", () => {
  for (let code = 0; code < 0x110000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    // Beyond plane 3 nothing has a case or a composition.
    if (code === 0x40000) code = 0xe0000;
    if (code === 0xf0000) break;
    const name = normalRoomName(String.fromCodePoint(code));
    if (normalRoomName(name) !== name) throw new Error(`U+${code.toString(16)}`);
  }
  const rng = seededRng(52);
  const parts = [
    ..."aIİıſßẞΣσςǅK\u0301\u0307\u0345\u0130e",
    "\u03b1\u0345",
    "\u1fb3",
    "ﬁ",
    "\u0344",
  ];
  for (let i = 0; i < 5_000; i++) {
    const some = Array.from(
      { length: 1 + randomBelow(rng, 6) },
      () => parts[randomBelow(rng, parts.length)]!,
    );
    const name = normalRoomName(some.join(""));
    assertEquals(normalRoomName(name), name, JSON.stringify(some));
  }
});

Deno.test("checkRoomName takes 1 to 64 bytes without space, control and format characters", () => {
  const table: [string, ReturnType<typeof checkRoomName>][] = [
    ["lobby", null],
    ["x", null],
    ["a-b_c.d!", null],
    ["你好", null],
    ["🎉", null],
    ["x".repeat(roomNameBytesMax), null],
    ["x".repeat(roomNameBytesMax + 1), "too-long"],
    ["é".repeat(roomNameBytesMax / 2), null],
    ["é".repeat(roomNameBytesMax / 2) + "x", "too-long"],
    ["", "empty"],
    ["a b", "space"],
    ["a\u3000b", "space"],
    ["a\u00a0b", "space"],
    ["a\nb", "space"],
    ["a\u2028b", "space"],
    ["a\ufeffb", "space"],
    ["a\0b", "control"],
    ["a\u001bb", "control"],
    ["a\u200bb", "control"],
    ["a\u202eb", "control"],
    ["a\u{e0041}b", "control"],
    ["a\ue000b", "control"],
    ["#lobby", "control"],
    ["@ann", "control"],
    ["~dev", "control"],
    ["\ud800", "surrogate"],
  ];
  for (const [name, problem] of table) {
    assertEquals(checkRoomName(name), problem, JSON.stringify(name));
  }
});

Deno.test("publicRoomId is SHA-256 of a tag, a zero byte and the name", () => {
  const crypto = seededCrypto(51);
  const expected = crypto.sha256(new TextEncoder().encode("starling/1 public room\0lobby"));
  assertEquals(publicRoomId("lobby", crypto), expected.toHex());
  assertEquals(
    publicRoomId("lobby", crypto),
    "65ff7011420394742de2c7a6d6acb603a3c4f85d4b945ee08ba5e6b1d38cf03e",
  );
  assertNotEquals(publicRoomId("lobby", crypto), publicRoomId("Lobby", crypto));
});

Deno.test("checkName, checkRoomName and checkText take no time to speak of for long input", () => {
  const started = processorMs();
  for (const unit of ["x", " ", "\u200b", "e\u0301", "#", "\u202e "]) {
    const text = unit.repeat(200_000);
    for (const check of [checkText, checkName, checkReason, checkRoomName]) assert(check(text));
    normalRoomName(text);
  }
  assertLess(processorMs() - started, 2_000);
});
