/**
 * The lines of one room in the order of every screen: posts by their logical time and id,
 * and between them what only this screen knows, by the clock of this machine. Holds a
 * window of what is stored, never all of it.
 */

import type { ShownPost, UndeliveredReason } from "../../peer/notice.ts";
import type { PeerId, PostId } from "../../wire/ids.ts";
import { screenLimits } from "../screen_limits.ts";

/** How far an own post has come. */
export type Tick = "stored" | "handed" | "held" | "undelivered";

/** Where an entry stands. */
export interface Place {
  readonly ms: number;
  readonly counter: number;
  /** The post's id; local entries come after posts of the same time. */
  readonly id: string;
}

/** Rows of an entry as they were drawn last; belongs to entry_rows.ts. */
export interface Drawn {
  readonly layout: number;
  readonly joins: boolean;
  readonly rows: readonly string[];
}

interface Common {
  readonly place: Place;
  drawn: Drawn | null;
}

/** A post. */
export interface PostEntry extends Common {
  readonly type: "post";
  post: ShownPost;
  /** Whether the following was looked up. */
  isComplete: boolean;
  /** Of own posts; `null`: not known, or somebody else's. */
  tick: Tick | null;
  /** Why an own post is with nobody. */
  reason: UndeliveredReason | null;
  /** The start of the post that is answered; `null`: it answers none, or that is not here. */
  quote: string | null;
  /** It came after newer ones had been shown. */
  readonly late: boolean;
  /** It names this person. */
  readonly mention: boolean;
  /** Posts above it that are folded into it: of the same author, and ahead of time as well. */
  folded: number;
  /** A search has led here. */
  isFound: boolean;
}

/** A sentence of this program. */
export interface NoteEntry extends Common {
  readonly type: "note";
  text: string;
}

/** People who came and went in a row. */
export interface PresenceEntry extends Common {
  readonly type: "presence";
  /** The last that was heard of each, in the order of the first. */
  readonly heard: Map<PeerId, "came" | "went">;
}

/** One thing on the screen. */
export type Entry = PostEntry | NoteEntry | PresenceEntry;

/** Negative if `a` stands above `b`. */
export function comparePlaces(a: Place, b: Place): number {
  return a.ms - b.ms || a.counter - b.counter || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The place of a post. */
export function placeOf({ time, id }: ShownPost): Place {
  return { ms: time.ms, counter: time.counter, id };
}

/** The window of one room. */
export class Entries {
  #all: Entry[] = [];
  readonly #posts = new Map<PostId, PostEntry>();
  readonly #standing = new Map<string, NoteEntry>();
  #notes = 0;
  #lastNoteMs = 0;
  /** Whether there is nothing older than the first entry. */
  reachesStart = false;
  /** Whether the window ends with the newest; else newer ones must be fetched. */
  reachesEnd = true;

  /** Oldest first. */
  get all(): readonly Entry[] {
    return this.#all;
  }

  /** A post that the window holds. */
  post(id: PostId): PostEntry | undefined {
    return this.#posts.get(id);
  }

  /** The oldest or newest post of the window. */
  edge(which: "first" | "last"): PostEntry | undefined {
    const isPost = (entry: Entry): entry is PostEntry => entry.type === "post";
    return which === "first" ? this.#all.find(isPost) : this.#all.findLast(isPost);
  }

  /**
   * Takes in a post in its place.
   *
   * @returns The entry, or `null` if it is known or stands outside of the window.
   */
  add(
    post: ShownPost,
    marks: { readonly late: boolean; readonly mention: boolean },
  ): PostEntry | null {
    if (this.#posts.has(post.id)) return null;
    const place = placeOf(post);
    const first = this.edge("first");
    const last = this.edge("last");
    if (!this.reachesStart && first && comparePlaces(place, first.place) < 0) return null;
    if (!this.reachesEnd && last && comparePlaces(place, last.place) > 0) return null;
    return this.#insert(post, place, marks);
  }

  /**
   * Takes in a page that joins the window at either end.
   *
   * @returns The entries that are new.
   */
  addPage(posts: readonly ShownPost[], mentions: (post: ShownPost) => boolean): PostEntry[] {
    return posts.filter(({ id }) => !this.#posts.has(id)).map((post) =>
      this.#insert(post, placeOf(post), { late: false, mention: mentions(post) })
    );
  }

  #insert(
    post: ShownPost,
    place: Place,
    { late, mention }: { readonly late: boolean; readonly mention: boolean },
  ): PostEntry {
    const entry: PostEntry = {
      type: "post",
      post,
      place,
      late,
      mention,
      isComplete: false,
      isFound: false,
      folded: 0,
      tick: null,
      reason: null,
      quote: null,
      drawn: null,
    };
    this.#put(entry);
    this.#posts.set(post.id, entry);
    return entry;
  }

  /** Puts a sentence at the end. */
  note(text: string, nowMs: number): void {
    this.#put({ type: "note", text, place: this.#localPlace(nowMs), drawn: null });
  }

  /**
   * Keeps one sentence about something that goes on: put at the end the first time, then
   * changed where it stands, and taken away with `null`.
   */
  stand(key: string, text: string | null, nowMs: number): void {
    const known = this.#standing.get(key);
    if (text === null) {
      this.#standing.delete(key);
      const index = known === undefined ? -1 : this.#all.indexOf(known);
      if (index >= 0) this.#all.splice(index, 1);
    } else if (known !== undefined) {
      known.text = text;
      known.drawn = null;
    } else if (this.#standing.size < screenLimits.standingNotesMax) {
      const place = this.#localPlace(nowMs);
      const entry: NoteEntry = { type: "note", text, place, drawn: null };
      this.#standing.set(key, entry);
      this.#put(entry);
    }
  }

  /** Somebody came or went: a line of its own, or part of the last one. */
  presence(event: "came" | "went", from: PeerId, nowMs: number): void {
    const last = this.#all.at(-1);
    if (last?.type === "presence" && last.heard.size < screenLimits.foldedNamesMax) {
      last.heard.set(from, event);
      last.drawn = null;
      return;
    }
    const heard = new Map([[from, event]]);
    this.#put({ type: "presence", heard, place: this.#localPlace(nowMs), drawn: null });
  }

  #localPlace(nowMs: number): Place {
    this.#lastNoteMs = Math.max(nowMs, this.#lastNoteMs);
    // After all posts of its time, and after the notes before it.
    return { ms: this.#lastNoteMs, counter: 2 ** 16 + ++this.#notes, id: "" };
  }

  #put(entry: Entry): void {
    const index = this.indexOf(entry.place);
    if (index === this.#all.length) this.#all.push(entry);
    else this.#all.splice(index, 0, entry);
    // Whether it drops the name depends on what stands above.
    const below = this.#all[index + 1];
    if (below !== undefined) below.drawn = null;
  }

  /** Where an entry of this place stands, or would stand. */
  indexOf(place: Place): number {
    let from = 0;
    let to = this.#all.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (comparePlaces(this.#all[middle]!.place, place) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Forgets how far own posts have come that not all members are known to hold. */
  forgetTicks(own: PeerId): void {
    for (const entry of this.#posts.values()) {
      if (entry.post.from !== own || entry.tick === "held") continue;
      [entry.tick, entry.reason, entry.isComplete, entry.drawn] = [null, null, false, null];
    }
  }

  /** Lets go of what is far from `keep`, if there is too much. */
  trim(keep: "newest" | "oldest"): void {
    const excess = this.#all.length - screenLimits.roomPostsMax;
    if (excess <= screenLimits.scrollPagePosts) return;
    const gone = keep === "newest"
      ? this.#all.splice(0, excess)
      : this.#all.splice(-excess, excess);
    if (keep === "newest") this.reachesStart = false;
    else this.reachesEnd = false;
    for (const entry of gone) if (entry.type === "post") this.#posts.delete(entry.post.id);
  }

  /** Forgets everything. */
  clear(): void {
    this.#all = [];
    this.#posts.clear();
    this.#standing.clear();
    this.reachesStart = false;
    this.reachesEnd = true;
  }

  /** Sets what has changed of a post; nothing happens if it is not in the window. */
  change(id: PostId, how: (entry: PostEntry) => void): void {
    const entry = this.#posts.get(id);
    if (entry === undefined) return;
    how(entry);
    entry.drawn = null;
  }
}
