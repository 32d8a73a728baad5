/** How full an engine's collections are: what the simulator holds against the table of limits. */

import type { Limits } from "../wire/limits.ts";
import type { EngineState } from "./engine_state.ts";

/** The fullest collection that each limit bounds, under the name of the limit. */
export type Sizes = Readonly<Partial<Record<keyof Limits, number>>>;

/** Looks through all collections; not for every step of a large peer. */
export function sizes(state: EngineState): Sizes {
  const { links, broadcast, people, receipts, fetch, direct } = state;
  const told = receipts.sizes;
  const letters = direct?.sizes;
  const waiting = state.decided.sizes;
  return {
    ...roomSizes(state),
    ...linkSizes(state),
    roomsMax: state.rooms.size,
    dedupMax: broadcast.accepted.size,
    learntQueueMax: links.dials.learnt.size,
    lostPeersMax: links.dials.lost.size,
    learntFailuresMax: links.dials.learnt.failures,
    namesMax: people.count,
    receiptsMax: told.told,
    receiptHoldersMax: told.holders,
    missingLogsMax: fetch.missingLogs,
    claimRangesMax: fetch.claimRanges,
    connectionsInMax: links.inbound,
    connectionsOutMax: links.outbound,
    keyWaitingMax: direct?.waiting.length ?? 0,
    directChatsMax: Math.max(letters?.chats ?? 0, letters?.seen ?? 0),
    resendsMax: letters?.resends ?? 0,
    hintPairsMax: direct?.sealer.sizes.secrets ?? 0,
    sealingKeysMax: direct?.keys.all.length ?? 0,
    privateRoomsMax: state.private?.sizes.open ?? 0,
    takingMax: state.invites?.sizes.taking ?? 0,
    inviteDeedsMax: state.invites?.sizes.known ?? 0,
    privateKeptMax: state.private?.sizes.kept ?? 0,
    epochsMax: state.private?.sizes.epochs ?? 0,
    requestsMax: waiting.requests,
    peopleDecidedMax: waiting.people,
    bansMax: links.bans,
    addressBookMax: links.dials.schedule.size,
  };
}

function roomSizes(state: EngineState): Sizes {
  let [missingPostsMax, announcedMax, passiveMax, presentMax] = [0, 0, 0, 0];
  let [headCandidatesMax, rangesPerLogMax, chainRunsMax] = [0, 0, 0];
  for (const { room, presence, members, chains, isPrivate } of state.rooms.values()) {
    const { heads, ranges } = room.sizes;
    headCandidatesMax = Math.max(headCandidatesMax, heads);
    // Beside those that acts may be.
    rangesPerLogMax = Math.max(rangesPerLogMax, ranges - (isPrivate ? state.limits.actsMax : 0));
    chainRunsMax = Math.max(chainRunsMax, chains.size);
    passiveMax = Math.max(passiveMax, members.passive.size);
    presentMax = Math.max(presentMax, presence.count, presence.leftCount);
  }
  for (const [, tree] of state.broadcast.trees) {
    const { missing, offered } = tree.sizes;
    missingPostsMax = Math.max(missingPostsMax, missing);
    announcedMax = Math.max(announcedMax, offered);
  }
  return {
    missingPostsMax,
    announcedMax,
    passiveMax,
    presentMax,
    headCandidatesMax,
    rangesPerLogMax,
    chainRunsMax,
  };
}

function linkSizes(state: EngineState): Sizes {
  let [neighbourRoomsMax, outboxControlBytesMax, outboxLiveBytesMax] = [0, 0, 0];
  for (const session of state.links.sessions) {
    const { control, live } = session.waitingBytes;
    neighbourRoomsMax = Math.max(neighbourRoomsMax, session.rooms.size);
    outboxControlBytesMax = Math.max(outboxControlBytesMax, control);
    outboxLiveBytesMax = Math.max(outboxLiveBytesMax, live);
  }
  return { neighbourRoomsMax, outboxControlBytesMax, outboxLiveBytesMax };
}
