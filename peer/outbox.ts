/**
 * What waits in the engine for one link, in three queues: control first, then live posts,
 * then pages of history. It is emptied into frames of whole messages.
 *
 * Each queue is bounded. Gossip that does not fit is refused here and its logs are told of in
 * a frontier later, so that history brings it; control that does not fit ends the link.
 */

import { plaintextBytesMax } from "../wire/channel.ts";
import type { Limits } from "../wire/limits.ts";

/** What fits a frame beside the announcement of a new key. */
const messageBytesMax = plaintextBytesMax - 2;

/** The queues of one link. */
export class Outbox {
  readonly #limits: Limits;
  readonly #queues: readonly [control: Queue, live: Queue, pages: Queue] = [
    new Queue(),
    new Queue(),
    new Queue(),
  ];

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Bytes of control messages that wait. */
  get controlBytes(): number {
    return this.#queues[0].bytes;
  }

  /** Bytes of gossip that wait. */
  get liveBytes(): number {
    return this.#queues[1].bytes;
  }

  /** Bytes of history pages that wait. */
  get pageBytes(): number {
    return this.#queues[2].bytes;
  }

  /**
   * Queues a message.
   *
   * @param message Encoded; may be shared with other links.
   * @param lane Which of the queues.
   * @returns Whether there was room; a page is only owed room while fewer than
   * `pagesQueuedBytesMax` bytes of pages wait.
   */
  push(message: Uint8Array, lane: "control" | "live" | "page"): boolean {
    const { outboxControlBytesMax, outboxLiveBytesMax, pagesQueuedBytesMax, pageBytesMax } =
      this.#limits;
    const [queue, bytesMax] = lane === "control"
      ? [this.#queues[0], outboxControlBytesMax] as const
      : lane === "live"
      ? [this.#queues[1], outboxLiveBytesMax] as const
      : [this.#queues[2], pagesQueuedBytesMax + 2 * pageBytesMax] as const;
    // One that fits no frame would stay at the head of its queue for good.
    if (message.length > messageBytesMax || queue.bytes + message.length > bytesMax) return false;
    queue.push(message);
    return true;
  }

  /**
   * Takes whole messages, the most urgent first.
   *
   * @param bytesMax What fits the frame.
   * @returns The messages one after the other, or `null` if none waits.
   */
  take(bytesMax: number): Uint8Array | null {
    const taken: Uint8Array[] = [];
    let length = 0;
    for (const queue of this.#queues) {
      for (let head; (head = queue.head) !== undefined;) {
        if (length + head.length > bytesMax) return join(taken, length);
        taken.push(head);
        length += head.length;
        queue.shift();
      }
    }
    return taken.length === 0 ? null : join(taken, length);
  }
}

/** First in, first out; what was taken is let go after at most as many takes as items were left. */
class Queue {
  #items: Uint8Array[] = [];
  #first = 0;
  bytes = 0;

  get head(): Uint8Array | undefined {
    return this.#items[this.#first];
  }

  push(item: Uint8Array): void {
    this.#items.push(item);
    this.bytes += item.length;
  }

  shift(): void {
    this.bytes -= this.#items[this.#first]!.length;
    this.#first++;
    if (this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
