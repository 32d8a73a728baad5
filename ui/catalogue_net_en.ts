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
  "no-member": "by others than members of a private room",
  "not-asked": "that nobody had asked for",
  disk: "because the disk cannot be written",
  "newer-format": "made by a newer version: update Starling",
};

/** The texts about links. */
export const englishNet = {
  // A link, or an address without one
  noPeers: "no links and no addresses: /connect 10.0.0.5:9797",
  peerHeads: ["name", "address", "link", "for", "round trip", "queued", "last failure"],
  /** Another fact about one of them, in the same line. */
  besides: (facts: string, fact: string) => `${facts}, ${fact}`,
  opened: { in: "by them", out: "by you" },
  dialling: "dialling",
  waiting: (nextTryMs: number | null) =>
    nextTryMs === null ? "waits" : `tries in ${duration(nextTryMs)}`,
  age: (ms: number) => duration(ms),
  roundTrip: (ms: number) => ms < 1 ? "under 1 ms" : `${Math.round(ms)} ms`,
  queued: (bytes: number) => size(bytes),

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
  /** `copies` of known posts beside the new ones, and how much more than needed that is. */
  roomHeads: ["room", "neighbours", "at once", "told first", "reserve", "new posts", "copies"],
  copies: (copies: number, fresh: number) =>
    fresh === 0 ? `${copies}` : `${copies} (${percentage(copies, fresh)})`,
  roomAlone: (room: string) =>
    `${room}: no neighbours, what you say waits here until somebody comes`,
  unheard: (room: string, names: readonly string[], more: number) =>
    `${room}: no word of ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}: away, or no ` +
    "member who is here is linked to them; one link between two members is enough (/connect)",
  dropped: (room: string, drops: readonly (readonly [reason: DropReason, times: number])[]) =>
    `${room}: dropped ${drops.map(([reason, times]) => `${times} ${dropped[reason]}`).join("; ")}`,
};
