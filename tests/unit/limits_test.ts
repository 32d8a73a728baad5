/**
 * The table of limits is true: each one is used by the program and reached by a test, and
 * those of the wire and of input that no other test reaches are reached here.
 */

import { assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { catalogueOf } from "../../ui/catalogue.ts";
import { LineSplitter } from "../../ui/input_lines.ts";
import { nameProblem } from "../../ui/name_check.ts";
import { encodeCbor } from "../../wire/cbor.ts";
import { fromId, type LogId, type PeerId, type PostId, type RoomId } from "../../wire/ids.ts";
import { LinkError, plaintextBytesMax } from "../../wire/channel.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { markOf } from "../../wire/mark.ts";
import type { Message } from "../../wire/message.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import { newIdentity, shakeHands } from "../link_peers.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { programFiles } from "./house_source.ts";

/** The test in which each limit is reached; a limit without one does not compile. */
const reachedIn: Readonly<Record<keyof Limits, string>> = {
  frameBytesMax: "limits",
  handshakeFrameBytesMax: "limits",
  cborDepthMax: "cbor",
  cborItemsMax: "cbor",
  postBytesMax: "post",
  textBytesMax: "text",
  nameBytesMax: "text",
  nameCellsMax: "limits",
  awayBytesMax: "text",
  roomNameBytesMax: "text",
  headsMax: "post",
  rangesAboveMax: "message",
  pageBytesMax: "history_serve",
  rangesPerLogMax: "room_limits",
  missingLogsMax: "history_fetch",
  claimRangesMax: "history_fetch",
  wantPostsPerLogMax: "history_fetch",
  wantPostsLiveMax: "history_limits",
  wantPostsAheadMax: "history_fetch",
  liveMs: "history_limits",
  frontierEntriesMax: "history_tell",
  frontierMs: "history_tell",
  digestMs: "history_tell",
  digestsBurst: "history_limits",
  digestsPerSecond: "history_limits",
  statedLogsBurst: "history_limits",
  statedLogsPerSecond: "history_limits",
  heldBackMs: "history_fetch",
  heldBackToldMax: "held_back",
  logsTellingMax: "history_tell",
  chainRunsMax: "chains",
  progressMs: "history_tell",
  progressMin: "history_tell",
  wantRangesMax: "history_fetch",
  addressesMax: "address_record",
  inviteAddressesMax: "invite",
  inviteCharactersMax: "invite",
  inviteCountMax: "invite_post",
  welcomeBytesMax: "message",
  takingMax: "engine_invites",
  redeemsBurst: "engine_invites",
  redeemsPerSecond: "engine_invites",
  redeemAnswerMs: "engine_invites",
  redeemAgainMs: "engine_invites",
  redeemTellingsMax: "engine_invites",
  inviteDeedsMax: "engine_invites",
  ownInvitesMax: "engine_invites",
  inviteMs: "invitation",
  inviteStaggerMs: "invitation",
  walkHops: "members",
  membersPerMessage: "overlay_limits",
  marksPerMessage: "mark",
  branchesMax: "forks",
  forkPlacesMax: "forks",
  forkEndsMax: "history_limits",
  logsPerAuthorMax: "history_limits",
  logsPerKnownMax: "history_limits",
  seeksMax: "forks",
  seekPostsMax: "forks",
  seeksBurst: "history_limits",
  seeksPerSecond: "history_limits",
  forkEndsBurst: "history_limits",
  forkEndsPerSecond: "history_limits",
  gapMs: "forks",
  gapsToldMax: "forks",
  briefLogsMax: "brief_link",
  briefPostsMax: "brief_link",
  briefMissesBurst: "engine_brief",
  briefMissesPerSecond: "engine_brief",
  roomsMax: "room_limits",
  neighbourRoomsMax: "room_limits",
  activeTarget: "membership",
  activeOwn: "members",
  activeMax: "membership",
  activeNeedyMax: "membership",
  passiveMax: "passive_view",
  passivePerNeighbour: "passive_view",
  vainGraftsMax: "plumtree",
  vainMs: "plumtree",
  shunMs: "members",
  walkHopsKept: "members",
  membersMs: "members",
  membersFirstMs: "members",
  neighbourAskMs: "membership",
  yieldMs: "membership",
  idleLinkMs: "overlay_limits",
  floodMax: "plumtree",
  announceMs: "plumtree",
  graftMs: "plumtree",
  pruneAfterMs: "plumtree",
  tornMs: "plumtree",
  graftMsMax: "patience",
  missingPostsMax: "plumtree",
  missingPerLink: "plumtree",
  announcedMax: "plumtree",
  wideMs: "plumtree_wide",
  wideSettleMs: "plumtree_wide",
  wideMsMin: "plumtree_wide",
  budgetBurst: "budgets",
  budgetPerSecond: "budgets",
  budgetsMax: "budgets",
  allowancePosts: "budgets",
  allowanceBytes: "budgets",
  allowanceOfLog: "history_limits",
  overBudgetMs: "overlay_limits",
  pacedNoticeMs: "overlay_limits",
  knownKeysMax: "overlay_limits",
  knownSlotsPart: "overlay_limits",
  linksPerPublicHost: "overlay_limits",
  linksPerPrivateHost: "overlay_limits",
  linksKept: "overlay_limits",
  presentOften: "room_presence",
  dedupMax: "room_limits",
  dedupHistoryMs: "room_limits",
  presentMax: "room_limits",
  presencesPerJoinMax: "room_limits",
  namesMax: "people",
  receiptsMax: "receipts",
  receiptHoldersMax: "receipts",
  receiptLogsMax: "receipt_codec",
  receiptRangesMax: "receipt_codec",
  receiptMs: "receipt_words",
  receiptManyMs: "receipt_words",
  receiptGatherMs: "receipt_words",
  receiptRepeatMs: "receipt_words",
  receiptWaitsMax: "receipt_words",
  receiptKeepMs: "kept_receipts",
  receiptActiveMs: "receipt_words",
  receiptForgetMs: "receipt_words",
  receiptWordsBurst: "receipt_words",
  receiptWordsPerSecond: "receipt_words",
  undeliveredMs: "deliveries",
  memberMs: "room_limits",
  headCandidatesMax: "room_limits",
  connectionsInMax: "link_limits",
  connectionsOutMax: "link_limits",
  handshakesMax: "shell",
  handshakeMs: "link_limits",
  handshakeGraceMs: "link_limits",
  pingMs: "link_limits",
  deadMs: "link_limits",
  stallMs: "link_limits",
  crossingMs: "link_limits",
  writeHighWaterBytes: "link_limits",
  writeLowWaterBytes: "connection",
  outboxControlBytesMax: "outbox",
  outboxLiveBytesMax: "outbox",
  pagesQueuedBytesMax: "outbox",
  wantBytesMax: "history_serve",
  pageMs: "history_fetch",
  wantAloneMs: "history_fetch",
  askAgainMs: "history_fetch",
  rekeyFramesMax: "link_limits",
  rekeyMs: "link_limits",
  invalidMax: "link_limits",
  banMs: "link_limits",
  bansMax: "link_limits",
  presenceWordsBurst: "room_limits",
  presenceWordsPerSecond: "room_limits",
  ownWordsBurst: "room_limits",
  ownWordsPerSecond: "room_limits",
  presentTellings: "overlay_limits",
  presenceMs: "room_limits",
  presenceMaxAgeMs: "room_presence",
  sealingKeyMs: "sealing_keys",
  sealingKeptMs: "sealing_keys",
  sealingLookMs: "direct",
  keyWaitMs: "direct",
  keyWaitingMax: "direct",
  sealingKeysMax: "sealing_keys",
  hintPairsMax: "sealer",
  directChatsMax: "direct",
  requestsMax: "acquaintances",
  requestsToldBurst: "acquaintances",
  requestsToldPerMinute: "acquaintances",
  logMarksMax: "owned_room",
  adminsMax: "charge",
  actsMax: "charge",
  actsReviewedMax: "engine_charge",
  privateRoomsMax: "engine_private",
  privateKeptMax: "engine_private",
  membersMax: "engine_private",
  epochsMax: "epochs",
  epochWaitMs: "engine_private",
  tagsBurst: "engine_private",
  tagsPerSecond: "engine_private",
  sealsMax: "private_room",
  peopleDecidedMax: "acquaintances",
  resendsMax: "direct",
  clockAdvanceMs: "clock",
  clockAheadMs: "clock",
  clockJumpMs: "link_limits",
  clockSkewMs: "clock",
  dialBackoffMs: "dial_schedule",
  goodLinkMs: "dial_schedule",
  dialMs: "listener",
  addressBookMax: "dial_schedule",
  rememberedFailuresMax: "dial_schedule",
  learntDialMs: "learnt_dials",
  learntHostTriesMax: "learnt_dials",
  learntHostMs: "learnt_dials",
  learntQueueMax: "learnt_dials",
  learntBackoffMs: "learnt_dials",
  learntFailuresMax: "learnt_dials",
  lostPeersMax: "lost_peers",
  lostRetryMs: "lost_peers",
  lostMs: "lost_peers",
  neighbourWordsBurst: "overlay_limits",
  neighbourWordsPerSecond: "overlay_limits",
  recordMessagesBurst: "overlay_limits",
  recordMessagesPerSecond: "overlay_limits",
  recordRenewMs: "overlay_limits",
  recordMaxAgeMs: "address_record",
  recordAheadMs: "address_record",
  networkPollMs: "network_watch",
  diskProbeMs: "room_limits",
  refusedNoticesMax: "link_limits",
  refusedNoticeMs: "link_limits",
  careMs: "store_care",
  careBusyPosts: "store_care",
  carePosts: "store_care",
  pruneMs: "store_care",
  retentionMs: "retention",
  roomBytesMax: "retention",
  folderBytesMax: "retention",
  searchBytesMax: "chat_reading",
  searchPostsMax: "chat_reading",
  unreadMax: "chat_reading",
  settingKeyBytesMax: "chat_reading",
  settingBytesMax: "chat_reading",
  settingsBytesMax: "chat_reading",
  jsonLineBytesMax: "limits",
  readAheadBytesMax: "shell",
  stepBytesMax: "inbox",
  stepInputsMax: "inbox",
  noticesMax: "open_chat",
  closeMs: "connection",
};

const names = Object.keys(defaultLimits) as (keyof Limits)[];
/** Files that name limits without keeping to them: the table, its settings, what is measured. */
const listings = /^wire\/limits(_\w+)?\.ts$|^ui\/config_file\.ts$|^peer\/engine_sizes\.ts$/;

Deno.test("Limits: each is used by the program", () => {
  const program = programFiles().filter(({ path }) =>
    /^(wire|discovery|peer|io|ui)\//.test(path) && !listings.test(path)
  );
  const unused = names.filter((name) => {
    const word = new RegExp(`\\b${name}\\b`);
    return !program.some(({ text }) => word.test(text));
  });
  assertEquals(unused, []);
});

Deno.test("Limits: each stands in one area, and the wire checks what all peers agree on", () => {
  const files = programFiles().filter(({ path }) => path.startsWith("wire/"));
  const areas = files.filter(({ path }) => /^wire\/limits_\w+\.ts$/.test(path));
  const declared = areas.flatMap(({ text }) => text.match(/(?<=^ {2}readonly )\w+/gm) ?? []);
  assertEquals(declared.sort(), names.toSorted());
  const own = files.filter(({ path, text }) =>
    path !== "wire/limits.ts" && /\bdefaultLimits\b/.test(text)
  );
  assertEquals(own.map(({ path }) => path), [], "a limit that peers set themselves");
});

Deno.test("Limits: each is reached by the test that is named for it", () => {
  const tests = new Map(programFiles().map(({ path, text }) => [path, text]));
  const missing = names.filter((name) => {
    const text = tests.get(`tests/unit/${reachedIn[name]}_test.ts`) ?? "";
    const uses = text.match(new RegExp(`\\b${name}\\b`, "g"))?.length ?? 0;
    // In this file the table itself is one.
    return uses < (reachedIn[name] === "limits" ? 2 : 1);
  });
  assertEquals(missing, []);
});

Deno.test("frameBytesMax: a full frame passes, and there is no room for one byte more", () => {
  const crypto = seededCrypto(171);
  const [from, to] = [newIdentity(crypto), newIdentity(crypto)];
  const channels = [noiseChannels(from, crypto), noiseChannels(to, crypto)] as const;
  const { initiator, responder } = shakeHands(...channels);
  const full = initiator.seal(new Uint8Array(plaintextBytesMax));
  assertEquals(full.length, 2 + defaultLimits.frameBytesMax);
  responder.push(full);
  assertEquals(responder.read()?.length, plaintextBytesMax);
  assertThrows(() => initiator.seal(new Uint8Array(plaintextBytesMax + 1)), RangeError);
});

Deno.test("handshakeFrameBytesMax: a longer message is refused at its length", () => {
  const crypto = seededCrypto(172);
  const channels = noiseChannels(newIdentity(crypto), crypto);
  const { handshakeFrameBytesMax } = defaultLimits;
  for (const length of [handshakeFrameBytesMax, handshakeFrameBytesMax + 1]) {
    const hears = () => channels.initiate().receive(Uint8Array.of(length >> 8, length & 255));
    if (length === handshakeFrameBytesMax) assertEquals(hears().channel, null);
    else assertThrows(hears, LinkError, "frame");
  }
});

Deno.test("nameCellsMax: a name of 32 terminal cells is taken, and not one of 33", async () => {
  const english = catalogueOf("en");
  const { nameCellsMax } = defaultLimits;
  for (const name of ["x".repeat(nameCellsMax), "水".repeat(nameCellsMax / 2)]) {
    assertEquals(await nameProblem(name, english), null);
    assertEquals((await nameProblem(`${name}x`, english))?.code, "name-too-long");
  }
});

Deno.test("jsonLineBytesMax: a line of 131,072 bytes is taken, and not one more", () => {
  const { jsonLineBytesMax } = defaultLimits;
  const splitter = new LineSplitter(jsonLineBytesMax);
  const line = (length: number) => new TextEncoder().encode(`${"x".repeat(length)}\n`);
  assertEquals(splitter.push(line(jsonLineBytesMax)), [
    { number: 1, text: "x".repeat(jsonLineBytesMax) },
  ]);
  assertEquals(splitter.push(line(jsonLineBytesMax + 1)), [{ number: 2, problem: "too-long" }]);
  assertEquals(splitter.push(line(1)), [{ number: 3, text: "x" }]);
});

Deno.test("pageBytesMax, wantRangesMax, addressesMax, marksPerMessage: the longest message of each fits a frame", () => {
  const rng = seededRng(171);
  const { pageBytesMax, wantRangesMax, addressesMax, membersPerMessage, marksPerMessage } =
    defaultLimits;
  const edge = 2 ** 53 - 1;
  const room = sampleId<RoomId>(rng), author = sampleId<PeerId>(rng), log = sampleId<LogId>(rng, 8);
  const times = <T>(count: number, value: T) => new Array<T>(count).fill(value);
  const post = { signed: new Uint8Array(200), signature: new Uint8Array(64) };
  // A page counts 8 bytes of framing for each post.
  const posts = times(Math.floor(pageBytesMax / (200 + 64 + 8)), post);
  const address = "水".repeat(300);
  const mark = markOf(sampleId<PostId>(rng));
  const record = encodeCbor([
    1,
    fromId(author),
    2 ** 48 - 1,
    65_535,
    times(addressesMax, `[${"a".repeat(39)}]:65535`),
  ]);
  const longest: Message[] = [
    { type: "page", room, request: 2 ** 32 - 1, posts, last: true },
    {
      type: "want",
      room,
      request: 2 ** 32 - 1,
      ranges: times(wantRangesMax, { author, log, from: edge, to: edge }),
    },
    { type: "have", room, log, ranges: times(wantRangesMax, [edge, edge] as const) },
    {
      type: "hello",
      wallMs: 2 ** 48 - 1,
      record: { signed: record, signature: post.signature },
      observed: address,
    },
    {
      type: "members",
      room,
      entries: times(membersPerMessage, {
        signed: record,
        signature: post.signature,
        hint: address,
      }),
      ask: true,
    },
    { type: "ihave", room, marks: times(marksPerMessage, mark) },
    { type: "graft", room, marks: times(marksPerMessage, mark) },
  ];
  for (const message of longest) {
    assertLessOrEqual(encodeMessage(message).length, plaintextBytesMax, message.type);
  }
});
