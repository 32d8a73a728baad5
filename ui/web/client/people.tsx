/** Who is in a room. */

import { inertLine } from "../../sanitize.ts";
import type { Page } from "./page.ts";
import { colourOf } from "./colour.ts";
import type { Person, Room } from "./room.ts";

export function People({ model, room }: { readonly model: Page; readonly room: Room }) {
  return (
    <>
      <h2>{hereIn(model, room)}</h2>
      <ul>
        {room.people.map((person) => (
          <li key={person.from}>
            <button
              type="button"
              class="person"
              onClick={() => model.show({ type: "person", from: person.from, name: person.name })}
            >
              <span class={person.away === null ? "dot" : "dot off"} aria-hidden="true" />
              <span class="grow">
                <span class={`name ${colourOf(person.from)}`}>
                  {model.nameOf(person.from, person.name)}
                </span>
                <small>{stateOf(model, person, room)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What is to be said of somebody beside the name. */
export function stateOf({ words }: Page, person: Person, room: Room): string {
  const { self, away, seenMsAgo, mark, blocked, from } = person;
  const place = placeIn(room, from);
  return [
    self ? words.isYou : "",
    place === null ? "" : words.places[place],
    mark === "verified" ? words.verified : "",
    blocked === true ? words.blocked : "",
    away === null ? "" : away === "" ? words.isAway : words.awayBecause(inertLine(away)),
    seenMsAgo == null ? "" : words.seen(seenMsAgo),
  ].filter((part) => part !== "").join(", ");
}

/** Somebody's place in a room with a founder. */
export function placeIn({ charge }: Room, from: string): "founder" | "admin" | "removed" | null {
  if (charge === null) return null;
  if (charge.founder?.peer === from) return "founder";
  if (charge.removed.some(({ peer }) => peer === from)) return "removed";
  return charge.admins.some(({ peer }) => peer === from) ? "admin" : null;
}

/** How many are in a room, and how many of them have been compared. */
export function hereIn({ words }: Page, { people }: Room): string {
  // One is always there oneself.
  if (people.length === 0) return words.loading;
  return words.here(people.length, people.filter(({ mark }) => mark === "verified").length);
}
