/**
 * For whom the words of a private room are: whoever belongs to it when they are said, as far as
 * their author knows, and in a room with shared history whoever comes later, too. Those must be
 * able to read them. Nobody else must be given their key by somebody who has them: where history
 * is not shared, what was said before somebody came is not for him, however late he was expected.
 */

import type { Ruling } from "../../peer/ruling.ts";
import { decodeEpoch } from "../../wire/epoch.ts";
import type { PeerId, PostId } from "../../wire/ids.ts";
import { type Post, postKind } from "../../wire/post.ts";
import { decodeVeiled } from "../../wire/private_room.ts";

/** The words of one room, as they were said. */
export class PrivateWords {
  readonly #audiences = new Map<PostId, ReadonlySet<PeerId>>();

  /**
   * Somebody has said something.
   *
   * @param ruling What the author knew of the room when he did.
   */
  said({ id, author }: Post, ruling: Ruling | null): void {
    this.#audiences.set(id, new Set([author, ...ruling?.membership?.members ?? []]));
  }

  /**
   * Whether somebody must be able to read a word.
   *
   * @param ruling Of anybody who knows how the room was founded.
   */
  isFor({ id }: Post, peer: PeerId, ruling: Ruling): boolean {
    return isShared(ruling) || (this.#audiences.get(id)?.has(peer) ?? false);
  }

  /**
   * What an epoch post gives the key of to somebody for whom it is not.
   *
   * @param held What its author held when he made it.
   * @param ruling What he knew of the room.
   */
  givenLate(
    epochPost: Post,
    held: readonly Post[],
    ruling: Ruling,
  ): { readonly to: PeerId; readonly word: Post } | null {
    const words = held.filter(({ id }) => this.#audiences.has(id));
    for (const { to, epoch } of decodeEpoch(epochPost.body).seals) {
      const word = words.find((each) =>
        decodeVeiled(each.body).epoch === epoch && !this.isFor(each, to, ruling)
      );
      if (word !== undefined) return { to, word };
    }
    return null;
  }
}

/** Whether a post is a word that somebody says. */
export function isWord({ kind }: Post): boolean {
  return kind === postKind.text;
}

/** The founding stands first among the acts. */
function isShared({ acts: [founding] }: Ruling): boolean {
  return founding?.deed.act === "found-private" && founding.deed.history;
}
