/**
 * What a command can fail with: one error class with a closed list of codes. The codes are
 * part of the NDJSON contract (PROTOCOL.md, "Error codes") and are never translated.
 */

/** Every code that a command may be answered with. */
export type ErrorCode =
  | "text-empty"
  | "text-too-long"
  | "text-nul"
  | "text-surrogate"
  | "name-empty"
  | "name-too-long"
  | "name-surrogate"
  | "name-control"
  | "room-name-empty"
  | "room-name-too-long"
  | "room-name-surrogate"
  | "room-name-control"
  | "room-name-space"
  | "too-many-rooms"
  | "not-joined"
  | "no-such-post"
  | "not-the-author"
  | "no-such-peer"
  | "bad-address"
  | "own-address"
  | "too-many-addresses"
  | "bad-invite"
  | "expired-invite"
  | "newer-invite"
  | "own-invite"
  | "not-listening"
  | "port-taken"
  | "bad-port"
  | "disk-full"
  | "disk-error"
  | "closed"
  | "not-available"
  | "no-key"
  | "blocked"
  | "too-many-people"
  | "verified-name"
  | "nobody-in-charge"
  | "not-in-charge"
  | "removed"
  | "room-closed"
  | "not-a-member"
  | "bad-command"
  | "bad-json"
  | "bad-field"
  | "line-too-long"
  | "file";

/** A command that was refused. The message says what, the value seen and what to do. */
export class ChatError extends Error {
  /** Tells this class apart from others. */
  override readonly name = "ChatError";
  /**
   * An error for a command.
   *
   * @param code What a caller may act upon.
   * @param message One line for a person.
   */
  constructor(
    /** What a caller may act upon. */
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}
