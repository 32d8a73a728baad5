/** As five people would do it: all know one address, and whose it is goes home first. */

import { assertEquals } from "@std/assert";
import { randomBelow, seededRng } from "../rng.ts";
import { within } from "../within.ts";
import { freePort } from "./free_port.ts";
import { type Line, PeerProcess } from "./peer_process.ts";

/** Waiting times between dials and limits on learnt addresses are those of every day. */
const findMs = 120_000;

/** Who is linked with whom, as the peers tell it. */
class Links {
  readonly #up = new Map<string, Set<string>>();
  #news = Promise.withResolvers<void>();

  watch(peer: PeerProcess): void {
    const others = new Set<string>();
    peer.onLine = (line) => this.#onLine(others, line);
    for (const line of peer.lines) this.#onLine(others, line);
    this.#up.set(peer.id, others);
  }

  #onLine(others: Set<string>, line: Line): void {
    if (line.type !== "peer") return;
    if (line.event === "up") others.add(line.peer);
    else others.delete(line.peer);
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** Resolves when some peers can reach one another over links among themselves. */
  async connected(peers: readonly PeerProcess[]): Promise<void> {
    const endMs = performance.now() + findMs;
    while (this.#reached(peers) < peers.length) {
      await within(this.#news.promise, endMs - performance.now());
    }
  }

  #reached(peers: readonly PeerProcess[]): number {
    const wanted = new Set(peers.map(({ id }) => id));
    const reached = new Set<string>();
    const next = [peers[0]!.id];
    for (let id; (id = next.pop()) !== undefined;) {
      if (!wanted.has(id) || reached.has(id)) continue;
      reached.add(id);
      next.push(...this.#up.get(id) ?? []);
    }
    return reached.size;
  }
}

/** The numbers 0 to 4 in an order that the seed decides; 0 is whose address all know. */
function shuffled(seed: number): number[] {
  const rng = seededRng(seed);
  const left = [0, 1, 2, 3, 4];
  return [0, 1, 2, 3, 4].map(() => left.splice(randomBelow(rng, left.length), 1)[0]!);
}

for (const seed of [1, 2]) {
  const order = shuffled(seed);
  Deno.test(`five peers that know one address, started as ${order}: that one is killed, and the room goes on`, async () => {
    await using stack = new AsyncDisposableStack();
    const links = new Links();
    const known = `127.0.0.1:${freePort()}`;
    const peers: PeerProcess[] = [];
    const start = async (name: string, ...args: string[]) => {
      const peer = stack.use(await PeerProcess.start(["--ephemeral", "--name", name, ...args]));
      links.watch(peer);
      return peer;
    };
    const elsewhere = ["--listen", "127.0.0.1:0", "--peer", known];
    for (const index of order) {
      const where = index === 0 ? ["--listen", known] : elsewhere;
      peers[index] = await start(`peer-${index}`, ...where);
    }
    const [first, ...others] = peers as [PeerProcess, ...PeerProcess[]];
    await Promise.all(others.map((peer) => peer.say(`${peer.id} is here`)));
    const greetings = others.map((peer) => `${peer.id} is here`);
    await Promise.all(peers.flatMap((peer) => greetings.map((text) => peer.hears(text, findMs))));
    await links.connected(others);

    await first.kill();
    await Promise.all(others.map((peer) => peer.say(`${peer.id} goes on`)));
    const words = others.map((peer) => `${peer.id} goes on`);
    await Promise.all(others.flatMap((peer) => words.map((text) => peer.hears(text))));
    // Somebody who comes later finds all of it at any of them.
    const host = others[randomBelow(seededRng(seed), others.length)]!;
    const late = await start("late", "--listen", "127.0.0.1:0", "--peer", host.address);
    await Promise.all([...greetings, ...words].map((text) => late.hears(text)));
    await late.say("am I late?");
    await Promise.all(others.map((peer) => peer.hears("am I late?")));
    for (const peer of [...others, late]) {
      assertEquals(peer.messages.length, 9);
      assertEquals(new Set(peer.messages.map(({ id }) => id)).size, 9);
    }
  });
}
