/** The limits of the page's server. Nobody but this machine can reach it; that is many enough. */

/** Each says what breaks if it is smaller or larger. */
export interface PageLimits {
  /** Pages open at once: tabs of one person. More would only multiply what each costs. */
  readonly socketsMax: number;
  /**
   * Connections that are no WebSocket. Beyond it the oldest makes room: a browser is done within
   * milliseconds, and silent ones cannot keep it out.
   */
  readonly connectionsMax: number;
  /** Bytes of a head; browsers send about 1 KiB. */
  readonly headBytesMax: number;
  /** From the connection to the end of the head. */
  readonly headMs: number;
  /** From the end of the head until the answer is taken. */
  readonly answerMs: number;
  /** Between two pings to a page. */
  readonly pingMs: number;
  /** A page that gives no sign for so long is gone. */
  readonly deadMs: number;
  /** Bytes that may wait for a page to take them; beyond it, it is cut and comes again. */
  readonly queuedBytesMax: number;
  /** Bytes of one message from a page, as of one line in NDJSON. */
  readonly messageBytesMax: number;
}

/** What holds unless a test needs less. */
export const pageLimits: PageLimits = {
  socketsMax: 8,
  connectionsMax: 64,
  headBytesMax: 8 * 1024,
  headMs: 5_000,
  answerMs: 10_000,
  pingMs: 15_000,
  deadMs: 40_000,
  queuedBytesMax: 8 * 1024 * 1024,
  messageBytesMax: 128 * 1024,
};
