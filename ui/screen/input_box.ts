/** The draft of one room and the lines that were sent from it, to be taken up again. */

import { screenLimits } from "../screen_limits.ts";
import { type Draft, draftOf, emptyDraft } from "./line_editor.ts";

/** A draft and a history to walk through. */
export class InputBox {
  draft: Draft = emptyDraft;
  /** Oldest first. */
  #sent: string[] = [];
  /** Where in the history one is; its length: at the draft itself. */
  #at = 0;
  /** What was being written when the walk began. */
  #aside: Draft = emptyDraft;

  /** Lines that were sent, oldest first. */
  get sent(): readonly string[] {
    return this.#sent;
  }

  /**
   * Takes the draft as sent: it becomes the newest of the history, and nothing is left. What is
   * pasted mostly ends with a newline that nobody means to say.
   */
  send(remember: boolean): string {
    const text = withoutEnd(this.draft.text);
    if (remember && text !== "" && this.#sent.at(-1) !== text) this.#sent.push(text);
    if (this.#sent.length > screenLimits.inputHistoryMax) this.#sent.shift();
    this.#at = this.#sent.length;
    this.draft = emptyDraft;
    return text;
  }

  /** Puts the history of earlier runs in front. */
  recall(lines: readonly string[]): void {
    this.#sent = [...lines, ...this.#sent].slice(-screenLimits.inputHistoryMax);
    this.#at = this.#sent.length;
  }

  /** Goes to an older or newer line of the history; stays at its ends. */
  walk(by: -1 | 1): void {
    const next = this.#at + by;
    if (next < 0 || next > this.#sent.length) return;
    if (this.#at === this.#sent.length) this.#aside = this.draft;
    this.#at = next;
    this.draft = next === this.#sent.length ? this.#aside : draftOf(this.#sent[next]!);
  }

  /**
   * Searches the history from the newest on.
   *
   * @param text What the line holds, in any case.
   * @param skip How many findings to pass over.
   */
  find(text: string, skip: number): string | null {
    const wanted = text.toLowerCase();
    const found = this.#sent.filter((line) => line.toLowerCase().includes(wanted));
    return found.at(-1 - skip) ?? null;
  }
}

/** A draft without the newlines at its end. */
export function withoutEnd(text: string): string {
  return text.replace(/\n+$/, "");
}
