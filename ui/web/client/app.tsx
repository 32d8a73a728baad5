/** The whole page: the way in, or rooms, messages and people. */

import { Announced } from "./announced.tsx";
import { Bar } from "./bar.tsx";
import { Composer } from "./composer.tsx";
import { Locked } from "./locked.tsx";
import { Log } from "./log.tsx";
import { Login } from "./login.tsx";
import type { Page } from "./page.ts";
import { People } from "./people.tsx";
import { RoomHead } from "./room_head.tsx";
import { Rooms } from "./rooms.tsx";
import { Sheets } from "./sheets.tsx";

export function App({ model }: { readonly model: Page }) {
  const { known, unnamed, linkState, room, roomsKnown, words } = model;
  if (!known || model.loggedOut || linkState === "old") return <Locked model={model} />;
  if (unnamed) return <Login model={model} />;
  const showsRooms = model.showsRooms || (room === null && roomsKnown);
  const classes = ["frame", showsRooms ? "at-rooms" : "", linkState === "open" ? "" : "cut"];
  return (
    <main class={classes.join(" ").trim()}>
      <a class="skip" href="#log">{words.skip}</a>
      <Rooms model={model} />
      <section class="room" aria-label={room === null ? words.rooms : model.label(room)}>
        {room === null ? <p class="hint">{roomsKnown ? words.noRoom : words.loading}</p> : (
          <>
            <RoomHead model={model} room={room} />
            <Announced model={model} room={room} />
            <Log key={room.name} model={model} room={room} />
            {room.isOpen
              ? <Composer key={`write ${room.name}`} model={model} room={room} />
              : (
                <p class="silent">
                  {words.silent[
                    room.closed ? "closed" : room.role === "removed" ? "removed" : "stranger"
                  ]}
                </p>
              )}
          </>
        )}
        <Bar model={model} />
      </section>
      {room !== null && (
        <aside class="people" aria-label={words.people}>
          <People model={model} room={room} />
        </aside>
      )}
      <Sheets model={model} />
    </main>
  );
}
