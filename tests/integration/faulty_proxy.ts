/**
 * A TCP proxy that spoils what it carries: it delays, splits, resets, half-closes and corrupts.
 *
 * What befalls a link is drawn from the seed when the link is opened, and happens at a byte of
 * its stream, so that it does not depend on how the system cut the stream into reads. With a
 * trickle of bytes before the handshake ends and many after it, the byte is drawn so that each
 * power of two is as likely as any other.
 */

import { once } from "node:events";
import net from "node:net";
import type { Rng } from "../../peer/ports.ts";
import { randomBelow, randomSplit, seededRng } from "../rng.ts";

/** How a link's stream may end or be spoilt. */
export type Fate = "reset" | "half-close" | "corrupt";

/** How badly a proxy treats its links. */
export interface Faults {
  /** The longest delay of a piece; 0 for none. */
  readonly delayMsMax: number;
  /** The longest piece in which bytes are passed on. */
  readonly pieceBytesMax: number;
  /** Chance that something befalls one direction of a link. */
  readonly fateChance: number;
  /** What may befall it, each as likely as the others. */
  readonly fates: readonly Fate[];
  /** Something befalls it at a byte before this one. */
  readonly fateBytesMax: number;
}

/** Carries everything as it is. */
export const noFaults: Faults = {
  delayMsMax: 0,
  pieceBytesMax: 65_536,
  fateChance: 0,
  fates: [],
  fateBytesMax: 1,
};

/** What befalls one direction, and at which byte. */
interface Draw {
  readonly fate: Fate;
  readonly byte: number;
}

/** A proxy on loopback to one address. */
export class FaultyProxy implements AsyncDisposable {
  /** How many links were opened. */
  links = 0;
  /** Bytes passed on, both ways. */
  bytes = 0;
  /** How often each fault has happened. */
  readonly happened: Record<Fate | "delay" | "split", number> = {
    delay: 0,
    split: 0,
    reset: 0,
    "half-close": 0,
    corrupt: 0,
  };
  readonly #server: net.Server;
  readonly #open = new Set<net.Socket>();
  readonly #carrying = new Set<Promise<void>>();
  readonly #waiting = new Map<ReturnType<typeof setTimeout>, () => void>();
  #faults: Faults;

  private constructor(
    private readonly target: string,
    private readonly seed: number,
    faults: Faults,
  ) {
    this.#faults = faults;
    this.#server = net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
      this.#onLink(near);
    });
  }

  /**
   * Starts a proxy.
   *
   * @param target Where to, as `host:port`.
   * @param seed Decides what happens to which link.
   * @param faults What may happen.
   */
  static async start(target: string, seed: number, faults: Faults): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target, seed, faults);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** Where it listens, as `host:port`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  /** From now on everything is carried as it is, over open links too. */
  calm(): void {
    this.#faults = noFaults;
    this.#endWaiting();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#faults = noFaults;
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    this.#endWaiting();
    await closed;
    await Promise.all(this.#carrying);
  }

  #onLink(near: net.Socket): void {
    const rng = seededRng(this.seed * 1_000 + this.links++);
    const [host, port] = this.target.split(":");
    const far = net.connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
    const pair = [near, far];
    for (const socket of pair) {
      this.#open.add(socket);
      // A link that breaks on one side breaks on the other, in whichever way it happened.
      socket.on("error", () => pair.forEach((each) => each.destroy()));
      socket.once("close", () => this.#open.delete(socket));
    }
    for (const [from, to] of [[near, far], [far, near]] as const) {
      const carrying = this.#carry(from, to, seededRng(randomBelow(rng, 2 ** 32))).catch(() => {
        pair.forEach((each) => each.destroy());
      });
      this.#carrying.add(carrying);
      carrying.finally(() => this.#carrying.delete(carrying));
    }
  }

  /** Passes one direction on until it ends or something befalls it. */
  async #carry(from: net.Socket, to: net.Socket, rng: Rng): Promise<void> {
    const draw = this.#draw(rng);
    let passed = 0;
    let ended = false;
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      if (ended) continue;
      const pieces = randomSplit(rng, chunk, this.#faults.pieceBytesMax);
      this.happened.split += pieces.length - 1;
      for (const piece of pieces) {
        await this.#delay(rng);
        const at = draw === null || this.#faults === noFaults ? -1 : draw.byte - passed;
        passed += piece.length;
        if (draw === null || at < 0 || at >= piece.length) {
          await this.#pass(to, piece);
          continue;
        }
        this.happened[draw.fate]++;
        if (draw.fate === "corrupt") {
          piece[at]! ^= 1 << randomBelow(rng, 8);
          await this.#pass(to, piece);
          continue;
        }
        await this.#pass(to, piece.subarray(0, at));
        if (draw.fate === "reset") {
          from.resetAndDestroy();
          to.resetAndDestroy();
          return;
        }
        // What still comes from here is lost, and the other direction goes on.
        to.end();
        ended = true;
        break;
      }
    }
    if (!ended) to.end();
  }

  #draw(rng: Rng): Draw | null {
    const { fateChance, fates, fateBytesMax } = this.#faults;
    const chance = rng.next();
    const fate = fates[randomBelow(rng, fates.length)];
    const byte = Math.floor(2 ** (rng.next() * Math.log2(fateBytesMax)));
    return fate === undefined || chance >= fateChance ? null : { fate, byte };
  }

  async #delay(rng: Rng): Promise<void> {
    const delayMs = randomBelow(rng, this.#faults.delayMsMax + 1);
    if (delayMs === 0) return;
    this.happened.delay++;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(timer);
        resolve();
      }, delayMs);
      this.#waiting.set(timer, resolve);
    });
  }

  #endWaiting(): void {
    for (const [timer, resolve] of this.#waiting) {
      clearTimeout(timer);
      resolve();
    }
    this.#waiting.clear();
  }

  async #pass(to: net.Socket, bytes: Uint8Array): Promise<void> {
    this.bytes += bytes.length;
    await new Promise<void>((resolve, reject) => {
      to.write(bytes, (error) => error ? reject(error) : resolve());
    });
  }
}
