/** What comes of a slash command: sentences and posts, which each face shows in its way. */

import type { RoomName, ShownPost } from "../peer/notice.ts";

/** What a command has led to. */
export interface Performance {
  /** Sentences; they may still hold what others wrote. */
  readonly lines: readonly string[];
  /** Posts to show, oldest first. */
  readonly posts?: readonly ShownPost[];
  /** Whether a search has found more than these. */
  readonly more?: boolean;
  /** A room that was not open before. */
  readonly opened?: RoomName;
  /** What only the face can do. */
  readonly wants?: "quit" | "clear";
}
