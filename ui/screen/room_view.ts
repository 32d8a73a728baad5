/** One room as the screen holds it: its lines, what of them was read, and its draft. */

import type { RoomName, ShownPost } from "../../peer/notice.ts";
import type { PostId } from "../../wire/ids.ts";
import type { Anchor, BodyState, UnreadLine } from "./body.ts";
import { comparePlaces, Entries, type Place, placeOf } from "./entries.ts";
import { InputBox } from "./input_box.ts";

/** A room that is open. */
export class RoomView implements BodyState {
  readonly entries = new Entries();
  readonly input = new InputBox();
  anchor: Anchor | null = null;
  unreadLine: UnreadLine | null = null;
  /** The newest place that was read; `null`: not known, and no line is drawn. */
  readUpTo: Place | null = null;
  /** Which post is marked as read. */
  marked: PostId | null = null;
  /** Posts of others that came while the room was not on the screen. */
  unread = 0;
  /** Of these, those that speak to this person. */
  urgent = 0;
  /** Posts that came below what is on the screen. */
  below = 0;
  /** Whether its newest page was fetched. */
  opened = false;

  /** A room of which nothing was fetched yet. */
  constructor(readonly room: RoomName) {}

  /** Whether a post is news: said just now, or after what was read. A first history is none. */
  isNew(post: ShownPost): boolean {
    if (post.origin === "own") return false;
    if (post.origin === "live") return true;
    return this.readUpTo !== null && comparePlaces(placeOf(post), this.readUpTo) > 0;
  }

  /** Counts a post that nobody looks at. */
  missed(isUrgent: boolean): void {
    this.unread++;
    if (isUrgent) this.urgent++;
  }

  /** It comes on the screen: what was not read stands below a line as long as it is there. */
  enter(): void {
    const { readUpTo, unread } = this;
    this.unreadLine = readUpTo === null || unread === 0 ? null : { after: readUpTo, count: unread };
    this.unread = 0;
    this.urgent = 0;
  }

  /** It goes off the screen: what comes from now on is new. */
  leave(): void {
    this.unreadLine = null;
    this.readUpTo = this.entries.edge("last")?.place ?? { ms: 0, counter: 0, id: "" };
  }

  /** Whether a post stands above the newest of the window. */
  isAbove(post: ShownPost): boolean {
    const last = this.entries.edge("last");
    return last !== undefined && comparePlaces(placeOf(post), last.place) < 0;
  }

  /** Follows the newest again. */
  follow(): void {
    this.anchor = null;
    this.below = 0;
  }
}
