/**
 * What pages may have missed and may ask for again: the last notices of this run, each with
 * its number, and the answers to the last texts that pages have said. With the first a page
 * resumes after a break without a gap, with the second it may send a text again, not knowing
 * whether it arrived, and it is said once.
 */

import type { Notice } from "../../peer/notice.ts";

/** A notice and its number, from 1. */
export interface Numbered {
  readonly number: number;
  readonly notice: Notice;
}

/** How much is remembered. */
export interface MemoryLimits {
  /** Notices; with fewer, a shorter break already makes a page load its rooms anew. */
  readonly noticesMax: number;
  /** Characters of their texts. */
  readonly charactersMax: number;
  /** Answers to texts; more than a page can have under way. */
  readonly answersMax: number;
}

/** What holds unless a test needs less. */
export const memoryLimits: MemoryLimits = {
  noticesMax: 4_096,
  charactersMax: 4 * 1024 * 1024,
  answersMax: 4_096,
};

/** The memory that all pages of a run share. */
export class PageMemory {
  readonly #limits: MemoryLimits;
  #notices: Numbered[] = [];
  #characters = 0;
  #last = 0;
  /** By what the page has called it: the answer, or who waits for it. */
  readonly #answers = new Map<string, string | ((line: string) => void)[]>();

  /** Nothing has happened. */
  constructor(limits: MemoryLimits = memoryLimits) {
    this.#limits = limits;
  }

  /** The number of the newest notice. */
  get last(): number {
    return this.#last;
  }

  /** Remembers a notice; gives its number. */
  add(notice: Notice): number {
    const number = ++this.#last;
    this.#notices.push({ number, notice });
    this.#characters += charactersOf(notice);
    const { noticesMax, charactersMax } = this.#limits;
    // Cut in halves: taking one off the front of an array each time would cost its length.
    if (this.#notices.length >= 2 * noticesMax || this.#characters > charactersMax) {
      const kept = this.#notices.slice(-Math.min(noticesMax, this.#notices.length >> 1));
      this.#notices = kept;
      this.#characters = kept.reduce((sum, each) => sum + charactersOf(each.notice), 0);
    }
    return number;
  }

  /**
   * What has happened after a notice.
   *
   * @returns `null` if that is more than is remembered, or lies in the future.
   */
  after(number: number): readonly Numbered[] | null {
    if (number > this.#last) return null;
    const first = this.#notices[0]?.number ?? this.#last + 1;
    return number < first - 1 ? null : this.#notices.slice(number - first + 1);
  }

  /**
   * Takes a text, if it was not taken before.
   *
   * @param again Gets the answer if it was: now, or as soon as there is one.
   * @returns Whether it is to be said now.
   */
  take(key: string, again: (line: string) => void): boolean {
    const answer = this.#answers.get(key);
    if (typeof answer === "string") again(answer);
    // A page that asks again and again has only itself to wait for.
    else if (answer !== undefined) answer.splice(0, answer.length > 7 ? 1 : 0, again);
    if (answer !== undefined) return false;
    this.#answers.set(key, []);
    if (this.#answers.size > this.#limits.answersMax) {
      const [oldest] = this.#answers.keys();
      this.#answers.delete(oldest!);
    }
    return true;
  }

  /** Remembers the answer to a text that was taken. */
  answered(key: string, line: string): void {
    const waiting = this.#answers.get(key);
    if (waiting === undefined || typeof waiting === "string") return;
    this.#answers.set(key, line);
    for (const again of waiting) again(line);
  }
}

function charactersOf(notice: Notice): number {
  return notice.type === "message" ? notice.post.text.length : 0;
}
