/**
 * What of the screen outlives it: drafts, lines that were sent, and how far a room was read.
 * Kept by the chat, a moment after it has changed and when the screen closes. A text with an
 * invite in it is a key to a room and is kept nowhere.
 */

import type { Chat } from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import { screenLimits } from "../screen_limits.ts";
import { draftOf } from "./line_editor.ts";
import type { RoomView } from "./room_view.ts";

/** Whether a text may be kept. */
export function isKept(text: string): boolean {
  return !/starling:/i.test(text);
}

/** Keeps and brings back. */
export class Memory {
  /** Drafts as they are kept, by room. */
  readonly #drafts = new Map<string, string>();

  /**
   * @param chat Where it is kept.
   */
  constructor(private readonly chat: Chat) {}

  /** Brings back the draft and the input history of a room. */
  recall(view: RoomView): void {
    const { room, input } = view;
    const draft = this.#get(`draft:${room}`);
    if (draft !== null) {
      input.draft = draftOf(draft);
      this.#drafts.set(room, draft);
    }
    const lines = this.#get(`sent:${room}`);
    if (lines !== null) input.recall(linesOf(lines));
  }

  /** Keeps what was sent. */
  sent({ room, input }: RoomView): void {
    let lines = input.sent.filter(isKept);
    let text = JSON.stringify(lines);
    while (text.length > screenLimits.inputHistoryCharactersMax && lines.length > 0) {
      // Half at a time: measuring after each line would take the square of their number.
      lines = lines.slice(Math.ceil(lines.length / 2));
      text = JSON.stringify(lines);
    }
    this.#save(`sent:${room}`, lines.length === 0 ? null : text);
  }

  /** Keeps the draft of a room, if it is another than before. */
  draft({ room, input }: RoomView): void {
    const { text } = input.draft;
    const kept = isKept(text) && text.length <= screenLimits.keptDraftCharactersMax ? text : "";
    if (room === "" || kept === (this.#drafts.get(room) ?? "")) return;
    this.#drafts.set(room, kept);
    this.#save(`draft:${room}`, kept === "" ? null : kept);
  }

  /** Marks a room as read up to the newest post that is on its screen. */
  read(view: RoomView): void {
    const newest = view.entries.reachesEnd ? view.entries.edge("last")?.post.id : undefined;
    if (newest === undefined || newest === view.marked || view.room === "") return;
    view.marked = newest;
    this.#quietly(() => this.chat.markRead(view.room, newest));
  }

  #get(key: string): string | null {
    return this.#quietly(() => this.chat.setting(key)) ?? null;
  }

  #save(key: string, value: string | null): void {
    this.#quietly(() => this.chat.saveSetting(key, value));
  }

  /** A disk that is full or a peer that closes keeps nobody from writing. */
  #quietly<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      return undefined;
    }
  }
}

/** Lines as they were kept; none if that is not what was kept. */
function linesOf(text: string): string[] {
  try {
    const lines: unknown = JSON.parse(text);
    return Array.isArray(lines) ? lines.filter((line) => typeof line === "string") : [];
  } catch {
    return [];
  }
}
