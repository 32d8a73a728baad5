/**
 * Seals to others and opens what is sealed to us. Knows own keys, the keys that others have told
 * in profiles, and the secrets for hints; knows nothing of rooms, links or people's decisions.
 */

import { MalformedError } from "../wire/cbor.ts";
import type { CryptoSuite, KeyPair } from "../wire/crypto_suite.ts";
import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { compareTimes, type LogicalTime, type Post } from "../wire/post.ts";
import {
  decodeContent,
  decodeSealedBody,
  hintOf,
  type LetterContent,
  openContent,
  pairSecret,
  type PostHead,
  sealContent,
  type SealedBody,
  type SealingKeys as ProfileKeys,
} from "../wire/sealed.ts";
import type { Letter } from "./letter.ts";
import type { SealingKeys } from "./sealing_keys.ts";
import { firstToForget } from "./strangers_first.ts";

/** Seals and opens. */
export class Sealer {
  readonly #me: PeerId;
  readonly #hint: KeyPair;
  readonly #keys: SealingKeys;
  readonly #crypto: CryptoSuite;
  readonly #limits: Limits;
  readonly #isKnown: (peer: PeerId) => boolean;
  /** What others have told, least recently told first. */
  readonly #told = new Map<PeerId, { readonly keys: ProfileKeys; readonly time: LogicalTime }>();
  /** By hint key and peer; `null` where the key is no good. */
  readonly #secrets = new Map<string, Uint8Array | null>();

  /**
   * @param me Who seals.
   * @param hint The own hint key.
   * @param keys The own sealing keys.
   * @param isKnown Whether a person has named a key: strangers' keys are forgotten before.
   */
  constructor(
    me: PeerId,
    hint: KeyPair,
    keys: SealingKeys,
    crypto: CryptoSuite,
    limits: Limits,
    isKnown: (peer: PeerId) => boolean = () => false,
  ) {
    this.#me = me;
    this.#hint = hint;
    this.#keys = keys;
    this.#crypto = crypto;
    this.#limits = limits;
    this.#isKnown = isKnown;
  }

  /** What the own profile tells. */
  get profileKeys(): ProfileKeys {
    return { sealing: this.#keys.newest.publicKey, hint: this.#hint.publicKey };
  }

  /** How many people's keys and how many pairs' secrets are held. */
  get sizes(): { readonly told: number; readonly secrets: number } {
    return { told: this.#told.size, secrets: this.#secrets.size };
  }

  /** Somebody's profile tells keys; the newest counts. */
  onProfile(peer: PeerId, keys: ProfileKeys, time: LogicalTime): void {
    const known = this.#told.get(peer);
    if (known !== undefined && compareTimes(time, known.time) < 0) return;
    this.#told.delete(peer);
    // Copies: the frame or page that a profile came in must not be kept for 64 bytes of it.
    const { sealing, hint } = keys;
    this.#told.set(peer, { keys: { sealing: sealing.slice(), hint: hint.slice() }, time });
    if (this.#told.size > this.#limits.namesMax) {
      this.#told.delete(firstToForget(this.#told.keys(), this.#isKnown));
    }
  }

  /** The newest sealing key that somebody has told; `null` if none is known. */
  keyOf(peer: PeerId): Uint8Array | null {
    return this.#told.get(peer)?.keys.sealing ?? null;
  }

  /** Whether somebody can be written to. */
  isKnown(peer: PeerId): boolean {
    return this.#told.has(peer);
  }

  /**
   * Seals a content.
   *
   * @param sealing The key to seal to, if not the one that the recipient's profile tells.
   * @returns The body; `null` if no usable key is known.
   */
  seal(
    head: PostHead,
    to: PeerId,
    content: LetterContent,
    sealing?: Uint8Array,
  ): Uint8Array | null {
    const told = this.#told.get(to);
    if (told === undefined) return null;
    const secret = this.#secretOf(to, told.keys.hint);
    if (secret === null) return null;
    const hints = { publicKey: this.#hint.publicKey, secret };
    return sealContent(head, to, sealing ?? told.keys.sealing, hints, content, this.#crypto);
  }

  /** Whether something can be sealed to somebody. */
  canSeal(to: PeerId, sealing?: Uint8Array): boolean {
    const told = this.#told.get(to)?.keys;
    if (told === undefined || this.#secretOf(to, told.hint) === null) return false;
    return this.isUsable(sealing ?? told.sealing);
  }

  /** Whether something can be sealed with a key: not with a point of small order. */
  isUsable(sealing: Uint8Array): boolean {
    return this.#crypto.x25519(this.#hint.secretKey, sealing) !== null;
  }

  /** Whether a sealed post of somebody else is for us: one HMAC once the pair's secret is known. */
  isForMe(post: Post, body: SealedBody): boolean {
    const secret = this.#secretOf(post.author, body.hintKey);
    // Nobody gains by guessing at times: who sends a hint does not learn whether it fits.
    return secret !== null && hintOf(secret, post, this.#crypto).toHex() === body.hint.toHex();
  }

  /**
   * What a sealed post of somebody else says to us.
   *
   * @returns `null` if it is for another, or no sealed post at all.
   */
  open(post: Post): Letter | null {
    const body = readSealed(post);
    if (body === null || !this.isForMe(post, body)) return null;
    for (const key of this.#keys.all.toReversed()) {
      const plain = openContent(post, body, this.#me, key, this.#crypto);
      if (plain !== null) return readContent(post.author, plain);
    }
    return { peer: post.author, content: null };
  }

  #secretOf(peer: PeerId, hintKey: Uint8Array): Uint8Array | null {
    const name = hintKey.toHex() + peer;
    let secret = this.#secrets.get(name);
    if (secret !== undefined) return secret;
    secret = pairSecret(this.#hint.secretKey, hintKey, [this.#me, peer], this.#crypto);
    this.#secrets.set(name, secret);
    if (this.#secrets.size > this.#limits.hintPairsMax) {
      this.#secrets.delete(this.#secrets.keys().next().value!);
    }
    return secret;
  }
}

function readSealed(post: Post): SealedBody | null {
  try {
    return decodeSealedBody(post.body);
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/** A content that cannot be read, or is of a later version, is no letter. */
function readContent(peer: PeerId, plain: Uint8Array): Letter | null {
  try {
    const content = decodeContent(plain);
    return content === null ? null : { peer, content };
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}
