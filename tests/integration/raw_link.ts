/**
 * A bare client of the protocol: a real socket, a real handshake, and then whatever a test or
 * a bench wants to say. It stores nothing and checks nothing, so that it can be slow, silent
 * or wrong on purpose.
 */

import { nodeCrypto } from "../../io/crypto.ts";
import type { SecureChannel } from "../../wire/channel.ts";
import { type PeerId, toId } from "../../wire/ids.ts";
import { signLinkKey } from "../../wire/identity_binding.ts";
import { decodeMessages, encodeMessage, type Message } from "../../wire/message.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import { publicRoomId } from "../../wire/text.ts";

const crypto = nodeCrypto();

/** An identity of its own for one client. */
export interface RawIdentity {
  readonly peer: PeerId;
  readonly secretKey: Uint8Array;
}

/** A link to a peer. */
export class RawLink implements Disposable {
  readonly identity: RawIdentity;
  /** Called for each message but pings, which are answered. */
  onMessage: (message: Message) => void = () => {};
  readonly #conn: Deno.TcpConn;
  readonly #channel: SecureChannel;
  readonly #buffer: Uint8Array;
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
   * Dials a peer and shakes hands under a fresh identity.
   *
   * @param address `host:port`.
   * @param bufferBytes What is read at once.
   */
  static async dial(address: string, bufferBytes = 65_536): Promise<RawLink> {
    const id = crypto.generateEd25519();
    const link = crypto.generateX25519();
    const identity = { peer: toId<PeerId>(id.publicKey), secretKey: id.secretKey };
    const binding = signLinkKey(id.secretKey, link.publicKey, crypto);
    const factory = noiseChannels({ peer: identity.peer, link, binding }, crypto);
    const [hostname = "", port = ""] = address.split(":");
    const conn = await Deno.connect({ hostname, port: Number(port) });
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

  /** Says one or several messages in one frame. */
  async send(...messages: readonly Message[]): Promise<void> {
    const parts = messages.map(encodeMessage);
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    await this.sendBytes(whole);
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

  /** Greets and opens a public room. */
  async enter(room = "lobby"): Promise<void> {
    await this.send(
      { type: "hello", wallMs: Date.now(), port: 0, addresses: [], observed: "127.0.0.1:1" },
      { type: "join", room: publicRoomId(room, crypto) },
    );
  }

  /** Reads until the link ends; resolves then. */
  async listen(): Promise<void> {
    for (;;) {
      const count = await this.#conn.read(this.#buffer).catch(() => null);
      if (count === null) return;
      this.#channel.push(this.#buffer.slice(0, count));
      for (let frame; (frame = this.#channel.read()) !== null;) {
        for (const message of decodeMessages(frame)) {
          if (message.type === "ping") await this.send({ type: "pong", nonce: message.nonce });
          else if (message.type === "rekey") this.#channel.rekeyReceiving();
          else this.onMessage(message);
        }
      }
    }
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
