/** One room as the screen holds it: its lines, what of them was read, and its draft. */

import type { RoomName, ShownPost } from "../../peer/notice.ts";
import type { BodyState } from "./body.ts";
import type { Anchor } from "./body.ts";
import { comparePlaces, Entries, type Place, placeOf } from "./entries.ts";
import { InputBox } from "./input_box.ts";

/** A room that is open. */
export class RoomView implements BodyState {
  readonly entries = new Entries();
  readonly input = new InputBox();
  anchor: Anchor | null = null;
  /** Where the unread line stands; set when the room is left. */
  readUpTo: Place | null = null;
  /** Posts that came while the room was not on the screen. */
  unread = 0;
  /** Of these, those that speak to this person. */
  urgent = 0;
  /** Posts that came below what is on the screen. */
  below = 0;
  /** Whether its newest page was fetched. */
  opened = false;

  /** A room of which nothing was fetched yet. */
  constructor(readonly room: RoomName) {}

  /** The place of the newest line. */
  get newest(): Place | null {
    return this.entries.all.at(-1)?.place ?? null;
  }

  /** Counts a post that nobody looks at. */
  missed(isUrgent: boolean): void {
    this.unread++;
    if (isUrgent) this.urgent++;
  }

  /** It comes on the screen. */
  enter(): void {
    this.unread = 0;
    this.urgent = 0;
  }

  /** It goes off the screen: what comes from now on stands below the unread line. */
  leave(): void {
    // A note's place is by this machine's clock, and posts may be stamped before it.
    const last = this.entries.edge("last");
    this.readUpTo = last?.place ?? { ms: 0, counter: 0, id: "" };
  }

  /** Whether a post stands above the newest of the window. */
  isLate(post: ShownPost): boolean {
    const last = this.entries.edge("last");
    return last !== undefined && comparePlaces(placeOf(post), last.place) < 0;
  }
}
