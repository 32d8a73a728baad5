/**
 * Limits of history: what is told of what a peer holds, asked for, and answered, and how many
 * logs and branches of whom are kept. How they are read: see `limits.ts`.
 */

/** Limits of history, logs and branches. */
export interface HistoryLimits {
  /** Separate ranges held of one log; a post that would open one more is left with its sender. */
  readonly rangesPerLogMax: number;
  /** Logs of one room that a neighbour holds more of than we do; the rest must be stated again. */
  readonly missingLogsMax: number;
  /** Ranges in what a neighbour says to hold of one room; some 50 bytes each, the rest as above. */
  readonly claimRangesMax: number;
  /** Logs of one room whose last run is remembered; for others the store is asked what links to what. */
  readonly chainRunsMax: number;

  /** Entries in one frontier message; with all their ranges they stay below `pageBytesMax`. */
  readonly frontierEntriesMax: number;
  /** How soon after a statement of a room's frontier the next is made to the same neighbour. */
  readonly frontierMs: number;
  /** How long after a digest another is told while it differs; doubles each time. */
  readonly digestMs: number;
  /** Digests of one room that a neighbour is answered at once; each may cost a look at all logs. */
  readonly digestsBurst: number;
  /** So many more each second; an honest one tells less than that. */
  readonly digestsPerSecond: number;
  /** Logs of one room that a neighbour is told for its digests at once; each has 90 bytes or more. */
  readonly statedLogsBurst: number;
  /** So many more each second; one that holds nothing is told all, and then waits for as long. */
  readonly statedLogsPerSecond: number;
  /** Logs of one room of which a neighbour is told one by one; of more a digest is told. */
  readonly logsTellingMax: number;

  /** Posts of one log in one request, so that the authors take turns. */
  readonly wantPostsPerLogMax: number;
  /** Posts in one request over a short link while people talk: what they say waits behind them. */
  readonly wantPostsLiveMax: number;
  /** Bytes that one request for history may bring before it must be repeated. */
  readonly wantBytesMax: number;
  /** How long a neighbour may take for the next page of a request. */
  readonly pageMs: number;
  /** How long nobody else is asked for what it was asked for while it sends nothing. */
  readonly wantAloneMs: number;
  /** How long after a fruitless request a neighbour is asked again; doubles each time. */
  readonly askAgainMs: number;
  /** Bytes of history pages that wait for one link. */
  readonly pagesQueuedBytesMax: number;
  /** How long after a live post people count as talking. */
  readonly liveMs: number;
  /** How long an author is not asked for who has used up what history may bring in a day. */
  readonly heldBackMs: number;
  /** Authors of one room of whom it was told that posts are held back; of more it is told again. */
  readonly heldBackToldMax: number;
  /** How often people are told how far history has come in. */
  readonly progressMs: number;
  /** Posts from which on it takes long enough to tell of. */
  readonly progressMin: number;

  /** Branches of one log that are kept; a forked key may make as many as it likes. */
  readonly branchesMax: number;
  /** Forked places of one room that are kept in mind; more are stored and told of no more. */
  readonly forkPlacesMax: number;
  /** Logs of one stranger in one room that are kept. */
  readonly logsPerAuthorMax: number;
  /** The same of a key that a person has named. */
  readonly logsPerKnownMax: number;
  /** Posts that are asked for by their ids at one time. */
  readonly seeksMax: number;
  /** Questions for ids that a link may ask at once; each costs as many reads as posts. */
  readonly seeksBurst: number;
  /** Such questions a second in the long run. */
  readonly seeksPerSecond: number;
  /** Ends of branches that a link may tell at once; each costs four reads or more. */
  readonly forkEndsBurst: number;
  /** So many more each second; what is dropped shows in the next digest. */
  readonly forkEndsPerSecond: number;
  /** How long what is missing must stay the same before people are told of it. */
  readonly gapMs: number;
  /** Authors of one room of whose gaps people are told at one time; of known keys always. */
  readonly gapsToldMax: number;
}

/** Their defaults. */
export const historyLimits: HistoryLimits = {
  rangesPerLogMax: 1_024,
  missingLogsMax: 8_192,
  claimRangesMax: 16_384,
  chainRunsMax: 1_024,

  frontierEntriesMax: 80,
  frontierMs: 1_000,
  digestMs: 10_000,
  digestsBurst: 8,
  digestsPerSecond: 2,
  statedLogsBurst: 16_384,
  statedLogsPerSecond: 1_024,
  logsTellingMax: 256,

  wantPostsPerLogMax: 1_024,
  wantPostsLiveMax: 32,
  wantBytesMax: 1024 * 1024,
  pageMs: 12_000,
  wantAloneMs: 4_000,
  askAgainMs: 30_000,
  pagesQueuedBytesMax: 128 * 1024,
  liveMs: 2_000,
  heldBackMs: 60_000,
  heldBackToldMax: 64,
  progressMs: 1_000,
  progressMin: 100,

  branchesMax: 4,
  forkPlacesMax: 4_096,
  logsPerAuthorMax: 64,
  logsPerKnownMax: 1_024,
  seeksMax: 256,
  seeksBurst: 64,
  seeksPerSecond: 16,
  forkEndsBurst: 8_192,
  forkEndsPerSecond: 512,
  gapMs: 3_000,
  gapsToldMax: 64,
};
