/** How this peer is connected, as `/net` tells it. */

import type { PeerId } from "../wire/ids.ts";
import type { RoomName } from "./notice.ts";

/** Why something that a neighbour sent was not taken. */
export type DropReason =
  /** A signature that its author did not make. */
  | "invalid"
  /** Its author has used up what may come at once; history brings it later. */
  | "over-budget"
  /** More pieces of one log than are kept apart; history brings it later. */
  | "too-scattered"
  /** It was removed here once, as too old or too much. */
  | "pruned"
  /** More branches of one log than are kept. */
  | "too-many-branches"
  /** More logs of one author than are kept. */
  | "too-many-logs"
  /** Its author is no member of this private room, as far as is known. */
  | "no-member"
  /** An answer to no question. */
  | "not-asked"
  /** The disk cannot be written. */
  | "disk"
  /** Of a later version of the program. */
  | "newer-format";

/** One room of the report. */
export interface RoomNet {
  /** How the room is called here. */
  readonly room: RoomName;
  /** Links on which its gossip goes. */
  readonly neighbours: number;
  /** Of these, those that are sent each post at once. */
  readonly eager: number;
  /** Of these, those that are only told its id. */
  readonly lazy: number;
  /** Members whose addresses are known beside the neighbours. */
  readonly passive: number;
  /** Posts that came by gossip and were new. */
  readonly fresh: number;
  /** Posts that came by gossip and were known; `copies / fresh` is the redundancy. */
  readonly copies: number;
  /** Of a private room: members who are not heard of, because they are away or no path leads there. */
  readonly unheard?: readonly { readonly peer: PeerId; readonly name: string }[] | undefined;
  /** What was dropped, by reason; reasons that never happened are left out. */
  readonly drops: Readonly<Partial<Record<DropReason, number>>>;
}

/** The whole report. */
export interface NetReport {
  /** Links that others opened. */
  readonly inbound: number;
  /** Links that this peer opened. */
  readonly outbound: number;
  /** Somebody has reached this peer from another machine since its start. */
  readonly reached: boolean;
  /** Addresses from which neighbours see this peer, without ports, most often named first. */
  readonly observed: readonly string[];
  /** Keys that are banned at the moment. */
  readonly banned: number;
  /** Open rooms in the order of joining. */
  readonly rooms: readonly RoomNet[];
}
