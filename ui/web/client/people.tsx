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
              <span class={`name ${colourOf(person.from)}`}>
                {model.nameOf(person.from, person.name)}
              </span>
              <small>{stateOf(model, person)}</small>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What is to be said of somebody beside the name. */
export function stateOf({ words }: Page, { self, away, seenMsAgo, mark, blocked }: Person): string {
  return [
    self ? words.isYou : "",
    mark === "verified" ? words.verified : "",
    blocked === true ? words.blocked : "",
    away === null ? "" : away === "" ? words.isAway : words.awayBecause(inertLine(away)),
    seenMsAgo == null ? "" : words.seen(seenMsAgo),
  ].filter((part) => part !== "").join(", ");
}

/** How many are in a room, and how many of them have been compared. */
export function hereIn({ words }: Page, { people }: Room): string {
  // One is always there oneself.
  if (people.length === 0) return words.loading;
  return words.here(people.length, people.filter(({ mark }) => mark === "verified").length);
}
