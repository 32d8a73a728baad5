/**
 * Limits of rooms: who is here and called what, who holds which posts, and how stamps follow the
 * clocks of others. How they are read: see `limits.ts`.
 */

/** Limits of rooms, presence, receipts and stamps. */
export interface RoomLimits {
  /** Rooms a peer may have open; each costs memory for its frontier and presence. */
  readonly roomsMax: number;
  /** Rooms one neighbour may name as open. */
  readonly neighbourRoomsMax: number;
  /** How long ago somebody was last heard of who still counts as a member of a public room. */
  readonly memberMs: number;
  /** Posts that wait to be referred to as heads, per room. */
  readonly headCandidatesMax: number;
  /** Names of people kept in memory, strangers out first, and the least recently named of them. */
  readonly namesMax: number;

  /** People per room whose presence is kept; beyond, only direct neighbours are let in, for the longest silent. */
  readonly presentMax: number;
  /** People in a room from which presence comes more rarely. */
  readonly presentOften: number;
  /** Presences of others told to a new neighbour, the newest first; the rest comes by gossip. */
  readonly presencesPerJoinMax: number;
  /** How often a link is told who is in a room and who holds what; again so often in `presenceMs`. */
  readonly presentTellings: number;
  /** How often presence is signed anew. */
  readonly presenceMs: number;
  /** Age after which presence counts for nothing. */
  readonly presenceMaxAgeMs: number;
  /**
   * Words of presence that one room takes at once over others' links than their authors', once of
   * strangers and once of those whose key a person has named; each costs a verification and goes
   * on to all.
   */
  readonly presenceWordsBurst: number;
  /** So many more each second; in a room of any size some three are news each second. */
  readonly presenceWordsPerSecond: number;
  /** Words of its own that a neighbour may say of one room at once. */
  readonly ownWordsBurst: number;
  /** So many more each second; more often nobody goes away, comes back or takes another name. */
  readonly ownWordsPerSecond: number;

  /** Own posts of this run whose receipts are told one by one, oldest out first. */
  readonly receiptsMax: number;
  /** Members counted per receipt, and members of a public room that are counted at all. */
  readonly receiptHoldersMax: number;
  /** How often a peer says anew what it holds of a room. Smaller costs, larger makes ticks late. */
  readonly receiptMs: number;
  /** The same in a room of more than `receiptHoldersMax`; in proportion longer with still more. */
  readonly receiptManyMs: number;
  /** How long what has come is gathered before it is told of. */
  readonly receiptGatherMs: number;
  /** How long after its last change a receipt is said once more, for those that it missed. */
  readonly receiptRepeatMs: number;
  /** How often a word is put off because a room hears enough of them. */
  readonly receiptWaitsMax: number;
  /** How long what has changed of who holds what is gathered before it is written to the disk. */
  readonly receiptKeepMs: number;
  /** How long ago an author was heard of whose logs still stand in receipts. */
  readonly receiptActiveMs: number;
  /**
   * How long the last word of a stranger is remembered where there are more than `presentMax`;
   * longer than so many take in turn.
   */
  readonly receiptForgetMs: number;
  /** Receipts that a neighbour may send at once; each new one costs a verification. */
  readonly receiptWordsBurst: number;
  /** Such receipts a second in the long run. */
  readonly receiptWordsPerSecond: number;
  /** How long an own post waits for its first holder before its author is told that it does. */
  readonly undeliveredMs: number;

  /** How far ahead of our clock a post's time may be and still advance our logical clock. */
  readonly clockAdvanceMs: number;
  /** How far ahead of our clock a post is marked "clock ahead". */
  readonly clockAheadMs: number;
  /** By how much our clock must jump for all links to be made anew; smaller makes stamps stale. */
  readonly clockJumpMs: number;
  /** How far our clock may be off the others' median before we correct our stamps. */
  readonly clockSkewMs: number;
}

/** Their defaults. */
export const roomLimits: RoomLimits = {
  roomsMax: 256,
  neighbourRoomsMax: 256,
  memberMs: 7 * 86_400_000,
  headCandidatesMax: 64,
  namesMax: 16_384,

  presentMax: 4_096,
  presentOften: 64,
  presencesPerJoinMax: 256,
  presentTellings: 3,
  presenceMs: 20_000,
  presenceMaxAgeMs: 60_000,
  presenceWordsBurst: 1_024,
  presenceWordsPerSecond: 64,
  ownWordsBurst: 16,
  ownWordsPerSecond: 0.5,

  receiptsMax: 32_768,
  receiptHoldersMax: 64,
  receiptMs: 2_000,
  receiptManyMs: 10_000,
  receiptGatherMs: 400,
  receiptRepeatMs: 30_000,
  receiptWaitsMax: 4,
  receiptKeepMs: 5_000,
  receiptActiveMs: 86_400_000,
  receiptForgetMs: 900_000,
  receiptWordsBurst: 1_024,
  receiptWordsPerSecond: 64,
  undeliveredMs: 10_000,

  clockAdvanceMs: 60_000,
  clockAheadMs: 300_000,
  clockJumpMs: 10_000,
  clockSkewMs: 300_000,
};
