/**
 * Acts that say who belongs to a private room, as two tell them to one another who may not see it
 * alike: which of them somebody is told, and which of those that came are worth a look.
 */

import { MalformedError } from "../wire/cbor.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { PeerId } from "../wire/ids.ts";
import {
  comparePosts,
  decodePost,
  NewerFormatError,
  type Post,
  postKind,
  type SignedPost,
} from "../wire/post.ts";
import { decodePrivateAct } from "../wire/private_acts.ts";
import type { Ruling } from "./ruling.ts";

/** An act that came, and whose it says to be; its signature is not verified yet. */
export interface CredibleAct {
  readonly envelope: SignedPost;
  readonly author: PeerId;
}

/**
 * Of what came, the acts of members and of those whom these add, in whatever order they stand.
 *
 * @param posts As they came.
 * @param founder Who founded the room, if that is known.
 * @param ruling Who belongs to it, as far as is known.
 * @param crypto For the ids of posts.
 * @throws {MalformedError} If one of them is no post.
 */
export function credibleActs(
  posts: readonly SignedPost[],
  founder: PeerId | undefined,
  ruling: Ruling | null,
  crypto: CryptoSuite,
): CredibleAct[] {
  const known = new Set<PeerId>(ruling?.membership?.known ?? []);
  if (founder !== undefined) known.add(founder);
  const credible: CredibleAct[] = [];
  let left = posts.flatMap((envelope) => {
    const post = read(envelope, crypto);
    return post === null ? [] : [{ envelope, post }];
  });
  for (let more = true; more;) {
    more = false;
    left = left.filter(({ envelope, post }) => {
      if (!known.has(post.author)) return true;
      // Who was removed may say what he likes: who needs it to be heard will tell of it.
      if (ruling?.membership?.known.has(post.author) && !ruling.counts(post)) return false;
      if (post.kind !== postKind.membership && post.kind !== postKind.close) return false;
      credible.push({ envelope, author: post.author });
      const peer = namedIn(post);
      if (peer !== null) known.add(peer);
      more = true;
      return false;
    });
  }
  return credible;
}

/** A post; `null` for one of a later format. */
function read(envelope: SignedPost, crypto: CryptoSuite): Post | null {
  try {
    return decodePost(envelope, crypto);
  } catch (error) {
    if (error instanceof NewerFormatError) return null;
    throw error;
  }
}

/** Acts that somebody is told: those that made the room what it is, for who was removed until then. */
export function actsFor(peer: PeerId, ruling: Ruling): Ruling["acts"] {
  const removal = ruling.isIn(peer) ? null : ruling.membership?.removalOf(peer) ?? null;
  return ruling.acts.filter((act) =>
    (act.kind === postKind.membership || act.kind === postKind.close) &&
    (removal === null || comparePosts(act, removal) <= 0)
  );
}

/** Whom an act makes a member; `null` if it does not. */
function namedIn(
  { kind, body }: { readonly kind: number; readonly body: Uint8Array },
): PeerId | null {
  try {
    const act = decodePrivateAct(kind, body);
    return act?.act === "add" || act?.act === "admin" ? act.peer : null;
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}
