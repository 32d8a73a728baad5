/**
 * What every face of a chat can do, so that one runner (ui/run_face.ts) drives them all:
 * it reads input, watches the notices, ends the run; a face only shows and understands.
 */

import type { Notice, RoomName } from "../peer/notice.ts";
import type { InputLine } from "./input_lines.ts";

/** What a remark is about; the `code` of a `notice` on the NDJSON interface. */
export type RemarkCode = "line-mode" | "room-not-opened" | "undelivered" | "ended";

/** What all faces have. */
interface AnyFace {
  /** Shows the beginning; called once, first. */
  start(welcome: readonly string[]): void;
  /** Shows something that happened. */
  notice(notice: Notice): void;
  /** Tells the person something about this program itself. */
  remark(code: RemarkCode, text: string): void;
  /** Says one text in a room; resolves with whether it was accepted. */
  message(room: RoomName, text: string): Promise<boolean>;
  /** Resolves when all input taken has been answered. */
  settled(): Promise<void>;
}

/** A face that reads lines. */
export interface LineFace extends AnyFace {
  /** The longest line of input; a longer one comes as a problem. */
  readonly lineBytesMax: number;
  /**
   * Takes a line of input.
   *
   * @returns A promise if the next line must wait for it.
   */
  input(line: InputLine): Promise<void> | undefined;
}

/** A face that reads keys, and has the terminal for itself until it is closed. */
export interface KeyFace extends AnyFace {
  /** Takes input as it comes, in pieces of any size. */
  keys(chunk: Uint8Array): void;
  /**
   * Acts on no key any more. Resolves when the terminal has answered what it was asked, or had
   * time to: what it answers after it was given back the shell would take for keys.
   */
  part(): Promise<void>;
  /** Gives the terminal back. */
  close(): void;
}

/** One way to show a chat and to be told what to do. */
export type Face = LineFace | KeyFace;
