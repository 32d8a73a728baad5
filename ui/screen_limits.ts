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
  /** How long a terminal is waited for that was asked something, when we leave: a slow ssh. */
  answerMs: 200,
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
  /** Characters of a sentence in NDJSON; of more, escaped, a line would not hold each. */
  sentenceCharactersMax: 1_000,
  /** Bytes of a `ref`, which comes back in an answer of at most 128 KiB. */
  refBytesMax: 4_096,
  /** Lines at once about links that others open and lose; more than a room of friends makes. */
  linkLinesMax: 32,
  /** How often such a line comes after those. */
  linkLineMs: 6_000,
  /** Lines at once about people who come, go or take other names; a class that comes is as many. */
  peopleLinesMax: 100,
  /** How often such a line comes after those. */
  peopleLineMs: 1_000,
  /** Marks on one character: no script that people write needs more, zalgo needs dozens. */
  marksMax: 8,
  /** First characters of a post that an answer quotes. */
  quoteCharactersMax: 40,
  /** Own addresses, as neighbours say to see them, in `/net`; the rest are rarely named. */
  observedShownMax: 5,
  /** Posts of a room that the full screen holds; scrolling fetches others and lets go of these. */
  roomPostsMax: 2_000,
  /** Posts fetched at a time while scrolling: several screens, some milliseconds. */
  scrollPagePosts: 200,
  /** Posts that a room opens with: the tallest screens; more would make the first frame late. */
  openPagePosts: 60,
  /** Sentences about what goes on, such as a gap, that stand in a room at once. */
  standingNotesMax: 50,
  /** Rows that one post takes on a screen; 16 KiB of words take some 350, of newlines 16,000. */
  postRowsMax: 500,
  /** People drawn beside a room, and names in one folded line of comings and goings. */
  peopleShownMax: 500,
  /** Names in one folded line of comings and goings. */
  foldedNamesMax: 12,
  /** Characters of a draft: four times what a post may hold, so that a paste can be cut down. */
  draftCharactersMax: 65_536,
  /** Rows that a draft takes on the screen. */
  inputRowsMax: 5,
  /** Lines of a paste that are sent without a question. */
  pasteLinesUnasked: 3,
  /** Lines in the input history of a room, oldest out first. */
  inputHistoryMax: 200,
  /** Characters of the input history of a room on disk; 1 MiB has to do for all rooms. */
  inputHistoryCharactersMax: 8_192,
  /** Characters of a draft that outlives the program; a longer one is a paste. */
  keptDraftCharactersMax: 16_384,
  /** How long after a change drafts and read markers are kept. */
  memoryMs: 900,
  /** How old what the bars show may be: who is here, who is linked. */
  factsMs: 1_000,
  /** How long after somebody has come ticks are looked up again: by then they have told. */
  ticksAgainMs: 3_000,
  /** Characters that an unfinished escape sequence may have; a longer one is no key. */
  escapeCharactersMax: 32,
  /** How long after an ESC the rest of a key may come; slower links need the `ESC` key rarely. */
  escapeWaitMs: 60,
  /** Frames are at least so far apart while others write; keys do not wait. */
  frameMs: 16,
  /** A second Ctrl+C or Ctrl+D within this time leaves. */
  leaveAgainMs: 3_000,
  /** Graphemes whose widths are remembered; all of Chinese would fit. */
  widthsCachedMax: 65_536,
  /** Names offered by one Tab; nobody walks through more. */
  completionsMax: 200,
  /** Bytes of an answer to a question: a name, an address, a passphrase. */
  answerBytesMax: 4_096,
} as const;
