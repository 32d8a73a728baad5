/** Above the messages: what the room is called and about, and what can be done with it. */

import { plainText } from "./text_parts.ts";
import type { Page } from "./page.ts";
import { Icon } from "./icons.tsx";
import { hereIn } from "./people.tsx";
import type { Room } from "./room.ts";

export function RoomHead({ model, room }: { readonly model: Page; readonly room: Room }) {
  const { words } = model;
  const topic = plainText(room.topic).replaceAll("\n", " ");
  return (
    <header class="head">
      <button
        type="button"
        class="icon back"
        aria-label={words.back}
        onClick={() => {
          model.showsRooms = true;
          model.changed();
        }}
      >
        ←
      </button>
      <div class="title">
        <h1>{model.label(room)}</h1>
        <p class="topic" title={topic}>
          {room.isDirect
            ? words.sealed
            : topic !== ""
            ? topic
            : room.members !== null
            ? words.membersOnly(room.members)
            : words.noTopic}
        </p>
      </div>
      <button
        type="button"
        class="icon"
        aria-label={words.search}
        title={words.search}
        onClick={() => model.show({ type: "search", query: "" })}
      >
        <Icon of="search" />
      </button>
      <button
        type="button"
        class="icon about"
        aria-label={words.aboutRoom}
        title={words.aboutRoom}
        onClick={() => model.show({ type: "room" })}
      >
        <Icon of="more" />
      </button>
      {!room.isDirect && (
        <button
          type="button"
          class="count"
          aria-label={hereIn(model, room)}
          title={hereIn(model, room)}
          onClick={() => model.show({ type: "people" })}
        >
          <Icon of="people" /> {room.people.length === 0 ? "" : room.people.length}
        </button>
      )}
    </header>
  );
}
