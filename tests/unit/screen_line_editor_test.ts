import { assert, assertEquals } from "@std/assert";
import stringWidth from "string-width";
import { Cells } from "../../ui/screen/cells.ts";
import { wrapDraft } from "../../ui/screen/input_rows.ts";
import {
  type Draft,
  draftOf,
  emptyDraft,
  erase,
  insert,
  type Motion,
  move,
  moveLine,
  replace,
} from "../../ui/screen/line_editor.ts";
import { screenLimits } from "../../ui/screen_limits.ts";
import { randomBelow, seededRng } from "../rng.ts";

const cells = new Cells();
cells.learn((grapheme) => stringWidth(grapheme));

/** A draft with its cursor at the `|`. */
function at(text: string): Draft {
  return { text: text.replace("|", ""), cursor: text.indexOf("|") };
}

function shown({ text, cursor }: Draft): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

const moves: readonly (readonly [from: string, motion: Motion, to: string])[] = [
  ["ab|c", "left", "a|bc"],
  ["|abc", "left", "|abc"],
  ["ab|c", "right", "abc|"],
  ["abc|", "right", "abc|"],
  ["a👨‍👩‍👧|b", "left", "a|👨‍👩‍👧b"],
  ["a|👍🏽b", "right", "a👍🏽|b"],
  ["ae\u0301|", "left", "a|e\u0301"],
  ["ab\n|cd", "left", "ab|\ncd"],
  ["ab|\ncd", "right", "ab\n|cd"],
  ["one two|", "word-left", "one |two"],
  ["one |two", "word-left", "|one two"],
  ["one two  |", "word-left", "one |two  "],
  ["|one two", "word-right", "one| two"],
  ["one| two", "word-right", "one two|"],
  ["a/b|", "word-left", "a/|b"],
  ["你好|", "word-left", "|你好"],
  ["ab\ncd|", "line-start", "ab\n|cd"],
  ["a|b\ncd", "line-end", "ab|\ncd"],
  ["|", "word-left", "|"],
  ["|\n", "line-start", "|\n"],
  ["\n|", "line-start", "\n|"],
];

Deno.test("move(): the cursor goes where the table says", () => {
  for (const [from, motion, to] of moves) {
    assertEquals(shown(move(at(from), motion, cells)), to, `${from} ${motion}`);
  }
});

Deno.test("erase(): deletes whole graphemes and gives back what it took", () => {
  const cases: readonly (readonly [string, Motion, string, string])[] = [
    ["ab👨‍👩‍👧|c", "left", "ab|c", "👨‍👩‍👧"],
    ["a|e\u0301c", "right", "a|c", "e\u0301"],
    ["one two|", "word-left", "one |", "two"],
    ["ab|cd\nef", "line-end", "ab|\nef", "cd"],
    ["ab\ncd|ef", "line-start", "ab\n|ef", "cd"],
    ["ab|\ncd", "right", "ab|cd", "\n"],
    ["|", "left", "|", ""],
  ];
  for (const [from, motion, to, erased] of cases) {
    const result = erase(at(from), motion, cells);
    assertEquals([shown(result.draft), result.erased], [to, erased], `${from} ${motion}`);
  }
});

Deno.test("insert(): controls stay out, line ends are newlines, an accent joins its letter", () => {
  assertEquals(shown(insert(at("a|b"), "x\x1b[31my\u0085", cells)), "ax[31my|b");
  assertEquals(shown(insert(emptyDraft, "1\r\n2\r3\t", cells)), "1\n2\n3\t|");
  assertEquals(shown(insert(at("e|"), "\u0301", cells)), "e\u0301|");
  assertEquals(shown(insert(at("|\u0301x"), "e", cells)), "e\u0301|x");
  assertEquals(insert(emptyDraft, "a\ud83d", cells).text, "a\ufffd");
});

Deno.test("insert(): a draft that is full takes nothing more", () => {
  const full = draftOf("x".repeat(screenLimits.draftCharactersMax + 5));
  assertEquals(full.text.length, screenLimits.draftCharactersMax);
  assertEquals(insert(full, "y", cells), full);
  assertEquals(replace(full, 0, 0, "y", cells), full);
});

Deno.test("moveLine(): keeps the column, and is null where there is no line", () => {
  assertEquals(shown(moveLine(at("abcd\nx\nwxyz|"), -1, cells)!), "abcd\nx|\nwxyz");
  assertEquals(shown(moveLine(at("ab|cd\nwxyz"), 1, cells)!), "abcd\nwx|yz");
  assertEquals(moveLine(at("ab|c"), -1, cells), null);
  assertEquals(moveLine(at("ab|c"), 1, cells), null);
});

const typed = [
  "a",
  " ",
  "word",
  "你",
  "👨‍👩‍👧",
  "\u0301",
  "\u200d",
  "👩",
  "🏽",
  "🇩",
  "🇪",
  "\n",
  "\x1b",
  "\ud83d",
  "한",
];
const motions: readonly Motion[] = [
  ...[
    "left",
    "right",
    "word-left",
    "word-right",
    "line-start",
    "line-end",
    "start",
    "end",
  ] as const,
];

Deno.test("every sequence of edits keeps a valid draft with the cursor between graphemes", () => {
  for (let seed = 0; seed < 150; seed++) {
    const rng = seededRng(seed);
    let draft = emptyDraft;
    for (let step = 0; step < 60; step++) {
      const motion = motions[randomBelow(rng, motions.length)]!;
      switch (randomBelow(rng, 5)) {
        case 0:
          draft = move(draft, motion, cells);
          break;
        case 1:
          draft = erase(draft, motion, cells).draft;
          break;
        case 2:
          draft = moveLine(draft, randomBelow(rng, 2) === 0 ? -1 : 1, cells) ?? draft;
          break;
        default:
          draft = insert(draft, typed[randomBelow(rng, typed.length)]!, cells);
      }
      const why = `seed ${seed}: ${JSON.stringify(draft)}`;
      assert(draft.text.isWellFormed(), why);
      // deno-lint-ignore no-control-regex -- it looks for controls
      assert(!/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(draft.text), why);
      const edges = new Set([0]);
      let position = 0;
      for (const [i, line] of draft.text.split("\n").entries()) {
        if (i > 0) edges.add(++position);
        for (const grapheme of cells.graphemes(line)) edges.add(position += grapheme.length);
      }
      assert(edges.has(draft.cursor), why);
      const width = 2 + randomBelow(rng, 12);
      const { rows, cursorRow, cursorColumn } = wrapDraft(draft, width, cells);
      assert(rows.every((row) => cells.of(row) <= width), why);
      assert(cursorRow < rows.length && cursorColumn <= width, why);
    }
  }
});
