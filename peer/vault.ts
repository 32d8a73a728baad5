/**
 * The secrets of private rooms and of their epochs, of those that are open and of those that are
 * not, and what they open. All secrets of epochs that were received are kept, so that what was
 * read once can be read for ever.
 */

import { MalformedError } from "../wire/cbor.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Post } from "../wire/post.ts";
import { decodeVeiled, isVeiled, unveilBody, type VeiledBody } from "../wire/private_room.ts";
import type { PrivateRecord, RoomSecret } from "./room_secret.ts";

interface Kept extends RoomSecret {
  readonly epochs: Map<PostId, Uint8Array>;
}

/** Secrets, and what they open. */
export class Vault {
  readonly #crypto: CryptoSuite;
  readonly #limits: Limits;
  readonly #rooms = new Map<RoomId, Kept>();

  /** @param records As they were kept. */
  constructor(records: readonly PrivateRecord[], crypto: CryptoSuite, limits: Limits) {
    this.#crypto = crypto;
    this.#limits = limits;
    for (const { room, epochs, ...secret } of records) {
      this.keep(room, secret);
      for (const { id, secret } of epochs) this.learn(room, id, secret);
    }
  }

  /** Rooms whose secrets are known, and the most epochs of one of them. */
  get sizes(): { readonly rooms: number; readonly epochs: number } {
    const epochs = [...this.#rooms.values()].map((kept) => kept.epochs.size);
    return { rooms: this.#rooms.size, epochs: Math.max(0, ...epochs) };
  }

  /** The secret of a room; `undefined` if it is not known. */
  secretOf(room: RoomId): RoomSecret | undefined {
    return this.#rooms.get(room);
  }

  /** Whether one more room fits. */
  get hasPlace(): boolean {
    return this.#rooms.size < this.#limits.privateKeptMax;
  }

  /** Keeps the secret of a room. */
  keep(room: RoomId, { secret, founder, history }: RoomSecret): void {
    if (this.#rooms.has(room)) return;
    this.#rooms.set(room, { secret, founder, history, epochs: new Map() });
  }

  /** Keeps the secret of an epoch; of too many the one learnt first is forgotten. */
  learn(room: RoomId, epoch: PostId, secret: Uint8Array): void {
    const epochs = this.#rooms.get(room)?.epochs;
    if (epochs === undefined || epochs.has(epoch)) return;
    epochs.set(epoch, secret);
    if (epochs.size > this.#limits.epochsMax) epochs.delete(epochs.keys().next().value!);
  }

  /** The secret of an epoch; `undefined` if it is not known. */
  epochSecret(room: RoomId, epoch: PostId): Uint8Array | undefined {
    return this.#rooms.get(room)?.epochs.get(epoch);
  }

  /** Epochs of a room whose secrets are known, those learnt first before the others. */
  epochsOf(room: RoomId): PostId[] {
    return [...this.#rooms.get(room)?.epochs.keys() ?? []];
  }

  /** The epoch of a post's body; `null` if it is not encrypted, or nobody could read it. */
  epochOf(post: Post): PostId | null {
    return isVeiled(post.kind) ? read(post)?.epoch ?? null : null;
  }

  /** The body as it was before it was encrypted; `null` if no secret here opens it. */
  bodyOf(post: Post): Uint8Array | null {
    if (!isVeiled(post.kind)) return post.body;
    const body = read(post);
    const secret = body === null ? undefined : this.epochSecret(post.room, body.epoch);
    if (body === null || secret === undefined) return null;
    return unveilBody(post, body, secret, this.#crypto);
  }
}

function read(post: Post): VeiledBody | null {
  try {
    return decodeVeiled(post.body);
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}
