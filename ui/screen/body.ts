/**
 * The part of a room's lines that is on the screen, with day and unread lines between, and
 * how it moves. It is held by its lowest row: what arrives below, slips in above or wraps
 * anew never moves what somebody is reading.
 */

import type { ShownPost } from "../../peer/notice.ts";
import { comparePlaces, type Entries, type Entry, type Place } from "./entries.ts";
import { entryRows, type Look } from "./entry_rows.ts";

/** The lowest row on the screen: which of the rows of the entry of this place. */
export interface Anchor {
  readonly place: Place;
  /** Counted from the first row of the entry's block. */
  readonly row: number;
}

/** What of a room the body shows. */
export interface BodyState {
  readonly entries: Entries;
  /** `null`: the newest. */
  readonly anchor: Anchor | null;
  /** Where the unread line stands; `null`: there is none. */
  readonly unreadLine: UnreadLine | null;
}

/** The line above what was not read when the room came on the screen. */
export interface UnreadLine {
  /** The last place that was read. */
  readonly after: Place;
  /** How many posts of others were new then. */
  readonly count: number;
}

/** Fetches entries beyond the window's edge; false if there are none. */
export type Fetch = (which: "older" | "newer") => boolean;

/** Runs by one sender within this time drop the name. */
const runMs = 5 * 60_000;

/**
 * The rows on the screen.
 *
 * @param height How many at most.
 * @returns At most `height` rows, from the top.
 */
export function bodyRows(state: BodyState, height: number, look: Look, fetch: Fetch): string[] {
  return rowsUpTo(state, bottomOf(state, look), height, look, fetch);
}

/** Where the body ends when `rows` rows further up are to be seen. */
export function scrolledUp(
  state: BodyState,
  rows: number,
  height: number,
  look: Look,
  fetch: Fetch,
): Anchor | null {
  const bottom = bottomOf(state, look);
  const above = rowsUpTo(state, bottom, rows + height, look, fetch).length;
  const climbed = Math.min(rows, Math.max(0, above - height));
  return climbed === 0 ? state.anchor : climb(state, bottomOf(state, look), climbed, look);
}

/** Where the body ends when `rows` rows further down are to be seen; `null`: at the newest. */
export function scrolledDown(
  state: BodyState,
  rows: number,
  look: Look,
  fetch: Fetch,
): Anchor | null {
  if (state.anchor === null) return null;
  let { index, row } = bottomOf(state, look);
  let left = rows;
  for (;;) {
    const length = blockRows(state, index, look).length;
    if (row + left < length) return anchorAt(state, index, row + left);
    left -= length - row;
    row = 0;
    if (++index < state.entries.all.length) continue;
    if (state.entries.reachesEnd || !fetch("newer")) return null;
    // Letting go of the other end may have moved everything.
    return scrolledDown(state, rows, look, fetch);
  }
}

interface Bottom {
  readonly index: number;
  readonly row: number;
}

function bottomOf(state: BodyState, look: Look): Bottom {
  const { entries: { all }, anchor } = state;
  const newest = all.length - 1;
  if (anchor === null || newest < 0) {
    return { index: newest, row: newest < 0 ? 0 : blockRows(state, newest, look).length - 1 };
  }
  const index = Math.min(state.entries.indexOf(anchor.place), newest);
  return { index, row: Math.min(anchor.row, blockRows(state, index, look).length - 1) };
}

function anchorAt({ entries }: BodyState, index: number, row: number): Anchor {
  return { place: entries.all[index]!.place, row };
}

function climb(state: BodyState, bottom: Bottom, rows: number, look: Look): Anchor {
  let { index, row } = bottom;
  for (let left = rows;;) {
    if (left <= row) return anchorAt(state, index, row - left);
    left -= row + 1;
    index--;
    row = blockRows(state, index, look).length - 1;
  }
}

function rowsUpTo(
  state: BodyState,
  bottom: Bottom,
  height: number,
  look: Look,
  fetch: Fetch,
): string[] {
  const { entries } = state;
  const blocks: (readonly string[])[] = [];
  let count = 0;
  let { index, row } = bottom;
  for (; count < height; index--) {
    if (index <= 0 && !entries.reachesStart) index = withOlder(entries, index, fetch);
    if (index < 0) break;
    const whole = blockRows(state, index, look);
    const block = row < whole.length - 1 ? whole.slice(0, row + 1) : whole;
    row = Infinity;
    blocks.push(block);
    count += block.length;
  }
  const top = blocks.length - 1;
  // Whoever speaks at the top of the screen is named, also in the middle of a run.
  if (top > 0 && count <= height) blocks[top] = blockRows(state, index + 1, look, true);
  return blocks.reverse().flat().slice(-height);
}

/** Fetches what is older than the window; where the entry of an index stands then. */
function withOlder(entries: Entries, index: number, fetch: Fetch): number {
  const place = entries.all[Math.max(0, index)]?.place;
  // What is far away at the other end may go at the same time.
  if (!fetch("older") || place === undefined) return index;
  return entries.indexOf(place) + Math.min(0, index);
}

function blockRows(
  state: BodyState,
  index: number,
  look: Look,
  isTop = false,
): readonly string[] {
  const { all, reachesStart } = state.entries;
  const entry = all[index]!;
  const above = all[index - 1];
  if (isFolded(entry, all[index + 1])) return [];
  countFolded(all, index);
  const lines: string[] = [];
  const isNewDay = above === undefined ? reachesStart : dayOf(above) !== dayOf(entry);
  if (isNewDay) {
    const day = look.isBrief ? look.theme.signs.line : look.catalogue.day(entry.place.ms);
    lines.push(ruleRow(day, "rule", look));
  }
  if (isFirstUnread(state, index)) {
    const count = state.unreadLine?.count ?? 0;
    lines.push(ruleRow(look.catalogue.screen.unread(count), "unread", look));
  }
  const rows = entryRows(entry, !isTop && lines.length === 0 && joins(above, entry), look);
  return lines.length === 0 ? rows : [...lines, ...rows];
}

/** Of posts in a row whose author's clock is ahead only the last is shown: they bury nothing. */
function isFolded(entry: Entry, below: Entry | undefined): boolean {
  return entry.type === "post" && entry.post.clockAhead && below?.type === "post" &&
    below.post.clockAhead && below.post.from === entry.post.from;
}

function countFolded(all: readonly Entry[], index: number): void {
  const entry = all[index]!;
  if (entry.type !== "post" || !entry.post.clockAhead) return;
  let first = index;
  while (first > 0 && isFolded(all[first - 1]!, all[first])) first--;
  if (entry.folded === index - first) return;
  entry.folded = index - first;
  entry.drawn = null;
}

function joins(above: Entry | undefined, entry: Entry): boolean {
  return above?.type === "post" && entry.type === "post" &&
    above.post.from === entry.post.from && above.post.name === entry.post.name &&
    !isSentence(above.post) && entry.place.ms - above.place.ms < runMs;
}

/** What is told as a sentence has no name before it that what follows could go on under. */
function isSentence({ kind }: ShownPost): boolean {
  return kind === "action" || kind === "topic";
}

function isUnread({ unreadLine }: BodyState, entry: Entry): boolean {
  return unreadLine !== null && entry.type === "post" && entry.post.origin !== "own" &&
    comparePlaces(entry.place, unreadLine.after) > 0;
}

function isFirstUnread(state: BodyState, index: number): boolean {
  const { unreadLine, entries: { all, reachesStart } } = state;
  if (unreadLine === null || !isUnread(state, all[index]!)) return false;
  // Notes and own posts above it may be beyond the place as well.
  for (let i = index - 1; i >= 0; i--) {
    const each = all[i]!;
    if (comparePlaces(each.place, unreadLine.after) <= 0) return true;
    if (isUnread(state, each)) return false;
  }
  return reachesStart;
}

/** Days change at local midnight. */
function dayOf(entry: Entry): number {
  const date = new Date(entry.place.ms);
  return (date.getFullYear() * 12 + date.getMonth()) * 31 + date.getDate();
}

/** A line across the body with a text in its middle. */
function ruleRow(text: string, role: "rule" | "unread", look: Look): string {
  const { columns, cells, theme } = look;
  const width = columns.peopleBar === 0 ? columns.width : columns.peopleBar - 1;
  const fits = cells.cut(text, Math.max(0, width - 2), theme.signs.cut);
  const sides = Math.max(0, width - cells.of(fits) - 2);
  const left = theme.signs.line.repeat(sides >> 1);
  const right = theme.signs.line.repeat(sides - (sides >> 1));
  return theme.paint(role, `${left} ${fits} ${right}`);
}
