/** The figures of both contenders side by side, with their ratios and the goals. */

import { median } from "../report.ts";
import type { Contender } from "./cluster.ts";
import type { MeshFigures } from "./mesh.ts";
import type { PairFigures } from "./pair.ts";

/** What one contender reached in one run; a part may be left out. */
export interface Run {
  readonly pair: PairFigures | null;
  readonly mesh: MeshFigures | null;
}

/** The runs of both; those with the same number were made in turn. */
export type Runs = Readonly<Record<Contender, readonly Run[]>>;

interface Figure {
  readonly name: string;
  /** Figures after the point. */
  readonly digits: number;
  /** `null` where the part was left out. */
  readonly of: (run: Run) => number | null;
  /** What is aimed for. */
  readonly goal?: {
    /** Of Starling's own figure, or of its ratio to the other's. */
    readonly of: "value" | "ratio";
    readonly mark: number;
    /** The worst that is accepted; the goal itself by default. */
    readonly floor?: number;
    /** Whether more is better. */
    readonly higher?: boolean;
  };
}

const all = { of: "value", mark: 1, higher: true } as const;
const few = { of: "value", mark: 0.2, floor: 1 } as const;
const lean = { of: "value", mark: 3, floor: 6 } as const;

const ofPair = (read: (pair: PairFigures) => number) => ({ pair }: Run) =>
  pair === null ? null : read(pair);
const ofMesh = (read: (mesh: MeshFigures) => number) => ({ mesh }: Run) =>
  mesh === null ? null : read(mesh);

const figures: readonly Figure[] = [
  { name: "2 peers: posts/s one way", digits: 0, of: ofPair((pair) => pair.postsPerSecond) },
  { name: "2 peers, 20 posts/s: p50 ms", digits: 2, of: ofPair((pair) => pair.p50Ms) },
  { name: "2 peers: delivered", digits: 5, of: ofPair((pair) => pair.delivered), goal: all },
  {
    name: "16 peers, full load: deliveries/s",
    digits: 0,
    of: ofMesh(({ full }) => full.deliveriesPerSecond),
    goal: { of: "ratio", mark: 12, higher: true },
  },
  {
    name: "  duplicates per delivery",
    digits: 3,
    of: ofMesh(({ full }) => full.duplicates),
    goal: few,
  },
  {
    name: "  TCP payload per byte of text",
    digits: 2,
    of: ofMesh(({ full }) => full.wire),
    goal: lean,
  },
  { name: "  the same with headers", digits: 2, of: ofMesh(({ full }) => full.wireWithHeaders) },
  {
    name: "  CPU ms per delivery",
    digits: 4,
    of: ofMesh(({ full }) => full.cpuMs),
    goal: { of: "ratio", mark: 0.1 },
  },
  {
    name: "  memory MiB, median peer",
    digits: 1,
    of: ofMesh(({ residentMiB }) => median(residentMiB)),
    goal: { of: "ratio", mark: 0.6 },
  },
  {
    name: "  memory MiB, largest peer",
    digits: 1,
    of: ofMesh(({ residentMiB }) => Math.max(...residentMiB)),
  },
  { name: "  delivered", digits: 5, of: ofMesh((mesh) => mesh.fullDelivered), goal: all },
  {
    name: "  delivered, 1 of 16 killed",
    digits: 5,
    of: ofMesh((mesh) => mesh.fullKillDelivered),
    goal: all,
  },
  { name: "16 peers, 20 posts/s: p50 ms", digits: 2, of: ofMesh(({ p50Ms }) => p50Ms) },
  {
    name: "  p99 ms",
    digits: 2,
    of: ofMesh(({ p99Ms }) => p99Ms),
    goal: { of: "ratio", mark: 0.4 },
  },
  {
    name: "  duplicates per delivery",
    digits: 3,
    of: ofMesh(({ steady }) => steady.duplicates),
    goal: few,
  },
  {
    name: "  TCP payload per byte of text",
    digits: 2,
    of: ofMesh(({ steady }) => steady.wire),
    goal: lean,
  },
  {
    name: "  the same with headers",
    digits: 2,
    of: ofMesh(({ steady }) => steady.wireWithHeaders),
  },
  { name: "  CPU ms per delivery", digits: 4, of: ofMesh(({ steady }) => steady.cpuMs) },
  { name: "  delivered", digits: 5, of: ofMesh((mesh) => mesh.steadyDelivered), goal: all },
  {
    name: "  delivered, 1 of 16 killed",
    digits: 5,
    of: ofMesh((mesh) => mesh.steadyKillDelivered),
    goal: all,
  },
  {
    name: "16 peers: fewest links of one",
    digits: 0,
    of: ofMesh(({ links }) => Math.min(...links)),
  },
  { name: "  most links of one", digits: 0, of: ofMesh(({ links }) => Math.max(...links)) },
];

/** The lines of the table: medians of the runs, and of the ratios within each run. */
export function table(runs: Runs): string[] {
  const head = row("", "Starling", "gossipsub", "ratio", "goal");
  return [head, ...figures.flatMap((figure) => lineOf(figure, runs))];
}

function lineOf({ name, digits, of, goal }: Figure, runs: Runs): string[] {
  const read = (contender: Contender) => runs[contender].map(of).filter((value) => value !== null);
  const ours = read("starling");
  const theirs = read("libp2p");
  if (ours.length + theirs.length === 0) return [];
  const shown = (value: number, places: number) =>
    Number.isFinite(value) ? value.toFixed(places) : "-";
  const value = median(ours);
  const ratio = median(ours.map((one, i) => one / (theirs[i] ?? NaN)));
  const asked = goal?.of === "ratio" ? ratio : value;
  return [
    row(
      name,
      shown(value, digits),
      shown(median(theirs), digits),
      shown(ratio, 3),
      goal === undefined || !Number.isFinite(asked) ? "" : verdict(goal, asked),
    ),
  ];
}

/** What is asked for, and whether it is reached. */
function verdict(goal: NonNullable<Figure["goal"]>, value: number): string {
  const { mark, floor = mark, higher = false } = goal;
  const reaches = (limit: number) => higher ? value >= limit : value <= limit;
  const asked = `${higher ? "≥" : "≤"} ${mark}${goal.of === "ratio" ? " ×" : ""}`;
  const least = floor === mark ? "" : ` (floor ${floor})`;
  return `${asked}${least}: ${reaches(mark) ? "goal" : reaches(floor) ? "floor" : "MISSED"}`;
}

function row(name: string, ours: string, theirs: string, ratio: string, goal: string): string {
  const columns = [name.padEnd(34), ours.padStart(10), theirs.padStart(10), ratio.padStart(9)];
  return `${columns.join(" ")}  ${goal}`.trimEnd();
}
