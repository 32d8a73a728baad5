/** The start of a post that another one answers. */

import type { Chat } from "../peer/chat.ts";
import { ChatError } from "../peer/errors.ts";
import type { PostId } from "../wire/ids.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Names } from "./names.ts";
import { startOf } from "./post_line.ts";

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
