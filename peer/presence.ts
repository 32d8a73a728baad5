/**
 * Who is in one room now. The word of each key replaces only an older one, ends after a
 * minute of silence, and is passed on only when it is news, so that it travels once round
 * the room and a replayed one makes no ghost. Presence of this peer is never in here.
 *
 * In a room of many each speaks more rarely, so that what a peer hears in all stays the same;
 * people are then kept for longer, with the time at which they were last heard of.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { compareTimes } from "../wire/post.ts";
import type { SignedPresence } from "../wire/presence.ts";
import { Bucket } from "./bucket.ts";
import { firstToForget } from "./strangers_first.ts";

interface Entry {
  word: SignedPresence;
  /** When it came, on the monotonic clock. */
  heardMs: number;
  expiresMs: number;
}

/** By so much sooner somebody is gone than a word may be old: screens need a moment, too. */
const marginMs = 5_000;

/** Periods in which everybody should have been heard of, and the part of them that is enough. */
const latePeriods = 1.1;
const heardPart = 0.9;

/** Somebody who is here. */
export interface Present {
  readonly word: SignedPresence;
  /** How long ago the word came. */
  readonly heardMsAgo: number;
}

/** What a presence has changed; `away`: whether somebody who is here is away, or why. */
export type PresenceChange = "join" | "leave" | "away" | "refreshed";

/** The people of one room. */
export class RoomPresence {
  readonly #limits: Limits;
  readonly #isKnown: (peer: PeerId) => boolean;
  readonly #entries = new Map<PeerId, Entry>();
  /**
   * The last word of those who left, so that an older one does not bring them back; not longer
   * than an older one is taken at all, for the clock behind it may have been ahead.
   */
  readonly #left = new Map<PeerId, Entry>();
  /** When the next entry ends; `null` where it has to be looked up again. */
  #deadlineMs: number | null = Infinity;
  /** How many words may still come over other links than their authors' own. */
  readonly #ofKnown: Bucket;
  readonly #ofStrangers: Bucket;

  /**
   * @param limits The table of limits.
   * @param isKnown Whether a person has named a key: strangers make room for it.
   */
  constructor(limits: Limits, isKnown: (peer: PeerId) => boolean = () => false) {
    this.#limits = limits;
    this.#isKnown = isKnown;
    const { presenceWordsBurst: burst, presenceWordsPerSecond: perSecond } = limits;
    this.#ofKnown = new Bucket(burst, perSecond);
    this.#ofStrangers = new Bucket(burst, perSecond);
  }

  /**
   * Whether one more word that is news is judged, which was passed on by others. Each costs a
   * verification, goes on to all neighbours and perhaps to the screens; and keys cost nothing.
   *
   * @param isKnown Whether a person has named its author's key.
   */
  mayHear(isKnown: boolean, nowMs: number): boolean {
    return (isKnown ? this.#ofKnown : this.#ofStrangers).take(1, nowMs);
  }

  /** The newest word of everybody who is here. */
  get present(): SignedPresence[] {
    return [...this.#entries.values()].map((entry) => entry.word);
  }

  /** The same with how long ago it came. */
  heard(nowMs: number): Present[] {
    return [...this.#entries.values()].map(({ word, heardMs }) => ({
      word,
      heardMsAgo: nowMs - heardMs,
    }));
  }

  /** How often each of so many should say that they are here. */
  get periodMs(): number {
    const { presenceMs, presentOften } = this.#limits;
    return presenceMs * Math.max(1, (this.#entries.size + 1) / presentOften);
  }

  /** How long a word counts from the moment at which it was said. */
  get #lastsMs(): number {
    const { presenceMs, presenceMaxAgeMs } = this.#limits;
    const { periodMs } = this;
    const shortMs = presenceMaxAgeMs - Math.min(marginMs, presenceMaxAgeMs / 2);
    return periodMs <= presenceMs ? shortMs : shortMs + 2 * periodMs;
  }

  /**
   * Whether fewer were heard of lately than should have been, so that words must get lost on
   * their way to here. Where more are here than a list holds, others pass on whom they list, and
   * nobody can tell.
   */
  hearsFew(nowMs: number): boolean {
    if (this.#entries.size >= this.#limits.presentMax) return false;
    const sinceMs = nowMs - latePeriods * this.periodMs;
    let heard = 0;
    for (const { heardMs } of this.#entries.values()) if (heardMs >= sinceMs) heard++;
    return heard < heardPart * this.#entries.size;
  }

  /** How many others are here. */
  get count(): number {
    return this.#entries.size;
  }

  /** How many are remembered as having left. */
  get leftCount(): number {
    return this.#left.size;
  }

  /** When the next of them counts as gone, on the monotonic clock. */
  get deadlineMs(): number {
    if (this.#deadlineMs !== null) return this.#deadlineMs;
    let earliest = Infinity;
    for (const entry of this.#entries.values()) earliest = Math.min(earliest, entry.expiresMs);
    return this.#deadlineMs = earliest;
  }

  /** Whether somebody is here. */
  has(peer: PeerId): boolean {
    return this.#entries.has(peer);
  }

  /**
   * Whether a word is newer than the last from its author and young enough, so that its
   * signature is worth verifying.
   *
   * @param networkMs What others' clocks show, as far as we can tell.
   * @param direct Whether it came over the author's own link.
   * @param isLinked Whether there is such a link, which is proof of being here, whatever clocks
   * show.
   */
  isNews(word: SignedPresence, networkMs: number, direct: boolean, isLinked = direct): boolean {
    const { presenceMs, presenceMaxAgeMs, clockSkewMs } = this.#limits;
    const isFar = ({ time }: SignedPresence) => time.ms > networkMs + clockSkewMs;
    // Its author brings it himself to where it counts. Among those who pass on what is linked
    // to all of them, two such words would take one another's place for ever.
    if (!direct && isFar(word)) return false;
    const known = (this.#entries.get(word.author) ?? this.#left.get(word.author))?.word;
    const order = known === undefined ? 1 : compareTimes(word.time, known.time);
    if (order === 0) return false;
    // What was stamped by a clock that was far ahead must not stand against all that follows.
    if (known !== undefined && order < 0 && !isFar(known)) {
      // Only over the author's own link is it sure that a clock was set back.
      return direct && known.time.ms - word.time.ms > presenceMs;
    }
    if (isLinked) return true;
    // There is no room for anybody more who is only heard of, unless a person has named the key: one
    // or two made-up words a second keep a list full for good.
    const isFull = known === undefined && this.#entries.size >= this.#limits.presentMax &&
      !this.#isKnown(word.author);
    if (isFull && word.state !== "left") return false;
    const ageMs = networkMs - word.time.ms;
    // One that would end at once would come and go with every copy of it.
    return ageMs < Math.min(this.#lastsMs, presenceMaxAgeMs) && ageMs >= -clockSkewMs;
  }

  /**
   * Takes a verified word that is news.
   *
   * @param word What was said.
   * @param isLinked Whether there is a link of the author's own.
   * @param networkMs What others' clocks show, as far as we can tell.
   * @param nowMs The monotonic clock.
   */
  onWord(
    word: SignedPresence,
    isLinked: boolean,
    networkMs: number,
    nowMs: number,
  ): PresenceChange {
    // What was long on its way must not count for longer than what came at once.
    const ageMs = isLinked ? 0 : Math.max(0, networkMs - word.time.ms);
    const expiresMs = nowMs + this.#lastsMs - ageMs;
    if (word.state === "left") {
      this.#remember({ word, heardMs: nowMs, expiresMs: nowMs + this.#limits.presenceMaxAgeMs });
      return this.#end(word.author) ? "leave" : "refreshed";
    }
    this.#left.delete(word.author);
    const known = this.#entries.get(word.author);
    if (known !== undefined) {
      this.#forgetDeadline(known);
      const { state, reason } = known.word;
      known.word = word;
      known.heardMs = nowMs;
      known.expiresMs = expiresMs;
      this.#entries.delete(word.author);
      this.#entries.set(word.author, known);
      this.#hasten(expiresMs);
      return state === word.state && reason === word.reason ? "refreshed" : "away";
    }
    if (this.#entries.size >= this.#limits.presentMax) {
      // Who has a link of his own is here for certain; the stranger silent longest makes room.
      this.#end(firstToForget(this.#entries.keys(), this.#isKnown));
    }
    this.#entries.set(word.author, { word, heardMs: nowMs, expiresMs });
    this.#hasten(expiresMs);
    return "join";
  }

  /**
   * Somebody's own link has brought a word. If others have passed on the same before, it counts
   * from now on as if it had come directly: it is proof of being here, whatever clocks show.
   */
  onOwnLink({ author, signature }: SignedPresence, nowMs: number): void {
    const known = this.#entries.get(author);
    const expiresMs = nowMs + this.#lastsMs;
    if (known === undefined || expiresMs <= known.expiresMs) return;
    if (known.word.signature.toHex() !== signature.toHex()) return;
    this.#forgetDeadline(known);
    known.heardMs = nowMs;
    known.expiresMs = expiresMs;
    this.#hasten(expiresMs);
  }

  /** Those whose last word is too old; they are gone now. */
  onTime(nowMs: number): PeerId[] {
    for (const [peer, { expiresMs }] of this.#left) if (expiresMs <= nowMs) this.#left.delete(peer);
    return this.#drop((entry) => entry.expiresMs <= nowMs);
  }

  /** The link to somebody is gone: unless another way brings a fresh word soon, so is the person. */
  onLinkLost(peer: PeerId, nowMs: number): void {
    const entry = this.#entries.get(peer);
    if (entry === undefined) return;
    const graceMs = this.#limits.presenceMs * 1.25;
    entry.expiresMs = Math.min(entry.expiresMs, nowMs + graceMs);
    this.#hasten(entry.expiresMs);
  }

  /** No link to anybody is left: who cannot be reached is not here. */
  onAlone(): PeerId[] {
    return this.#drop(() => true);
  }

  #drop(gone: (entry: Entry) => boolean): PeerId[] {
    const left: PeerId[] = [];
    for (const [peer, entry] of this.#entries) {
      if (!gone(entry)) continue;
      this.#end(peer);
      left.push(peer);
    }
    return left;
  }

  #end(peer: PeerId): boolean {
    const entry = this.#entries.get(peer);
    if (entry !== undefined) this.#forgetDeadline(entry);
    return this.#entries.delete(peer);
  }

  #hasten(expiresMs: number): void {
    if (this.#deadlineMs !== null) this.#deadlineMs = Math.min(this.#deadlineMs, expiresMs);
  }

  #forgetDeadline({ expiresMs }: Entry): void {
    if (expiresMs === this.#deadlineMs) this.#deadlineMs = null;
  }

  #remember(entry: Entry): void {
    this.#left.delete(entry.word.author);
    this.#left.set(entry.word.author, entry);
    if (this.#left.size > this.#limits.presentMax) {
      const [oldest] = this.#left.keys();
      this.#left.delete(oldest!);
    }
  }
}
