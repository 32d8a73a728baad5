/**
 * Some real engines with private rooms, on stores in memory and links in the clear, in one thread
 * and without delay: what one writes the others get before anything else happens.
 */

import type { Action, Arrival, Outcome } from "../../peer/action.ts";
import { Engine } from "../../peer/engine.ts";
import { EngineInvites } from "../../peer/engine_invites.ts";
import { PrivateEngine } from "../../peer/engine_private.ts";
import type { Command, ConnectionId, Input, Now } from "../../peer/input.ts";
import type { Notice } from "../../peer/notice.ts";
import { OrderCheck } from "../../peer/order_check.ts";
import type { PrivateRooms } from "../../peer/private_rooms.ts";
import type { PrivateRecord, RoomSecret } from "../../peer/room_secret.ts";
import type { CryptoSuite, KeyPair } from "../../wire/crypto_suite.ts";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import type { Message } from "../../wire/message.ts";
import { decodeMessages } from "../../wire/message_decode.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { decodePost, type Post } from "../../wire/post.ts";
import { proveSealing } from "../../wire/private_acts.ts";
import { plainChannels } from "../plain_channel.ts";
import { seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { watchedChannels } from "../watched_channel.ts";
import { MemoryStore } from "./memory_store.ts";

const epochMs = 1_795_651_200_000;

/** One engine with its person. */
export class PrivatePeer {
  readonly name: string;
  readonly me: PeerId;
  readonly keys: KeyPair;
  readonly sealing: KeyPair;
  readonly store = new MemoryStore();
  engine!: Engine;
  readonly notices: Notice[] = [];
  /** What was kept of private rooms, for the next start. */
  readonly records: {
    room: RoomId;
    secret: RoomSecret;
    epochs: PrivateRecord["epochs"][number][];
  }[] = [];
  /** All that others have written to it, in the clear. */
  readonly heard: { readonly from: PeerId; readonly message: Message }[] = [];
  readonly #network: PrivateNetwork;
  readonly #hint: KeyPair;
  readonly #ends = new Map<
    ConnectionId,
    { readonly peer: PrivatePeer; connection: ConnectionId }
  >();
  readonly #outcomes = new Map<number, Outcome>();
  #order = new OrderCheck();
  #refs = 0;
  #runs = 0;
  diskFails = false;
  onNotice: (notice: Notice) => void = () => {};
  /** Posts are on its disk, all at once. */
  onStored: (arrivals: readonly Arrival[]) => void = () => {};
  /** Nothing that comes reaches it. */
  isDeaf = false;
  /** Gathers what comes, to be given at once; `null` where it is taken as it comes. */
  inbox: Input[] | null = null;
  /** What this peer's invites see of its private rooms; another's program may lie. */
  roomsFor: (rooms: PrivateRooms) => PrivateRooms = (rooms) => rooms;

  constructor(network: PrivateNetwork, name: string, readonly limits: Partial<Limits>) {
    this.#network = network;
    this.name = name;
    const { crypto } = network;
    this.keys = crypto.generateEd25519();
    this.me = toId<PeerId>(this.keys.publicKey);
    this.sealing = crypto.generateX25519();
    this.#hint = crypto.generateX25519();
    this.start();
  }

  /** Starts the program (again), with what is on its disk. */
  start(): void {
    const { crypto } = this.#network;
    for (const connection of [...this.#ends.keys()]) this.cut(connection);
    this.#order = new OrderCheck();
    const channels = plainChannels(this.me, (length) => crypto.randomBytes(length));
    this.engine = new Engine({
      identity: { peer: this.me, secretKey: this.keys.secretKey },
      name: this.name,
      log: toId<LogId>(new Uint8Array(8).fill(++this.#runs)),
      channels: watchedChannels(channels, {
        greeted: () => {},
        sealed: () => {},
        opened: (from, plaintext) => {
          for (const message of decodeMessages(plaintext)) this.heard.push({ from, message });
        },
      }),
      crypto,
      rng: seededRng(this.#runs + this.name.length),
      reader: this.store,
      limits: { ...defaultLimits, ...this.limits },
      direct: {
        hint: this.#hint,
        sealing: [],
        firstSealing: { ...this.sealing, madeMs: epochMs, agedMs: 0 },
        letters: this.store,
      },
    });
    const records = this.records.map(({ room, secret, epochs }) => ({ room, ...secret, epochs }));
    this.engine.usePrivate((state) => new PrivateEngine(state, records));
    this.engine.useInvites((state, rooms) => new EngineInvites(state, this.roomsFor(rooms)));
    for (const { room } of records) this.command({ type: "join", room: `~${room}` });
  }

  command(command: Command): Outcome {
    const ref = ++this.#refs;
    this.give({ type: "command", ref, command });
    this.#network.settle();
    const outcome = this.#outcomes.get(ref);
    if (outcome === undefined) throw new Error(`No answer to ${command.type}`);
    return outcome;
  }

  /** Founds a private room. */
  found(name: string, history = false): RoomId {
    const outcome = this.command({ type: "found", name, kind: "private", history });
    if (!outcome.ok || outcome.id === null) {
      throw new Error(`Not founded: ${JSON.stringify(outcome)}`);
    }
    return decodePost(this.store.get(outcome.id)!, this.#network.crypto).room;
  }

  say(room: RoomId, text: string): Outcome {
    return this.command({ type: "say", room: `~${room}`, kind: "text", text, reply: null });
  }

  /** Adds somebody and hands over the secret, as an invite would. */
  invite(room: RoomId, guest: PrivatePeer): Outcome {
    const outcome = this.add(room, guest);
    const kept = this.records.find((each) => each.room === room);
    if (outcome.ok && kept !== undefined) guest.command({ type: "adopt", secret: kept.secret });
    return outcome;
  }

  /** Adds somebody. */
  add(room: RoomId, { me, sealing, keys }: PrivatePeer): Outcome {
    const { crypto } = this.#network;
    const proof = proveSealing(sealing.publicKey, keys.secretKey, crypto);
    return this.command({
      type: "add-member",
      room,
      guest: { peer: me, sealing: proof.sealing, sealingSignature: proof.signature, invite: null },
    });
  }

  power(
    room: RoomId,
    act: "remove" | "readmit" | "admin" | "no-admin",
    peer: PrivatePeer,
  ): Outcome {
    return this.command({ type: "power", room: `~${room}`, deed: { act, peer: peer.me } });
  }

  give(...inputs: readonly Input[]): void {
    for (let next: readonly Input[] = inputs; next.length > 0;) {
      const actions = this.engine.step(next, this.#network.now);
      this.#order.check(next, actions);
      next = actions.flatMap((action) => this.#perform(action));
    }
  }

  #perform(action: Action): Input[] {
    switch (action.type) {
      case "append":
        if (this.diskFails) return [{ type: "appendFailed", code: "disk-full", detail: "full" }];
        this.store.append(action.arrivals, action.newLog, this.#network.now.wallMs);
        for (const { post, kept } of action.arrivals) {
          if (kept?.type === "room") {
            this.records.push({ room: post.room, secret: kept, epochs: [] });
          }
          if (kept?.type === "epoch") this.#keepEpoch(post.room, post.id, kept.secret);
        }
        this.onStored(action.arrivals);
        return [{ type: "appended" }];
      case "write": {
        const { connection, bytes } = action;
        this.#network.later(() => {
          const end = this.#ends.get(connection);
          if (end === undefined) return;
          end.peer.receive({ type: "received", connection: end.connection, bytes });
          this.give({ type: "drained", connection });
        });
        return [];
      }
      case "close":
        this.cut(action.connection);
        return [];
      case "acknowledge":
        this.#outcomes.set(action.ref, action.outcome);
        return [];
      case "notify":
        this.notices.push(action.notice);
        this.onNotice(action.notice);
        return [];
      case "keepRoom":
        this.records.push({ room: action.room, secret: action.secret, epochs: [] });
        return [];
      case "keepEpoch":
        this.#keepEpoch(action.room, action.epoch, action.secret);
        return [];
      default:
        return [];
    }
  }

  /** What comes over a link. */
  receive(input: Input): void {
    if (this.isDeaf) return;
    if (this.inbox === null) this.give(input);
    else this.inbox.push(input);
  }

  /** Says a message over the link with somebody, as a program of its own making would. */
  forge(to: PrivatePeer, message: Message): void {
    this.forgeBytes(to, encodeMessage(message));
  }

  /** The same with a frame of any plaintext. */
  forgeBytes(to: PrivatePeer, bytes: Uint8Array): void {
    for (const { peer, connection } of this.#ends.values()) {
      if (peer !== to) continue;
      const frame = Uint8Array.of((bytes.length + 1) >> 8, (bytes.length + 1) & 0xff, 0, ...bytes);
      to.receive({ type: "received", connection, bytes: frame });
    }
  }

  /** Whether there is a link with somebody. */
  isLinkedTo(other: PrivatePeer): boolean {
    return [...this.#ends.values()].some(({ peer }) => peer === other);
  }

  #keepEpoch(room: RoomId, id: PostId, secret: Uint8Array): void {
    this.records.find((each) => each.room === room)?.epochs.push({ id, secret });
  }

  /** Takes the end of a link. */
  plug(connection: ConnectionId, peer: PrivatePeer, other: ConnectionId): void {
    this.#ends.set(connection, { peer, connection: other });
  }

  /** Ends a link. */
  cut(connection: ConnectionId): void {
    const end = this.#ends.get(connection);
    if (end === undefined) return;
    this.#ends.delete(connection);
    end.peer.#ends.delete(end.connection);
    this.#network.later(() => {
      end.peer.give({ type: "disconnected", connection: end.connection, reason: "cut" });
    });
  }

  /** Ends all links with somebody. */
  cutFrom(other: PrivatePeer): void {
    for (const [connection, { peer }] of [...this.#ends]) {
      if (peer !== other) continue;
      this.cut(connection);
      this.give({ type: "disconnected", connection, reason: "cut" });
    }
    this.#network.settle();
  }

  /** What a room shows, in order. */
  texts(room: RoomId): string[] {
    return this.store.timeline(room, null, 1_000).rows.flatMap(({ post, withdrawn }) => {
      const { counts, hidden } = this.engine.shownAs(post);
      const body = counts && !hidden && !withdrawn ? this.engine.read(post) : null;
      return body !== null && "text" in body ? [body.text] : [];
    });
  }

  /** Posts of a room on its disk. */
  posts(room: RoomId): Post[] {
    return this.store.newest(room, 10_000).map((each) => decodePost(each, this.#network.crypto));
  }

  members(room: RoomId): number | undefined {
    return this.engine.rooms().find(({ id }) => id === room)?.members;
  }
}

/** The engines, and their time. */
export class PrivateNetwork {
  readonly crypto: CryptoSuite;
  readonly peers: PrivatePeer[] = [];
  readonly #queue: (() => void)[] = [];
  #nowMs = 0;
  #connections = 0;

  constructor(seed: number, names: readonly string[], limits: Partial<Limits> = {}) {
    this.crypto = seededCrypto(seed);
    this.peers = names.map((name) => new PrivatePeer(this, name, limits));
  }

  get now(): Now {
    return { monoMs: this.#nowMs, wallMs: epochMs + this.#nowMs };
  }

  /** Does something after all that was to be done before. */
  later(what: () => void): void {
    this.#queue.push(what);
  }

  /** Delivers all that is on its way. */
  settle(): void {
    for (let what; (what = this.#queue.shift()) !== undefined;) what();
  }

  /** Links two peers. */
  link(a: PrivatePeer, b: PrivatePeer): void {
    const [from, to] = [++this.#connections, ++this.#connections];
    a.plug(from, b, to);
    b.plug(to, a, from);
    a.give({ type: "connected", connection: from, direction: "out", address: "10.0.0.1:1" });
    b.give({ type: "connected", connection: to, direction: "in", address: "10.0.0.2:2" });
    this.settle();
  }

  /** Lets time pass, in steps in which everybody is woken. */
  pass(ms: number, step = 100): void {
    for (const endMs = this.#nowMs + ms; this.#nowMs < endMs;) {
      this.#nowMs += step;
      for (const peer of this.peers) peer.give({ type: "wake" });
      this.settle();
    }
  }
}
