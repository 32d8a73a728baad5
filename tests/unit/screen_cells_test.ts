import { assert, assertEquals } from "@std/assert";
import stringWidth from "string-width";
import { Cells } from "../../ui/screen/cells.ts";
import { wrap } from "../../ui/screen/wrap.ts";
import { inertLine } from "../../ui/sanitize.ts";
import { randomBelow, seededRng } from "../rng.ts";

function learned(): Cells {
  const cells = new Cells();
  cells.learn((grapheme) => stringWidth(grapheme));
  return cells;
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

Deno.test("Cells: what needs no library is measured as the library does, in any company", () => {
  let cells = new Cells();
  let before = "a";
  let count = 0;
  for (let code = 0x20; code < 0x10000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCharCode(code);
    const width = cells.ofGrapheme(character);
    if (cells.lacksMeasure) {
      cells = new Cells();
      continue;
    }
    count++;
    assertEquals(width, stringWidth(character), `U+${code.toString(16)}`);
    assertEquals([...segmenter.segment(before + character)].length, 2, `U+${code.toString(16)}`);
    before = character;
  }
  assert(count > 20_000, String(count));
});

Deno.test("Cells: plain letters from Latin to Chinese never ask for the library", () => {
  const cells = new Cells();
  assertEquals(cells.of("Größe, привет, 你好，世界！ 안녕 ─│●○…✓✗"), 40);
  assertEquals(cells.graphemes("你好a"), ["你", "好", "a"]);
  assert(!cells.lacksMeasure);
  cells.of("👍🏽");
  assert(cells.lacksMeasure);
  cells.learn((grapheme) => stringWidth(grapheme));
  assertEquals(cells.of("👍🏽👨‍👩‍👧e\u0301"), 5);
  assert(!cells.lacksMeasure);
});

Deno.test("Cells: a cut keeps whole graphemes and never exceeds the width", () => {
  const cells = learned();
  assertEquals(cells.cut("hello", 5, "…"), "hello");
  assertEquals(cells.cut("hello!", 5, "…"), "hell…");
  assertEquals(cells.cut("你好世界", 5, "…"), "你好…");
  assertEquals(cells.cut("你好世界", 4, "…"), "你…");
  assertEquals(cells.cut("👨‍👩‍👧👨‍👩‍👧", 3, "…"), "👨‍👩‍👧…");
  assertEquals(cells.cut("你", 1, "…"), "…");
  assertEquals(cells.cut("anything", 0, "…"), "");
});

const wraps: readonly (readonly [text: string, width: number, rows: readonly string[]])[] = [
  ["", 5, [""]],
  ["hello", 5, ["hello"]],
  ["hello world", 5, ["hello", "world"]],
  ["hello world", 8, ["hello", "world"]],
  ["a b c d", 3, ["a b", "c d"]],
  ["abcdefghij", 4, ["abcd", "efgh", "ij"]],
  ["see https://example.org/long now", 10, ["see", "https://ex", "ample.org/", "long now"]],
  ["你好世界", 4, ["你好", "世界"]],
  ["你好世界", 5, ["你好", "世界"]],
  ["ab你好世界", 5, ["ab你", "好世", "界"]],
  ["可以，昨天", 4, ["可", "以，", "昨天"]],
  ["你好", 1, ["?", "?"]],
  ["👨‍👩‍👧👨‍👩‍👧x", 3, ["👨‍👩‍👧", "👨‍👩‍👧x"]],
  ["word  gap", 5, ["word", "gap"]],
];

Deno.test("wrap(): lines of the table", () => {
  const cells = learned();
  for (const [text, width, rows] of wraps) {
    assertEquals(wrap(text, width, cells), rows, `${text} in ${width}`);
  }
  assertEquals(wrap("a b c d e", 1, cells, 2), ["a", "b"]);
});

/** Pieces of text that are hard to measure, to cut and to keep apart. */
const pieces = [
  ..."abc xyz  ",
  ..."你好，。世界",
  "👍🏽",
  "👨‍👩‍👧",
  "🇩🇪",
  "e\u0301",
  "क्षि",
  "한",
  "ﷺ",
  "\u200d",
  "\u202e",
  "\x1b[31m",
  "\t",
  "z" + "\u0301".repeat(30),
  "ก็",
  "\ud83d",
];

Deno.test("wrap(): no row is wider, no grapheme is split, nothing but spaces is lost", () => {
  const cells = learned();
  const rng = seededRng(3);
  for (let round = 0; round < 3_000; round++) {
    const length = randomBelow(rng, 40);
    const parts = Array.from({ length }, () => pieces[randomBelow(rng, pieces.length)]);
    const text = inertLine(parts.join(""));
    const width = 3 + randomBelow(rng, 30);
    const rows = wrap(text, width, cells);
    for (const row of rows) assert(cells.of(row) <= width, JSON.stringify([text, width, row]));
    assertEquals(rows.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
    const whole = cells.graphemes(text).filter((each) => each !== " ");
    const broken = rows.flatMap((row) => cells.graphemes(row)).filter((each) => each !== " ");
    assertEquals(broken, whole, JSON.stringify([text, width]));
  }
});
