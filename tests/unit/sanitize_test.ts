import { assert, assertEquals } from "@std/assert";
import { inertLine, inertText } from "../../ui/sanitize.ts";
import { processorMs } from "../processor_ms.ts";

Deno.test("inertLine() leaves plain text of any script as it is", () => {
  const plain = [
    "hello",
    "可以，昨天试过 👍",
    "Zoë naïve",
    "שלום עולם",
    "می‌خواهم", // Persian needs the zero-width non-joiner
    "क्‍ष", // Hindi with a joiner
    "👩‍👩‍👧 family",
    "👩🏽‍🚀",
    "❤️ 1️⃣",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "葛󠄀",
    "a\u0301 e\u0308",
    "",
  ];
  for (const text of plain) assertEquals(inertLine(text), text);
});

Deno.test("nothing acts of what inertLine() lets pass at a glance", () => {
  const acts = /[\p{C}\p{Zl}\p{Zp}\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/u;
  const glance = [[0x20, 0x7e], [0xa1, 0xac], [0xae, 0xff], [0x3001, 0x3002], [0x4e00, 0x9fa5]];
  for (const [from, to] of [...glance, [0xff01, 0xff5e]] as [number, number][]) {
    for (let code = from; code <= to; code++) {
      assert(!acts.test(String.fromCharCode(code)), code.toString(16));
    }
  }
});

Deno.test("inertLine() makes every known class of terminal attack visible text", () => {
  const attacks: readonly (readonly [string, string])[] = [
    ["\x1b[31mred", "␛[31mred"],
    ["\x1b]0;title\x07", "␛]0;title␇"],
    ["\x1b]8;;http://x\x1b\\link", "␛]8;;http://x␛\\link"],
    ["\x1bP+q\x1b\\", "␛P+q␛\\"],
    ["\x9b2J", "<9B>2J"],
    ["\x90q\x9c", "<90>q<9C>"],
    ["a\rb", "a␍b"],
    ["a\nb\tc", "a␊b␉c"],
    ["a\bb\x7f", "a␈b␡"],
    ["\0", "␀"],
    ["\u0085\u2028\u2029", "␤␤␤"],
    ["evil\u202Egnp.exe", "evilgnp.exe"],
    ["\u2066x\u2069\u200F\u061C", "x"],
    ["b\u200Bo\u200D\u00AD\u2060\uFEFF", "bo"],
    ["\u{E0001}\u{E0041}tag", "tag"],
    ["\u3164\u115F\uFFA0x", "x"],
    ["\uD800x", "\uFFFDx"],
    ["a\u200Db", "ab"],
    ["\u200D👍", "👍"],
    ["x\uFE0F", "x"],
    ["\u0301x", "\u25CC\u0301x"],
  ];
  for (const [attack, inert] of attacks) assertEquals(inertLine(attack), inert, inert);
});

Deno.test("inertLine() bounds 4,096 marks on one letter", () => {
  assertEquals(inertLine(`Z${"\u0301".repeat(4_096)}algo`), `Z${"\u0301".repeat(8)}algo`);
  assertEquals(inertLine("\u0488".repeat(4_096)), `\u25CC${"\u0488".repeat(8)}`);
  const hidden = "\u0301\u200B".repeat(100);
  assertEquals(inertLine(`x${hidden}`), `x${"\u0301".repeat(8)}`);
});

Deno.test("inertText() keeps further lines in the text's column and a TAB as one space", () => {
  assertEquals(inertText("one\ntwo\n\nthree"), "one\n\t\t\ttwo\n\t\t\t\n\t\t\tthree");
  assertEquals(inertText("a\t\tb"), "a  b");
  assertEquals(inertText("a\r\n12:41\tlobby\tbo\tforged"), "a␍\n\t\t\t12:41 lobby bo forged");
  assertEquals(inertText("x\n\u0301y"), "x\n\t\t\t\u25CC\u0301y");
});

/** Characters that have broken terminals, and some that have not. */
const alphabet = [
  ..."aZ9 你👩🏽👍شक",
  ..."\n\t\r\x1b\x07\0\x7f\x9b\x85",
  ..."\u2028\u2029\u202A\u202E\u2066\u2069\u200B\u200C\u200D\u200E\u061C\u00AD\uFEFF\uFE0F",
  ..."\u0301\u0488\u094D\u{E0067}\u{E007F}\u{1F3F4}\u{E0100}\u3164",
  "\uD800",
  "\uDC00",
];

Deno.test("inertText() leaves nothing that acts, for random text", () => {
  let seed = 12_345;
  const random = (n: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % n;
  for (let round = 0; round < 5_000; round++) {
    const length = random(24);
    const text = Array.from({ length }, () => alphabet[random(alphabet.length)]).join("");
    const inert = inertText(text);
    const context = JSON.stringify([text, inert]);
    assert(inert.isWellFormed(), context);
    // deno-lint-ignore no-control-regex -- controls are what must not be there
    assert(!/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029]/.test(inert), context);
    assert(
      !/[\u202A-\u202E\u2066-\u2069\u200B\u200E\u200F\u061C\u00AD\uFEFF]/.test(inert),
      context,
    );
    assert(!/[\p{Mn}\p{Me}]{9}/u.test(inert), context);
    const lines = inert.split("\n");
    assertEquals(lines.length, text.split("\n").length, context);
    assert(lines.slice(1).every((line) => line.startsWith("\t\t\t")), context);
    assert(!inert.replaceAll("\n\t\t\t", "").includes("\t"), context);
  }
});

Deno.test("inertText() takes 16 KiB of the worst in a moment", () => {
  for (const worst of ["\u0301", "\u200D", "👩\u200D", "\x1b", "\u{1F3F4}\u{E0067}"]) {
    const start = processorMs();
    inertText(worst.repeat(16_384));
    assert(processorMs() - start < 500, JSON.stringify(worst));
  }
});
