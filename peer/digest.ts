/**
 * What a peer holds of a room in at most 256 hashes: its logs fall into buckets by the hash of
 * author and log, and a bucket's hash is over the entries of a frontier that it would send for
 * them. Where two peers' hashes are equal there is nothing to tell, however many logs there are.
 *
 * Hashes are made anew only for buckets in which something has changed.
 */

import { concat } from "../wire/concat.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { RoomId } from "../wire/ids.ts";
import { encodeMessage } from "../wire/message_encode.ts";
import type { Bucket } from "../wire/message_entries.ts";
import type { ForkEntry, FrontierEntry } from "../wire/message_entries.ts";
import { type LogMark, logMark } from "../wire/receipt.ts";
import { type LogKey, splitLogKey } from "./log_key.ts";

/** What stands in a frontier for one log. */
export interface Stated {
  readonly entry: FrontierEntry | null;
  readonly forks: ForkEntry | null;
}

/** Which bucket a log falls into. */
export function bucketOf(mark: LogMark): number {
  return parseInt(mark.slice(0, 2), 16);
}

/** The digest of one room. */
export class Digest {
  readonly #room: RoomId;
  readonly #crypto: CryptoSuite;
  readonly #logs = new Map<number, Set<LogKey>>();
  readonly #bucketOf = new Map<LogKey, number>();
  readonly #hashes = new Map<number, string>();
  readonly #dirty = new Set<number>();

  /**
   * @param room The room.
   * @param crypto For the hashes.
   */
  constructor(room: RoomId, crypto: CryptoSuite) {
    this.#room = room;
    this.#crypto = crypto;
  }

  /** Forgets everything. */
  clear(): void {
    this.#logs.clear();
    this.#bucketOf.clear();
    this.#hashes.clear();
    this.#dirty.clear();
  }

  /** Something has changed in a log. */
  onChanged(key: LogKey): void {
    let bucket = this.#bucketOf.get(key);
    if (bucket === undefined) {
      const { author, log } = splitLogKey(key);
      bucket = bucketOf(logMark(author, log, this.#crypto));
      this.#bucketOf.set(key, bucket);
      const logs = this.#logs.get(bucket) ?? new Set();
      this.#logs.set(bucket, logs.add(key));
    }
    this.#dirty.add(bucket);
  }

  /**
   * The hashes of all buckets in which there is a log, ascending.
   *
   * @param stated What a frontier says of a log.
   */
  buckets(stated: (key: LogKey) => Stated): Bucket[] {
    for (const bucket of this.#dirty) this.#hashes.set(bucket, this.#hash(bucket, stated));
    this.#dirty.clear();
    return [...this.#hashes].sort(([a], [b]) => a - b)
      .map(([bucket, hash]) => ({ bucket, hash }));
  }

  /**
   * Our logs in buckets in which a neighbour has something else; `null` if there is no difference.
   *
   * @param own Our buckets.
   * @param theirs The neighbour's.
   */
  differing(own: readonly Bucket[], theirs: readonly Bucket[]): LogKey[] | null {
    const left = new Map(theirs.map(({ bucket, hash }) => [bucket, hash]));
    const keys: LogKey[] = [];
    let differs = false;
    for (const { bucket, hash } of own) {
      const other = left.get(bucket);
      left.delete(bucket);
      if (other === hash) continue;
      differs = true;
      keys.push(...this.#logs.get(bucket) ?? []);
    }
    return differs || left.size > 0 ? keys : null;
  }

  #hash(bucket: number, stated: (key: LogKey) => Stated): string {
    const parts: Uint8Array[] = [];
    for (const key of [...this.#logs.get(bucket) ?? []].sort()) {
      const { entry, forks } = stated(key);
      const entries = entry === null ? [] : [entry];
      parts.push(encodeMessage({ type: "frontier", room: this.#room, entries, last: true }));
      if (forks === null) continue;
      parts.push(encodeMessage({ type: "forks", room: this.#room, entries: [forks] }));
    }
    return this.#crypto.sha256Hex(concat(...parts)).slice(0, 16);
  }
}
