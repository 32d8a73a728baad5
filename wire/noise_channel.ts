/**
 * Opens secure links (PROTOCOL.md, "Links"): bytes of the socket in, a channel out.
 *
 * `Noise_XX_25519_ChaChaPoly_SHA256`; the preamble is the prologue, identity bindings are the
 * payloads. This file drives the two sides' steps; what each side says is in link_role.ts, and
 * what the handshake turns into in noise_transport.ts. Whatever a stranger sends, only a
 * `LinkError` comes out, and all failures of cryptography look alike. Deadlines are the
 * shell's, and so is the size of what it reads at once.
 */

import { type ChannelFactory, type Handshake, LinkError, type SecureChannel } from "./channel.ts";
import { concat } from "./concat.ts";
import type { CryptoSuite, KeyPair } from "./crypto_suite.ts";
import { encodeFrame, FrameReader } from "./frame.ts";
import type { PeerId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import { InitiatorRole, ResponderRole, type Role } from "./link_role.ts";
import { HandshakeState, type HandshakeStep } from "./noise/handshake_state.ts";
import { patternXX } from "./noise/pattern.ts";
import { chaChaPolySha256, NoiseError } from "./noise/primitives.ts";
import { NoiseTransport } from "./noise_transport.ts";
import { encodePreamble, spokenVersions, type VersionRange } from "./preamble.ts";

/** Who this side is on every link. */
export interface LinkIdentity {
  /** The own identity. */
  readonly peer: PeerId;
  /** The X25519 key pair of links, used for nothing else. */
  readonly link: KeyPair;
  /** The identity's signature of the link key, 64 bytes, as `signLinkKey` makes it. */
  readonly binding: Uint8Array;
}

/** What tests set otherwise than the product. */
export interface LinkOptions {
  /** Versions of the protocol to offer and to accept. */
  readonly versions?: VersionRange;
  /** Frames under one key in each direction; both sides must have the same. */
  readonly rekeyFramesMax?: number;
}

const nothing = new Uint8Array(0);

/**
 * Opens links for one identity.
 *
 * @param identity Who this side is.
 * @param crypto The cryptography to use.
 * @param options For tests; the product gives none.
 * @returns Both kinds of handshakes, as many as are wanted.
 */
export function noiseChannels(
  identity: LinkIdentity,
  crypto: CryptoSuite,
  options: LinkOptions = {},
): ChannelFactory {
  const versions = options.versions ?? spokenVersions;
  const framesMax = options.rekeyFramesMax ?? wireLimits.rekeyFramesMax;
  const primitives = chaChaPolySha256(crypto);
  const binding = () => ({ peer: identity.peer, signature: identity.binding });
  const begin = (initiator: boolean, prologue: Uint8Array): HandshakeStep => {
    const { link } = identity;
    return HandshakeState.initialize(primitives, {
      pattern: patternXX,
      initiator,
      prologue,
      s: link,
    });
  };
  return {
    initiate: () => {
      const preamble = encodePreamble(versions);
      const role = new InitiatorRole({ binding: binding(), crypto, versions });
      return new NoiseHandshake(role, framesMax, preamble, begin(true, preamble));
    },
    respond: () => {
      const role = new ResponderRole({ binding: binding(), crypto, versions });
      return new NoiseHandshake(role, framesMax, nothing, (prologue) => begin(false, prologue));
    },
  };
}

/** The first step, or how to come to it once the other side's preamble is there. */
type Begin = HandshakeStep | ((prologue: Uint8Array) => HandshakeStep);

/** A handshake that has not ended; one that has failed holds no keys any more. */
class NoiseHandshake implements Handshake {
  readonly opening: Uint8Array;
  readonly #role: Role;
  readonly #framesMax: number;
  readonly #frames = new FrameReader();
  /** The first bytes of the connection, until the role knows what they are. */
  #greeting: Uint8Array | null = nothing;
  /** `null` after a failure, and after the end. */
  #at: Begin | null;

  constructor(role: Role, framesMax: number, preamble: Uint8Array, begin: Begin) {
    this.#role = role;
    this.#framesMax = framesMax;
    this.#at = begin;
    const written = [preamble];
    if (typeof begin !== "function") this.#advance(begin, written);
    this.opening = concat(...written);
  }

  receive(bytes: Uint8Array): { write: Uint8Array; channel: SecureChannel | null } {
    const at = this.#at;
    // Out of reach while it is worked on: whatever is thrown leaves nothing to go on with.
    this.#at = null;
    if (at === null) throw unacceptable();
    const written: Uint8Array[] = [];
    try {
      const step = this.#takeGreeting(at, bytes);
      if (step === null) {
        this.#at = at;
        return { write: nothing, channel: null };
      }
      const channel = this.#advance(step, written);
      return { write: concat(...written), channel };
    } catch (error) {
      throw error instanceof NoiseError ? unacceptable() : error;
    }
  }

  /** The step at which frames are read, or `null` until the greeting is complete. */
  #takeGreeting(at: Begin, bytes: Uint8Array): HandshakeStep | null {
    if (this.#greeting === null) {
      this.#frames.push(bytes);
      return typeof at === "function" ? null : at;
    }
    const first = this.#greeting.length === 0 ? bytes : concat(this.#greeting, bytes);
    const length = this.#role.greetingLength(first);
    if (length === null) {
      // A copy of at most 11 bytes: the array handed in may be a view of a large one.
      this.#greeting = first.slice();
      return null;
    }
    this.#greeting = null;
    this.#frames.push(first.subarray(length));
    return typeof at === "function" ? at(first.slice(0, length)) : at;
  }

  /** Goes on as far as the bytes allow. */
  #advance(from: HandshakeStep, written: Uint8Array[]): SecureChannel | null {
    const role = this.#role;
    let step = from;
    for (;;) {
      if (step.turn === "write") {
        const { message, next } = step.writeMessage(role.payload());
        written.push(encodeFrame(message));
        step = next;
      } else if (step.turn === "read") {
        const message = this.#frames.read(wireLimits.handshakeFrameBytesMax);
        if (message === null) {
          this.#at = step;
          return null;
        }
        const { payload, rs, next } = step.readMessage(message);
        if (rs !== null) role.onBinding(payload, rs);
        // XX encrypts nothing in its first message, so nothing may be said in it.
        else if (payload.length > 0) throw unacceptable();
        step = next;
      } else {
        if (role.other === null) throw unacceptable();
        return new NoiseTransport(role.other, step, this.#frames, this.#framesMax);
      }
    }
  }
}

function unacceptable(): LinkError {
  return new LinkError("handshake", "a message was altered, cut, replayed or out of place");
}
