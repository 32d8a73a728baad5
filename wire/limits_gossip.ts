/**
 * Limits of gossip: who is whose neighbour in a room (after HyParView), along which links posts
 * go (after Plumtree), and how many of whom at once. How they are read: see `limits.ts`.
 */

/** Limits of membership, of the tree of a room, and of what gossip takes. */
export interface GossipLimits {
  /** Neighbours in a room that a peer looks for; what it has beyond comes from others. */
  readonly activeTarget: number;
  /** Neighbours in a room that a peer has dialled itself, as far as it knows whom to dial. */
  readonly activeOwn: number;
  /** Neighbours in a room; only one that has hardly any other is let in beyond. */
  readonly activeMax: number;
  /** Neighbours in a room with those who have hardly any other: a star has one who has them all. */
  readonly activeNeedyMax: number;
  /** Members of a room known beside the neighbours (HyParView's passive view). */
  readonly passiveMax: number;
  /** Of a full passive view one neighbour can have named so many, if others name enough. */
  readonly passivePerNeighbour: number;
  /** Steps that are left of a walk when its record is kept as a member (HyParView's PRWL). */
  readonly walkHopsKept: number;
  /** How often members are exchanged with a neighbour in a room, and one takes another's place. */
  readonly membersMs: number;
  /** The same at first; doubles each time. */
  readonly membersFirstMs: number;
  /** How long a refused neighbour is not asked again, and how often a lack is looked at. */
  readonly neighbourAskMs: number;
  /** How often a full view makes room for one with enough others, and how often one asks for that. */
  readonly yieldMs: number;
  /** How long it gets none again: longer than somebody waits for a post. */
  readonly shunMs: number;
  /** Words `neighbour` that one link may say at once, in all rooms together. */
  readonly neighbourWordsBurst: number;
  /** Such words a second in the long run. */
  readonly neighbourWordsPerSecond: number;

  /** Neighbours in a room up to which every post goes to all of them. */
  readonly floodMax: number;
  /** How long announcements are gathered. */
  readonly announceMs: number;
  /** How long an announced post may take to come by itself before it is asked for. */
  readonly graftMs: number;
  /** The most to which that grows while posts often come after they were asked for. */
  readonly graftMsMax: number;
  /** How long a link stays eager after it was needed, whatever copies come over it. */
  readonly pruneAfterMs: number;
  /** Announced posts of one room that are waited for. */
  readonly missingPostsMax: number;
  /** How many of them may be there by the announcement of one link. */
  readonly missingPerLink: number;
  /** Announced posts that one link may ask for. */
  readonly announcedMax: number;
  /**
   * So many announced posts asked for in vain, over so long and with no post at all between them,
   * cost a neighbour its place; fewer, and one that is only slow loses it.
   */
  readonly vainGraftsMax: number;
  /** See {@linkcode Limits.vainGraftsMax}. */
  readonly vainMs: number;
  /** How long after the loss of a link posts are asked for sooner. */
  readonly tornMs: number;
  /** How often a post goes to all neighbours, so that the tree grows anew. */
  readonly wideMs: number;
  /** How long after that the old tree is kept. */
  readonly wideSettleMs: number;
  /** How often it may, whatever others ask for. */
  readonly wideMsMin: number;

  /** Ids of posts kept in memory to recognise copies before asking the store. */
  readonly dedupMax: number;
  /** Age up to which posts of history are among them: so long one may still be announced. */
  readonly dedupHistoryMs: number;

  /** Live posts of one key and room that may come at once; strangers share one budget per room. */
  readonly budgetBurst: number;
  /** Live posts of one key and room a second in the long run; what exceeds it comes as history. */
  readonly budgetPerSecond: number;
  /** Budgets that are remembered. */
  readonly budgetsMax: number;
  /** Live posts of one key and room a day. */
  readonly allowancePosts: number;
  /** Bytes of live posts of one key and room a day. */
  readonly allowanceBytes: number;
  /**
   * Posts of a day that the first one of a log counts as: a log is some 800 bytes of memory as long
   * as its room is open, and whoever makes a key for each post would fill 160 MB in a day.
   */
  readonly allowanceOfLog: number;
  /** How long what exceeds a budget stays with a neighbour before it is fetched. */
  readonly overBudgetMs: number;
  /** How often a person is told that own posts go out by history. */
  readonly pacedNoticeMs: number;

  /** Brief posts that cannot be read and are asked for whole; an honest link has hardly any. */
  readonly briefMissesBurst: number;
  /** So many more each second. */
  readonly briefMissesPerSecond: number;
}

/** Their defaults. */
export const gossipLimits: GossipLimits = {
  activeTarget: 5,
  activeOwn: 2,
  activeMax: 16,
  activeNeedyMax: 2_048,
  passiveMax: 64,
  passivePerNeighbour: 10,
  walkHopsKept: 3,
  membersMs: 60_000,
  membersFirstMs: 2_000,
  neighbourAskMs: 10_000,
  yieldMs: 2_000,
  shunMs: 600_000,
  neighbourWordsBurst: 1_024,
  neighbourWordsPerSecond: 5,

  floodMax: 2,
  announceMs: 100,
  graftMs: 500,
  graftMsMax: 8_000,
  pruneAfterMs: 5_000,
  missingPostsMax: 5_000,
  missingPerLink: 800,
  announcedMax: 5_000,
  vainGraftsMax: 16,
  vainMs: 10_000,
  tornMs: 5_000,
  wideMs: 30_000,
  wideSettleMs: 1_000,
  wideMsMin: 10_000,

  dedupMax: 32_768,
  dedupHistoryMs: 15_000,

  budgetBurst: 200,
  budgetPerSecond: 50,
  budgetsMax: 4_096,
  allowancePosts: 200_000,
  allowanceBytes: 64 * 1024 * 1024,
  allowanceOfLog: 8,
  overBudgetMs: 1_000,
  pacedNoticeMs: 60_000,

  briefMissesBurst: 64,
  briefMissesPerSecond: 4,
};
