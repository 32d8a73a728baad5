/**
 * The stage on which a transcript is played: a few real engines with stores in memory and
 * links in the clear, which take turns until none has anything to do. Every step is written
 * down whole: its inputs, and the list of its actions.
 */

import type { Action } from "../../peer/action.ts";
import { Engine } from "../../peer/engine.ts";
import type { Command, ConnectionId, Input } from "../../peer/input.ts";
import { OrderCheck } from "../../peer/order_check.ts";
import { type PeerId, type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { encodeMessage, type Message } from "../../wire/message.ts";
import { publicRoomId } from "../../wire/text.ts";
import { EngineWords } from "../engine_words.ts";
import { plainChannels } from "../plain_channel.ts";
import { seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { MemoryStore } from "../unit/memory_store.ts";
import { watchedChannels } from "../watched_channel.ts";

/** When a play begins: some days after the release date that the clock knows. */
const epochMs = 1_795_651_200_000;
/** Turns after which a play counts as endless. */
const turnsMax = 1_000;

interface Player {
  readonly name: string;
  readonly id: PeerId;
  readonly engine: Engine;
  readonly store: MemoryStore;
  readonly check: OrderCheck;
  readonly links: Map<ConnectionId, { readonly to: Player; readonly there: ConnectionId }>;
  inputs: Input[];
  wallSkewMs: number;
  diskWorks: boolean;
}

/** Engines that talk to each other. */
export class Stage {
  /** Everything that happened, in words. */
  readonly lines: string[] = [];
  readonly #crypto = seededCrypto(1);
  readonly #words = new EngineWords(this.#crypto);
  readonly #players = new Map<string, Player>();
  #monoMs = 0;
  #connections = 0;
  #refs = 0;

  /** Brings somebody on the stage, with a wall clock that may be off. */
  enter(name: string, wallSkewMs = 0): void {
    const crypto = this.#crypto;
    const identity = crypto.generateEd25519();
    const id = toId<PeerId>(identity.publicKey);
    this.#words.call(id, name);
    const store = new MemoryStore();
    const channels = plainChannels(id, (length) => crypto.randomBytes(length));
    const engine = new Engine({
      identity: { peer: id, secretKey: identity.secretKey },
      name,
      log: toId(crypto.randomBytes(8)),
      channels: watchedChannels(channels, this.#words.watcher),
      crypto,
      rng: seededRng(1),
      reader: store,
      limits: defaultLimits,
    });
    this.#players.set(name, {
      name,
      id,
      engine,
      store,
      check: new OrderCheck(),
      links: new Map(),
      inputs: [],
      wallSkewMs,
      diskWorks: true,
    });
  }

  /** Gives somebody a command. */
  command(name: string, command: Command): void {
    if (command.type === "join") {
      this.#words.call(publicRoomId(command.room, this.#crypto), `#${command.room}`);
    }
    this.#player(name).inputs.push({ type: "command", ref: ++this.#refs, command });
  }

  /** Breaks all links between two. */
  cut(one: string, other: string): void {
    const [a, b] = [this.#player(one), this.#player(other)];
    for (const [here, { to, there }] of [...a.links]) {
      if (to !== b) continue;
      a.links.delete(here);
      b.links.delete(there);
      a.inputs.push({ type: "disconnected", connection: here, reason: "reset" });
      b.inputs.push({ type: "disconnected", connection: there, reason: "reset" });
    }
  }

  /** Makes somebody's disk refuse everything, or work again. */
  disk(name: string, works: boolean): void {
    this.#player(name).diskWorks = works;
  }

  /** Lets time pass. */
  wait(ms: number): void {
    this.#monoMs += ms;
  }

  /** Puts a message on the link from one to another, past the engine of the one. */
  slip(from: string, to: string, message: Message): void {
    const receiver = this.#player(to);
    const [here] = [...receiver.links].find(([, link]) => link.to.name === from) ?? [];
    if (here === undefined) throw new Error(`No link from ${from} to ${to}`);
    const plaintext = encodeMessage(message);
    const frame = new Uint8Array(3 + plaintext.length);
    new DataView(frame.buffer).setUint16(0, plaintext.length + 1);
    frame.set(plaintext, 3);
    this.lines.push(`  (on ${from}'s link: ${this.#words.messages(plaintext)})`);
    receiver.inputs.push({ type: "received", connection: here, bytes: frame });
  }

  /** The id of a public room. */
  roomId(name: string): RoomId {
    return publicRoomId(name, this.#crypto);
  }

  /** The bytes of somebody's stored post, for a message to slip. */
  stored(name: string, room: string): { signed: Uint8Array; signature: Uint8Array } {
    const [post] = this.#player(name).store.newest(publicRoomId(room, this.#crypto), 1);
    if (post === undefined) throw new Error(`${name} has nothing in #${room}`);
    return { signed: post.signed, signature: post.signature };
  }

  /** Plays until nobody has anything to do. */
  play(): void {
    for (let turns = 0; turns < turnsMax; turns++) {
      const next = [...this.#players.values()].find((player) =>
        player.inputs.length > 0 || player.engine.deadlineMs <= this.#monoMs
      );
      if (next === undefined) return;
      const inputs: readonly Input[] = next.inputs.length > 0 ? next.inputs : [{ type: "wake" }];
      next.inputs = [];
      this.#step(next, inputs);
    }
    throw new Error(`The play goes on after ${turnsMax} turns`);
  }

  #step(player: Player, first: readonly Input[]): void {
    const linkName = (connection: ConnectionId) => this.#linkName(player, connection);
    let inputs: readonly Input[] | null = first;
    while (inputs !== null) {
      const heard = inputs.map((input) => this.#words.input(input, linkName));
      const wallMs = epochMs + this.#monoMs + player.wallSkewMs;
      const actions = player.engine.step(inputs, { monoMs: this.#monoMs, wallMs });
      player.check.check(inputs, actions);
      for (const line of heard) this.lines.push(`  ${player.name} < ${line}`);
      inputs = null;
      for (const action of actions) {
        this.lines.push(`  ${player.name} >   ${this.#words.action(action, linkName)}`);
        if (action.type === "append") inputs = [this.#append(player, action, wallMs)];
        else this.#perform(player, action);
      }
    }
  }

  #append(player: Player, action: Extract<Action, { type: "append" }>, wallMs: number): Input {
    if (!player.diskWorks) {
      return { type: "appendFailed", code: "disk-full", detail: "no space left" };
    }
    player.store.append(action.arrivals, action.newLog, wallMs);
    return { type: "appended" };
  }

  #perform(player: Player, action: Action): void {
    switch (action.type) {
      case "write": {
        const link = player.links.get(action.connection);
        const connection = link?.there;
        if (link === undefined || connection === undefined) return;
        link.to.inputs.push({ type: "received", connection, bytes: action.bytes });
        return;
      }
      case "close": {
        const link = player.links.get(action.connection);
        player.links.delete(action.connection);
        if (link === undefined || !link.to.links.delete(link.there)) return;
        const reason = "closed by the other side";
        link.to.inputs.push({ type: "disconnected", connection: link.there, reason });
        return;
      }
      case "dial":
        return this.#dial(player, action.address);
    }
  }

  #dial(player: Player, address: string): void {
    const to = this.#players.get(address.split(":")[0] ?? "");
    if (to === undefined) {
      player.inputs.push({ type: "dialFailed", address, reason: "connection refused" });
      return;
    }
    const [here, there] = [++this.#connections, ++this.#connections];
    player.links.set(here, { to, there });
    to.links.set(there, { to: player, there: here });
    player.inputs.push({ type: "connected", connection: here, direction: "out", address });
    const back = `${player.name}:${50_000 + there}`;
    to.inputs.push({ type: "connected", connection: there, direction: "in", address: back });
  }

  #linkName(player: Player, connection: ConnectionId): string {
    const link = player.links.get(connection);
    return link === undefined ? `link ${connection}` : `${link.to.name} (link ${connection})`;
  }

  #player(name: string): Player {
    const player = this.#players.get(name);
    if (player === undefined) throw new Error(`Nobody called ${name} is on the stage`);
    return player;
  }
}
