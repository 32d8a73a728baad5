/**
 * Every limit of the protocol and of the engine, in one table.
 *
 * Each says what breaks if it is smaller or larger, and where the number is from. Limits
 * that two implementations must agree on are marked "wire"; the others may differ from
 * peer to peer and be set in `--config` under `limits`.
 */

/** The table of limits. Sizes are bytes and times milliseconds unless the name says otherwise. */
export interface Limits {
  /** Wire. One Noise message with its tag; the Noise specification, section 3, allows no more. */
  readonly frameBytesMax: number;
  /** Wire. A frame of the handshake; the longest real one has 202 bytes. */
  readonly handshakeFrameBytesMax: number;
  /** Wire. Nesting of CBOR arrays; the deepest real message has 5 levels. */
  readonly cborDepthMax: number;
  /** Wire. CBOR items in one message; a full frame of post ids has about 2,000. */
  readonly cborItemsMax: number;
  /** Wire. An encoded post: text, signature and fields. Smaller would cut the longest text. */
  readonly postBytesMax: number;
  /** Wire. UTF-8 bytes of a text: a long mail, not a file. */
  readonly textBytesMax: number;
  /** Wire. UTF-8 bytes of a person's name. */
  readonly nameBytesMax: number;
  /** Terminal cells of a person's name; wider ones would push the text off a small screen. */
  readonly nameCellsMax: number;
  /** Wire. UTF-8 bytes of a reason for being away. */
  readonly awayBytesMax: number;
  /** Wire. UTF-8 bytes of a room's name. */
  readonly roomNameBytesMax: number;
  /** Wire. Heads of others that a post may name. More cost bytes, fewer show less of what was seen. */
  readonly headsMax: number;
  /** Wire. Ranges held above the contiguous top in one frontier entry; what is beyond is asked again. */
  readonly rangesAboveMax: number;
  /** Wire. Plaintext bytes of one message of a page or frontier, so that live posts get in between. */
  readonly pageBytesMax: number;
  /** Separate ranges held of one log; a post that would open one more is left with its sender. */
  readonly rangesPerLogMax: number;
  /** Logs of one room that a neighbour holds more of than we do; the rest must be stated again. */
  readonly missingLogsMax: number;
  /** Ranges in what a neighbour says to hold of one room; some 50 bytes each, the rest as above. */
  readonly claimRangesMax: number;
  /** Posts of one log in one request, so that the authors take turns. */
  readonly wantPostsPerLogMax: number;
  /** Posts in one request over a short link while people talk: what they say waits behind them. */
  readonly wantPostsLiveMax: number;
  /** Wire. Posts that two requests in flight name together; with fewer links idle between them. */
  readonly wantPostsAheadMax: number;
  /** How long after a live post people count as talking. */
  readonly liveMs: number;
  /** Entries in one frontier message; with all their ranges they stay below `pageBytesMax`. */
  readonly frontierEntriesMax: number;
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
  /** How long an author is not asked for who has used up what history may bring in a day. */
  readonly heldBackMs: number;
  /** Authors of one room of whom it was told that posts are held back; of more it is told again. */
  readonly heldBackToldMax: number;
  /** Logs of one room of which a neighbour is told one by one; of more a digest is told. */
  readonly logsTellingMax: number;
  /** Logs of one room whose last run is remembered; for others the store is asked what links to what. */
  readonly chainRunsMax: number;
  /** How often people are told how far history has come in. */
  readonly progressMs: number;
  /** Posts from which on it takes long enough to tell of. */
  readonly progressMin: number;
  /** How soon after a statement of a room's frontier the next is made to the same neighbour. */
  readonly frontierMs: number;
  /** Ranges in one request for history. */
  readonly wantRangesMax: number;
  /** Wire. Addresses in one address record. */
  readonly addressesMax: number;
  /** Wire. Addresses in an invite: more make the word longer that people copy. */
  readonly inviteAddressesMax: number;
  /** Wire. Characters of an invite; beyond 1,023 symbols its checksum would miss swaps. */
  readonly inviteCharactersMax: number;
  /** Wire. People who may come by one counted invite. */
  readonly inviteCountMax: number;
  /** Wire. Bytes of a welcome's box: the secret of a room, its founder and its name. */
  readonly welcomeBytesMax: number;
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
  /** Posts about invites of one room that are looked at, the newest. */
  readonly inviteDeedsMax: number;
  /** Invites of this person that may hold in one private room at a time. */
  readonly ownInvitesMax: number;
  /** How long an invite holds: addresses at home change within weeks. */
  readonly inviteMs: number;
  /** Time between the dials to the addresses of one invite: the better one comes first. */
  readonly inviteStaggerMs: number;
  /** Wire. Steps of a random walk with a newcomer's record (HyParView's ARWL). */
  readonly walkHops: number;
  /** Wire. Records in one message of members. */
  readonly membersPerMessage: number;
  /** Wire. Posts announced or asked for in one message. */
  readonly marksPerMessage: number;
  /** Branches of one log that are kept; a forked key may make as many as it likes. */
  readonly branchesMax: number;
  /** Forked places of one room that are kept in mind; more are stored and told of no more. */
  readonly forkPlacesMax: number;
  /** Wire. Ends of branches of one log in one message. */
  readonly forkEndsMax: number;
  /** Logs of one stranger in one room that are kept. */
  readonly logsPerAuthorMax: number;
  /** The same of a key that a person has named. */
  readonly logsPerKnownMax: number;
  /** Posts that are asked for by their ids at one time. */
  readonly seeksMax: number;
  /** Wire. Posts that one question for an id may bring. */
  readonly seekPostsMax: number;
  /** Questions for ids that a link may ask at once; each costs as many reads as posts. */
  readonly seeksBurst: number;
  /** Such questions a second in the long run. */
  readonly seeksPerSecond: number;
  /** How long what is missing must stay the same before people are told of it. */
  readonly gapMs: number;
  /** Authors of one room of whose gaps people are told at one time; of known keys always. */
  readonly gapsToldMax: number;
  /** Wire. Logs that a link's brief posts can name by number; with fewer, busy rooms name anew. */
  readonly briefLogsMax: number;
  /** Wire. The last posts of each direction of a link that brief posts can name by number. */
  readonly briefPostsMax: number;
  /** Brief posts that cannot be read and are asked for whole; an honest link has hardly any. */
  readonly briefMissesBurst: number;
  /** So many more each second. */
  readonly briefMissesPerSecond: number;
  /** Rooms a peer may have open; each costs memory for its frontier and presence. */
  readonly roomsMax: number;
  /** Rooms one neighbour may name as open. */
  readonly neighbourRoomsMax: number;

  /** Neighbours in a room that a peer looks for; what it has beyond comes from others. */
  readonly activeTarget: number;
  /** Neighbours in a room that a peer has dialled itself, as far as it knows whom to dial. */
  readonly activeOwn: number;
  /** Neighbours in a room; only one that has hardly any other is let in beyond. */
  readonly activeMax: number;
  /** Members of a room known beside the neighbours (HyParView's passive view). */
  readonly passiveMax: number;
  /** Of a full passive view one neighbour can have named so many, if others name enough. */
  readonly passivePerNeighbour: number;
  /**
   * So many announced posts asked for in vain, over so long and with no post at all between them,
   * cost a neighbour its place; fewer, and one that is only slow loses it.
   */
  readonly vainGraftsMax: number;
  /** See {@linkcode Limits.vainGraftsMax}. */
  readonly vainMs: number;
  /** How long it gets none again: longer than somebody waits for a post. */
  readonly shunMs: number;
  /** Steps that are left of a walk when its record is kept as a member (HyParView's PRWL). */
  readonly walkHopsKept: number;
  /** Neighbours in a room with those who have hardly any other: a star has one who has them all. */
  readonly activeNeedyMax: number;
  /** How often members are exchanged with a neighbour in a room, and one takes another's place. */
  readonly membersMs: number;
  /** The same at first; doubles each time. */
  readonly membersFirstMs: number;
  /** How long a refused neighbour is not asked again, and how often a lack is looked at. */
  readonly neighbourAskMs: number;
  /** How often a full view makes room for one with enough others, and how often one asks for that. */
  readonly yieldMs: number;
  /** How long a link that no room needs is kept. */
  readonly idleLinkMs: number;
  /** Neighbours in a room up to which every post goes to all of them. */
  readonly floodMax: number;
  /** How long announcements are gathered. */
  readonly announceMs: number;
  /** How long an announced post may take to come by itself before it is asked for. */
  readonly graftMs: number;
  /** How long a link stays eager after it was needed, whatever copies come over it. */
  readonly pruneAfterMs: number;
  /** The most to which that grows while posts often come after they were asked for. */
  readonly graftMsMax: number;
  /** Announced posts of one room that are waited for. */
  readonly missingPostsMax: number;
  /** How many of them may be there by the announcement of one link. */
  readonly missingPerLink: number;
  /** Announced posts that one link may ask for. */
  readonly announcedMax: number;
  /** How long after the loss of a link posts are asked for sooner. */
  readonly tornMs: number;
  /** How often a post goes to all neighbours, so that the tree grows anew. */
  readonly wideMs: number;
  /** How long after that the old tree is kept. */
  readonly wideSettleMs: number;
  /** How often it may, whatever others ask for. */
  readonly wideMsMin: number;

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
  /** Keys of people that this peer has been told to dial; the oldest are forgotten. */
  readonly knownKeysMax: number;
  /** Inbound links that strangers leave to known keys, as a part of all. */
  readonly knownSlotsPart: number;
  /** Inbound links of strangers from one public address. */
  readonly linksPerPublicHost: number;
  /** Inbound links of strangers from one address of a private network; many share one there. */
  readonly linksPerPrivateHost: number;
  /** Links below which remembered addresses are dialled. */
  readonly linksKept: number;
  /** People in a room from which presence comes more rarely. */
  readonly presentOften: number;

  /** Ids of posts kept in memory to recognise copies before asking the store. */
  readonly dedupMax: number;
  /** Age up to which posts of history are among them: so long one may still be announced. */
  readonly dedupHistoryMs: number;
  /** People per room whose presence is kept; beyond, only direct neighbours are let in, for the longest silent. */
  readonly presentMax: number;
  /** Presences of others told to a new neighbour, the newest first; the rest comes by gossip. */
  readonly presencesPerJoinMax: number;
  /** Names of people kept in memory, strangers out first, and the least recently named of them. */
  readonly namesMax: number;
  /** Own posts of this run whose receipts are told one by one, oldest out first. */
  readonly receiptsMax: number;
  /** Members counted per receipt, and members of a public room that are counted at all. */
  readonly receiptHoldersMax: number;
  /** Wire. Logs in one receipt; of more those in which something was said last are told of. */
  readonly receiptLogsMax: number;
  /** Wire. Ranges of one log in a receipt, the highest; what is left out counts as not held. */
  readonly receiptRangesMax: number;
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
  /** How long ago somebody was last heard of who still counts as a member of a public room. */
  readonly memberMs: number;
  /** Posts that wait to be referred to as heads, per room. */
  readonly headCandidatesMax: number;

  /**
   * Links that others opened to us; each costs about 35 KiB (bench/links.ts), and up to 80 KiB
   * more for each direction in which `briefPostsMax` brief posts have gone.
   */
  readonly connectionsInMax: number;
  /** Links that we opened. */
  readonly connectionsOutMax: number;
  /** Links whose handshake has not ended; accepting waits beyond that. */
  readonly handshakesMax: number;
  /** From accept to the end of the handshake. Smaller cuts off slow links, larger feeds silent ones. */
  readonly handshakeMs: number;
  /** How long a handshake may take when the places are full: silent links must not lock out others. */
  readonly handshakeGraceMs: number;
  /** Silence after which a ping goes out. */
  readonly pingMs: number;
  /** Silence after which a link counts as dead. */
  readonly deadMs: number;
  /** How long a link may take no bytes at all while some wait. */
  readonly stallMs: number;
  /** Links of one peer that are opened within this time of one another are a crossing dial. */
  readonly crossingMs: number;

  /** Bytes handed to a connection and not yet taken by the system: above, the engine holds back. */
  readonly writeHighWaterBytes: number;
  /** Bytes below which a connection reports `drained`. */
  readonly writeLowWaterBytes: number;
  /** Bytes of control messages that wait for one link; beyond, it does not read and is ended. */
  readonly outboxControlBytesMax: number;
  /** Bytes of gossip that wait for one link; beyond, it is dropped and history brings it. */
  readonly outboxLiveBytesMax: number;
  /** Bytes of history pages that wait for one link. */
  readonly pagesQueuedBytesMax: number;
  /** Bytes that one request for history may bring before it must be repeated. */
  readonly wantBytesMax: number;
  /** How long a neighbour may take for the next page of a request. */
  readonly pageMs: number;
  /** How long nobody else is asked for what it was asked for while it sends nothing. */
  readonly wantAloneMs: number;
  /** How long after a fruitless request a neighbour is asked again; doubles each time. */
  readonly askAgainMs: number;

  /** Frames under one key before it is renewed (Noise section 11.3 leaves the number to us). */
  readonly rekeyFramesMax: number;
  /** Age of a key before it is renewed. */
  readonly rekeyMs: number;
  /** Invalid signatures from one peer before it is banned. */
  readonly invalidMax: number;
  /** First ban; each further one doubles. */
  readonly banMs: number;
  /** Bans kept in memory, oldest out first. */
  readonly bansMax: number;

  /** How often a link is told who is in a room and who holds what; again so often in `presenceMs`. */
  readonly presentTellings: number;
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
  /** How often presence is signed anew. */
  readonly presenceMs: number;
  /** Age after which presence counts for nothing. */
  readonly presenceMaxAgeMs: number;

  /** Age of a sealing key after which there is a new one. */
  readonly sealingKeyMs: number;
  /** How long an old one is kept, of time in which we were linked; smaller loses slow letters. */
  readonly sealingKeptMs: number;
  /** How often the age of keys is looked at. */
  readonly sealingLookMs: number;
  /** How long a direct message waits for the key of somebody who has just come. */
  readonly keyWaitMs: number;
  /** Direct messages that wait so. */
  readonly keyWaitingMax: number;
  /** Own sealing keys kept, oldest out first; each is tried for a letter of ours. */
  readonly sealingKeysMax: number;
  /** Secrets for hints kept, oldest out first; each costs one X25519 again. */
  readonly hintPairsMax: number;
  /** Direct chats that are open, the longest silent out first. */
  readonly directChatsMax: number;
  /** People who have written and wait for accept or block, oldest out first. */
  readonly requestsMax: number;
  /** Such people of whom one is told at once; more stand in the list without a word. */
  readonly requestsToldBurst: number;
  /** So many more each minute. */
  readonly requestsToldPerMinute: number;
  /** Wire. Logs that an act about somebody names. */
  readonly logMarksMax: number;
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
  /** Wire. Seals of an epoch's secret in one post. */
  readonly sealsMax: number;
  /** People about whom something was decided. */
  readonly peopleDecidedMax: number;
  /** Letters that one person may make us ask for or send again in a run, and such people. */
  readonly resendsMax: number;

  /** How far ahead of our clock a post's time may be and still advance our logical clock. */
  readonly clockAdvanceMs: number;
  /** How far ahead of our clock a post is marked "clock ahead". */
  readonly clockAheadMs: number;
  /** By how much our clock must jump for all links to be made anew; smaller makes stamps stale. */
  readonly clockJumpMs: number;
  /** How far our clock may be off the others' median before we correct our stamps. */
  readonly clockSkewMs: number;

  /** Waiting times between dials of one address, in order; the last repeats. */
  readonly dialBackoffMs: readonly number[];
  /** A link that lasted this long resets the waiting time. */
  readonly goodLinkMs: number;
  /** One dial attempt. */
  readonly dialMs: number;
  /** Addresses remembered and dialled. */
  readonly addressBookMax: number;
  /** Dials in a row that a remembered address may fail before this run gives it up. */
  readonly rememberedFailuresMax: number;
  /** Between two dials to addresses that others told of. Smaller makes a peer a better scanner. */
  readonly learntDialMs: number;
  /** Dials to one IP address that others told of, within `learntHostMs`. */
  readonly learntHostTriesMax: number;
  /** See `learntHostTriesMax`. */
  readonly learntHostMs: number;
  /** Peers that wait to be dialled at addresses that others told of. */
  readonly learntQueueMax: number;
  /** How long a peer that answers at none of them is left alone, in order; the last repeats. */
  readonly learntBackoffMs: readonly number[];
  /** Peers of whom it is known that they did not answer, oldest out first. */
  readonly learntFailuresMax: number;
  /** Peers whose links broke that are dialled again and again. */
  readonly lostPeersMax: number;
  /** How often each of them is; a host is dialled no more than `learntHostTriesMax` allows. */
  readonly lostRetryMs: number;
  /** For how long. */
  readonly lostMs: number;
  /** Words `neighbour` that one link may say at once, in all rooms together. */
  readonly neighbourWordsBurst: number;
  /** Such words a second in the long run. */
  readonly neighbourWordsPerSecond: number;
  /** Messages with records that a neighbour may send at once; each record costs a verification. */
  readonly recordMessagesBurst: number;
  /** Such messages a second in the long run; walks of a busy room come one by one. */
  readonly recordMessagesPerSecond: number;
  /** Age after which our own address record is signed anew. */
  readonly recordRenewMs: number;
  /** Age after which an address record counts for nothing; its owner signs anew long before. */
  readonly recordMaxAgeMs: number;
  /** How far ahead of our clock an address record may be. */
  readonly recordAheadMs: number;
  /** How often the machine's network interfaces are looked at. */
  readonly networkPollMs: number;
  /** How often the disk is probed after a failed append. */
  readonly diskProbeMs: number;

  /** Refused links that are told of at once; further ones only every `refusedNoticeMs`. */
  readonly refusedNoticesMax: number;
  /** How often a refused link is told of during a flood of them. */
  readonly refusedNoticeMs: number;

  /** How long after a post was stored work on the store that nobody waits for begins. */
  readonly careMs: number;
  /** Posts indexed for the search in that time while more keep coming; 128 take 4 ms. */
  readonly careBusyPosts: number;
  /** Posts indexed at once when no more come. Larger holds the loop longer, smaller takes longer. */
  readonly carePosts: number;
  /** How often it is looked for posts that need not be kept. */
  readonly pruneMs: number;
  /** How long posts are kept after they have arrived; set it to forget. */
  readonly retentionMs: number;
  /** Bytes on the disk that one room may take; beyond, the oldest arrivals go. */
  readonly roomBytesMax: number;
  /** Bytes on the disk for all rooms; beyond, strangers' posts go, then those of known people. */
  readonly folderBytesMax: number;
  /** UTF-8 bytes of what is searched for. */
  readonly searchBytesMax: number;
  /** Posts that one search gives. */
  readonly searchPostsMax: number;
  /** Posts after the read marker of a room, the newest, of which the unread ones are counted. */
  readonly unreadMax: number;
  /** UTF-8 bytes of the key of a setting. */
  readonly settingKeyBytesMax: number;
  /** UTF-8 bytes of a setting: the longest draft and a long history of input fit. */
  readonly settingBytesMax: number;
  /** Bytes of all settings and their keys. */
  readonly settingsBytesMax: number;

  /** One line of NDJSON, and one WebSocket message. */
  readonly jsonLineBytesMax: number;

  /** Received bytes of one connection that wait for the engine; beyond, its socket is not read. */
  readonly readAheadBytesMax: number;
  /** Received bytes in one step. Larger makes fewer transactions, smaller answers others sooner. */
  readonly stepBytesMax: number;
  /** Commands and other small inputs in one step. */
  readonly stepInputsMax: number;
  /** Notices that wait for a screen; beyond, no socket is read until it has caught up. */
  readonly noticesMax: number;
  /** How long a closing connection may take for what was written before the close. */
  readonly closeMs: number;
}

/** The defaults; THREATS of the design and the measurements in bench/ are behind them. */
export const defaultLimits: Limits = {
  frameBytesMax: 65_535,
  handshakeFrameBytesMax: 1_024,
  cborDepthMax: 16,
  cborItemsMax: 16_384,
  postBytesMax: 20 * 1024,
  textBytesMax: 16_384,
  nameBytesMax: 64,
  nameCellsMax: 32,
  awayBytesMax: 256,
  roomNameBytesMax: 64,
  headsMax: 4,
  rangesAboveMax: 32,
  pageBytesMax: 60 * 1024,
  rangesPerLogMax: 1_024,
  missingLogsMax: 8_192,
  claimRangesMax: 16_384,
  wantPostsPerLogMax: 1_024,
  wantPostsLiveMax: 32,
  wantPostsAheadMax: 1_024,
  liveMs: 2_000,
  frontierEntriesMax: 80,
  digestMs: 10_000,
  digestsBurst: 8,
  digestsPerSecond: 2,
  statedLogsBurst: 16_384,
  statedLogsPerSecond: 1_024,
  heldBackMs: 60_000,
  heldBackToldMax: 64,
  logsTellingMax: 256,
  chainRunsMax: 1_024,
  progressMs: 1_000,
  progressMin: 100,
  frontierMs: 1_000,
  wantRangesMax: 64,
  addressesMax: 8,
  inviteAddressesMax: 4,
  inviteCharactersMax: 1_000,
  inviteCountMax: 1_000,
  welcomeBytesMax: 512,
  takingMax: 16,
  redeemsBurst: 8,
  redeemsPerSecond: 0.5,
  redeemAnswerMs: 10_000,
  redeemAgainMs: 5_000,
  inviteDeedsMax: 512,
  ownInvitesMax: 64,
  inviteMs: 7 * 86_400_000,
  inviteStaggerMs: 300,
  walkHops: 6,
  membersPerMessage: 8,
  marksPerMessage: 1_024,
  branchesMax: 4,
  forkPlacesMax: 4_096,
  forkEndsMax: 8,
  logsPerAuthorMax: 64,
  logsPerKnownMax: 1_024,
  seeksMax: 256,
  seekPostsMax: 64,
  seeksBurst: 64,
  seeksPerSecond: 16,
  gapMs: 3_000,
  gapsToldMax: 64,
  briefLogsMax: 64,
  briefPostsMax: 256,
  briefMissesBurst: 64,
  briefMissesPerSecond: 4,
  roomsMax: 256,
  neighbourRoomsMax: 256,

  activeTarget: 5,
  activeOwn: 2,
  activeMax: 16,
  activeNeedyMax: 2_048,
  passiveMax: 64,
  passivePerNeighbour: 10,
  vainGraftsMax: 16,
  vainMs: 10_000,
  shunMs: 600_000,
  walkHopsKept: 3,
  membersMs: 60_000,
  membersFirstMs: 2_000,
  neighbourAskMs: 10_000,
  yieldMs: 2_000,
  idleLinkMs: 30_000,
  floodMax: 2,
  announceMs: 100,
  graftMs: 500,
  pruneAfterMs: 5_000,
  graftMsMax: 8_000,
  missingPostsMax: 5_000,
  missingPerLink: 800,
  announcedMax: 5_000,
  tornMs: 5_000,
  wideMs: 30_000,
  wideSettleMs: 1_000,
  wideMsMin: 10_000,

  budgetBurst: 200,
  budgetPerSecond: 50,
  budgetsMax: 4_096,
  allowancePosts: 200_000,
  allowanceBytes: 64 * 1024 * 1024,
  allowanceOfLog: 8,
  overBudgetMs: 1_000,
  pacedNoticeMs: 60_000,
  knownKeysMax: 1_024,
  knownSlotsPart: 1 / 16,
  linksPerPublicHost: 4,
  linksPerPrivateHost: 64,
  linksKept: 8,
  presentOften: 64,

  dedupMax: 32_768,
  dedupHistoryMs: 15_000,
  presentMax: 4_096,
  presencesPerJoinMax: 256,
  namesMax: 16_384,
  receiptsMax: 32_768,
  receiptHoldersMax: 64,
  receiptLogsMax: 64,
  receiptRangesMax: 4,
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
  memberMs: 7 * 86_400_000,
  headCandidatesMax: 64,

  connectionsInMax: 1_024,
  connectionsOutMax: 32,
  handshakesMax: 64,
  handshakeMs: 5_000,
  handshakeGraceMs: 250,
  pingMs: 15_000,
  deadMs: 40_000,
  stallMs: 20_000,
  crossingMs: 5_000,

  writeHighWaterBytes: 256 * 1024,
  writeLowWaterBytes: 64 * 1024,
  outboxControlBytesMax: 256 * 1024,
  outboxLiveBytesMax: 512 * 1024,
  pagesQueuedBytesMax: 128 * 1024,
  wantBytesMax: 1024 * 1024,
  pageMs: 12_000,
  wantAloneMs: 4_000,
  askAgainMs: 30_000,

  rekeyFramesMax: 2 ** 20 - 1,
  rekeyMs: 3_600_000,
  invalidMax: 3,
  banMs: 600_000,
  bansMax: 4_096,

  presenceWordsBurst: 1_024,
  presenceWordsPerSecond: 64,
  ownWordsBurst: 16,
  ownWordsPerSecond: 0.5,
  presentTellings: 3,
  presenceMs: 20_000,
  presenceMaxAgeMs: 60_000,

  sealingKeyMs: 7 * 86_400_000,
  sealingKeptMs: 30 * 86_400_000,
  sealingLookMs: 3_600_000,
  keyWaitMs: 5_000,
  keyWaitingMax: 64,
  sealingKeysMax: 32,
  hintPairsMax: 4_096,
  directChatsMax: 256,
  requestsMax: 256,
  requestsToldBurst: 8,
  requestsToldPerMinute: 4,
  logMarksMax: 256,
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
  sealsMax: 128,
  peopleDecidedMax: 4_096,
  resendsMax: 256,

  clockAdvanceMs: 60_000,
  clockAheadMs: 300_000,
  clockJumpMs: 10_000,
  clockSkewMs: 300_000,

  dialBackoffMs: [1_000, 5_000, 15_000, 60_000, 300_000],
  goodLinkMs: 15_000,
  dialMs: 5_000,
  addressBookMax: 256,
  rememberedFailuresMax: 6,
  learntDialMs: 1_000,
  learntHostTriesMax: 2,
  learntHostMs: 60_000,
  learntQueueMax: 64,
  learntBackoffMs: [60_000, 300_000, 1_800_000],
  learntFailuresMax: 1_024,
  lostPeersMax: 8,
  lostRetryMs: 30_000,
  lostMs: 3_600_000,
  neighbourWordsBurst: 1_024,
  neighbourWordsPerSecond: 5,
  recordMessagesBurst: 50,
  recordMessagesPerSecond: 5,
  recordRenewMs: 600_000,
  recordMaxAgeMs: 7 * 86_400_000,
  recordAheadMs: 300_000,
  networkPollMs: 5_000,
  diskProbeMs: 5_000,

  refusedNoticesMax: 10,
  refusedNoticeMs: 10_000,

  careMs: 1_000,
  careBusyPosts: 128,
  carePosts: 256,
  pruneMs: 600_000,
  retentionMs: Number.MAX_SAFE_INTEGER,
  roomBytesMax: Number.MAX_SAFE_INTEGER,
  folderBytesMax: 4 * 2 ** 30,
  searchBytesMax: 256,
  searchPostsMax: 1_000,
  unreadMax: 1_000,
  settingKeyBytesMax: 128,
  settingBytesMax: 64 * 1024,
  settingsBytesMax: 1024 * 1024,

  jsonLineBytesMax: 128 * 1024,

  readAheadBytesMax: 64 * 1024,
  stepBytesMax: 32 * 1024,
  stepInputsMax: 256,
  noticesMax: 1_024,
  closeMs: 1_000,
};
