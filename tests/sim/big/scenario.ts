/** What one big simulation is about, and how it is asked for on the command line. */

import { parseArgs } from "@std/cli/parse-args";
import { defaultLimits, type Limits } from "../../../wire/limits.ts";

/** Who speaks. */
export const workloads = ["steady", "turns", "bursts"] as const;
/** One peer at a regular pace; many peers, one post each; several peers, many posts at once. */
export type Workload = typeof workloads[number];

/** What goes wrong. */
export const faults = [
  "none",
  "rush",
  "churn",
  "split2",
  "split3",
  "oneway",
  "slow",
  "gone30",
  "gone80",
  "power30",
  "forged",
  "flood",
  "ihave",
  "addresses",
  "droppers",
  "inbound90",
] as const;
/**
 * `rush`: two hundred come each second, from the first on. `churn`: half of the peers end and come back, one after the other. `split`: two or three
 * parts hear nothing of each other, for longer than links live. `oneway`: nothing gets through
 * from one peer to another between a fifth of all pairs. `slow`: a tenth reads nothing for a
 * while. `gone`: so many percent are killed at one instant, and `power`: without a word. Then
 * strangers with an engine of their own: `forged` posts and signatures, a `flood` of proper
 * posts under fresh keys, false `ihave`s, lies about `addresses`, silent `droppers` that were
 * there first, and ones that have opened 90 % of everybody's inbound links.
 */
export type Fault = typeof faults[number];

/** One run. */
export interface Scenario {
  readonly peers: number;
  readonly workload: Workload;
  readonly fault: Fault;
  readonly seed: number;
  /** `real`: the product's cryptography and links; `fast`: cheap signatures and plain links. */
  readonly crypto: "real" | "fast";
  /** Posts that are measured. */
  readonly posts: number;
  /** Addresses that each peer is given of those who came before. */
  readonly contacts: number;
  /** `brief`: rest is short, for the gate. */
  readonly length: "whole" | "brief";
  readonly limits: Limits;
}

/** Peers up to which links and signatures are real. */
const realPeersMax = 1_000;

/**
 * A list of ten thousand in each of ten thousand peers does not fit into one machine's memory:
 * of so many each knows some.
 */
const crowdLimits = { presentMax: 256, namesMax: 256, presencesPerJoinMax: 32 };

/** Posts of a workload unless said otherwise. */
const usualPosts: Readonly<Record<Workload, number>> = { steady: 60, turns: 200, bursts: 150 };

/** A scenario of this size, with what is usual for the rest. */
export function scenarioOf(
  given:
    & Partial<Omit<Scenario, "limits">>
    & { readonly peers: number; readonly limits?: Partial<Limits> },
): Scenario {
  const workload = given.workload ?? "steady";
  return {
    fault: "none",
    seed: 1,
    crypto: given.peers > realPeersMax ? "fast" : "real",
    posts: usualPosts[workload],
    contacts: 1,
    length: "whole",
    ...given,
    workload,
    limits: { ...defaultLimits, ...given.peers > realPeersMax ? crowdLimits : {}, ...given.limits },
  };
}

/** What was typed; `peers` and the rest are lists, of which every combination is meant. */
export interface Options {
  readonly peers: readonly number[];
  readonly workloads: readonly Workload[];
  readonly faults: readonly Fault[];
  /** Nothing was named, so the whole table is wanted. */
  readonly isTable: boolean;
  readonly rest: Partial<Pick<Scenario, "seed" | "crypto" | "posts" | "contacts">> & {
    readonly limits: Partial<Limits>;
  };
}

/**
 * Reads the command line.
 *
 * @throws {RangeError} If something in it means nothing.
 */
export function readOptions(args: readonly string[]): Options {
  const known = ["peers", "workload", "fault", "seed", "crypto", "posts", "contacts", "limit"];
  const typed = parseArgs([...args], {
    string: known,
    collect: ["limit"],
    unknown: (name) => {
      throw new RangeError(`Cannot read ${name}: options are ${known.join(", ")}`);
    },
  });
  const text = (name: string) => typed[name] as string | undefined;
  const number = (name: "seed" | "posts" | "contacts") => {
    const value = text(name);
    return value === undefined ? {} : { [name]: wholeNumber(value) };
  };
  const crypto = text("crypto");
  return {
    peers: (text("peers") ?? "100").split(",").map(wholeNumber),
    workloads: (text("workload") ?? "steady").split(",").map((word) => oneOf(word, workloads)),
    faults: (text("fault") ?? "none").split(",").map((word) => oneOf(word, faults)),
    isTable: [text("peers"), text("workload"), text("fault")].every((value) => value === undefined),
    rest: {
      ...number("seed"),
      ...number("posts"),
      ...number("contacts"),
      ...crypto === undefined ? {} : { crypto: oneOf(crypto, ["real", "fast"] as const) },
      limits: Object.fromEntries((typed.limit as string[]).map(limitOf)),
    },
  };
}

/** What to type to see a scenario again. */
export function commandOf(scenario: Scenario): string {
  const { peers, workload, fault, seed, crypto, posts, contacts, limits } = scenario;
  const usual = scenarioOf({ peers, workload });
  const words = [`--peers ${peers} --workload ${workload} --fault ${fault} --seed ${seed}`];
  if (crypto !== usual.crypto) words.push(`--crypto ${crypto}`);
  if (posts !== usual.posts) words.push(`--posts ${posts}`);
  if (contacts !== usual.contacts) words.push(`--contacts ${contacts}`);
  for (const [key, value] of Object.entries(limits)) {
    if (value !== usual.limits[key as keyof Limits]) words.push(`--limit ${key}=${value}`);
  }
  return `deno task sim:big ${words.join(" ")}`;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new RangeError(`Cannot read ${text}: a whole number is wanted`);
  return Number(text);
}

function oneOf<T extends string>(text: string, choices: readonly T[]): T {
  const choice = choices.find((choice) => choice === text);
  if (choice === undefined) {
    throw new RangeError(`Cannot read ${text}: it must be one of ${choices.join(", ")}`);
  }
  return choice;
}

/** `key=value`, where the table has a number under the key. */
function limitOf(text: string): [string, number] {
  const [key = "", value = ""] = text.split("=");
  if (typeof defaultLimits[key as keyof Limits] !== "number" || !/^\d+(\.\d+)?$/.test(value)) {
    throw new RangeError(`Cannot read the limit ${text}: wanted is a known name, = and a number`);
  }
  return [key, Number(value)];
}
