/** The open rooms of a screen: which one is shown, what came in the others, and their pages. */

import type { Chat, TimelinePage } from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import type { RoomSummary } from "../../peer/listing.ts";
import type { RoomName, ShownPost } from "../../peer/notice.ts";
import type { PostId } from "../../wire/ids.ts";
import { screenLimits } from "../screen_limits.ts";
import { type Place, placeOf, type PostEntry } from "./entries.ts";
import { roomLabel } from "../post_line.ts";
import type { Names } from "../names.ts";
import type { RoomTab } from "./bars.ts";
import { RoomView } from "./room_view.ts";

/** What the rooms ask of the screen. */
export interface RoomsSetting {
  readonly chat: Chat;
  /** Whether a post names this person. */
  readonly mentions: (post: ShownPost) => boolean;
  /** Told of each post that comes into a window. */
  readonly onEntry: (entry: PostEntry) => void;
  /** Told of a view before it is shown for the first time. */
  readonly onNew: (view: RoomView, summary: RoomSummary) => void;
  /** Told what kept a page from being read. */
  readonly onTrouble: (error: ChatError, view: RoomView) => void;
}

/** The rooms of one screen. */
export class Rooms {
  #views: RoomView[] = [];
  /** Shown while no room is open: a place for notes. */
  readonly #roomless = new RoomView("");
  #current: RoomView = this.#roomless;
  #summaries: readonly RoomSummary[] = [];

  /** No rooms yet. */
  constructor(private readonly setting: RoomsSetting) {
    this.#roomless.entries.reachesStart = true;
    this.#roomless.opened = true;
  }

  /** The room on the screen. */
  get current(): RoomView {
    return this.#current;
  }

  /** Rooms in the order of joining, then chats for two, the latest last. */
  get all(): readonly RoomView[] {
    return this.#views;
  }

  /** The room of a name, if it is open. */
  named(room: RoomName): RoomView | undefined {
    return this.#views.find((view) => view.room === room);
  }

  /** What a room is about, as of the last `look` or `sync`. */
  topic({ room }: RoomView): string {
    return this.#summaries.find((each) => each.room === room)?.topic ?? "";
  }

  /** Looks at the rooms again. Counting what is unread takes milliseconds: not for each frame. */
  look(): void {
    const rooms = this.setting.chat.rooms();
    // Rooms keep their numbers when somebody writes: chats for two stand behind them.
    this.#summaries = [
      ...rooms.filter(({ kind }) => kind !== "direct"),
      ...rooms.filter(({ kind }) => kind === "direct"),
    ];
  }

  /**
   * Takes over which rooms are open, and shows `wanted`, or what was shown, or one of the
   * others: the first at the start, the last when a room was closed.
   */
  sync(wanted: RoomName | null): void {
    this.look();
    const isStart = this.#views.length === 0;
    const first = this.#summaries.find(({ kind }) => kind === "public")?.room;
    this.#views = this.#summaries.map((summary) => this.named(summary.room) ?? this.#made(summary));
    const next = wanted === null ? undefined : this.named(wanted);
    const still = this.#views.includes(this.#current) ? this.#current : undefined;
    const start = isStart && first !== undefined ? this.named(first) : undefined;
    this.show(next ?? still ?? start ?? this.#views.at(-1) ?? this.#roomless);
  }

  #made(summary: RoomSummary): RoomView {
    const { room, readUpTo, unread } = summary;
    const view = new RoomView(room);
    this.setting.onNew(view, summary);
    view.marked = readUpTo;
    // Of a room that was never read nothing is new: it is all history.
    if (readUpTo === null) return view;
    view.unread = unread;
    view.readUpTo = this.#placeOf(readUpTo);
    return view;
  }

  #placeOf(id: PostId): Place | null {
    try {
      return placeOf(this.setting.chat.info(id).post);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      // It is gone, or hidden.
      return null;
    }
  }

  /** Somebody has read a room on another screen. */
  readElsewhere(room: RoomName): void {
    const view = this.named(room);
    if (view === undefined || view === this.#current) return;
    this.look();
    const summary = this.#summaries.find((each) => each.room === room);
    if (summary === undefined) return;
    view.unread = summary.unread;
    if (summary.unread === 0) view.urgent = 0;
    view.marked = summary.readUpTo;
    if (summary.readUpTo !== null) view.readUpTo = this.#placeOf(summary.readUpTo);
  }

  /** Puts a room on the screen. */
  show(view: RoomView): void {
    if (view === this.#current) {
      if (!view.opened) this.#enter(view);
      return;
    }
    this.#current.leave();
    this.#current = view;
    this.#enter(view);
  }

  #enter(view: RoomView): void {
    if (!view.opened) this.#open(view);
    view.enter();
  }

  /** The room `by` places further on, round at the ends. */
  step(by: -1 | 1): RoomView {
    const { length } = this.#views;
    const index = this.#views.indexOf(this.#current);
    return this.#views[(index + by + length) % length] ?? this.#current;
  }

  /** The next room in which something came: first those that speak to this person. */
  nextActive(): RoomView {
    const index = this.#views.indexOf(this.#current);
    const inOrder = [...this.#views.slice(index + 1), ...this.#views.slice(0, index + 1)];
    return inOrder.find((view) => view.urgent > 0) ??
      inOrder.find((view) => view.unread > 0) ?? this.#current;
  }

  /** The rooms as the status row shows them. */
  tabs(names: Names): RoomTab[] {
    return this.#views.map((view) => ({
      label: roomLabel(view.room, names),
      current: view === this.#current,
      unread: view.unread,
      urgent: view === this.#current ? 0 : view.urgent,
    }));
  }

  /** All posts that speak to this person and were not seen. */
  get urgent(): number {
    return this.#views.reduce((sum, view) => sum + view.urgent, 0);
  }

  /** Shows the newest of a room, fetched anew if the window had moved away from it. */
  follow(view: RoomView): void {
    view.follow();
    if (view.entries.reachesEnd) return;
    view.entries.clear();
    this.#open(view);
  }

  /**
   * Shows the place of a post: it alone is fetched, and what stands around it as it is drawn.
   *
   * @param below How many posts below it are on the screen too.
   */
  goTo(view: RoomView, post: ShownPost, below: number): void {
    const { entries } = view;
    if (entries.post(post.id) === undefined) {
      entries.clear();
      this.#add(view, { posts: [post], more: true });
      entries.reachesEnd = false;
    }
    const place = placeOf(post);
    for (let missing = true; missing && !entries.reachesEnd;) {
      missing = entries.all.length - entries.indexOf(place) <= below;
      if (missing) this.fetch(view, "newer");
    }
    const index = Math.min(entries.indexOf(place) + below, entries.all.length - 1);
    view.anchor = { place: entries.all[index]?.place ?? place, row: Infinity };
    entries.change(post.id, (entry) => entry.isFound = true);
  }

  /** Fetches the page beyond an end of a room's window; false if there is none. */
  fetch(view: RoomView, which: "older" | "newer"): boolean {
    const { entries } = view;
    const isOlder = which === "older";
    const edge = entries.edge(isOlder ? "first" : "last")?.post.id;
    const limit = screenLimits.scrollPagePosts;
    const page = this.#page(view, { [isOlder ? "before" : "after"]: edge, limit });
    const reaches = page === null || !page.more || page.posts.length === 0;
    if (isOlder) entries.reachesStart = reaches;
    else entries.reachesEnd = reaches;
    if (page === null) return false;
    this.#add(view, page);
    entries.trim(isOlder ? "oldest" : "newest");
    return page.posts.length > 0;
  }

  #open(view: RoomView): void {
    view.opened = true;
    const page = this.#page(view, { limit: screenLimits.openPagePosts });
    view.entries.reachesStart = page === null || !page.more;
    if (page !== null) this.#add(view, page);
  }

  #add(view: RoomView, { posts }: TimelinePage): void {
    const { mentions, onEntry } = this.setting;
    for (const entry of view.entries.addPage(posts, mentions)) onEntry(entry);
  }

  #page(
    view: RoomView,
    options: { readonly before?: PostId; readonly after?: PostId; readonly limit: number },
  ): TimelinePage | null {
    try {
      return this.setting.chat.timeline(view.room, options);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.setting.onTrouble(error, view);
      return null;
    }
  }
}
