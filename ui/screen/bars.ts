/** The title above the room, the status row below it, and the people beside it. */

import type { Catalogue } from "../catalogue.ts";
import type { Person } from "../../peer/listing.ts";
import type { Names } from "../names.ts";
import { clock } from "../post_line.ts";
import { inertLine } from "../sanitize.ts";
import { screenLimits } from "../screen_limits.ts";
import type { Cells } from "./cells.ts";
import type { Columns } from "./columns.ts";
import { at, cutName } from "./entry_rows.ts";
import type { Theme } from "../theme.ts";

/** What the bars need to draw anything. */
export interface BarLook {
  readonly columns: Columns;
  readonly cells: Cells;
  readonly theme: Theme;
  readonly catalogue: Catalogue;
}

/**
 * The title: room and topic, and at the right how many are here.
 *
 * @param right Shown if there is room.
 */
export function titleRow(label: string, topic: string, right: string, look: BarLook): string {
  const { columns: { width }, cells, theme, catalogue } = look;
  const words = inertLine(topic === "" ? label : catalogue.screen.titleTopic(label, topic));
  const side = cells.of(right) + 2;
  const hasSide = right !== "" && width >= side + 12;
  const room = width - 1 - (hasSide ? side : 0);
  const text = cells.cut(words, room, theme.signs.cut);
  const rest = hasSide ? at(width - side + 1) + theme.paint("title", ` ${right} `) : "";
  // The look reaches across the row, whatever the terminal thinks the text takes.
  return theme.paint("title", " ".repeat(width)) + at(1) + theme.paint("title", ` ${text}`) + rest;
}

/** One room in the status row. */
export interface RoomTab {
  readonly label: string;
  readonly current: boolean;
  /** Posts that were not seen yet. */
  readonly unread: number;
  /** Of these, those that speak to this person. */
  readonly urgent: number;
}

/** What the status row tells. */
export interface Status {
  readonly nowMs: number;
  readonly tabs: readonly RoomTab[];
  readonly peers: number;
  /** Further words, such as "older lines". */
  readonly remarks: readonly string[];
}

/**
 * The status row. What does not fit is left out: the language first, then the state of the
 * links, then rooms at the right, quiet ones before busy ones; the current one stays longest
 * beside what is remarked, which pushes out the time, too.
 */
export function statusRow(status: Status, look: BarLook): string {
  const { columns: { width }, cells, theme, catalogue } = look;
  const { peers } = status;
  const state = peers === 0 ? catalogue.screen.alone : catalogue.screen.peers(peers);
  const sign = peers === 0 ? theme.signs.away : theme.signs.here;
  const head = ` [${clock(status.nowMs)}]`;
  const current = status.tabs.findIndex((tab) => tab.current);
  const own = current < 0
    ? 0
    : 1 + cells.of(tabText(status.tabs[current]!, current + 1, look).text);
  const parts = [`${sign} ${state}`, ...status.remarks, catalogue.language];
  const between = ` ${theme.signs.bar} `;
  const joined = () => parts.map((part) => between + part).join("");
  for (const last of [true, false]) {
    if (cells.of(head) + own + cells.of(joined()) <= width) break;
    if (last) parts.pop();
    else parts.shift();
  }
  const tail = joined();
  const room = width - cells.of(head) - cells.of(tail);
  const filled = theme.paint("status", " ".repeat(width)) + at(1);
  if (room < Math.min(own, 8)) {
    // A remark may be a question: it is told before the time.
    const words = room < 0 && parts.length > 0 ? ` ${parts.join(between)}` : head + tail;
    return filled + theme.paint("status", cells.cut(words, width, theme.signs.cut));
  }
  const tabs = fittingTabs(status.tabs, room, look);
  const length = tabs.reduce((sum, tab) => sum + 1 + cells.of(tab.text), cells.of(head));
  const painted = tabs.map(({ text, role }) => theme.paint("status", " ") + theme.paint(role, text))
    .join("");
  return filled + theme.paint("status", head) + painted + at(length + 1) +
    theme.paint("status", tail);
}

interface ShownTab {
  readonly text: string;
  readonly role: "status" | "active" | "urgent";
}

function fittingTabs(tabs: readonly RoomTab[], room: number, look: BarLook): ShownTab[] {
  const { cells, theme } = look;
  const shown = tabs.map((tab, i) => ({ ...tabText(tab, i + 1, look), tab }));
  const size = (list: readonly ShownTab[]) =>
    list.reduce((sum, { text }) => sum + 1 + cells.of(text), 0);
  // What is quiet leaves first, then what is only busy.
  for (const weight of [0, 1, 2]) {
    for (let i = shown.length - 1; i >= 0 && size(shown) > room; i--) {
      const { tab } = shown[i]!;
      const own = tab.current ? 3 : tab.urgent > 0 ? 2 : tab.unread > 0 ? 1 : 0;
      if (own === weight) shown.splice(i, 1);
    }
  }
  const [only] = shown;
  if (shown.length === 1 && only !== undefined && size(shown) > room) {
    return [{ ...only, text: cells.cut(only.text, room - 1, theme.signs.cut) }];
  }
  return shown;
}

function tabText({ label, current, unread, urgent }: RoomTab, n: number, look: BarLook): ShownTab {
  const { cells, theme } = look;
  const name = cells.cut(inertLine(label), 20, theme.signs.cut);
  const count = urgent > 0 ? `(${urgent}!)` : unread > 0 ? `(${unread})` : "";
  const role = urgent > 0 ? "urgent" : unread > 0 || current ? "active" : "status";
  return { text: `${n}:${name}${count}`, role };
}

/**
 * The people of a room, one row each, without the bar.
 *
 * @param height Rows; the last says how many more there are if they do not fit.
 */
export function peopleRows(
  people: readonly Person[],
  names: Names,
  peopleWidth: number,
  height: number,
  look: BarLook,
): string[] {
  const { cells, theme, catalogue } = look;
  const first = people.slice(0, Math.min(height, screenLimits.peopleShownMax));
  const rows = first.map(({ from, name, away, mark }) => {
    // In front: what stands behind a name could be part of it.
    const sign = presenceSign(away === null, mark === "verified", theme);
    const shown = names.shown(from, name);
    const marked = `${shown} (${catalogue.screen.away})`;
    const text = away !== null && cells.of(marked) < peopleWidth ? marked : shown;
    const fits = cutName(text, peopleWidth - 1, cells, theme);
    return sign + (away === null ? theme.name(from, fits) : theme.paint("note", fits));
  });
  const more = people.length - rows.length;
  if (more > 0 && rows.length > 0) rows[rows.length - 1] = theme.paint("note", `+${more + 1}`);
  return rows;
}

function presenceSign(isHere: boolean, isVerified: boolean, { signs }: Theme): string {
  if (isVerified) return isHere ? signs.verifiedHere : signs.verifiedAway;
  return isHere ? signs.here : signs.away;
}
