/**
 * What people do about a private room while the simulation runs: one founds it, members make
 * invites and take them back, others come by them, those in charge remove people and admit them
 * again, some leave, and members talk. All of it comes at any time, also while nobody reaches
 * anybody; what the peer refuses was worth a try.
 */

import type { Outcome } from "../../peer/action.ts";
import type { Command } from "../../peer/input.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import type { PostId, RoomId } from "../../wire/ids.ts";
import { decodePost } from "../../wire/post.ts";
import { inviteKeys } from "../../wire/redemption.ts";
import type { Dice } from "./dice.ts";
import type { EventQueue } from "./event_queue.ts";
import type { Plan } from "./plan.ts";
import type { VirtualPeer } from "./virtual_peer.ts";

/** An invite that somebody was given. */
interface Invite {
  readonly id: PostId;
  readonly maker: VirtualPeer;
  readonly seed: Uint8Array;
}

/** Those who have to do with one private room. */
export class PrivatePeople {
  readonly #meanMs: number;
  readonly #stormMs: number;
  readonly #queue: EventQueue;
  readonly #dice: Dice;
  readonly #peers: readonly VirtualPeer[];
  readonly #crypto: CryptoSuite;
  readonly #seeds = new Map<Command, Uint8Array>();
  readonly #invites: Invite[] = [];
  #room: RoomId | null = null;
  #founder: VirtualPeer | null = null;
  /** Those who were put out or have left. */
  readonly #out = new Set<VirtualPeer>();
  #isAsked = false;
  #lines = 0;

  /** @param meanMs How often something is done. */
  constructor(
    plan: Plan & { readonly privateMs: number },
    queue: EventQueue,
    dice: Dice,
    peers: readonly VirtualPeer[],
    crypto: CryptoSuite,
  ) {
    this.#meanMs = plan.privateMs;
    this.#stormMs = plan.stormMs;
    this.#queue = queue;
    this.#dice = dice;
    this.#peers = peers;
    this.#crypto = crypto;
  }

  /** The room; `null` until it is founded. */
  get room(): RoomId | null {
    return this.#room;
  }

  /** Somebody does something now and then, until the storm is over. */
  start(): void {
    this.#queue.in(this.#dice.wait(this.#meanMs), () => {
      if (this.#queue.nowMs >= this.#stormMs) return;
      const running = this.#peers.filter((peer) => peer.run !== null);
      if (running.length > 0) this.#act(this.#dice.pick(running));
      this.start();
    });
  }

  /** A command has been answered. */
  answered(peer: VirtualPeer, command: Command, outcome: Outcome): void {
    const id = outcome.ok ? outcome.id : null;
    if (command.type === "found") {
      this.#isAsked = id !== null;
      if (id === null) return;
      this.#room = decodePost(peer.store.get(id)!, this.#crypto).room;
      this.#founder = peer;
    }
    const deed = id !== null && command.type === "power" ? command.deed : null;
    if (deed !== null && "peer" in deed) {
      const about = this.#peers.find((each) => each.id === deed.peer)!;
      if (deed.act === "remove") this.#out.add(about);
      if (deed.act === "readmit") this.#out.delete(about);
    }
    const seed = this.#seeds.get(command);
    this.#seeds.delete(command);
    if (seed !== undefined && id !== null) this.#invites.push({ id, maker: peer, seed });
  }

  /** Everybody who can says a word that all members must be able to read. */
  sayLast(): void {
    if (this.#room === null) return;
    for (const peer of this.#peers) this.#say(peer, this.#room, `last of ${peer.name}`);
  }

  #act(peer: VirtualPeer): void {
    const dice = this.#dice;
    if (this.#room === null) {
      // A crash may have come before the answer.
      if (this.#isAsked && dice.chance(0.9)) return;
      this.#isAsked = true;
      return peer.command({
        type: "found",
        name: "vault",
        kind: "private",
        history: dice.chance(0.5),
      });
    }
    const room = this.#room;
    const kind = dice.next();
    if (kind < 0.25) return this.#say(peer, room, `secret ${++this.#lines} of ${peer.name}`);
    if (kind < 0.4) return this.#makeInvite(peer, room);
    if (kind < 0.7) return this.#come(peer, room);
    const other = dice.pick(this.#peers);
    if (kind < 0.72) return this.#revoke(peer, room);
    if (kind < 0.74) return this.#power(peer, room, "remove", peer);
    // Most of the others have no power and are refused.
    const chief = dice.chance(0.6) ? this.#founder! : peer;
    if (kind < 0.81) return this.#power(chief, room, "remove", other);
    if (kind < 0.91) return this.#power(chief, room, "readmit", dice.pick([...this.#out, other]));
    if (kind < 0.97) return this.#power(chief, room, "admin", other);
    this.#power(chief, room, "no-admin", other);
  }

  #say(peer: VirtualPeer, room: RoomId, text: string): void {
    peer.command({ type: "say", room: `~${room}`, kind: "text", text, reply: null });
  }

  #makeInvite(peer: VirtualPeer, room: RoomId): void {
    const dice = this.#dice;
    const seed = this.#crypto.randomBytes(16);
    const command: Command = {
      type: "make-invite",
      room,
      key: inviteKeys(seed, this.#crypto).publicKey,
      expiresMs: null,
      count: dice.pick([null, null, 1, 2]),
    };
    this.#seeds.set(command, seed);
    peer.command(command);
  }

  #come(peer: VirtualPeer, room: RoomId): void {
    if (this.#invites.length === 0) return;
    const { maker, seed } = this.#dice.pick(this.#invites);
    const ticket = { room, seed, expiresMs: null };
    peer.command({ type: "accept-invite", peer: maker.id, addresses: [], ticket });
  }

  #revoke(peer: VirtualPeer, room: RoomId): void {
    if (this.#invites.length === 0) return;
    const { id } = this.#dice.pick(this.#invites);
    peer.command({ type: "revoke-invite", room, invite: id });
  }

  #power(
    peer: VirtualPeer,
    room: RoomId,
    act: "remove" | "readmit" | "admin" | "no-admin",
    other: VirtualPeer,
  ): void {
    peer.command({ type: "power", room: `~${room}`, deed: { act, peer: other.id } });
  }
}
