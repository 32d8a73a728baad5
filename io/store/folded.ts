/**
 * Texts as a search compares them. Both what is looked for and what is looked through are
 * folded by the one function here, so that SQLite has no say in what equals what.
 */

import { MalformedError } from "../../wire/cbor.ts";
import type { Post } from "../../wire/post.ts";
import { decodeBody } from "../../wire/post_body.ts";

/** Without case, width and the spelling of accents. NUL, where SQLite would end, is a space. */
export function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll("\0", " ");
}

/** What of a post can be found, folded; `null` if nothing of it is shown. */
export function foldedText(post: Post): string | null {
  try {
    const body = decodeBody(post.kind, post.body);
    return body !== null && "text" in body ? folded(body.text) : null;
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}
