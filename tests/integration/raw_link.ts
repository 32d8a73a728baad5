/**
 * A bare client of the protocol: a real socket, a real handshake, and then whatever a test or
 * a bench wants to say. It stores nothing and checks nothing, so that it can be slow, silent
 * or wrong on purpose.
 */

import { nodeCrypto } from "../../io/crypto.ts";
import type { ChannelFactory, SecureChannel } from "../../wire/channel.ts";
import type { KeyPair } from "../../wire/crypto_suite.ts";
import { type PeerId, toId } from "../../wire/ids.ts";
import { signLinkKey } from "../../wire/identity_binding.ts";
import type { Message } from "../../wire/message.ts";
import { decodeMessages } from "../../wire/message_decode.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import { publicRoomId } from "../../wire/text.ts";
import { BriefEars } from "../brief_ears.ts";

const crypto = nodeCrypto();

/** An identity of its own for one client. */
export interface RawIdentity {
  readonly peer: PeerId;
  readonly secretKey: Uint8Array;
  readonly link: KeyPair;
}

/** Somebody new. */
export function newRawIdentity(): RawIdentity {
  const id = crypto.generateEd25519();
  return {
    peer: toId<PeerId>(id.publicKey),
    secretKey: id.secretKey,
    link: crypto.generateX25519(),
  };
}

/** A link to a peer. */
export class RawLink implements Disposable {
  readonly identity: RawIdentity;
  /** Called for each message, with brief posts written out, but pings, which are answered, as are wishes to be a neighbour. */
  onMessage: (message: Message) => void = () => {};
  readonly #conn: Deno.TcpConn;
  readonly #channel: SecureChannel;
  readonly #buffer: Uint8Array;
  readonly #ears = new BriefEars();
  #greeted = false;
  #reading = true;
  /** Frames are written in the order in which they were sealed, one at a time. */
  #written: Promise<void> = Promise.resolve();

  private constructor(
    identity: RawIdentity,
    conn: Deno.TcpConn,
    channel: SecureChannel,
    bufferBytes: number,
  ) {
    this.identity = identity;
    this.#conn = conn;
    this.#channel = channel;
    this.#buffer = new Uint8Array(bufferBytes);
  }

  /**
   * Dials a peer and shakes hands.
   *
   * @param address `host:port`.
   * @param bufferBytes What is read at once.
   * @param identity Who dials; by default somebody new.
   */
  static async dial(
    address: string,
    bufferBytes = 65_536,
    identity: RawIdentity = newRawIdentity(),
  ): Promise<RawLink> {
    const { peer, link, secretKey } = identity;
    const binding = signLinkKey(secretKey, link.publicKey, crypto);
    const factory = noiseChannels({ peer, link, binding }, crypto);
    const [hostname = "", port = ""] = address.split(":");
    const conn = await Deno.connect({ hostname, port: Number(port) });
    try {
      return await RawLink.#shakeHands(conn, factory, identity, bufferBytes);
    } catch (error) {
      conn.close();
      throw error;
    }
  }

  static async #shakeHands(
    conn: Deno.TcpConn,
    factory: ChannelFactory,
    identity: RawIdentity,
    bufferBytes: number,
  ): Promise<RawLink> {
    const handshake = factory.initiate();
    await writeAll(conn, handshake.opening);
    const buffer = new Uint8Array(2_048);
    for (;;) {
      const count = await conn.read(buffer);
      if (count === null) throw new Error("The peer closed the link during the handshake");
      const { write, channel } = handshake.receive(buffer.slice(0, count));
      await writeAll(conn, write);
      if (channel !== null) return new RawLink(identity, conn, channel, bufferBytes);
    }
  }

  /** Who is at the other end. */
  get remote(): PeerId {
    return this.#channel.peer;
  }

  /** Says one or several messages in one frame. */
  async send(...messages: readonly Message[]): Promise<void> {
    await this.sendRaw(this.seal(...messages));
  }

  /** One or several messages as the bytes of one frame, which must be sent next or never. */
  seal(...messages: readonly Message[]): Uint8Array {
    const parts = messages.map(encodeMessage);
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return this.#channel.seal(whole);
  }

  /** Seals bytes that may be anything. */
  async sendBytes(plaintext: Uint8Array): Promise<void> {
    await this.sendRaw(this.#channel.seal(plaintext));
  }

  /** Writes bytes past the channel. */
  async sendRaw(bytes: Uint8Array): Promise<void> {
    this.#written = this.#written.then(() => writeAll(this.#conn, bytes));
    await this.#written;
  }

  /** Opens a public room as somebody without other neighbours, and greets before the first. */
  async enter(name = "lobby"): Promise<void> {
    const room = publicRoomId(name, crypto);
    const join: Message = { type: "join", room };
    const neighbour: Message = { type: "neighbour", room, others: 0 };
    if (this.#greeted) return await this.send(join, neighbour);
    this.#greeted = true;
    const wallMs = Date.now();
    await this.send(
      { type: "hello", wallMs, record: null, observed: "127.0.0.1:1" },
      join,
      neighbour,
    );
  }

  /** Says that nothing more comes, without a goodbye. */
  async closeWrite(): Promise<void> {
    await this.#written;
    await this.#conn.closeWrite();
  }

  /** Reads no more after the read that is under way. */
  stopReading(): void {
    this.#reading = false;
  }

  /** Reads until the link ends or reading is stopped; resolves then. */
  async listen(): Promise<void> {
    while (this.#reading) {
      const count = await this.#conn.read(this.#buffer).catch(() => null);
      if (count === null) return;
      this.#channel.push(this.#buffer.slice(0, count));
      for (let frame; (frame = this.#channel.read()) !== null;) {
        for (const message of this.#ears.heard(decodeMessages(frame))) {
          await this.#take(message);
        }
      }
    }
  }

  async #take(message: Message): Promise<void> {
    if (message.type === "ping") await this.#answer({ type: "pong", nonce: message.nonce });
    else if (message.type === "rekey") this.#channel.rekeyReceiving();
    else this.onMessage(message);
    if (message.type !== "neighbour") return;
    await this.#answer({ type: "neighbour", room: message.room, others: 0 });
  }

  /** Answers; that the other side has gone meanwhile is found out by reading. */
  async #answer(message: Message): Promise<void> {
    await this.send(message).catch(() => {});
  }

  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch {
      // It is closed already, which is all that is wanted.
    }
  }
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length;) offset += await conn.write(bytes.subarray(offset));
}
