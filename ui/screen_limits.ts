/**
 * The limits of the screens, beside those of the engine in wire/limits.ts: how much a face
 * may remember, queue and put into one line, whatever a peer or a program sends.
 */

/** Each says what breaks if it is smaller or larger. */
export const screenLimits = {
  /**
   * Texts given to the engine and not yet durable. Each holds at most 16 KiB, so 16 MiB in
   * all; fewer would starve the store of large transactions (bench/throughput.ts).
   */
  inFlightMax: 1_024,
  /** Bytes of one read from standard input; larger reads were no faster. */
  readBytes: 64 * 1024,
  /** Characters that wait for a reader of our output before we stop producing more. */
  outputQueueMax: 1024 * 1024,
  /** How long a reader of our output may stand still while we leave. */
  leaveFlushMs: 2_000,
  /** Posts that can be named by number or by the start of their id, oldest out first. */
  recentPostsMax: 1_000,
  /** People whose names are compared to find those shared by two, oldest out first. */
  namesKnownMax: 4_096,
  /** Key digits beside a shared name; more are taken until the two differ. */
  keyTagDigits: 4,
  /** Posts that open a room on a terminal. */
  historyShown: 20,
  /** Posts in one answer to `/last` or `history`; more cost one very long turn of the loop. */
  historyMax: 500,
  /** Posts in an answer to `history` that names no `limit`. */
  historyDefault: 50,
  /** Bytes of a `ref`, which comes back in an answer of at most 128 KiB. */
  refBytesMax: 4_096,
  /** Marks on one character: no script that people write needs more, zalgo needs dozens. */
  marksMax: 8,
  /** First characters of a post that an answer quotes. */
  quoteCharactersMax: 40,
  /** Own addresses, as neighbours say to see them, in `/net`; the rest are rarely named. */
  observedShownMax: 5,
  /** Bytes of an answer to a question: a name, an address, a passphrase. */
  answerBytesMax: 4_096,
} as const;
