/** English: the answers to `/peers` and `/net`. */

import type { DropReason } from "../peer/net_report.ts";
import { count, duration, percentage, size } from "./catalogue_words_en.ts";

/** After the number of things that were dropped. */
const dropped: Readonly<Record<DropReason, string>> = {
  invalid: "with a wrong signature",
  "over-budget": "too many at once from one author (history brings them later)",
  "pruned": "older than what is kept here",
  "too-many-branches": "of a key that writes in too many places at once",
  "too-many-logs": "of a key with too many numberings",
  "too-scattered": "with too many gaps before them (history brings them later)",
  "not-asked": "that nobody had asked for",
  disk: "because the disk cannot be written",
  "newer-format": "made by a newer version: update Starling",
};

/** `bo (10.0.0.5:9797)`, or the address alone. */
function place(name: string | null, address: string): string {
  return name === null ? address : `${name} (${address})`;
}

/** The texts about links. */
export const englishNet = {
  // A link, or an address without one
  noPeers: "no links and no addresses: /connect 10.0.0.5:9797",
  up: (
    name: string | null,
    address: string,
    direction: "in" | "out",
    ageMs: number | null,
    rttMs: number | null,
    queuedBytes: number,
    error: string | null,
  ) =>
    `linked ${direction === "out" ? "to" : "from"} ${place(name, address)}` +
    (ageMs === null ? "" : ` for ${duration(ageMs)}`) +
    (rttMs === null ? "" : `, round trip ${rttMs < 1 ? "under 1" : Math.round(rttMs)} ms`) +
    (queuedBytes === 0 ? ", nothing queued" : `, ${size(queuedBytes)} queued`) +
    (error === null ? "" : `; last failure: ${error}`),
  dialling: (name: string | null, address: string, error: string | null) =>
    `dialling ${place(name, address)}` + (error === null ? "" : `; last failure: ${error}`),
  waiting: (
    name: string | null,
    address: string,
    error: string | null,
    nextTryMs: number | null,
  ) =>
    `waiting to dial ${place(name, address)}` + (error === null ? "" : `: ${error}`) +
    (nextTryMs === null ? "" : `; next try in ${duration(nextTryMs)}`),

  // This peer
  noLinks: "no links: /peers tells what failed, /connect 10.0.0.5:9797 dials somebody",
  links: (inbound: number, outbound: number) =>
    `${count(inbound + outbound, "link")}: ${inbound} opened by others, ${outbound} opened by you`,
  reached: "others can reach you: somebody from outside has dialled you",
  notReached: "nobody from outside has reached you yet",
  linksWork: "links that you open carry everything both ways",
  dialsOnly:
    "not listening: nobody can dial you. /listen 9797 changes that; links that you open carry " +
    "everything both ways",
  thisMachineOnly: (addresses: string) =>
    `only this machine can dial you (${addresses}): for others it needs a network, and --listen 9797`,
  throughRouter: (addresses: string, port: string) =>
    `this computer itself does not have ${addresses}, so a router is in between: it must ` +
    `forward TCP port ${port} to this computer, and a firewall here must let that port in`,
  observed: (addresses: string) => `neighbours see you at ${addresses}`,
  banned: (keys: number) =>
    keys === 0
      ? "nobody is banned"
      : `${count(keys, "peer is", "peers are")} banned for a while: they sent forged posts`,

  // A room
  roomAlone: (room: string, passive: number) =>
    `${room}: no neighbours, what you say waits here until somebody comes` +
    (passive === 0 ? "" : `; ${count(passive, "address", "addresses")} of members in reserve`),
  roomLinks: (room: string, neighbours: number, eager: number, lazy: number, passive: number) =>
    `${room}: ${count(neighbours, "neighbour")}, ${eager} sent each post at once, ` +
    `${lazy} told of it first; ${count(passive, "address", "addresses")} of members in reserve`,
  nothingCame: "  no posts came live yet",
  cameTwice: (fresh: number, copies: number) =>
    `  ${count(fresh, "new post")} came live, and ${
      count(copies, "copy", "copies")
    } of known ones` +
    (fresh === 0 ? "" : `: ${percentage(copies, fresh)} more than needed`),
  dropped: (drops: readonly (readonly [reason: DropReason, times: number])[]) =>
    `  dropped: ${drops.map(([reason, times]) => `${times} ${dropped[reason]}`).join("; ")}`,
};
