/** The key under which a room's state keeps one log: its author and its id. */

import type { LogId, PeerId } from "../wire/ids.ts";

/** Author and log in one string, for use in maps. */
export type LogKey = string & { readonly __logKey: never };

/** The key of one log. */
export function logKey(author: PeerId, log: LogId): LogKey {
  return (author + log) as LogKey;
}

/** Whose log it is, and which. */
export function splitLogKey(key: LogKey): { author: PeerId; log: LogId } {
  return { author: key.slice(0, 64) as PeerId, log: key.slice(64) as LogId };
}
