/**
 * Draws one entry as rows: time, name at the right of its column, a bar, and the text
 * wrapped under itself. Whatever is written after a name or a text of others stands at an
 * absolute column, so that a terminal that measures it otherwise moves nothing else.
 */

import type { Catalogue } from "../catalogue.ts";
import type { Names } from "../names.ts";
import { clock, postWords } from "../post_line.ts";
import { inertLine } from "../sanitize.ts";
import { screenLimits } from "../screen_limits.ts";
import type { Cells } from "./cells.ts";
import type { Columns } from "./columns.ts";
import type { Entry, PostEntry, PresenceEntry } from "./entries.ts";
import type { Theme } from "../theme.ts";
import { wrap } from "./wrap.ts";

/** All that the look of an entry depends on. */
export interface Look {
  /** Changes whenever drawn rows are no longer right. */
  readonly layout: number;
  /** Leave out what takes long to load: this is the first frame. */
  readonly isBrief: boolean;
  readonly columns: Columns;
  readonly cells: Cells;
  readonly theme: Theme;
  readonly names: Names;
  readonly catalogue: Catalogue;
  /** Looks up what an entry shows beside its post. */
  readonly complete: (entry: PostEntry) => void;
}

/** Jumps to a column of the row, counted from 1. */
export function at(column: number): string {
  return `\x1b[${column}G`;
}

/**
 * The rows of an entry.
 *
 * @param joins Whether it goes on where the entry above ends: the name is left out then.
 */
export function entryRows(entry: Entry, joins: boolean, look: Look): readonly string[] {
  const { drawn } = entry;
  if (drawn !== null && drawn.layout === look.layout && drawn.joins === joins) return drawn.rows;
  const rows = draw(entry, joins, look);
  // What was measured by guess or drawn in brief is drawn again.
  entry.drawn = look.cells.lacksMeasure || look.isBrief
    ? null
    : { layout: look.layout, joins, rows };
  return rows;
}

function draw(entry: Entry, joins: boolean, look: Look): string[] {
  switch (entry.type) {
    case "post":
      return postRows(entry, joins, look);
    case "note":
      return noteRows(entry.text, entry.place.ms, look);
    case "presence":
      return noteRows(presenceText(entry, look), entry.place.ms, look);
  }
}

function postRows(entry: PostEntry, joins: boolean, look: Look): string[] {
  // Only what is seen is looked up: a question for each post of a page takes milliseconds.
  if (!entry.isComplete && !look.isBrief) look.complete(entry);
  const { theme, cells, columns, catalogue, names } = look;
  const { post } = entry;
  const shown = names.shown(post.from, post.name);
  const words = postWords(post, shown, catalogue, names);
  const rows: string[] = [];
  if (entry.quote && !post.withdrawn) {
    const quote = cells.cut(inertLine(entry.quote), columns.textWidth, theme.signs.cut);
    rows.push(theme.paint("quote", quote));
  }
  const role = entry.isFound
    ? "chosen"
    : post.withdrawn || post.kind === "topic"
    ? "note"
    : entry.mention
    ? "mention"
    : post.kind === "announcement"
    ? "announcement"
    : null;
  for (const row of wrappedLines(words, look)) {
    rows.push(role === null ? row : theme.paint(role, row));
  }
  const marks = marksOf(entry, look);
  if (marks !== null) addMarks(rows, marks, look);
  // An act names who acts by itself, a topic who has set it.
  const isAct = post.kind === "action" && !post.withdrawn;
  const name = joins || isAct || post.kind === "topic" ? "" : shown;
  const painted = (text: string) => theme.name(post.from, text);
  return withGutter(rows, clock(post.time.ms), name, painted, look);
}

/** The text in rows; what exceeds `postRowsMax` is counted in the last one. */
function wrappedLines(text: string, { cells, columns, theme, catalogue }: Look): string[] {
  const lines = text.split("\n");
  const rows: string[] = [];
  for (const line of lines) {
    const room = screenLimits.postRowsMax - rows.length;
    if (room <= 0) {
      rows.push(theme.paint("note", catalogue.screen.textCut(lines.length)));
      return rows;
    }
    rows.push(...wrap(inertLine(line.replaceAll("\t", " ")), columns.textWidth, cells, room));
  }
  return rows;
}

function marksOf(
  entry: PostEntry,
  { theme, catalogue }: Look,
): { text: string; painted: string } | null {
  const marks: [text: string, painted: string][] = [];
  const { post, tick, reason } = entry;
  if (post.clockAhead) {
    marks.push(mark(catalogue.screen.clockAhead(entry.folded), theme, "note"));
  }
  if (entry.late) marks.push(mark(catalogue.screen.late, theme, "note"));
  if (tick !== null && !post.withdrawn) {
    const role = tick === "undelivered" ? "failed" : "tick";
    const why = reason === null ? "" : ` ${catalogue.unheldBecause[reason]}`;
    marks.push(mark(theme.signs[tick] + why, theme, role));
  }
  if (marks.length === 0) return null;
  return {
    text: marks.map(([text]) => text).join(" "),
    painted: marks.map(([, painted]) => painted).join(" "),
  };
}

function mark(text: string, theme: Theme, role: "note" | "tick" | "failed"): [string, string] {
  return [text, theme.paint(role, text)];
}

/** Behind the last word if there is room, else in a row of their own. */
function addMarks(rows: string[], marks: { text: string; painted: string }, look: Look): void {
  const { cells, columns } = look;
  const last = rows.at(-1) ?? "";
  const used = cells.of(undressed(last));
  const needed = cells.of(marks.text);
  if (needed > columns.textWidth) return;
  if (used + 1 + needed > columns.textWidth) rows.push(marks.painted);
  else rows[rows.length - 1] = used === 0 ? marks.painted : `${last} ${marks.painted}`;
}

function undressed(text: string): string {
  // deno-lint-ignore no-control-regex -- the looks of theme.ts
  return text.replace(/\x1b\[[\d;]*m/g, "");
}

/** Begins a row that takes the whole width: nobody stands beside it. */
export const wholeRow: string = at(1);

/** A sentence that ends with a link. */
const endsWithLink = /^(.*\s)?((?:https?:\/\/|starling:)\S+)$/;

/** A row of a QR code. */
const picture = /^[█▀▄ ]{20,}$/;

function noteRows(text: string, ms: number, look: Look): string[] {
  const { theme, cells, columns } = look;
  const line = inertLine(text);
  // A link in two rows can be neither clicked nor copied; in whole rows it can be copied at least.
  const [, words = "", link = ""] = endsWithLink.exec(line) ?? [];
  if (words !== "" && cells.of(link) > columns.noteWidth) {
    const rows = wrap(link, columns.width, cells, screenLimits.postRowsMax);
    return [
      ...noteRows(words.trimEnd(), ms, look),
      ...rows.map((row) => wholeRow + theme.paint("note", row)),
    ];
  }
  // A picture that is wrapped shows nothing.
  if (picture.test(line) && cells.of(line) > columns.noteWidth) {
    return [wholeRow + theme.paint("note", cells.cut(line, columns.width, theme.signs.cut))];
  }
  // A list of two columns goes on below its second one, a table of more a little further in.
  const [, head = "", more = ""] = /^(\S.{0,40}?\s{2,})(?=\S)(.*)$/.exec(line) ?? [];
  const column = /\S\s{2,}\S/.test(more) ? 2 : cells.of(head);
  const indent = column + 20 > columns.noteWidth ? 0 : column;
  const [first = ""] = wrap(line, columns.noteWidth, cells, 1);
  const rest = line.slice(first.length).trimStart();
  const rows = [first];
  if (rest !== "") {
    rows.push(...wrap(rest, columns.noteWidth - indent, cells, screenLimits.postRowsMax));
  }
  const sign = columns.timeWidth === 0
    ? ""
    : theme.paint("time", clock(ms)) + at(columns.timeWidth + 2) + theme.paint("note", "--");
  return rows.map((row, i) =>
    (i === 0 ? sign : "") + at(columns.note + (i === 0 ? 0 : indent)) + theme.paint("note", row)
  );
}

function presenceText({ heard }: PresenceEntry, { names, catalogue }: Look): string {
  const named = (event: "came" | "went") =>
    [...heard].filter(([, last]) => last === event).map(([peer]) => names.known(peer)).join(", ");
  return catalogue.screen.presence(named("came"), named("went"));
}

/** A name that fits. A key tag is what tells two people apart, so the name before it is cut. */
export function cutName(name: string, width: number, cells: Cells, theme: Theme): string {
  if (cells.of(name) <= width) return name;
  const tag = /·[0-9a-f]+$/.exec(name)?.[0] ?? "";
  const room = width - cells.of(tag);
  if (tag === "" || room < 0) return cells.cut(name, width, theme.signs.cut);
  return cells.cut(name.slice(0, -tag.length), room, theme.signs.cut) + tag;
}

/** Puts time, name and bar before the first row and room for them before the others. */
function withGutter(
  rows: readonly string[],
  time: string,
  name: string,
  painted: (name: string) => string,
  { theme, cells, columns }: Look,
): string[] {
  const fits = cutName(name, columns.nameWidth, cells, theme);
  const start = columns.nameEnd - cells.of(fits);
  const bar = columns.bar > 0 ? at(columns.bar) + theme.paint("rule", theme.signs.bar) : "";
  const when = columns.timeWidth > 0 ? theme.paint("time", time) : "";
  return rows.map((row, i) => {
    const who = i > 0 || fits === "" ? "" : at(start + 1) + painted(fits);
    return `${i > 0 ? "" : when}${who}${bar}${at(columns.text)}${row}`;
  });
}
