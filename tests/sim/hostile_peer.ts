/**
 * A stranger who speaks the protocol and means harm: it dials everybody, opens proper links,
 * and says over them what forgeries.ts makes, between posts of its own that are in order.
 * When it is thrown out it comes back under another key.
 */

import { MalformedError } from "../../wire/cbor.ts";
import type { SecureChannel } from "../../wire/channel.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import type { RoomId } from "../../wire/ids.ts";
import type { Message } from "../../wire/message.ts";
import { decodeMessages } from "../../wire/message_decode.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import type { Post } from "../../wire/post.ts";
import { BriefEars } from "../brief_ears.ts";
import { newIdentity, type TestIdentity } from "../link_peers.ts";
import { plainChannels } from "../plain_channel.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { Dice } from "./dice.ts";
import type { EventQueue } from "./event_queue.ts";
import { Forger } from "./forgeries.ts";
import type { LinkEnd, LinkOwner } from "./virtual_link.ts";
import type { VirtualHost, VirtualNetwork } from "./virtual_network.ts";

/** What a hostile peer depends on. */
export interface HostileWorld {
  readonly seed: number;
  readonly channel: "noise" | "plain";
  readonly rekeyFramesMax: number;
  readonly queue: EventQueue;
  readonly network: VirtualNetwork;
  /** Whom to dial. */
  readonly targets: readonly string[];
  readonly rooms: readonly RoomId[];
  /** Told of posts that are in order, which others may keep. */
  publish(post: Post): void;
  note(text: string): void;
}

/** When it says something next, on average. */
const forgeMs = 1_500;
/** Frames over one link; keys are not renewed here. */
const framesMax = 40;

/** The stranger. */
export class HostilePeer implements VirtualHost {
  readonly ip = "10.0.0.66";
  readonly address = "10.0.0.66:9797";
  readonly state = "deaf";
  readonly #world: HostileWorld;
  readonly #crypto: CryptoSuite;
  readonly #dice: Dice;
  #identity: TestIdentity;
  #forger: Forger;
  readonly #open = new Set<LinkEnd>();
  #isOver = false;

  constructor(world: HostileWorld) {
    this.#world = world;
    this.#crypto = seededCrypto(world.seed + 0.5);
    this.#dice = new Dice(world.seed * 7 + 5);
    this.#identity = newIdentity(this.#crypto);
    this.#forger = this.#newForger();
  }

  /** Dials everybody and goes on doing so. */
  start(): void {
    for (const address of this.#world.targets) this.#dialSoon(address);
  }

  /** Goes away. */
  stop(): void {
    this.#isOver = true;
    for (const end of this.#open) end.abort();
  }

  /** Nobody dials it. */
  accept(): LinkOwner {
    throw new Error("a host that does not listen was dialled");
  }

  #newForger(): Forger {
    return new Forger(this.#identity, this.#crypto, this.#dice, this.#world.rooms);
  }

  #dialSoon(address: string): void {
    this.#world.queue.in(this.#dice.between(100, 10_000), () => {
      if (this.#isOver) return;
      this.#world.network.dial(this, address, {
        opened: (end) => this.#isOver ? null : this.#converse(end, address),
        failed: () => this.#dialSoon(address),
      });
    });
  }

  #converse(end: LinkEnd, address: string): LinkOwner {
    const { channel: kind, rekeyFramesMax } = this.#world;
    const channels = kind === "noise"
      ? noiseChannels(this.#identity, this.#crypto, { rekeyFramesMax })
      : plainChannels(this.#identity.peer, (length) => this.#crypto.randomBytes(length));
    const handshake = channels.initiate();
    this.#open.add(end);
    end.write(handshake.opening);
    const ears = new BriefEars();
    let channel: SecureChannel | null = null;
    return {
      received: (bytes) => {
        if (channel !== null) channel.push(bytes);
        else {
          const { write, channel: ready } = handshake.receive(bytes);
          end.write(write);
          if (ready === null) return;
          channel = ready;
          this.#greet(end, ready);
        }
        this.#listen(end, channel, ears);
      },
      drained: () => {},
      disconnected: () => {
        this.#open.delete(end);
        if (this.#dice.chance(0.5)) {
          this.#identity = newIdentity(this.#crypto);
          this.#forger = this.#newForger();
        }
        this.#dialSoon(address);
      },
    };
  }

  #greet(end: LinkEnd, channel: SecureChannel): void {
    const hello: Message = { type: "hello", wallMs: 0, record: null, observed: "" };
    this.#say(end, channel, encodeMessage(hello));
    for (const room of this.#world.rooms) {
      this.#say(end, channel, encodeMessage({ type: "join", room }));
      this.#say(end, channel, encodeMessage({ type: "neighbour", room, others: 0 }));
    }
    this.#forgeSoon(end, channel, this.#forger);
  }

  #forgeSoon(end: LinkEnd, channel: SecureChannel, forger: Forger): void {
    this.#world.queue.in(this.#dice.wait(forgeMs), () => {
      if (!end.isOpen) return;
      if (this.#dice.chance(0.3) || !forger.hasHeard) {
        const { post, message } = forger.honest();
        this.#world.publish(post);
        this.#say(end, channel, message);
      } else {
        const { what, message } = forger.forgery(
          Math.round(1_795_651_200_000 + this.#world.queue.nowMs),
        );
        this.#world.note(`the stranger sends ${what}`);
        this.#say(end, channel, message);
      }
      this.#forgeSoon(end, channel, forger);
    });
  }

  #say(end: LinkEnd, channel: SecureChannel, message: Uint8Array): void {
    const framesLeft = Math.min(framesMax, this.#world.rekeyFramesMax) - channel.framesSealed;
    if (framesLeft > 1) end.write(channel.seal(message));
    else end.close();
  }

  /** What is heard may be bent later; keys of others are renewed as they say. */
  #listen(end: LinkEnd, channel: SecureChannel, ears: BriefEars): void {
    try {
      for (let frame; (frame = channel.read()) !== null;) {
        for (const message of ears.heard(decodeMessages(frame))) {
          if (message.type === "rekey") channel.rekeyReceiving();
          this.#forger.hear(message);
          const answers = this.#forger.hasHeard && this.#dice.chance(0.7);
          if (message.type === "want" && answers) {
            this.#say(end, channel, this.#forger.answer(message));
          }
        }
      }
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }
}
