/**
 * Every limit of the protocol and of the engine, in one table, which is put together here from
 * one file for each area. Those of the wire (`limits_wire.ts`) are the same on all peers; the
 * others may differ from peer to peer and be set in `--config` under `limits`.
 *
 * Each says what breaks if it is smaller or larger, and where the number is from. Sizes are
 * bytes and times milliseconds unless the name says otherwise; a `Burst` is what may come at
 * once, the `PerSecond` beside it what may come in the long run.
 */

import { type GossipLimits, gossipLimits } from "./limits_gossip.ts";
import { type HistoryLimits, historyLimits } from "./limits_history.ts";
import { type LinkLimits, linkLimits } from "./limits_links.ts";
import { type MachineLimits, machineLimits } from "./limits_machine.ts";
import { type PeopleLimits, peopleLimits } from "./limits_people.ts";
import { type RoomLimits, roomLimits } from "./limits_rooms.ts";
import { type WireLimits, wireLimits } from "./limits_wire.ts";

export type {
  GossipLimits,
  HistoryLimits,
  LinkLimits,
  MachineLimits,
  PeopleLimits,
  RoomLimits,
  WireLimits,
};

/** The table of limits. Sizes are bytes and times milliseconds unless the name says otherwise. */
export interface Limits
  extends
    WireLimits,
    LinkLimits,
    GossipLimits,
    HistoryLimits,
    RoomLimits,
    PeopleLimits,
    MachineLimits {}

/** The defaults; the threats that the design answers and the measurements in bench/ are behind them. */
export const defaultLimits: Limits = {
  ...wireLimits,
  ...linkLimits,
  ...gossipLimits,
  ...historyLimits,
  ...roomLimits,
  ...peopleLimits,
  ...machineLimits,
};
