/** Two ends of a link for tests: identities, handshakes and what passes between them. */

import { assert, assertThrows } from "@std/assert";
import {
  type ChannelFactory,
  type Handshake,
  LinkError,
  type LinkErrorCode,
  type SecureChannel,
} from "../wire/channel.ts";
import type { CryptoSuite, KeyPair } from "../wire/crypto_suite.ts";
import { signLinkKey } from "../wire/identity_binding.ts";
import { type PeerId, toId } from "../wire/ids.ts";
import type { LinkIdentity } from "../wire/noise_channel.ts";

/** An identity together with the secret that signs for it. */
export interface TestIdentity extends LinkIdentity {
  readonly identity: KeyPair;
}

/** A fresh identity with a link key of its own. */
export function newIdentity(crypto: CryptoSuite): TestIdentity {
  const identity = crypto.generateEd25519();
  const link = crypto.generateX25519();
  return {
    identity,
    peer: toId<PeerId>(identity.publicKey),
    link,
    binding: signLinkKey(identity.secretKey, link.publicKey, crypto),
  };
}

/** A handshake between two ends, with the bytes of its three messages. */
export interface Shaken {
  readonly initiator: SecureChannel;
  readonly responder: SecureChannel;
  /** Preamble and message 1, message 2, message 3; each message in its frame. */
  readonly flights: readonly [Uint8Array, Uint8Array, Uint8Array];
}

/** Runs a handshake to its end. */
export function shakeHands(from: ChannelFactory, to: ChannelFactory): Shaken {
  const dialling = from.initiate(), dialled = to.respond();
  const second = dialled.receive(dialling.opening);
  const third = dialling.receive(second.write);
  const last = dialled.receive(third.write);
  assert(second.channel === null && last.write.length === 0);
  assert(third.channel !== null && last.channel !== null);
  const flights = [dialling.opening, second.write, third.write] as const;
  return { initiator: third.channel, responder: last.channel, flights };
}

/** Everything that a channel can read now. */
export function readAll(channel: SecureChannel): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let next = channel.read(); next !== null; next = channel.read()) frames.push(next);
  return frames;
}

/** How an end takes what it is given: it wants more, it has a channel, or it has failed. */
export type Ending = "waits" | "accepted" | LinkErrorCode;

/** What becomes of an end that is given `bytes`; a failure must leave it without use. */
export function hear(
  handshake: Handshake,
  bytes: Uint8Array,
): { ending: Ending; write: Uint8Array } {
  try {
    const { write, channel } = handshake.receive(bytes);
    return { ending: channel === null ? "waits" : "accepted", write };
  } catch (error) {
    assert(error instanceof LinkError, `not a LinkError: ${error}`);
    assertThrows(() => handshake.receive(bytes), LinkError, "handshake");
    return { ending: error.code, write: error.reply };
  }
}
