/**
 * The load, the same code in every process of both contenders: it obeys commands on standard
 * input, says texts of 100 bytes, and counts what arrives. Both ends of a measurement are on one
 * machine, so a text carries its wall time and the delay is read off on arrival.
 */

/** What a contender must be able to do. */
export interface Peer {
  /** Others dial this. */
  readonly address: string;
  /** Says a text to the room; resolves when the contender has taken it. */
  say(text: string): Promise<unknown>;
  /** Opens a link. */
  dial(address: string): Promise<unknown>;
  /** Opens the room, once the links are there: overlays then choose among the given links. */
  enter(): Promise<void>;
  /** Others to whom a link is open. */
  linked(): number;
  /** Of these, those who are known to be in the room. */
  links(): number;
  /** Posts that came a second time or more often, since the start. */
  copies(): number;
  /** What else is worth seeing in the log of a run. */
  about(): object;
}

/** Answers of a process, each with the `id` of its command. */
export interface Counted {
  /** When, in wall time with fractions. */
  readonly atMs: number;
  /** Different posts of others that have arrived, since the start. */
  readonly fresh: number;
  readonly copies: number;
  readonly links: number;
  readonly about: object;
}

/** Commands, one JSON object per line. */
export type Command =
  | { readonly do: "dial"; readonly addresses: readonly string[] }
  /** Waits for so many links. */
  | { readonly do: "linked"; readonly count: number }
  /** Enters the room and waits until so many of the others are there too. */
  | { readonly do: "enter"; readonly count: number }
  /** Says `count` texts, one every `everyMs` from `startMs` on. */
  | {
    readonly do: "pace";
    readonly phase: string;
    readonly count: number;
    readonly everyMs: number;
    readonly startMs: number;
  }
  /** Says `count` texts as fast as they are taken. */
  | { readonly do: "burst"; readonly phase: string; readonly count: number }
  /** Says texts until `untilMs`, at most `window` more than the median other has been heard to. */
  | {
    readonly do: "flood";
    readonly phase: string;
    readonly untilMs: number;
    readonly window: number;
  }
  | { readonly do: "count" }
  /** Gives per sender how many posts of a phase have arrived, all delays, and the last arrival. */
  | { readonly do: "take"; readonly phase: string };

/** Bytes of every text. */
export const textBytes = 100;

/** Texts of a burst that are said at once; the network gets a turn in between. */
const burstPortion = 100;

/** How often something is looked at that no event tells of. */
const pollMs = 20;

/** Wall time with fractions of a millisecond. */
export const exactMs = (): number => performance.timeOrigin + performance.now();

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** What has arrived of one phase. */
class Arrivals {
  readonly seqs = new Map<number, Set<number>>();
  readonly delaysMs: number[] = [];
  readonly newest = new Map<number, number>();
  lastMs = 0;
}

/** One process of the load. */
export class Load {
  readonly #self: number;
  readonly #others: number;
  readonly #phases = new Map<string, Arrivals>();
  #fresh = 0;

  /**
   * @param self The number of this process.
   * @param others How many others there are.
   */
  constructor(self: number, others: number) {
    this.#self = self;
    this.#others = others;
  }

  /** Counts a text of another. */
  heard(text: string): void {
    const nowMs = exactMs();
    const [phase = "", from = "", seq = "", saidMs = ""] = text.split(" ");
    const arrivals = this.#of(phase);
    const sender = Number(from);
    const seqs = arrivals.seqs.get(sender) ?? new Set();
    arrivals.seqs.set(sender, seqs);
    if (seqs.has(Number(seq))) return;
    seqs.add(Number(seq));
    this.#fresh++;
    arrivals.delaysMs.push(nowMs - Number(saidMs));
    arrivals.lastMs = nowMs;
    arrivals.newest.set(sender, Math.max(arrivals.newest.get(sender) ?? 0, Number(seq)));
  }

  /** Obeys commands until standard input ends. */
  async serve(peer: Peer): Promise<void> {
    console.log(JSON.stringify({ type: "ready", address: peer.address }));
    let rest = "";
    for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const { id, ...command } = JSON.parse(line) as Command & { id: number };
        this.#obey(command as Command, peer).then((answer) =>
          console.log(JSON.stringify({ id, ...answer }))
        );
      }
    }
  }

  async #obey(command: Command, peer: Peer): Promise<object> {
    switch (command.do) {
      case "dial":
        for (const address of command.addresses) await peer.dial(address);
        return {};
      case "linked":
        while (peer.linked() < command.count) await sleep(pollMs);
        return {};
      case "enter":
        await peer.enter();
        while (peer.links() < command.count) await sleep(pollMs);
        return {};
      case "pace":
        return await this.#pace(command, peer);
      case "burst":
        return await this.#burst(command, peer);
      case "flood":
        return await this.#flood(command, peer);
      case "count":
        return this.#count(peer);
      case "take": {
        const { seqs, delaysMs, lastMs } = this.#of(command.phase);
        const bySender = [...seqs].map(([sender, { size }]) => [sender, size]);
        this.#phases.delete(command.phase);
        return { bySender, delaysMs, lastMs };
      }
    }
  }

  #count(peer: Peer): Counted {
    return {
      atMs: exactMs(),
      fresh: this.#fresh,
      copies: peer.copies(),
      links: peer.links(),
      about: peer.about(),
    };
  }

  async #pace(
    { phase, count, everyMs, startMs }: Command & { do: "pace" },
    peer: Peer,
  ): Promise<object> {
    for (let i = 0; i < count; i++) {
      await sleep(startMs + i * everyMs - exactMs());
      await peer.say(this.#text(phase, i + 1));
    }
    return { said: count };
  }

  async #burst({ phase, count }: Command & { do: "burst" }, peer: Peer): Promise<object> {
    const startMs = exactMs();
    for (let said = 0; said < count;) {
      const portion = Math.min(burstPortion, count - said);
      await Promise.all(
        Array.from({ length: portion }, () => peer.say(this.#text(phase, ++said))),
      );
      await sleep(0);
    }
    return { said: count, startMs };
  }

  async #flood(
    { phase, untilMs, window }: Command & { do: "flood" },
    peer: Peer,
  ): Promise<object> {
    let said = 0;
    while (exactMs() < untilMs) {
      const portion = this.#medianNewest(phase) + window - said;
      const saying = Array.from(
        { length: Math.max(0, portion) },
        () => peer.say(this.#text(phase, ++said)),
      );
      await Promise.all(saying);
      await sleep(1);
    }
    return { said };
  }

  /** How far the others have come, by what has arrived from them. */
  #medianNewest(phase: string): number {
    const { newest } = this.#of(phase);
    const all = Array.from({ length: this.#others + 1 }, (_, i) => newest.get(i) ?? 0);
    return all.filter((_, i) => i !== this.#self).sort((a, b) => a - b)[this.#others >> 1] ?? 0;
  }

  #text(phase: string, seq: number): string {
    return `${phase} ${this.#self} ${seq} ${exactMs()} `.padEnd(textBytes, "x");
  }

  #of(phase: string): Arrivals {
    const arrivals = this.#phases.get(phase) ?? new Arrivals();
    this.#phases.set(phase, arrivals);
    return arrivals;
  }
}
