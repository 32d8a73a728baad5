/**
 * The answers to `/peers` and `/net`: which links there are, how they do, and what a person
 * can do where others cannot reach this peer.
 */

import { normalHost, parseAddress } from "../discovery/address.ts";
import { scopeOf } from "../discovery/scope.ts";
import type { PeerState } from "../peer/listing.ts";
import type { DropReason, NetReport, RoomNet } from "../peer/net_report.ts";
import type { Catalogue } from "./catalogue.ts";
import { plainReason } from "./notice_text.ts";
import type { Names } from "./names.ts";
import { roomLabel } from "./post_line.ts";
import { screenLimits } from "./screen_limits.ts";
import type { Setting } from "./setting.ts";
import { table } from "./table.ts";

/** `/peers`: links, then addresses that are dialled or wait. */
export async function peerLines(setting: Setting): Promise<string[]> {
  const { chat, conversation, catalogue } = setting;
  const peers = chat.peers();
  // All names first: whether two people share one is known only then.
  for (const { peer, name } of peers) if (peer !== null) conversation.names.shown(peer, name);
  if (peers.length === 0) return [catalogue.net.noPeers];
  const form = { heads: catalogue.net.peerHeads, plain: 2, besides: catalogue.net.besides };
  const rows = peers.map((peer) => peerCells(peer, setting));
  return await table({ ...form, width: setting.columns }, rows);
}

function peerCells(link: PeerState, { conversation, catalogue }: Setting): string[] {
  const { peer, address, direction, state, ageMs, rttMs, queuedBytes, nextTryMs } = link;
  const words = catalogue.net;
  return [
    peer === null ? "" : conversation.names.shown(peer, link.name),
    address,
    state === "up"
      ? words.opened[direction]
      : state === "dialling"
      ? words.dialling
      : words.waiting(nextTryMs),
    ageMs === null ? "" : words.age(ageMs),
    rttMs === null ? "" : words.roundTrip(rttMs),
    queuedBytes === 0 ? "" : words.queued(queuedBytes),
    link.lastError === null ? "" : plainReason(link.lastError, catalogue),
  ];
}

/** `/net`: this peer's links and what to do for more of them, then each room. */
export async function netLines(setting: Setting): Promise<string[]> {
  const { chat, conversation, catalogue, columns } = setting;
  const report = chat.net();
  const { inbound, outbound, banned, rooms } = report;
  const words = catalogue.net;
  return [
    inbound + outbound === 0 ? words.noLinks : words.links(inbound, outbound),
    ...reachLines(report, chat.listen, catalogue),
    words.banned(banned),
    ...rooms.length === 0 ? [] : await table(
      { heads: words.roomHeads, plain: 1, besides: words.besides, width: columns },
      rooms.map((room) => roomCells(room, conversation.names, words)),
    ),
    ...rooms.flatMap((room) => roomRemarks(room, conversation.names, words)),
  ];
}

/** Whether others can dial this peer, and if not, what stands in between. */
function reachLines(
  { reached, outbound, observed }: NetReport,
  listen: readonly string[],
  catalogue: Catalogue,
): string[] {
  const words = catalogue.net;
  const seenAt = observed.slice(0, screenLimits.observedShownMax);
  const seen = seenAt.length === 0 ? [] : [words.observed(seenAt.join(", "))];
  const first = listen[0];
  if (first === undefined) return [words.dialsOnly, ...seen];
  if (reached) return [words.reached, ...seen];
  const hosts = new Set(listen.map((address) => normalHost(parseAddress(address).host)));
  const lines = [words.notReached, ...seen];
  if ([...hosts].every((host) => host === "localhost" || scopeOf(host) === "loopback")) {
    lines.push(words.thisMachineOnly(listen.join(", ")));
  } else {
    const port = String(parseAddress(first).port);
    const foreign = seenAt.filter((address) => isElsewhere(address, hosts));
    lines.push(
      foreign.length === 0
        ? catalogue.firewall(port)
        : words.throughRouter(foreign.join(", "), port),
    );
  }
  if (outbound > 0) lines.push(words.linksWork);
  return lines;
}

/** Whether packets from here carry an address that this computer does not have. */
function isElsewhere(address: string, own: ReadonlySet<string>): boolean {
  const host = normalHost(address.replace(/^\[(.*)\]$/, "$1"));
  const scope = scopeOf(host);
  return (scope === "public" || scope === "private") && !own.has(host);
}

function roomCells(state: RoomNet, names: Names, words: Catalogue["net"]): string[] {
  const { neighbours, eager, lazy, passive, fresh, copies } = state;
  return [
    roomLabel(state.room, names),
    ...[neighbours, eager, lazy, passive, fresh].map(String),
    words.copies(copies, fresh),
  ];
}

/** What a number alone does not say. */
function roomRemarks(state: RoomNet, names: Names, words: Catalogue["net"]): string[] {
  const room = roomLabel(state.room, names);
  const dropped = (Object.entries(state.drops) as [DropReason, number][])
    .filter(([, times]) => times > 0);
  const { unheard = [] } = state;
  const shown = unheard.slice(0, screenLimits.observedShownMax)
    .map(({ peer, name }) => names.shown(peer, name));
  return [
    ...state.neighbours === 0 ? [words.roomAlone(room)] : [],
    ...shown.length === 0 ? [] : [words.unheard(room, shown, unheard.length - shown.length)],
    ...dropped.length === 0 ? [] : [words.dropped(room, dropped)],
  ];
}
