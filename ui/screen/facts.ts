/** What the bars show of a room and its links, looked up at most every `factsMs`. */

import type { Chat } from "../../peer/chat.ts";
import type { Person } from "../../peer/listing.ts";
import type { RoomName } from "../../peer/notice.ts";
import { screenLimits } from "../screen_limits.ts";

/** What was looked up. */
export interface Known {
  /** Who is in the room. */
  readonly people: readonly Person[];
  /** To how many peers there is a link. */
  readonly linked: number;
}

/** Looks up, and remembers for a moment. */
export class Facts {
  #last: Known & { readonly room: RoomName; readonly atMs: number } | null = null;

  /** @param chat Where it is looked up. */
  constructor(private readonly chat: Chat) {}

  /** Of a room (`""`: none is open), as it was at most `factsMs` ago. */
  of(room: RoomName, nowMs: number): Known {
    const last = this.#last;
    const age = nowMs - (last?.atMs ?? 0);
    if (last?.room === room && age >= 0 && age < screenLimits.factsMs) return last;
    const up = this.chat.peers().filter(({ state }) => state === "up").map(({ peer }) => peer);
    const people = room === "" ? [] : this.chat.who(room);
    this.#last = { room, atMs: nowMs, people, linked: new Set(up).size };
    return this.#last;
  }

  /** To how many peers there was a link when last looked, 0 if it has been forgotten. */
  get linked(): number {
    return this.#last?.linked ?? 0;
  }

  /** Something has happened: the next look is a new one. */
  forget(): void {
    this.#last = null;
  }
}
