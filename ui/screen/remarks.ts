/** What the status row says of the moment: a hint, a list that is walked, history that comes. */

import type { RoomName } from "../../peer/notice.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Theme } from "../theme.ts";
import type { Found } from "./found.ts";
import type { RoomView } from "./room_view.ts";

/** Cells of the bar that shows how far history has come. */
const barCells = 8;

/** Keeps what is remarked, and puts it into words. */
export class Remarks {
  /** How to go on with what was typed, or `null`. */
  hint: string | null = null;
  /** History that comes in, by room; as many as are open. */
  readonly #coming = new Map<RoomName, { fetched: number; total: number }>();

  /** History comes in, until all of it is there. */
  progress(room: RoomName, fetched: number, total: number): void {
    if (fetched >= total) this.#coming.delete(room);
    else this.#coming.set(room, { fetched, total });
  }

  /**
   * In words, the most pressing first.
   *
   * @param view The room that is shown.
   * @param found A list that is walked through over it.
   */
  words(
    view: RoomView,
    found: Found | null,
    { screen }: Catalogue,
    { signs }: Theme,
  ): string[] {
    const remarks: string[] = [];
    if (this.hint !== null) remarks.push(this.hint);
    if (found !== null) remarks.push(screen.walkFound(found.length, found.more));
    if (view.anchor !== null) remarks.push(`${signs.down} ${screen.moreBelow(view.below)}`);
    const coming = this.#coming.get(view.room);
    if (coming !== undefined) {
      const filled = Math.round(barCells * coming.fetched / Math.max(1, coming.total));
      const bar = signs.full.repeat(filled) + signs.empty.repeat(barCells - filled);
      remarks.push(`${screen.fetching(coming.fetched, coming.total)} ${bar}`);
    }
    return remarks;
  }
}
