/**
 * HandshakeState (Noise rev 34, section 5.3): works through a pattern's messages.
 *
 * What can be done next is the type of what one holds: a step that writes, a step that
 * reads, or the transport that the handshake has turned into. A step serves once, and one
 * that fails leaves nothing to go on with. General over patterns, so that the published
 * vectors run through the product's own code. Secrets are not wiped: the runtime gives no
 * way to do that for certain, so they live until they are collected.
 */

import type { KeyPair } from "../crypto_suite.ts";
import type { CipherState } from "./cipher_state.ts";
import type { HandshakePattern, Token } from "./pattern.ts";
import {
  dhBytes,
  messageBytesMax,
  NoiseError,
  type NoisePrimitives,
  tagBytes,
} from "./primitives.ts";
import { SymmetricState } from "./symmetric_state.ts";

/** What a handshake starts from: the arguments of Initialize. */
export interface HandshakeOptions {
  /** The messages to exchange. */
  readonly pattern: HandshakePattern;
  /** Whether this side sends the first message. */
  readonly initiator: boolean;
  /** Bytes that both sides must have seen alike, though they are not sent again. */
  readonly prologue: Uint8Array;
  /** The own static key, where the pattern has one. */
  readonly s?: KeyPair;
  /** The other side's static public key, where the pattern knows it beforehand. */
  readonly rs?: Uint8Array;
  /** Pre-shared keys of 32 bytes, in the order of the pattern's `psk` tokens. */
  readonly psks?: readonly Uint8Array[];
}

/** It is this side's turn to send. */
export interface WriteStep {
  /** Tells the steps apart. */
  readonly turn: "write";
  /**
   * WriteMessage(payload).
   *
   * @throws {NoiseError} If the other side sent a low-order key.
   * @throws {RangeError} If the message would be longer than 65,535 bytes.
   */
  writeMessage(payload: Uint8Array): { readonly message: Uint8Array; readonly next: HandshakeStep };
}

/** It is the other side's turn to send. */
export interface ReadStep {
  /** Tells the steps apart. */
  readonly turn: "read";
  /**
   * ReadMessage(message).
   *
   * @returns The payload, and the other side's static public key as far as it is known.
   * @throws {NoiseError} If the message is not what the other side must send here.
   */
  readMessage(message: Uint8Array): {
    readonly payload: Uint8Array;
    readonly rs: Uint8Array | null;
    readonly next: HandshakeStep;
  };
}

/** The handshake has ended. In a one-way pattern only the initiator's direction may be used. */
export interface Transport {
  /** Tells the steps apart. */
  readonly turn: "over";
  /** For what this side sends. */
  readonly sending: CipherState;
  /** For what this side receives. */
  readonly receiving: CipherState;
  /** 32 bytes, the same on both sides (section 11.2). */
  readonly handshakeHash: Uint8Array;
}

/** Where a handshake stands. */
export type HandshakeStep = WriteStep | ReadStep | Transport;

/** The position of a handshake one of whose steps is under way, or has failed. */
const taken = -1;

/** One side's state during a handshake; seen from outside only through its steps. */
export class HandshakeState {
  readonly #primitives: NoisePrimitives;
  readonly #symmetric: SymmetricState;
  readonly #pattern: HandshakePattern;
  readonly #initiator: boolean;
  readonly #hasPsk: boolean;
  readonly #s: KeyPair | null;
  readonly #psks: Uint8Array[];
  #e: KeyPair | null = null;
  #rs: Uint8Array | null;
  #re: Uint8Array | null = null;
  /** The message that comes next, from 0. */
  #position = 0;

  private constructor(primitives: NoisePrimitives, options: HandshakeOptions) {
    const { pattern, initiator } = options;
    this.#primitives = primitives;
    this.#pattern = pattern;
    this.#initiator = initiator;
    this.#hasPsk = pattern.messages.some((tokens) => tokens.includes("psk"));
    this.#s = options.s ?? null;
    this.#rs = options.rs ?? null;
    this.#psks = [...options.psks ?? []];
    this.#symmetric = new SymmetricState(primitives, `Noise_${pattern.name}_${primitives.name}`);
    this.#symmetric.mixHash(options.prologue);
    const own = () => required(this.#s, "own static key").publicKey;
    const other = () => required(this.#rs, "other side's static key");
    for (const _ of pattern.preMessages.initiator) {
      this.#symmetric.mixHash(initiator ? own() : other());
    }
    for (const _ of pattern.preMessages.responder) {
      this.#symmetric.mixHash(initiator ? other() : own());
    }
  }

  /**
   * Initialize(handshake_pattern, initiator, prologue, s, e, rs, re).
   *
   * @param primitives The functions to use.
   * @param options What this side knows beforehand.
   * @returns The first step.
   * @throws {RangeError} If a key that the pattern needs is missing.
   */
  static initialize(primitives: NoisePrimitives, options: HandshakeOptions): HandshakeStep {
    return new HandshakeState(primitives, options).#step();
  }

  #step(): HandshakeStep {
    const position = this.#position;
    const tokens = this.#pattern.messages[position];
    if (tokens === undefined) return this.#transport();
    if ((position % 2 === 0) === this.#initiator) {
      return {
        turn: "write",
        writeMessage: (payload) => {
          this.#take(position);
          const message = this.#writeMessage(tokens, payload);
          this.#position = position + 1;
          return { message, next: this.#step() };
        },
      };
    }
    return {
      turn: "read",
      readMessage: (message) => {
        this.#take(position);
        const payload = this.#readMessage(tokens, message);
        this.#position = position + 1;
        return { payload, rs: this.#rs, next: this.#step() };
      },
    };
  }

  /** A step taken twice would use an ephemeral key, or a key and nonce, twice. */
  #take(position: number): void {
    if (this.#position !== position) {
      throw new Error("Cannot take a step of a handshake twice, or after one that failed");
    }
    this.#position = taken;
  }

  #writeMessage(tokens: readonly Token[], payload: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const token of tokens) {
      if (token === "e") {
        this.#e = this.#primitives.generateKeyPair();
        parts.push(this.#e.publicKey);
        this.#mixEphemeral(this.#e.publicKey);
      } else if (token === "s") {
        parts.push(this.#symmetric.encryptAndHash(required(this.#s, "own static key").publicKey));
      } else {
        this.#mixSecret(token);
      }
    }
    parts.push(this.#symmetric.encryptAndHash(payload));
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (length > messageBytesMax) {
      throw new RangeError(`Cannot write a handshake message of ${length} bytes: it is too long`);
    }
    const message = new Uint8Array(length);
    let position = 0;
    for (const part of parts) {
      message.set(part, position);
      position += part.length;
    }
    return message;
  }

  #readMessage(tokens: readonly Token[], message: Uint8Array): Uint8Array {
    let position = 0;
    const next = (length: number): Uint8Array => {
      if (position + length > message.length) throw new NoiseError("message cut off");
      // A copy: the keys outlive the message, and a view would keep all of its buffer.
      return message.slice(position, position += length);
    };
    for (const token of tokens) {
      if (token === "e") {
        this.#re = next(dhBytes);
        this.#mixEphemeral(this.#re);
      } else if (token === "s") {
        const field = next(this.#symmetric.hasKey() ? dhBytes + tagBytes : dhBytes);
        this.#rs = this.#symmetric.decryptAndHash(field);
      } else {
        this.#mixSecret(token);
      }
    }
    return this.#symmetric.decryptAndHash(message.subarray(position));
  }

  /** Section 9.2: where a pre-shared key is used, ephemeral keys randomise the cipher's too. */
  #mixEphemeral(publicKey: Uint8Array): void {
    this.#symmetric.mixHash(publicKey);
    if (this.#hasPsk) this.#symmetric.mixKey(publicKey);
  }

  #mixSecret(token: Exclude<Token, "e" | "s">): void {
    switch (token) {
      case "ee":
        return this.#mixDh(this.#e, this.#re);
      case "es":
        return this.#initiator ? this.#mixDh(this.#e, this.#rs) : this.#mixDh(this.#s, this.#re);
      case "se":
        return this.#initiator ? this.#mixDh(this.#s, this.#re) : this.#mixDh(this.#e, this.#rs);
      case "ss":
        return this.#mixDh(this.#s, this.#rs);
      case "psk":
        return this.#symmetric.mixKeyAndHash(required(this.#psks.shift() ?? null, "shared key"));
    }
  }

  #mixDh(own: KeyPair | null, other: Uint8Array | null): void {
    const keyPair = required(own, "own key pair");
    const secret = this.#primitives.dh(keyPair, required(other, "other side's key"));
    if (secret === null) throw new NoiseError("low-order public key");
    this.#symmetric.mixKey(secret);
  }

  #transport(): Transport {
    const [fromInitiator, fromResponder] = this.#symmetric.split();
    return {
      turn: "over",
      sending: this.#initiator ? fromInitiator : fromResponder,
      receiving: this.#initiator ? fromResponder : fromInitiator,
      handshakeHash: this.#symmetric.getHandshakeHash(),
    };
  }
}

/** A key that the pattern says is there; that it is not is the caller's mistake. */
function required<T>(key: T | null, what: string): T {
  if (key === null) throw new RangeError(`Cannot go on with the handshake: no ${what} was given`);
  return key;
}
