/**
 * The life of a handle on a running peer: what it holds together, until when it answers, how it
 * ends, and how what fails beneath it is told.
 */

import type { Engine } from "../peer/engine.ts";
import { ChatError } from "../peer/errors.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { PeerId, PostId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Dialer } from "./dialer.ts";
import type { LanSearch } from "./finders/lan_search.ts";
import type { Listening } from "./listening.ts";
import type { NoticeStream } from "./notice_stream.ts";
import type { Shell } from "./shell.ts";
import { noteDamage } from "./store/rescue.ts";
import type { SqliteStore } from "./store/sqlite_store.ts";
import { StoreError } from "./store/store_error.ts";

/** What a handle holds together. */
export interface ChatParts {
  readonly me: PeerId;
  readonly engine: Engine;
  readonly shell: Shell;
  readonly store: SqliteStore;
  readonly crypto: CryptoSuite;
  readonly dialer: Dialer;
  readonly listening: Listening;
  readonly lan: LanSearch;
  readonly notices: NoticeStream;
  readonly limits: Limits;
  /** Closes the store and gives the folder free. */
  readonly release: () => void;
  /** Takes lines of diagnostics. */
  readonly log: (line: string) => void;
}

/** How long the engine may take to say goodbye; it answers within one step unless it is stuck. */
const quitMs = 2_000;

/** From an open peer to a closed one. */
export class ChatLife {
  #closing: Promise<void> | null = null;

  /** @param parts What is closed at the end. */
  constructor(private readonly parts: ChatParts) {}

  /** `Chat.close` */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /**
   * The engine has failed: the shell has closed everything, the rest ends here.
   *
   * @param error What the reader of the notices gets.
   */
  fail(error: ChatError): void {
    const { listening, lan, dialer, notices } = this.parts;
    this.#closing ??= Promise.resolve();
    listening.close();
    lan.close();
    dialer.close();
    this.#release();
    notices.end(error);
  }

  async #close(): Promise<void> {
    const { shell, listening, lan, dialer, notices } = this.parts;
    const freed = Promise.all([listening.close(), lan.close()]);
    dialer.close();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), quitMs));
    // A peer that has failed or was closed already has nobody to say goodbye to.
    await Promise.race([shell.command({ type: "quit" }).catch(() => null), late]);
    clearTimeout(timer);
    await Promise.all([shell.stop(), freed]);
    this.#release();
    notices.end();
  }

  #release(): void {
    try {
      this.parts.release();
    } catch (error) {
      this.parts.log(`close: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** @throws {ChatError} `closed`, once the end has begun. */
  requireOpen(): void {
    if (this.#closing !== null) throw new ChatError("closed", "This peer is closed");
  }

  /** Reads from the store; its errors become those of the handle. */
  guard<T>(read: () => T): T {
    this.requireOpen();
    try {
      return read();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      noteDamage(error);
      throw new ChatError(error.code === "disk-full" ? "disk-full" : "disk-error", error.message);
    }
  }
}

/** The post that a command has made. */
export function made(id: PostId | null, command: string): PostId {
  if (id === null) throw new ChatError("not-available", `${command} has made no post`);
  return id;
}

/** The error for a post that is not stored, or not in the room that was given. */
export function noSuchPost(id: PostId, room?: string): ChatError {
  const where = room === undefined ? "here" : `here in the room ${JSON.stringify(room)}`;
  return new ChatError("no-such-post", `No post ${id} is stored ${where}`);
}
