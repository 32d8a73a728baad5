/**
 * One authenticated connection: messages in and out of its frames, pings, renewal of keys
 * and the sending half's back-pressure. It knows nothing of rooms beyond which of them the
 * other side has named.
 */

import { BriefReader, BriefWriter, type OutgoingPost } from "../wire/brief_link.ts";
import { MalformedError } from "../wire/cbor.ts";
import { LinkError, plaintextBytesMax, type SecureChannel } from "../wire/channel.ts";
import type { PeerId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Message } from "../wire/message.ts";
import { decodeMessages } from "../wire/message_decode.ts";
import { encodeMessage } from "../wire/message_encode.ts";
import type { ConnectionId } from "./input.ts";
import type { RoomRecord } from "./member_record.ts";
import { Outbox } from "./outbox.ts";
import { Quotas } from "./quotas.ts";

/** Where a session's connection came from. */
export interface Link {
  readonly connection: ConnectionId;
  readonly direction: "in" | "out";
  /** The other end; for `out` the address that was dialled. */
  readonly address: string;
  /** The same in numbers, where `address` names a host. */
  readonly remote: string;
}

const rekeyMessage = encodeMessage({ type: "rekey" });

/** The session of one connection. */
export class Session {
  readonly link: Link;
  readonly channel: SecureChannel;
  readonly upSinceMs: number;
  /** The rooms that the other side has open. */
  readonly rooms = new Set<RoomId>();
  /** The other side's clock less ours, as its hello said. */
  clockOffsetMs: number | null = null;
  /** The address from which we appear to the other side; `null` until it has said so. */
  observed: string | null = null;
  /** Where the other side can be dialled; `null` if it cannot. */
  record: RoomRecord | null = null;
  /** How much the other side may still say, ask for and be told. */
  readonly quotas: Quotas;
  /** The last tags that the other side has shown; `null` until it has. */
  tags: { readonly round: number; readonly bytes: Uint8Array } | null = null;
  /** How often it was shown tags. */
  tagRounds = 0;
  /** Posts and presences with a wrong signature so far. */
  invalid = 0;
  /** Whether an earlier link to the same peer broke, and it was looked for since. */
  returns = false;
  /** When it last sent a post that was new, on the monotonic clock; -1 if it never has. */
  gaveMs = -1;
  /** Round trip of the last ping. */
  rttMs: number | null = null;
  readonly #limits: Limits;
  readonly #outbox: Outbox;
  #writtenBytes = 0;
  #progressMs: number;
  #heardMs: number;
  #pingSentMs: number | null = null;
  #pings = 0;
  /** The nonce of the last ping that is not answered; earlier ones need no answer of their own. */
  #owedPong: number | null = null;
  #keySinceMs: number;
  #overflowed = false;
  /** What both sides know of one another's brief posts; most links carry none. */
  #brief: { readonly sent: BriefWriter; readonly heard: BriefReader } | null = null;

  /**
   * @param link The connection.
   * @param channel Its finished handshake.
   * @param limits The table of limits.
   * @param nowMs The monotonic clock.
   */
  constructor(link: Link, channel: SecureChannel, limits: Limits, nowMs: number) {
    this.link = link;
    this.channel = channel;
    this.#limits = limits;
    this.#outbox = new Outbox(limits);
    this.quotas = new Quotas(limits);
    this.upSinceMs =
      this.#progressMs =
      this.#heardMs =
      this.#keySinceMs =
        nowMs;
  }

  /** Who is at the other end. */
  get peer(): PeerId {
    return this.channel.peer;
  }

  /** Whether so much is on its way that nothing more is written until it has drained. */
  get congested(): boolean {
    return this.#writtenBytes >= this.#limits.writeHighWaterBytes;
  }

  /** Bytes of messages that wait here, by their urgency. */
  get waitingBytes(): { readonly control: number; readonly live: number } {
    return { control: this.#outbox.controlBytes, live: this.#outbox.liveBytes };
  }

  /** Bytes of all that is on its way to the other side. */
  get queuedBytes(): number {
    const { controlBytes, liveBytes, pageBytes } = this.#outbox;
    // Of less than the mark nobody says when it has gone; it soon has.
    const written = this.#stallable ? this.#writtenBytes : 0;
    return written + controlBytes + liveBytes + pageBytes;
  }

  /** Whether another page of history fits now. */
  get wantsPage(): boolean {
    return !this.congested && this.#outbox.pageBytes < this.#limits.pagesQueuedBytesMax;
  }

  /** When {@linkcode Session.onTime} has something to do, on the monotonic clock. */
  get deadlineMs(): number {
    const ping = this.#pingSentMs === null ? this.#limits.pingMs : this.#limits.deadMs;
    const silent = this.#heardMs + ping;
    return this.#stallable ? Math.min(silent, this.#progressMs + this.#limits.stallMs) : silent;
  }

  get #stallable(): boolean {
    return this.#writtenBytes >= this.#limits.writeLowWaterBytes;
  }

  /**
   * Takes bytes of the socket.
   *
   * @returns The messages of all whole frames, without those of the session itself, which are
   * answered here; and why the link must end, if a frame is not what the protocol allows.
   */
  onReceived(bytes: Uint8Array, nowMs: number): { messages: Message[]; failure: string | null } {
    this.channel.push(bytes);
    const messages: Message[] = [];
    try {
      for (let frame; (frame = this.channel.read()) !== null;) {
        this.#heardMs = nowMs;
        this.#onFrame(decodeMessages(frame), messages, nowMs);
      }
    } catch (error) {
      if (error instanceof LinkError) return { messages, failure: `broken: ${error.detail}` };
      if (error instanceof MalformedError) {
        return { messages, failure: `malformed: ${error.message}` };
      }
      throw error;
    }
    return { messages, failure: null };
  }

  #onFrame(decoded: readonly Message[], messages: Message[], nowMs: number): void {
    for (const [i, message] of decoded.entries()) {
      if (message.type === "rekey") {
        if (i !== decoded.length - 1) throw new MalformedError("rekey is not the last message");
        this.channel.rekeyReceiving();
      } else if (!this.#answer(message, nowMs)) {
        messages.push(message);
      }
    }
  }

  #answer(message: Message, nowMs: number): boolean {
    if (message.type === "ping") {
      this.#owedPong = message.nonce;
      return true;
    }
    if (message.type !== "pong") return false;
    if (this.#pingSentMs !== null && message.nonce === this.#pings) {
      this.rttMs = nowMs - this.#pingSentMs;
      this.#pingSentMs = null;
    }
    return true;
  }

  /** The system has taken all bytes written. */
  onDrained(nowMs: number): void {
    this.#writtenBytes = 0;
    this.#progressMs = nowMs;
  }

  /** Queues a control message. */
  send(message: Message): void {
    if (!this.#outbox.push(encodeMessage(message), "control")) this.#overflowed = true;
  }

  /** What both sides know of one another's brief posts. */
  get brief(): { readonly sent: BriefWriter; readonly heard: BriefReader } {
    return this.#brief ??= { sent: new BriefWriter(), heard: new BriefReader() };
  }

  /** Queues posts without what the other side knows; says whether there was room. */
  sendBrief(outgoing: readonly OutgoingPost[]): boolean {
    const { sent, heard } = this.brief;
    const anew = sent.takeAnew();
    const posts = outgoing.map((each) => sent.write(each, heard));
    if (this.sendGossip(encodeMessage({ type: "brief", anew, posts }))) return true;
    sent.undo(posts.length);
    return false;
  }

  /** Queues an encoded gossip message; says whether there was room. */
  sendGossip(message: Uint8Array): boolean {
    return this.#outbox.push(message, "live");
  }

  /** Queues a part of history; owed only while {@linkcode Session.wantsPage}. */
  sendPage(message: Message): void {
    if (!this.#outbox.push(encodeMessage(message), "page")) this.#overflowed = true;
  }

  /** Asks for a sign of life, which also measures the round trip. */
  ping(nowMs: number): void {
    if (this.#pingSentMs !== null) return;
    this.#pingSentMs = nowMs;
    this.#pings = (this.#pings + 1) % 2 ** 32;
    this.send({ type: "ping", nonce: this.#pings });
  }

  /**
   * Does what is due.
   *
   * @returns Why the link has to end, or `null`.
   */
  onTime(nowMs: number): "dead" | "stalled" | null {
    const silentMs = nowMs - this.#heardMs;
    if (silentMs >= this.#limits.deadMs) return "dead";
    if (this.#stallable && nowMs - this.#progressMs >= this.#limits.stallMs) return "stalled";
    if (silentMs >= this.#limits.pingMs) this.ping(nowMs);
    return null;
  }

  /** Whether more control messages wait than a link may hold: it has to end. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Seals what waits, as far as the connection takes it. */
  flush(nowMs: number): Uint8Array[] {
    const frames: Uint8Array[] = [];
    if (this.#owedPong !== null && !this.congested) {
      this.send({ type: "pong", nonce: this.#owedPong });
      this.#owedPong = null;
    }
    while (!this.congested) {
      const messages = this.#outbox.take(plaintextBytesMax - rekeyMessage.length);
      if (messages === null) break;
      const frame = this.#seal(messages, nowMs);
      // Below the mark no `drained` is owed, however long ago the bytes were taken.
      if (!this.#stallable) this.#progressMs = nowMs;
      this.#writtenBytes += frame.length;
      frames.push(frame);
    }
    return frames;
  }

  #seal(messages: Uint8Array, nowMs: number): Uint8Array {
    const old = this.channel.framesSealed + 1 >= this.#limits.rekeyFramesMax ||
      nowMs - this.#keySinceMs >= this.#limits.rekeyMs;
    if (!old) return this.channel.seal(messages);
    const announced = new Uint8Array(messages.length + rekeyMessage.length);
    announced.set(messages);
    announced.set(rekeyMessage, messages.length);
    const frame = this.channel.seal(announced);
    this.channel.rekeySending();
    this.#keySinceMs = nowMs;
    return frame;
  }
}
