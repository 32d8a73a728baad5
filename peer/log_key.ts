/** The key under which a room's state keeps one log: its author and its id. */

import type { LogId, PeerId } from "../wire/ids.ts";

/** Author and log in one string, for use in maps. */
export type LogKey = string & { readonly __logKey: never };

let last = { author: "", log: "", key: "" as LogKey };

/**
 * The key of one log. That of the last one is kept, because it is asked for a dozen times for each
 * post: every map in which it is looked up would make one piece of the two anew, and hash it.
 */
export function logKey(author: PeerId, log: LogId): LogKey {
  if (last.log !== log || last.author !== author) {
    last = { author, log, key: (author + log) as LogKey };
  }
  return last.key;
}

/** Whose log it is, and which. */
export function splitLogKey(key: LogKey): { author: PeerId; log: LogId } {
  return { author: key.slice(0, 64) as PeerId, log: key.slice(64) as LogId };
}
