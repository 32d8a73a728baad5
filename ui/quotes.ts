/** The start of a post: where another one answers it, or where a sentence speaks of it. */

import type { Chat } from "../peer/chat.ts";
import { ChatError } from "../peer/errors.ts";
import type { PostId } from "../wire/ids.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Names } from "./names.ts";
import { screenLimits } from "./screen_limits.ts";

/**
 * The line that stands above an answer.
 *
 * @returns `null` if the post has not come in, or never will.
 */
export function answeredStart(
  id: PostId,
  chat: Chat,
  names: Names,
  catalogue: Catalogue,
): string | null {
  try {
    const { post } = chat.info(id);
    const text = post.withdrawn ? catalogue.takenBack : post.text;
    return catalogue.quote(names.shown(post.from, post.name), startOf(text));
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return null;
  }
}

/** The start of the first line of a text, with a sign if that is not all of it. */
export function startOf(text: string): string {
  const [line = ""] = text.split("\n", 1);
  const start = [...line].slice(0, screenLimits.quoteCharactersMax).join("");
  return start === text ? text : `${start}…`;
}
