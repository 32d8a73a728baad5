/**
 * The epochs of one private room: to whom the secret of each was sealed, and under which one to
 * write.
 *
 * One writes only under an epoch whose secret was sealed to nobody outside of the present view of
 * who is a member, by posts that count. Of several it is the one that lacks the fewest members, and
 * of equal ones the one that began last, so that all choose the same: whoever has lost the key that
 * the others were sealed to begins one himself. A seal in a post that is void gives nobody a secret
 * that he should not have: whoever made it knew only what he was given before, and that is sealed to
 * somebody outside already.
 */

import type { Seal } from "../wire/epoch.ts";
import { fromId, type PeerId, type PostId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { comparePosts, type Post } from "../wire/post.ts";
import type { Ruling, Standing } from "./ruling.ts";

/** A seal for this peer that waits for the post that its epoch begins with. */
export interface OwnSeal {
  readonly post: Post;
  readonly seal: Seal;
}

/** Under what to write. */
export interface Choice {
  /** `null` if there is no epoch under which one may. */
  readonly id: PostId | null;
  /** Members to whom it was not sealed. */
  readonly lacking: readonly PeerId[];
}

interface Epoch {
  /** Its first post; `null` as long as only further ones have come. */
  base: Standing | null;
  commitment: Uint8Array | null;
  /** To whom it was sealed, by which posts. */
  readonly sealed: Map<PeerId, Standing[]>;
  /** Seals for this peer. */
  readonly own: OwnSeal[];
}

/** Posts that are remembered for each person that an epoch was sealed to. */
const postsPerSeal = 8;

/** The epochs of one room. */
export class Epochs {
  readonly #me: PeerId;
  readonly #limits: Limits;
  readonly #epochs = new Map<PostId, Epoch>();
  /** The last answer: each post that is written asks again. */
  #choice: (Choice & { readonly ruling: Ruling }) | null = null;

  /** None is known yet. */
  constructor(me: PeerId, limits: Limits) {
    this.#me = me;
    this.#limits = limits;
  }

  /** How many are known. */
  get size(): number {
    return this.#epochs.size;
  }

  /** All that are known, some of them perhaps by seals alone. */
  get ids(): PostId[] {
    return [...this.#epochs.keys()];
  }

  /** An epoch begins with a post of its own. */
  begin(post: Post, commitment: Uint8Array): void {
    const epoch = this.#of(post.id);
    if (epoch.base !== null) return;
    epoch.base = standing(post);
    epoch.commitment = commitment.slice();
    this.#seal(epoch, post.author, epoch.base);
    this.#trim();
  }

  /** A post seals an epoch to somebody. */
  take(post: Post, id: PostId, seal: Seal): void {
    const epoch = this.#of(id);
    this.#seal(epoch, seal.to, standing(post));
    if (seal.to === this.#me && epoch.own.length < postsPerSeal) epoch.own.push({ post, seal });
    this.#trim();
  }

  /** Seals for this peer, once it is known what their secret must hash to. */
  ownSeals(id: PostId): { readonly commitment: Uint8Array; readonly seals: readonly OwnSeal[] } {
    const epoch = this.#epochs.get(id);
    if (epoch?.commitment == null) return { commitment: fromId(id), seals: [] };
    return { commitment: epoch.commitment, seals: epoch.own };
  }

  /**
   * The epoch to write under, with those who lack it.
   *
   * @param isKnown Whether its secret is known here.
   */
  choice(ruling: Ruling, isKnown: (id: PostId) => boolean): Choice {
    if (this.#choice?.ruling !== ruling) {
      this.#choice = { ruling, ...this.#best(ruling, isKnown) };
    }
    return this.#choice;
  }

  /** The secret of an epoch is known from now on. */
  onKnown(): void {
    this.#choice = null;
  }

  #best(ruling: Ruling, isKnown: (id: PostId) => boolean): Choice {
    let best: Choice = { id: null, lacking: [] };
    let bestBase: Standing | null = null;
    for (const [id, epoch] of this.#epochs) {
      const { base } = epoch;
      if (base === null || !isKnown(id) || !this.#isTight(epoch, ruling)) continue;
      const lacking = this.lacking(id, ruling);
      const isBetter = bestBase === null || lacking.length < best.lacking.length ||
        (lacking.length === best.lacking.length && comparePosts(base, bestBase) > 0);
      if (isBetter) [best, bestBase] = [{ id, lacking }, base];
    }
    return best;
  }

  /** Members to whom an epoch was not sealed. */
  lacking(id: PostId, ruling: Ruling): PeerId[] {
    const sealed = this.#epochs.get(id)?.sealed;
    return [...ruling.membership?.members ?? []].filter((peer) => {
      const posts = sealed?.get(peer) ?? [];
      return !posts.some((post) => ruling.counts(post));
    });
  }

  /** Who lacks which of some epochs; what the beginning of one does not count for is left out. */
  *lacks(
    ids: readonly PostId[],
    ruling: Ruling,
  ): Generator<{ readonly peer: PeerId; readonly epoch: PostId }> {
    for (const epoch of ids) {
      const base = this.#epochs.get(epoch)?.base ?? null;
      if (base === null || !ruling.counts(base)) continue;
      for (const peer of this.lacking(epoch, ruling)) yield { peer, epoch };
    }
  }

  #isTight({ base, sealed }: Epoch, ruling: Ruling): boolean {
    if (base === null || !ruling.counts(base)) return false;
    const { membership } = ruling;
    if (membership === null) return false;
    for (const [peer, posts] of sealed) {
      if (!membership.members.has(peer) && posts.some((post) => ruling.counts(post))) return false;
    }
    return true;
  }

  #of(id: PostId): Epoch {
    let epoch = this.#epochs.get(id);
    if (epoch === undefined) {
      epoch = { base: null, commitment: null, sealed: new Map(), own: [] };
      this.#epochs.set(id, epoch);
    }
    return epoch;
  }

  #seal({ sealed }: Epoch, peer: PeerId, post: Standing): void {
    const posts = sealed.get(peer) ?? [];
    if (posts.length >= postsPerSeal || posts.some(({ id }) => id === post.id)) return;
    this.#choice = null;
    if (!sealed.has(peer) && sealed.size >= 2 * this.#limits.membersMax) return;
    sealed.set(peer, [...posts, post]);
  }

  /** Of too many the oldest is forgotten; one that has no beginning before those that have. */
  #trim(): void {
    if (this.#epochs.size <= this.#limits.epochsMax) return;
    const [first] = [...this.#epochs].sort(([, a], [, b]) =>
      a.base === null || b.base === null
        ? Number(a.base !== null) - Number(b.base !== null)
        : comparePosts(a.base, b.base)
    );
    this.#epochs.delete(first![0]);
  }
}

function standing({ id, author, log, seq, time, kind }: Post): Standing {
  return { id, author, log, seq, time, kind };
}
