/**
 * How much of each kind the other side of a link may still say, ask for and be told: whoever
 * costs us signatures, reads or bytes gets so many at once and so many a second. What is refused
 * here an honest neighbour says, or asks for, again.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { Bucket } from "./bucket.ts";

/** The quotas of one link. */
export class Quotas {
  /** How often it may still say that it is a neighbour. */
  readonly words: Bucket;
  /** How many messages with records it may still send. */
  readonly records: Bucket;
  /** How many receipts of members it may still send. */
  readonly receiptWords: Bucket;
  /** How many posts it may still ask for by their ids. */
  readonly seeks: Bucket;
  /** How many ends of branches it may still tell. */
  readonly forkEnds: Bucket;
  /** How often it may still show tags, bring acts of private rooms, and ask for such. */
  readonly acts: Bucket;
  /** How many of its brief posts may still be asked for whole. */
  readonly misses: Bucket;
  /** How many of ours it may still ask for whole. */
  readonly repeats: Bucket;
  readonly #limits: Limits;
  /** By room, as those above are for all rooms together. */
  readonly #tellings = new Map<RoomId, Bucket>();
  readonly #greetings = new Map<RoomId, Bucket>();
  readonly #digests = new Map<RoomId, Bucket>();
  readonly #stated = new Map<RoomId, Bucket>();
  readonly #ownWords = new Map<RoomId, Bucket>();

  /** @param limits The table of limits. */
  constructor(limits: Limits) {
    this.#limits = limits;
    this.words = new Bucket(limits.neighbourWordsBurst, limits.neighbourWordsPerSecond);
    this.records = new Bucket(limits.recordMessagesBurst, limits.recordMessagesPerSecond);
    this.acts = new Bucket(limits.tagsBurst, limits.tagsPerSecond);
    this.seeks = new Bucket(limits.seeksBurst, limits.seeksPerSecond);
    this.forkEnds = new Bucket(limits.forkEndsBurst, limits.forkEndsPerSecond);
    this.receiptWords = new Bucket(limits.receiptWordsBurst, limits.receiptWordsPerSecond);
    this.misses = new Bucket(limits.briefMissesBurst, limits.briefMissesPerSecond);
    this.repeats = new Bucket(limits.briefMissesBurst, limits.briefMissesPerSecond);
  }

  /** Whether it is to be told who is in a room and who holds what: not each time it comes. */
  mayBeTold(room: RoomId, nowMs: number): boolean {
    const { presentTellings, presenceMs } = this.#limits;
    const perSecond = (presentTellings * 1_000) / presenceMs;
    return takeOne(this.#tellings, room, presentTellings, perSecond, nowMs);
  }

  /** Whether it is to be told that we are in a room: not each time it opens it. */
  mayBeGreeted(room: RoomId, nowMs: number): boolean {
    const { presentTellings, presenceMs } = this.#limits;
    const perSecond = (presentTellings * 1_000) / presenceMs;
    return takeOne(this.#greetings, room, presentTellings, perSecond, nowMs);
  }

  /** Whether one more of its own words of being in a room, away or gone is judged. */
  maySpeak(room: RoomId, nowMs: number): boolean {
    const { ownWordsBurst, ownWordsPerSecond } = this.#limits;
    return takeOne(this.#ownWords, room, ownWordsBurst, ownWordsPerSecond, nowMs);
  }

  /** Whether one more digest of it is looked at; an honest neighbour repeats it later. */
  mayTellDigest(room: RoomId, nowMs: number): boolean {
    const { digestsBurst, digestsPerSecond } = this.#limits;
    return takeOne(this.#digests, room, digestsBurst, digestsPerSecond, nowMs);
  }

  /**
   * Whether it is told so many logs of a room because of its digest. All of them or none, however
   * many they are: what it gets at once it waits for the next time.
   */
  mayBeStated(room: RoomId, logs: number, nowMs: number): boolean {
    const { statedLogsBurst, statedLogsPerSecond } = this.#limits;
    const bucket = bucketOf(this.#stated, room, statedLogsBurst, statedLogsPerSecond);
    if (!bucket.has(1, nowMs)) return false;
    bucket.drain(logs, nowMs);
    return true;
  }
}

/** Takes one from the bucket of a room. */
function takeOne(
  buckets: Map<RoomId, Bucket>,
  room: RoomId,
  burst: number,
  perSecond: number,
  nowMs: number,
): boolean {
  return bucketOf(buckets, room, burst, perSecond).take(1, nowMs);
}

/** The bucket of a room; of open rooms alone, so that there are no more than those. */
function bucketOf(
  buckets: Map<RoomId, Bucket>,
  room: RoomId,
  burst: number,
  perSecond: number,
): Bucket {
  let bucket = buckets.get(room);
  if (bucket === undefined) buckets.set(room, bucket = new Bucket(burst, perSecond));
  return bucket;
}
