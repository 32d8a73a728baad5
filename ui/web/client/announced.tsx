/** What those in charge of a room have announced last, apart from what everybody says. */

import { inertLine } from "../../sanitize.ts";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";

export function Announced({ model, room }: { readonly model: Page; readonly room: Room }) {
  const announced = room.charge?.announced ?? null;
  if (announced === null) return null;
  return (
    <button
      type="button"
      class="announced"
      onClick={() => model.show({ type: "info", id: announced.id })}
    >
      <b>{model.words.announcement}</b>
      <span class="grow">{inertLine(announced.text)}</span>
    </button>
  );
}
