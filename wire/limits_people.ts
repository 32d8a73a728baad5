/**
 * Limits of what is between people: direct messages, who is in charge of a room, private rooms
 * and invites to them. How they are read: see `limits.ts`.
 */

/** Limits of direct messages, owned rooms, private rooms and invites. */
export interface PeopleLimits {
  /** Age of a sealing key after which there is a new one. */
  readonly sealingKeyMs: number;
  /** How long an old one is kept, of time in which we were linked; smaller loses slow letters. */
  readonly sealingKeptMs: number;
  /** How often the age of keys is looked at. */
  readonly sealingLookMs: number;
  /** Own sealing keys kept, oldest out first; each is tried for a letter of ours. */
  readonly sealingKeysMax: number;
  /** How long a direct message waits for the key of somebody who has just come. */
  readonly keyWaitMs: number;
  /** Direct messages that wait so. */
  readonly keyWaitingMax: number;
  /** Secrets for hints kept, oldest out first; each costs one X25519 again. */
  readonly hintPairsMax: number;
  /** Direct chats that are open, the longest silent out first. */
  readonly directChatsMax: number;
  /** Letters that one person may make us ask for or send again in a run, and such people. */
  readonly resendsMax: number;
  /** People who have written and wait for accept or block, oldest out first. */
  readonly requestsMax: number;
  /** Such people of whom one is told at once; more stand in the list without a word. */
  readonly requestsToldBurst: number;
  /** So many more each minute. */
  readonly requestsToldPerMinute: number;
  /** People about whom something was decided. */
  readonly peopleDecidedMax: number;

  /** Admins of an owned room whose naming counts. */
  readonly adminsMax: number;
  /** Acts of those in charge of one room; the first ones in order count. */
  readonly actsMax: number;
  /** Newest posts that are looked at again when an act changes what counts. */
  readonly actsReviewedMax: number;

  /** Private rooms that are open at once: as many as tags go over a link. */
  readonly privateRoomsMax: number;
  /** Private rooms whose secrets are kept. */
  readonly privateKeptMax: number;
  /** Members of a private room, when one more is to be added. */
  readonly membersMax: number;
  /** Epochs of a private room that are known, the oldest out first. */
  readonly epochsMax: number;
  /** How long a private room is without an epoch to write under before a member makes one. */
  readonly epochWaitMs: number;
  /** Tags, acts, and questions for acts that a link may bring at once; each costs some HMACs. */
  readonly tagsBurst: number;
  /** The same, on average. */
  readonly tagsPerSecond: number;

  /** How long an invite holds: addresses at home change within weeks. */
  readonly inviteMs: number;
  /** Time between the dials to the addresses of one invite: the better one comes first. */
  readonly inviteStaggerMs: number;
  /** Posts about invites of one room that are looked at, the newest. */
  readonly inviteDeedsMax: number;
  /** Invites of this person that may hold in one private room at a time. */
  readonly ownInvitesMax: number;
  /** Invites to private rooms that are being taken at one time, oldest out first. */
  readonly takingMax: number;
  /** Requests by an invite that a link may make at once; each costs a look at all that are known. */
  readonly redeemsBurst: number;
  /** Such requests a second in the long run. */
  readonly redeemsPerSecond: number;
  /** How long an answer to one is waited for before the person is told of silence. */
  readonly redeemAnswerMs: number;
  /** How long after "later" it is made again. */
  readonly redeemAgainMs: number;
  /** Refusals by others than the maker of which a person is told: keys cost nothing, to lie with. */
  readonly redeemTellingsMax: number;
}

/** Their defaults. */
export const peopleLimits: PeopleLimits = {
  sealingKeyMs: 7 * 86_400_000,
  sealingKeptMs: 30 * 86_400_000,
  sealingLookMs: 3_600_000,
  sealingKeysMax: 32,
  keyWaitMs: 5_000,
  keyWaitingMax: 64,
  hintPairsMax: 4_096,
  directChatsMax: 256,
  resendsMax: 256,
  requestsMax: 256,
  requestsToldBurst: 8,
  requestsToldPerMinute: 4,
  peopleDecidedMax: 4_096,

  adminsMax: 64,
  actsMax: 4_096,
  actsReviewedMax: 512,

  privateRoomsMax: 16,
  privateKeptMax: 256,
  membersMax: 1_024,
  epochsMax: 4_096,
  epochWaitMs: 10_000,
  tagsBurst: 64,
  tagsPerSecond: 2,

  inviteMs: 7 * 86_400_000,
  inviteStaggerMs: 300,
  inviteDeedsMax: 512,
  ownInvitesMax: 64,
  takingMax: 16,
  redeemsBurst: 8,
  redeemsPerSecond: 0.5,
  redeemAnswerMs: 10_000,
  redeemAgainMs: 5_000,
  redeemTellingsMax: 16,
};
