/**
 * What a run of the simulator leaves behind: a hash over every input and action of every peer,
 * equal for equal seeds, and on demand the same in words.
 */

import { createHash } from "node:crypto";
import type { Action, ReceiptChange } from "../../peer/action.ts";
import type { ConnectionId, Input } from "../../peer/input.ts";
import type { PeerId } from "../../wire/ids.ts";
import type { EngineWords } from "../engine_words.ts";

/** Takes one line of a readable trace. */
export type LineTaker = (line: string) => void;

/** The trace of one run. */
export class Trace {
  readonly #hash = createHash("sha256");
  readonly #words: EngineWords;
  readonly #take: LineTaker | null;

  /**
   * @param words For the readable form.
   * @param take Takes its lines; `null` if nobody reads them.
   */
  constructor(words: EngineWords, take: LineTaker | null) {
    this.#words = words;
    this.#take = take;
  }

  /** The hash of all so far. */
  get hash(): string {
    return this.#hash.copy().digest("hex").slice(0, 16);
  }

  /** Something that the simulator itself does. */
  note(atMs: number, text: string): void {
    this.#hash.update(`${atMs} ${text}\n`);
    this.#take?.(`${stamp(atMs)} ***   ${text}`);
  }

  /** What a peer is about to be told in a frame. */
  heard(atMs: number, name: string, from: PeerId, messages: Uint8Array): void {
    if (this.#take === null) return;
    const text = `${this.#words.messages(messages)} (from ${this.#words.nameOf(from)})`;
    this.#line(atMs, name, "~", text);
  }

  /** One step of one peer. */
  step(
    atMs: number,
    name: string,
    inputs: readonly Input[],
    actions: readonly Action[],
    linkName: (connection: ConnectionId) => string,
  ): void {
    // One text, then all bytes: a call of the hash costs more than what it is given.
    const texts = [`${atMs} ${name}`, ...inputs.map(inputText), ...actions.map(actionText)];
    this.#hash.update(texts.join("\n"));
    for (const action of actions) {
      if (action.type === "write") this.#hash.update(action.bytes);
    }
    if (this.#take === null) return;
    for (const input of inputs) this.#line(atMs, name, ">", this.#words.input(input, linkName));
    for (const action of actions) this.#line(atMs, name, "<", this.#words.action(action, linkName));
  }

  #line(atMs: number, name: string, sign: string, text: string): void {
    this.#take?.(`${stamp(atMs)} ${name.padEnd(4)}${sign} ${text}`);
  }
}

/** Its bytes are in the hash already, from the peer that wrote them. */
function inputText(input: Input): string {
  if (input.type !== "received") return JSON.stringify(input);
  return `received ${input.connection} ${input.bytes.length}`;
}

function actionText(action: Action): string {
  if (action.type === "write") return `write ${action.connection} ${action.bytes.length}`;
  if (action.type === "keepReceipts") return `keep ${action.room} ${receiptText(action.change)}`;
  if (action.type !== "append") return JSON.stringify(action);
  const posts = action.arrivals.map(({ post, origin }) => `${origin} ${post.id}`);
  return `append ${posts.join()} ${action.newLog}`;
}

/** Words are in the hash already, from whoever signed them. */
function receiptText({ words, gone, holders }: ReceiptChange): string {
  const authors = words.map(({ author, time }) => `${author} ${time.ms}`);
  return `${authors.join()} ${gone.join()} ${JSON.stringify(holders)}`;
}

function stamp(atMs: number): string {
  return (atMs / 1_000).toFixed(3).padStart(9);
}
