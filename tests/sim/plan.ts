/**
 * What a seed means: who takes part, how they are connected, which limits hold, and which
 * faults come how often. The mix itself is drawn, so that some seeds have one kind of fault
 * alone and others nearly all.
 */

import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { Dice } from "./dice.ts";
import type { NetworkStyle } from "./virtual_network.ts";

/** One machine. */
export interface PeerPlan {
  readonly name: string;
  readonly ip: string;
  readonly port: number;
  readonly address: string;
  readonly rooms: readonly string[];
  /** Addresses that its person has typed. */
  readonly dials: readonly string[];
  /** Whether it tells others where it can be dialled; if not, only who was told otherwise does. */
  readonly isTold: boolean;
  /** When it is switched on first. */
  readonly startMs: number;
  readonly clockOffsetMs: number;
  readonly stepDelayMsMax: number;
  readonly diskMsMax: number;
}

/** The kinds of faults. */
export type FaultKind =
  | "kill"
  | "power"
  | "restore"
  | "quit"
  | "reset"
  | "halfOpen"
  | "oneWay"
  | "partition"
  | "asymmetric"
  | "slowReader"
  | "freeze"
  | "diskFull"
  | "appendFails"
  | "clockJump";

/** One seed. */
export interface Plan {
  readonly seed: number;
  readonly peers: readonly PeerPlan[];
  /** Whether the number of peers was given, and not drawn. */
  readonly isSized: boolean;
  readonly rooms: readonly string[];
  readonly channel: "noise" | "plain";
  readonly limits: Limits;
  readonly style: NetworkStyle;
  /** How long people talk while things go wrong. */
  readonly stormMs: number;
  /** How long everything may take to be right again. */
  readonly calmMs: number;
  /** Whether people type /reconnect when the network is whole again. */
  readonly reconnects: boolean;
  /** Mean time between faults of a kind, over all peers; a kind that is not named never comes. */
  readonly faults: ReadonlyMap<FaultKind, number>;
  /** Probability that a dial is refused, while things go wrong. */
  readonly refusals: number;
  /** Mean time between things that somebody does. */
  readonly talkMs: number;
  readonly hasLongTexts: boolean;
  /** Mean time between things that somebody does about a private room; `null`: there is none. */
  readonly privateMs: number | null;
  /** Whether a stranger sends what it must not. */
  readonly isHostile: boolean;
  /** Whether some address in a book leads to a host that takes connections and is silent. */
  readonly hasSilentHost: boolean;
}

/** Where the host is that takes connections and never says a word. */
export const silentAddress = "10.0.0.99:9797";

const names = ["ann", "bo", "cy", "di", "eve", "flo", "gus", "hal", "ida", "jo", "kit", "lea"];
const faultKinds: readonly FaultKind[] = [
  "kill",
  "power",
  "quit",
  "reset",
  "halfOpen",
  "oneWay",
  "partition",
  "asymmetric",
  "slowReader",
  "freeze",
  "diskFull",
  "appendFails",
  "clockJump",
];

/**
 * Draws the plan of a seed.
 *
 * @param seed The seed.
 * @param peers How many peers, if that is not to be drawn.
 */
export function drawPlan(seed: number, peers: number | null): Plan {
  const dice = new Dice(seed);
  const count = peers ?? dice.pick([2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 12]);
  const rooms = ["lobby", "den", "attic"].slice(0, dice.pick([1, 1, 2, 3]));
  const stormMs = Math.round(dice.between(15_000, 90_000));
  const quietly = dice.chance(0.15);
  const eager = quietly ? 0 : dice.pick([0.1, 0.3, 0.6]);
  const faults = faultKinds.filter(() => dice.chance(eager)).map((kind) =>
    [kind, dice.between(stormMs / 12, stormMs)] as const
  );
  // Somebody goes on from an old copy of the folder, and may number posts a second time.
  if (dice.chance(0.2)) faults.push(["restore", dice.between(stormMs / 4, stormMs)]);
  const reconnects = dice.chance(0.8);
  const hasSilentHost = dice.chance(0.1);
  const isHostile = dice.chance(0.25);
  return {
    seed,
    isSized: peers !== null,
    peers: drawPeers(dice, count, rooms, stormMs, hasSilentHost),
    rooms,
    channel: dice.chance(0.6) ? "noise" : "plain",
    limits: drawLimits(dice, reconnects, isHostile),
    style: {
      latencyMsMax: dice.pick([1, 20, 300]),
      jitterMsMax: dice.pick([0, 5, 200]),
      capacityBytesMin: dice.pick([2_000, 64_000]),
      pieceBytesMin: dice.pick([50, 1_500, 16_000]),
      dribbles: dice.chance(0.3),
    },
    stormMs,
    calmMs: reconnects ? 600_000 : 900_000,
    reconnects,
    faults: new Map(faults),
    refusals: quietly ? 0 : dice.pick([0, 0, 0.1, 0.5]),
    talkMs: dice.between(stormMs / 150, stormMs / 20),
    hasLongTexts: dice.chance(0.2),
    privateMs: drawPrivate(seed, stormMs),
    isHostile,
    hasSilentHost,
  };
}

/** With dice of its own: what a seed meant before there were private rooms it means still. */
function drawPrivate(seed: number, stormMs: number): number | null {
  const dice = new Dice(seed * 7 + 5);
  return dice.chance(0.4) ? dice.between(stormMs / 150, stormMs / 25) : null;
}

function drawPeers(
  dice: Dice,
  count: number,
  rooms: readonly string[],
  stormMs: number,
  hasSilentHost: boolean,
): PeerPlan[] {
  const addresses = Array.from({ length: count }, (_, i) => `10.0.0.${i + 1}:9797`);
  const shape = dice.pick(["line", "star", "ring", "tree", "mesh", "random"] as const);
  const hidden = dice.pick([0, 0, 0.5, 1]);
  const skewMs = dice.pick([0, 0, 2_000, 600_000, 10 * 365 * 86_400_000]);
  return addresses.map((address, i): PeerPlan => ({
    name: names[i] ?? `p${i}`,
    ip: `10.0.0.${i + 1}`,
    port: 9797,
    address,
    rooms: [rooms[0]!, ...rooms.slice(1).filter(() => dice.chance(0.6))],
    dials: [
      ...neighbours(dice, shape, i, count).map((other) => addresses[other]!),
      ...hasSilentHost && dice.chance(0.5) ? [silentAddress] : [],
    ],
    isTold: !dice.chance(hidden),
    startMs: dice.chance(0.7) ? dice.next() * 500 : dice.next() * stormMs * 0.8,
    clockOffsetMs: dice.chance(0.3) ? Math.round((dice.next() * 2 - 1) * skewMs) : 0,
    stepDelayMsMax: dice.pick([0.1, 2, 50]),
    diskMsMax: dice.pick([0.1, 5, 100]),
  }));
}

/** Whom a peer dials; all shapes are connected. */
function neighbours(
  dice: Dice,
  shape: "line" | "star" | "ring" | "tree" | "mesh" | "random",
  i: number,
  count: number,
): number[] {
  const before = Array.from({ length: i }, (_, other) => other);
  const others = Array.from({ length: count }, (_, other) => other).filter((o) => o !== i);
  switch (shape) {
    case "line":
      return i === 0 ? [] : [i - 1];
    case "star":
      return i === 0 ? [] : [0];
    case "ring":
      return [(i + 1) % count];
    case "tree":
      return i === 0 ? [] : [(i - 1) >> 1];
    case "mesh":
      return others.filter(() => dice.chance(0.8)).concat(i === 0 ? [] : [i - 1]);
    case "random":
      return i === 0 ? [] : [dice.pick(before), ...others.filter(() => dice.chance(0.2))];
  }
}

function drawLimits(dice: Dice, reconnects: boolean, isHostile: boolean): Limits {
  const dialBackoffMs = reconnects && dice.chance(0.5)
    ? defaultLimits.dialBackoffMs
    : [200, 1_000, 5_000, 20_000];
  // What everybody says of all others every few seconds is most of what is said here.
  const receiptMs = dice.pick([2_000, 20_000, 20_000]);
  if (dice.chance(0.6)) return { ...defaultLimits, dialBackoffMs, receiptMs };
  const small = <K extends keyof Limits>(name: K, ...choices: Limits[K][]) =>
    dice.chance(0.5) ? { [name]: dice.pick(choices) } : {};
  return {
    ...defaultLimits,
    dialBackoffMs,
    receiptMs,
    ...small("dedupMax", 4, 32),
    // A stranger's log may have gaps that nobody can fill; then peers that hold few pieces of a
    // log hold other pieces of it for good.
    ...small("rangesPerLogMax", ...isHostile ? [64] : [2, 8]),
    ...small("missingLogsMax", 1, 3),
    ...small("receiptHoldersMax", 1, 3),
    ...small("wantPostsPerLogMax", 1, 5),
    ...small("wantRangesMax", 1, 4),
    ...small("wantBytesMax", 3_000, 30_000),
    ...small("frontierEntriesMax", 1, 3),
    ...small("headCandidatesMax", 1, 4),
    ...small("receiptsMax", 4, 16),
    ...small("presencesPerJoinMax", 1, 3),
    ...small("rekeyFramesMax", 4, 50),
    ...small("pageBytesMax", 21_000, 30_000),
    ...small("pagesQueuedBytesMax", 21_000),
    ...small("outboxLiveBytesMax", 1_000, 25_000),
    // Sealing keys that change while letters to the old ones are on their way; all are kept.
    ...dice.chance(0.5) ? { sealingKeyMs: 20_000, sealingLookMs: 4_000 } : {},
    ...small("keyWaitMs", 1, 500),
    ...small("hintPairsMax", 1, 2),
    ...dice.chance(0.5) ? { writeLowWaterBytes: 500, writeHighWaterBytes: 4_000 } : {},
  };
}
