/** One room as the page knows it: its posts, its people, what is unread, the draft. */

import type { Line } from "./line.ts";
import { isPost, RoomLog, type Row } from "./room_log.ts";

/** Somebody in a room, as the answer to `who` has it. */
export interface Person {
  readonly from: string;
  readonly name: string;
  readonly self: boolean;
  readonly away: string | null;
  readonly seenMsAgo?: number;
  readonly mark?: "verified" | "known";
  readonly blocked?: boolean;
}

/** Somebody by key and name. */
export interface Named {
  readonly peer: string;
  readonly name: string;
}

/** Who is in charge of a room with a founder, as the answer to `charge` has it. */
export interface Charge {
  readonly founder: Named | null;
  readonly admins: readonly Named[];
  readonly removed: readonly Named[];
  /** The last announcement: the post, whose it is, and the beginning of its text. */
  readonly announced: {
    readonly id: string;
    readonly by: string;
    readonly name: string;
    readonly text: string;
  } | null;
}

/** What is being asked for. Each time it is another object: what comes for an old one is too late. */
export interface Loading {
  readonly part: "end" | "place" | "older" | "newer";
}

export class Room {
  readonly log = new RoomLog();
  topic = "";
  title = "";
  present = 0;
  people: readonly Person[] = [];
  /** For a room with a founder: the place of this person. */
  role: "founder" | "admin" | "removed" | "stranger" | null = null;
  /** For a room with a founder: nothing more is said there. */
  closed = false;
  charge: Charge | null = null;
  /** Members of a private room; `null` for one that everybody may come into. */
  members: number | null = null;
  /** Whether the first page of its history is here. */
  loaded = false;
  /** The page of its history that is being asked for. */
  loading: Loading | null = null;
  /** The post that is to be brought into sight. */
  sought: string | null = null;
  /** `/clear` was said: what was before comes only when it is asked for. */
  isCleared = false;
  /** Whether its end is looked at: new ones scroll in by themselves. */
  atEnd = true;
  /** Posts that nobody has looked at on any face, as far as this page knows. */
  unread = 0;
  /** The post up to which it has been read. */
  readUpTo: string | null = null;
  /** The first of these, before which the line "new" stands. */
  firstUnread: string | null = null;
  /** What the line says, while it stands. */
  newCount = 0;
  /** Posts that came below what is looked at. */
  below = 0;
  /** Somebody has named this person, or it is a private chat. */
  called = false;
  /** The post that the next text answers. */
  replyTo: string | null = null;
  /** What went wrong with the last text. */
  problem = "";

  constructor(readonly name: string) {}

  get isDirect(): boolean {
    return this.name.startsWith("@");
  }

  /** Whether somebody has founded it, who is in charge. */
  get isFounded(): boolean {
    return this.name.startsWith("~");
  }

  /** Whether this person may announce, remove and the like. */
  get isInCharge(): boolean {
    return !this.closed && (this.role === "founder" || this.role === "admin");
  }

  /** Whether this person may speak here. */
  get isOpen(): boolean {
    return !this.closed && this.role !== "removed" && this.role !== "stranger";
  }

  /** After a break in which something may have been missed: all is loaded again. */
  forget(): void {
    this.loaded = false;
  }

  /** Takes over what the answer to `rooms` says of it. */
  take({ topic, title, present, unread, readUpTo, role, closed, members }: Line): void {
    this.topic = topic ?? "";
    this.title = title ?? "";
    this.role = role ?? null;
    this.closed = closed ?? false;
    this.members = members ?? null;
    this.present = present ?? 0;
    this.unread = unread ?? 0;
    this.readUpTo = readUpTo ?? null;
    this.called = this.isDirect && this.unread > 0;
  }

  /** Puts the line "new" behind what has been read. */
  mark(): void {
    const { rows } = this.log;
    const at = rows.findIndex(({ id }) => id === this.readUpTo);
    const first = rows.slice(at + 1).find(isOthers);
    if (this.unread === 0 || first === undefined || (at < 0 && this.log.older)) return;
    this.firstUnread = first.id;
    this.newCount = this.unread;
  }

  /** It was read up to a post, here or on another face. */
  readTo(id: string): void {
    this.readUpTo = id;
    const at = this.log.rows.findIndex((row) => row.id === id);
    if (at < 0) return;
    const rest = this.log.rows.slice(at + 1);
    this.unread = rest.filter(isOthers).length;
    if (this.unread === 0) this.called = false;
  }

  /** A post has come that nobody has looked at. */
  miss(id: string, isCall: boolean): void {
    this.firstUnread ??= id;
    this.unread++;
    this.newCount = this.unread;
    if (isCall) this.called = true;
  }

  /** Its end is looked at now. The line "new" stays until the room is left. */
  seen(): void {
    this.unread = 0;
    this.below = 0;
    this.called = false;
  }

  /** It is left: the line "new" has been seen. */
  left(): void {
    if (this.unread > 0) return;
    this.firstUnread = null;
    this.newCount = 0;
  }
}

/** Posts that can be unread. */
function isOthers(row: Row): boolean {
  return !row.own && isPost(row);
}
