/** How full an engine's collections are: what the simulator holds against the table of limits. */

import type { Limits } from "../wire/limits.ts";
import type { EngineState } from "./engine_state.ts";

/** The fullest collection that each limit bounds, under the name of the limit. */
export type Sizes = Readonly<Partial<Record<keyof Limits, number>>>;

/** Looks through all collections; not for every step of a large peer. */
export function sizes(state: EngineState): Sizes {
  const { links, broadcast, people, receipts, fetch } = state;
  const rooms = [...state.rooms.values()];
  const sessions = [...links.sessions];
  const trees = [...broadcast.trees].map(([, tree]) => tree.sizes);
  return {
    roomsMax: rooms.length,
    neighbourRoomsMax: most(sessions.map((session) => session.rooms.size)),
    dedupMax: broadcast.accepted.size,
    missingPostsMax: most(trees.map(({ missing }) => missing)),
    announcedMax: most(trees.map(({ offered }) => offered)),
    passiveMax: most(rooms.map(({ members }) => members.passive.size)),
    learntQueueMax: links.learnt.size,
    lostPeersMax: links.lost.size,
    learntFailuresMax: links.learnt.failures,
    namesMax: people.count,
    presentMax: most(rooms.flatMap(({ presence }) => [presence.count, presence.leftCount])),
    headCandidatesMax: most(rooms.map(({ room }) => room.sizes.heads)),
    rangesPerLogMax: most(rooms.map(({ room }) => room.sizes.ranges)),
    receiptsMax: receipts.sizes.told,
    receiptHoldersMax: receipts.sizes.holders,
    missingLogsMax: fetch.missingLogs,
    connectionsInMax: links.inbound,
    connectionsOutMax: links.outbound,
    keyWaitingMax: state.direct?.waiting.length ?? 0,
    directChatsMax: Math.max(state.direct?.sizes.chats ?? 0, state.direct?.sizes.seen ?? 0),
    resendsMax: state.direct?.sizes.resends ?? 0,
    hintPairsMax: state.direct?.sealer.sizes.secrets ?? 0,
    sealingKeysMax: state.direct?.keys.all.length ?? 0,
    privateRoomsMax: state.private?.sizes.open ?? 0,
    takingMax: state.invites?.sizes.taking ?? 0,
    inviteDeedsMax: state.invites?.sizes.known ?? 0,
    privateKeptMax: state.private?.sizes.kept ?? 0,
    epochsMax: state.private?.sizes.epochs ?? 0,
    requestsMax: state.decided.sizes.requests,
    peopleDecidedMax: state.decided.sizes.people,
    bansMax: links.bans,
    addressBookMax: links.schedule.size,
    outboxControlBytesMax: most(sessions.map((session) => session.waitingBytes.control)),
    outboxLiveBytesMax: most(sessions.map((session) => session.waitingBytes.live)),
  };
}

function most(counts: readonly number[]): number {
  return counts.reduce((a, b) => Math.max(a, b), 0);
}
