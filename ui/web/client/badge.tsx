/** How many posts of a room are unread. */

import type { Page } from "./page.ts";
import type { Room } from "./room.ts";

/** More than anybody counts. */
const shownMax = 999;

export function Badge({ model, room }: { readonly model: Page; readonly room: Room }) {
  if (room.unread === 0) return null;
  const shown = room.unread > shownMax ? `${shownMax}+` : String(room.unread);
  return (
    <span class={room.called ? "badge called" : "badge"}>
      <span aria-hidden="true">{shown}</span>
      <span class="unseen">{model.words.unread(room.unread)}</span>
    </span>
  );
}
