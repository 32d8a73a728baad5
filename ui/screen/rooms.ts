/** The open rooms of a screen: which one is shown, what came in the others, and their pages. */

import type { Chat } from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import type { RoomName, ShownPost } from "../../peer/notice.ts";
import { screenLimits } from "../screen_limits.ts";
import { type RoomTab, roomTitle } from "./bars.ts";
import { RoomView } from "./room_view.ts";

/** The rooms of one screen. */
export class Rooms {
  #views: RoomView[] = [];
  /** Shown while no room is open: a place for notes. */
  readonly #lobbyless = new RoomView("");
  #current: RoomView = this.#lobbyless;

  /**
   * No rooms yet.
   *
   * @param chat Where pages come from.
   * @param mentions Whether a post names this person.
   * @param onTrouble Told what kept a page from being read.
   */
  constructor(
    private readonly chat: Chat,
    private readonly mentions: (post: ShownPost) => boolean,
    private readonly onTrouble: (error: ChatError, view: RoomView) => void,
  ) {
    this.#lobbyless.entries.reachesStart = true;
    this.#lobbyless.opened = true;
  }

  /** The room on the screen. */
  get current(): RoomView {
    return this.#current;
  }

  /** In the order of joining. */
  get all(): readonly RoomView[] {
    return this.#views;
  }

  /** The room of a name, if it is open. */
  named(room: RoomName): RoomView | undefined {
    return this.#views.find((view) => view.room === room);
  }

  /** Takes over which rooms are open, and shows `wanted`, or what was shown. */
  sync(wanted: RoomName | null): void {
    const open = this.chat.rooms().map(({ room }) => room);
    this.#views = open.map((room) => this.named(room) ?? new RoomView(room));
    const next = wanted === null ? undefined : this.named(wanted);
    const still = this.#views.includes(this.#current) ? this.#current : undefined;
    this.show(next ?? still ?? this.#views.at(-1) ?? this.#lobbyless);
  }

  /** Puts a room on the screen. */
  show(view: RoomView): void {
    if (view !== this.#current) this.#current.leave();
    this.#current = view;
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
  tabs(): RoomTab[] {
    return this.#views.map((view) => ({
      label: roomTitle(view.room),
      current: view === this.#current,
      unread: view.unread,
      urgent: view === this.#current ? 0 : view.urgent,
    }));
  }

  /** All posts that speak to this person and were not seen. */
  get urgent(): number {
    return this.#views.reduce((sum, view) => sum + view.urgent, 0);
  }

  #open(view: RoomView): void {
    view.opened = true;
    try {
      const page = this.chat.timeline(view.room, { limit: screenLimits.openPagePosts });
      view.entries.addPage(page.posts, this.mentions);
      view.entries.reachesStart = !page.more;
    } catch (error) {
      this.#unreadable(view, error);
    }
  }

  /** Fetches the page before the window of a room; false if there is none. */
  fetchOlder(view: RoomView): boolean {
    const { entries } = view;
    const first = entries.edge("first");
    try {
      const page = this.chat.timeline(view.room, {
        before: first?.post.id,
        limit: screenLimits.scrollPagePosts,
      });
      entries.reachesStart = !page.more || page.posts.length === 0;
      entries.addPage(page.posts, this.mentions);
      return page.posts.length > 0;
    } catch (error) {
      this.#unreadable(view, error);
      return false;
    }
  }

  #unreadable(view: RoomView, error: unknown): void {
    if (!(error instanceof ChatError)) throw error;
    view.entries.reachesStart = true;
    this.onTrouble(error, view);
  }
}
