/**
 * A room of many peer processes with histories on disk, linked at random by a seed, of which
 * some are killed and started again. It watches from outside what each peer has shown, ever,
 * and what was acknowledged.
 */

import type { Rng } from "../../peer/ports.ts";
import { randomBelow, seededRng } from "../rng.ts";
import { within } from "../within.ts";
import { freePort } from "./free_port.ts";
import { type Line, PeerProcess, TempFolder } from "./peer_process.ts";
import type { StartOptions } from "./program.ts";

/** How to build a mesh, where the default is not right. */
export interface MeshOptions {
  /** How many others a peer is told of: some of those that were started before it. */
  readonly links?: number;
  /** Where a member listens, in all of its runs. */
  readonly listen?: (index: number) => string;
  /** Limits of all peers. */
  readonly limits?: Record<string, unknown>;
  /** The address at which one dials another; `address` is where the other listens. */
  readonly route?: (address: string, from: number, to: number) => Promise<string>;
}

/** One peer through all of its runs. */
export class Member {
  /** Ids of what it has shown in all of its runs, in that order. */
  readonly shown: string[] = [];
  /** Ids of what it holds, as far as it has said. */
  readonly holds = new Set<string>();
  /** What it has acknowledged of its own: texts by id. */
  readonly said = new Map<string, string>();
  /** How often it was started. */
  runs = 0;
  #process: PeerProcess | null = null;
  #texts = 0;

  /**
   * @param index Counts the members of a mesh.
   * @param args Options but for the address to listen at.
   * @param listen Where to listen, also after a restart.
   * @param onNews Called when it has shown something.
   * @param options How to start it.
   */
  constructor(
    readonly index: number,
    private readonly args: readonly string[],
    readonly address: string,
    private readonly onNews: () => void,
    private readonly options: StartOptions = {},
  ) {}

  /** Its process; it must be up. */
  get process(): PeerProcess {
    if (this.#process === null) throw new Error(`Member ${this.index} is down`);
    return this.#process;
  }

  /** Whether it is up. */
  get up(): boolean {
    return this.#process !== null;
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    const process = new PeerProcess([...this.args, "--listen", this.address], this.options);
    this.#process = process;
    process.onLine = (line) => this.#onLine(line);
    await process.until((line) => line.type === "ready");
    this.runs++;
    for (const { id } of await process.history()) this.holds.add(id);
    this.onNews();
  }

  /** Ends it with kill -9. */
  async kill(): Promise<void> {
    const process = this.process;
    this.#process = null;
    await process.kill();
  }

  /** Says something new; resolves when that is acknowledged. */
  async say(): Promise<void> {
    const text = `${this.index} says ${this.#texts++}`;
    this.said.set(await this.process.say(text), text);
  }

  /** Ids of its history, in the order in which it shows them. */
  async history(): Promise<string[]> {
    return (await this.process.history()).map(({ id }) => id);
  }

  /** Ends it, however it is. */
  async end(): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }

  #onLine(line: Line): void {
    if (line.type !== "message") return;
    this.shown.push(line.id);
    this.holds.add(line.id);
    this.onNews();
  }
}

/** Peers on loopback that talk in the lobby. */
export class Mesh implements AsyncDisposable {
  readonly members: Member[] = [];
  readonly rng: Rng;
  readonly #folder = new TempFolder();
  #news = Promise.withResolvers<void>();

  private constructor(seed: number) {
    this.rng = seededRng(seed);
  }

  /** Starts so many peers, each of which is told of some that were started before it. */
  static async start(count: number, seed: number, options: MeshOptions = {}): Promise<Mesh> {
    const { links = 3, limits = {} } = options;
    const { route = (address) => Promise.resolve(address) } = options;
    // Where nobody else is given it while a member that was killed is down.
    const { listen = () => `127.0.0.1:${freePort()}` } = options;
    const mesh = new Mesh(seed);
    try {
      const config = mesh.#folder.limits(limits);
      for (let index = 0; index < count; index++) {
        const args = ["--data", mesh.#folder.file(`${index}`), "--name", `peer-${index}`];
        for (const to of mesh.some(mesh.members.slice(), links)) {
          args.push("--peer", await route(to.address, index, to.index));
        }
        mesh.add([...args, ...config], listen(index));
        await mesh.members[index]!.start();
      }
      return mesh;
    } catch (error) {
      await mesh[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** An empty one. */
  static empty(seed: number): Mesh {
    return new Mesh(seed);
  }

  /** A path in a folder that goes with the mesh. */
  file(name: string): string {
    return this.#folder.file(name);
  }

  /** Adds a member that is not yet started. */
  add(args: readonly string[], listen: string, options: StartOptions = {}): Member {
    const onNews = () => {
      this.#news.resolve();
      this.#news = Promise.withResolvers();
    };
    const member = new Member(this.members.length, args, listen, onNews, options);
    this.members.push(member);
    return member;
  }

  /** Some of a list by the seed, at most `count`. */
  some<T>(items: readonly T[], count: number): T[] {
    const left = [...items];
    const taken: T[] = [];
    while (taken.length < count && left.length > 0) {
      taken.push(...left.splice(randomBelow(this.rng, left.length), 1));
    }
    return taken;
  }

  /** Resolves when some members, or all that are up, hold the same; with how long it took. */
  async settled(withinMs: number, some: readonly Member[] = this.members): Promise<number> {
    const startMs = performance.now();
    for (;;) {
      const news = this.#news.promise;
      const members = some.filter((member) => member.up);
      const tookMs = performance.now() - startMs;
      // To compare all ids at each line that comes would cost more than the peers themselves.
      const isLikely = new Set(members.map(({ holds }) => holds.size)).size <= 1;
      if (isLikely && lackingOf(members).length === 0) return Math.round(tookMs);
      await within(news, withinMs - tookMs).catch(() => {
        const lacking = lackingOf(members);
        throw new Error(`Not all hold the same within ${withinMs} ms; lacking: ${lacking}`);
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map((member) => member.end()));
    this.#folder[Symbol.dispose]();
  }
}

/** Who holds less than all of them together. */
function lackingOf(members: readonly Member[]): string[] {
  const all = new Set(members.flatMap((member) => [...member.holds]));
  return members.filter((member) => member.holds.size < all.size)
    .map((member) => `${member.index} ${all.size - member.holds.size} of ${all.size}`);
}
