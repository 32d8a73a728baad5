/**
 * What the two sides of a link say differently while they shake hands (PROTOCOL.md, "Links").
 *
 * The initiator offers versions in its preamble and binds its identity in message 3. The
 * responder binds its own in message 2, together with the version that it has chosen: there
 * it is encrypted and authenticated, and the initiator checks that it had offered it. Neither
 * knows Noise; that the link key is the one authenticated is the driver's part.
 */

import { LinkError } from "./channel.ts";
import type { CryptoSuite } from "./crypto_suite.ts";
import {
  encodeBinding,
  encodeVersionedBinding,
  type IdentityBinding,
  openBinding,
  openVersionedBinding,
} from "./identity_binding.ts";
import type { PeerId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import {
  commonVersion,
  decodePreamble,
  decodeRefusal,
  describeVersions,
  encodeRefusal,
  preambleBytes,
  type VersionRange,
} from "./preamble.ts";

/** What a role needs to know of its own side. */
export interface RoleSetup {
  /** What it says of itself. */
  readonly binding: IdentityBinding;
  /** Checks what the other side says of itself. */
  readonly crypto: CryptoSuite;
  /** What this side speaks. */
  readonly versions: VersionRange;
}

/** The other end of a link, proven. */
export interface OtherEnd {
  /** Its identity. */
  readonly peer: PeerId;
  /** The version of the protocol to speak with it. */
  readonly version: number;
}

/** One side of a link while it shakes hands. */
export interface Role {
  /** The other end, as soon as it has proved who it is. */
  readonly other: OtherEnd | null;
  /**
   * Looks at the first bytes of the connection.
   *
   * @param first All that have come so far.
   * @returns How many bytes come before the first frame, or `null` until more are there.
   * @throws {LinkError} With code `not-starling` or `version`.
   */
  greetingLength(first: Uint8Array): number | null;
  /** What the next own message says. */
  payload(): Uint8Array;
  /**
   * Takes what the other side says of itself.
   *
   * @param payload As decrypted.
   * @param linkPublicKey The key that Noise has authenticated with it.
   * @throws {LinkError} With code `binding` or `version`.
   */
  onBinding(payload: Uint8Array, linkPublicKey: Uint8Array): void;
}

/** Up to this, a first byte can be that of a frame of the handshake. */
const frameFirstByteMax = wireLimits.handshakeFrameBytesMax >> 8;
const nothing = new Uint8Array(0);

/** The side that dialled. */
export class InitiatorRole implements Role {
  readonly #setup: RoleSetup;
  #other: OtherEnd | null = null;

  /**
   * Before anything has been said.
   *
   * @param setup The own side.
   */
  constructor(setup: RoleSetup) {
    this.#setup = setup;
  }

  get other(): OtherEnd | null {
    return this.#other;
  }

  greetingLength(first: Uint8Array): number | null {
    const byte = first[0];
    if (byte === undefined) return null;
    if (byte <= frameFirstByteMax) return 0;
    const spoken = decodeRefusal(first);
    if (spoken === null) return null;
    throw new LinkError("version", describeVersions(spoken));
  }

  payload(): Uint8Array {
    return this.#other === null ? nothing : encodeBinding(this.#setup.binding);
  }

  onBinding(payload: Uint8Array, linkPublicKey: Uint8Array): void {
    const { crypto, versions } = this.#setup;
    const other = openVersionedBinding(payload, linkPublicKey, crypto);
    if (other.version < versions.lowest || other.version > versions.highest) {
      const chosen = { lowest: other.version, highest: other.version };
      throw new LinkError("version", describeVersions(chosen));
    }
    this.#other = other;
  }
}

/** The side that was dialled. */
export class ResponderRole implements Role {
  readonly #setup: RoleSetup;
  #version = 0;
  #other: OtherEnd | null = null;

  /**
   * Before anything has been said.
   *
   * @param setup The own side.
   */
  constructor(setup: RoleSetup) {
    this.#setup = setup;
  }

  get other(): OtherEnd | null {
    return this.#other;
  }

  greetingLength(first: Uint8Array): number | null {
    const offered = decodePreamble(first);
    if (offered === null) return null;
    const { versions } = this.#setup;
    const version = commonVersion(versions, offered);
    if (version === null) {
      throw new LinkError("version", describeVersions(offered), encodeRefusal(versions));
    }
    this.#version = version;
    return preambleBytes;
  }

  payload(): Uint8Array {
    return encodeVersionedBinding(this.#version, this.#setup.binding);
  }

  onBinding(payload: Uint8Array, linkPublicKey: Uint8Array): void {
    const peer = openBinding(payload, linkPublicKey, this.#setup.crypto);
    this.#other = { peer, version: this.#version };
  }
}
