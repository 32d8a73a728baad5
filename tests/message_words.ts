/** The messages of a frame in words, as engine_words.ts needs them. */

import { decodeRecord } from "../wire/address_record.ts";
import { MalformedError } from "../wire/cbor.ts";
import type { Id, LogId, PeerId, RoomId } from "../wire/ids.ts";
import type { PostMark } from "../wire/mark.ts";
import type { Message } from "../wire/message.ts";
import { decodeMessages } from "../wire/message_decode.ts";
import type { FrontierEntry, RecordEntry, RelayedPost } from "../wire/message_entries.ts";
import type { SignedPost } from "../wire/post.ts";
import { decodePresence } from "../wire/presence.ts";
import { decodeReceipt, type LogMark } from "../wire/receipt.ts";

/** Where the names come from. */
export interface Names {
  /** The name of a peer, room or post. */
  nameOf(id: Id): string;
  /** The name of a log. */
  log(author: PeerId, log: LogId): string;
  /** The name of the log of a mark. */
  logCalled(mark: LogMark): string;
  /** The name of the post of a mark. */
  markName(mark: PostMark): string;
  /** A post with its place and what it says, as it comes in a message of a room. */
  envelope(envelope: SignedPost, room: RoomId): string;
}

type Ranges = readonly (readonly [from: number, to: number])[];

/** Puts messages into words. */
export class MessageWords {
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = names;
  }

  /** All messages of one frame, in order. */
  all(plaintext: Uint8Array): string {
    return readable(() => {
      const known = decodeMessages(plaintext).map((message) => this.#one(message));
      return known.join("; ") || "(nothing that this version knows)";
    });
  }

  #one(message: Message): string {
    switch (message.type) {
      case "hello":
        return "hello";
      case "join":
      case "leave":
      case "rest":
      case "prune":
        return `${message.type} ${this.#names.nameOf(message.room)}`;
      case "brief":
        // Watched links tell of whole posts.
        return `${message.posts.length} brief posts`;
      case "posts":
        return `posts ${this.#names.nameOf(message.room)} ${
          this.#posts(message.room, message.posts)
        }`;
      case "page": {
        const { room, request, posts, last } = message;
        const end = last ? " (last)" : "";
        return `page ${this.#names.nameOf(room)}/${request} ${this.#posts(room, posts)}${end}`;
      }
      case "have":
        return `have ${this.#names.nameOf(message.room)} ${numbers(message.ranges)}`;
      case "frontier": {
        const { room, entries, last } = message;
        const told = entries.map((entry) => this.#entry(entry)).join(", ") || "nothing";
        return `frontier ${this.#names.nameOf(room)} ${told}${last ? "" : " (more)"}`;
      }
      case "want": {
        const ranges = message.ranges.map(({ author, log, from, to }) =>
          `${this.#names.log(author, log)}#${numbers([[from, to]])}`
        );
        return `want ${this.#names.nameOf(message.room)}/${message.request} ${ranges.join(", ")}`;
      }
      case "floors": {
        const told = message.floors.map(({ author, log, seq, kept }) =>
          `${this.#names.log(author, log)} from ${seq + 1} and ${numbers(kept) || "nothing"}`
        );
        return `floors ${this.#names.nameOf(message.room)} ${told.join(", ") || "none"}`;
      }
      case "presence":
        return `presence ${message.presences.map((word) => this.#presence(word)).join(", ")}`;
      case "seek":
        return `seek ${this.#names.nameOf(message.room)}/${message.request} ${
          this.#names.nameOf(message.id)
        } and ${message.most - 1} before it`;
      case "digest": {
        const { room, buckets } = message;
        return `digest ${this.#names.nameOf(room)} of ${buckets.length} buckets`;
      }
      case "forks": {
        const ends = message.entries.flatMap(({ ends }) =>
          ends.map(({ id }) => this.#names.nameOf(id))
        );
        return `forks ${this.#names.nameOf(message.room)} ${ends.join(", ")}`;
      }
      case "receipts":
        return `receipts ${this.#names.nameOf(message.room)} ${
          message.receipts.map((word) => this.#receipt(word)).join(", ")
        }`;
      case "neighbour":
        return `neighbour ${this.#names.nameOf(message.room)} beside ${message.others}`;
      case "walk": {
        const { room, hopsLeft, entry } = message;
        return `walk ${this.#names.nameOf(room)} of ${this.#record(entry)}, ${hopsLeft} left`;
      }
      case "members": {
        const named = message.entries.map((entry) => this.#record(entry)).join(", ") || "nobody";
        const asks = message.ask ? ", and asks" : "";
        return `members ${this.#names.nameOf(message.room)} ${named}${asks}`;
      }
      case "ihave":
      case "graft": {
        const named = message.marks.map((mark) => this.#names.markName(mark));
        return `${message.type} ${this.#names.nameOf(message.room)} ${
          named.join(", ") || "nothing"
        }`;
      }
      case "redeem":
        return "redeem";
      case "welcome":
        return "welcome";
      case "refused":
        return `refused (${message.reason})`;
      case "tags":
        return `tags ${message.round}`;
      case "acts-wanted":
        return `acts wanted of ${this.#names.nameOf(message.room)} from ${message.from}`;
      case "acts":
        return `acts ${this.#names.nameOf(message.room)} ${
          this.#posts(message.room, message.posts)
        }`;
      case "again":
        return `again ${message.number}`;
      case "ping":
      case "pong":
      case "rekey":
        return message.type;
      case "goodbye":
        return `goodbye (${message.reason})`;
    }
  }

  #posts(room: RoomId, posts: readonly (SignedPost & Pick<RelayedPost, "wide">)[]): string {
    const shown = posts.map((post) =>
      readable(() => this.#names.envelope(post, room)) + (post.wide ? " to all" : "")
    );
    return shown.join(", ") || "without posts";
  }

  #entry({ author, log, top, above }: FrontierEntry): string {
    const held: Ranges = top > 0 ? [[1, top], ...above] : above;
    return `${this.#names.log(author, log)}#${numbers(held)}`;
  }

  #record(entry: RecordEntry): string {
    return readable(() => this.#names.nameOf(decodeRecord(entry).author));
  }

  #receipt(word: SignedPost): string {
    return readable(() => {
      const { author, held } = decodeReceipt(word);
      const logs = held.map(({ mark, ranges }) =>
        `${this.#names.logCalled(mark)}#${numbers(ranges)}`
      );
      return `of ${this.#names.nameOf(author)}: ${logs.join(", ") || "nothing"}`;
    });
  }

  #presence(word: SignedPost): string {
    return readable(() => {
      const { author, room, state } = decodePresence(word);
      return `${this.#names.nameOf(author)} ${state} in ${this.#names.nameOf(room)}`;
    });
  }
}

function numbers(ranges: Ranges): string {
  return ranges.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join("+");
}

function readable(words: () => string): string {
  try {
    return words();
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return `(malformed: ${error.message})`;
  }
}
