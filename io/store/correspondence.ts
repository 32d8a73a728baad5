/**
 * Letters, what was decided about the people they are with, and the keys they are sealed to: one
 * part of a store, with errors in its one form. letters.ts has the statements.
 */

import type { LetterReader, PersonRecord, SealingKey, StoredLetter } from "../../peer/letter.ts";
import { fromId, type PeerId, type PostId } from "../../wire/ids.ts";
import type { Letters } from "./letters.ts";
import { wordsOf } from "./search.ts";
import { guarded } from "./store_error.ts";
import { endOfTime, type Timeline } from "./timeline.ts";
import type { Transactions } from "./transaction.ts";

/** Reads letters, and keeps what concerns them. Every method may throw `StoreError`. */
export class Correspondence implements LetterReader {
  /**
   * @param path The database file, for messages.
   * @param transactions Of the store.
   * @param tables Of letters, people and keys.
   * @param timeline Where posts stand, for a search before one.
   * @param onPerson Told when something was decided about somebody.
   */
  constructor(
    private readonly path: string,
    private readonly transactions: Transactions,
    private readonly tables: Letters,
    private readonly timeline: Timeline,
    private readonly onPerson: () => void,
  ) {}

  /** The letter in a post, or `null`. */
  letter(id: PostId): StoredLetter | null {
    return guarded(this.path, () => this.tables.letter(id));
  }

  /** Letters exchanged with somebody: the newest before a post, oldest first. */
  letters(
    peer: PeerId,
    before: PostId | null,
    limit: number,
  ): { readonly rows: readonly StoredLetter[]; readonly more: boolean } {
    return guarded(this.path, () => this.tables.letters(peer, before, limit));
  }

  /** The same after a post. */
  lettersAfter(
    peer: PeerId,
    after: PostId,
    limit: number,
  ): { readonly rows: readonly StoredLetter[]; readonly more: boolean } {
    return guarded(this.path, () => this.tables.lettersAfter(peer, after, limit));
  }

  /** Those with whom letters were exchanged, the latest first, each with the first letter. */
  correspondents(limit: number): StoredLetter[] {
    return guarded(this.path, () => this.tables.correspondents(limit));
  }

  /**
   * Letters that hold every word of a question, with one peer or (`null`) anybody: newest first,
   * perhaps one more than wanted.
   */
  searchLetters(
    query: string,
    peer: PeerId | null,
    before: PostId | null,
    limit: number,
  ): { readonly rows: StoredLetter[]; readonly unsearched: number } {
    return guarded(this.path, () => {
      const letter = before === null ? null : this.tables.letter(before);
      const place = before === null
        ? endOfTime
        : letter === null
        ? this.timeline.placeOf(null, before)
        : { time: letter.time, id: fromId(letter.id) };
      return place === null
        ? { rows: [], unsearched: 0 }
        : this.tables.find(wordsOf(query), peer, place, limit);
    });
  }

  /** The letter up to which a chat has been read, if it was ever said. */
  letterReadUpTo(peer: PeerId): PostId | null {
    return guarded(this.path, () => this.tables.readUpTo(peer));
  }

  /** Moves a chat's marker forward to a letter in it; says whether it moved. */
  markLetterRead(peer: PeerId, id: PostId): boolean {
    return guarded(this.path, () => {
      let moved = false;
      this.transactions.run("written", () => {
        moved = this.tables.markRead(peer, id);
      });
      return moved;
    });
  }

  /** Letters of the other one after the marker of a chat; at most `most` are counted. */
  unreadLetters(peer: PeerId, most: number): number {
    return guarded(this.path, () => this.tables.unread(peer, most));
  }

  /** Own sealing keys, the newest last. */
  sealingKeys(): SealingKey[] {
    return guarded(this.path, () => this.tables.keys());
  }

  /** Keeps exactly these sealing keys. */
  rememberKeys(keys: readonly SealingKey[]): void {
    guarded(
      this.path,
      () => this.transactions.run("written", () => this.tables.setKeys(keys)),
    );
  }

  /** What was decided about people. */
  people(): (readonly [PeerId, PersonRecord])[] {
    return guarded(this.path, () => this.tables.people());
  }

  /** Keeps what was decided about somebody. */
  rememberPerson(peer: PeerId, person: PersonRecord): void {
    guarded(
      this.path,
      () => this.transactions.run("written", () => this.tables.setPerson(peer, person)),
    );
    this.onPerson();
  }
}
