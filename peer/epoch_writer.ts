/**
 * Writes the posts that begin epochs of private rooms and seal them to members, and knows with
 * which key to seal to whom. When that is done is decided in epoch_keeper.ts.
 */

import { commitmentOf, encodeEpoch, type Seal, sealEpoch } from "../wire/epoch.ts";
import type { PeerId, PostId } from "../wire/ids.ts";
import { type Post, postKind } from "../wire/post.ts";
import type { PostHead } from "../wire/sealed.ts";
import { post } from "./engine_post.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { Now } from "./input.ts";
import type { Ruling } from "./ruling.ts";
import type { Vault } from "./vault.ts";

/** What is sealed to one person. */
export interface Wanted {
  readonly peer: PeerId;
  /** `null`: the epoch that the post begins. */
  readonly epoch: PostId | null;
}

/** Writes epoch posts. */
export class EpochWriter {
  readonly #state: EngineState;
  readonly #vault: Vault;

  /** @param vault The secrets that are sealed. */
  constructor(state: EngineState, vault: Vault) {
    this.#state = state;
    this.#vault = vault;
  }

  /**
   * Writes a post.
   *
   * @param wanted No more than fit; whoever nothing can be sealed to is left out.
   * @param fresh The secret of the epoch that the post begins; `null` if it begins none.
   */
  write(
    open: OpenRoom,
    ruling: Ruling,
    wanted: readonly Wanted[],
    fresh: Uint8Array | null,
    now: Now,
  ): Post {
    const { crypto } = this.#state;
    const { id: room } = open.room;
    const sealOne = (head: PostHead, { peer, epoch }: Wanted): Seal[] => {
      const sealing = this.#keyOf(peer, ruling);
      const secret = epoch === null ? fresh : this.#vault.epochSecret(room, epoch) ?? null;
      if (sealing === null || secret === null) return [];
      const seal = sealEpoch(head, { peer, sealing }, epoch, secret, crypto);
      return seal === null ? [] : [seal];
    };
    const encode = (head: PostHead) =>
      encodeEpoch({
        commitment: fresh === null ? null : commitmentOf(room, fresh, crypto),
        seals: wanted.flatMap((each) => sealOne(head, each)),
      });
    const kept = fresh === null ? undefined : { type: "epoch", secret: fresh } as const;
    return post(this.#state, open, { kind: postKind.epoch, encode }, null, now, kept);
  }

  /**
   * Whether a secret can be sealed to somebody. Who tells a key to which nothing can be sealed goes
   * without: nobody tries again and again.
   */
  canSealTo(peer: PeerId, ruling: Ruling): boolean {
    const sealing = this.#keyOf(peer, ruling);
    return sealing !== null && this.#state.direct?.sealer.isUsable(sealing) === true;
  }

  /** What to seal to somebody with: the newest key in a profile, or that of the addition. */
  #keyOf(peer: PeerId, ruling: Ruling): Uint8Array | null {
    return this.#state.direct?.sealer.keyOf(peer) ?? ruling.membership?.sealingOf(peer) ?? null;
  }
}
