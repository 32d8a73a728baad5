/** Processes of one contender, linked as told, under the commands of `load.ts`. */

import { within } from "../../tests/within.ts";
import { Process } from "../process.ts";
import type { Command, Counted } from "./load.ts";
import { carried } from "./loopback.ts";
import { sum } from "./statistics.ts";
import type { Link } from "./topology.ts";

/** Who is compared. */
export type Contender = "starling" | "libp2p";

/**
 * What Starling's limits are in a comparison: budgets do not bind, because gossipsub has none,
 * and every given link is worth keeping, because gossipsub keeps all of them too.
 */
const starlingLimits = {
  activeTarget: 8,
  activeMax: 8,
  budgetPerSecond: 1_000_000,
  budgetBurst: 1_000_000,
  allowancePosts: 1e9,
  allowanceBytes: 1e12,
};

/** Everything at one moment: processes, processor, network. */
export interface Snapshot {
  readonly counted: ReadonlyMap<number, Counted>;
  /** Of all living processes together. */
  readonly cpuMs: number;
  readonly wireBytes: number;
  readonly payloadBytes: number;
}

/** What came of a phase at one peer. */
export interface Taken {
  readonly bySender: ReadonlyMap<number, number>;
  readonly delaysMs: readonly number[];
  readonly lastMs: number;
}

/** The longest load is far below; a process that has ended by itself never answers. */
const answerMs = 60_000;

/** A running set of peers. */
export class Cluster implements AsyncDisposable {
  readonly #peers = new Map<number, Process>();
  readonly #killed = new Map<number, PromiseWithResolvers<null>>();
  readonly #folder: string;
  #nextId = 1;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts the processes, opens the links, and waits until both ends of each know it. */
  static async start(
    contender: Contender,
    count: number,
    links: readonly Link[],
  ): Promise<Cluster> {
    const cluster = new Cluster(await Deno.makeTempDir());
    try {
      await cluster.#start(contender, count, links);
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #start(contender: Contender, count: number, links: readonly Link[]): Promise<void> {
    const addresses: string[] = [];
    for (let i = 0; i < count; i++) {
      const peer = new Process(...programOf(contender, i, count - 1, `${this.#folder}/${i}`));
      this.#peers.set(i, peer);
      this.#killed.set(i, Promise.withResolvers());
      addresses.push((await within(peer.nextOf("ready"), answerMs)).address);
    }
    for (const [i] of this.#peers) {
      const dialled = links.filter(([from]) => from === i).map(([, to]) => addresses[to]!);
      await this.ask(i, { do: "dial", addresses: dialled });
    }
    const countOf = (i: number) => links.filter((link) => link.includes(i)).length;
    await this.askAll((i) => ({ do: "linked", count: countOf(i) }));
    await this.askAll((i) => ({ do: "enter", count: countOf(i) }));
  }

  /** The numbers of those that live. */
  get living(): readonly number[] {
    return [...this.#peers.keys()];
  }

  /** Gives a command and waits for the answer; `null` if the peer is killed before. */
  // deno-lint-ignore no-explicit-any -- each command has an answer of its own
  async ask(peer: number, command: Command): Promise<any> {
    const id = this.#nextId++;
    const process = this.#peers.get(peer);
    const killed = this.#killed.get(peer);
    if (process === undefined || killed === undefined) {
      throw new RangeError(`Peer ${peer} does not run`);
    }
    const answer = process.next((said) => said.id === id);
    await process.write(JSON.stringify({ ...command, id }));
    return await within(Promise.race([answer, killed.promise]), answerMs);
  }

  /** Gives all a command at once; those that are killed before they answer are left out. */
  // deno-lint-ignore no-explicit-any -- as above
  async askAll(commandOf: (peer: number) => Command): Promise<Map<number, any>> {
    const answers = this.living.map(async (peer) =>
      [peer, await this.ask(peer, commandOf(peer))] as const
    );
    return new Map((await Promise.all(answers)).filter(([, answer]) => answer !== null));
  }

  /** Reads all counters. */
  async snapshot(): Promise<Snapshot> {
    const counted: ReadonlyMap<number, Counted> = await this.askAll(() => ({ do: "count" }));
    const { bytes, payloadBytes } = carried();
    const cpuMs = sum([...this.#peers.values()].map((peer) => peer.cpuMs()));
    return { counted, cpuMs, wireBytes: bytes, payloadBytes };
  }

  /** Resident memory of each in MiB. */
  residentMiB(): number[] {
    return [...this.#peers.values()].map((peer) => peer.residentMiB());
  }

  /** Waits until nothing new has come for a while, or for so many posts in all. */
  async settle(fresh = Infinity): Promise<void> {
    const roundMs = 500;
    let rounds = 0;
    let before = -1;
    for (let quiet = 0; quiet < 8 && rounds < 120; rounds++) {
      const { counted } = await this.snapshot();
      const now = sum([...counted.values()].map((one) => one.fresh));
      if (now >= fresh) return;
      quiet = now === before ? quiet + 1 : 0;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, roundMs));
    }
  }

  /** What of a phase has come to whom; a phase is given out once. */
  async take(phase: string): Promise<ReadonlyMap<number, Taken>> {
    const taken = await this.askAll(() => ({ do: "take", phase }));
    return new Map(
      [...taken].map(([peer, answer]) => [peer, { ...answer, bySender: new Map(answer.bySender) }]),
    );
  }

  /** SIGKILL. */
  async kill(peer: number): Promise<void> {
    const process = this.#peers.get(peer);
    this.#peers.delete(peer);
    this.#killed.get(peer)?.resolve(null);
    try {
      await process?.[Symbol.asyncDispose]();
    } catch (error) {
      // So says the runtime of one that has ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.living.map((peer) => this.kill(peer)));
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** The arguments of `deno run` for one peer. */
function programOf(contender: Contender, self: number, others: number, data: string): string[] {
  const numbers = [String(self), String(others)];
  const folder = "bench/compare";
  return contender === "starling"
    ? [
      ...["--frozen", "--config", "deno.json", `${folder}/starling_program.ts`],
      ...[...numbers, data, JSON.stringify(starlingLimits)],
    ]
    : ["--frozen", "--config", `${folder}/deno.json`, `${folder}/libp2p_program.ts`, ...numbers];
}
