/**
 * Handshakes under attack: altered, cut, extended, replayed, reflected, downgraded. "Accepted"
 * means that an end has a channel though what it heard is not what an honest end said.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { LinkError } from "../../wire/channel.ts";
import { encodeFrame } from "../../wire/frame.ts";
import { encodeVersionedBinding } from "../../wire/identity_binding.ts";
import { HandshakeState } from "../../wire/noise/handshake_state.ts";
import { patternXX } from "../../wire/noise/pattern.ts";
import { chaChaPolySha256 } from "../../wire/noise/primitives.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import { hear, newIdentity, shakeHands } from "../link_peers.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(2);
const alice = newIdentity(crypto), bob = newIdentity(crypto);
const fromAlice = noiseChannels(alice, crypto), fromBob = noiseChannels(bob, crypto);

type Flight = 0 | 1 | 2;

/** Runs a handshake in which one flight is changed; how it ends for both ends. */
function shakeAltered(flight: Flight, change: (bytes: Uint8Array) => Uint8Array) {
  const dialling = fromAlice.initiate(), dialled = fromBob.respond();
  const pass = (index: Flight, bytes: Uint8Array) => index === flight ? change(bytes) : bytes;
  const second = hear(dialled, pass(0, dialling.opening));
  if (second.ending !== "waits") return { initiator: "waits", responder: second.ending };
  const third = hear(dialling, pass(1, second.write));
  if (third.ending !== "accepted") return { initiator: third.ending, responder: "waits" };
  return { initiator: third.ending, responder: hear(dialled, pass(2, third.write)).ending };
}

function assertNotAccepted(flight: Flight, change: (bytes: Uint8Array) => Uint8Array): void {
  const { initiator, responder } = shakeAltered(flight, change);
  assert(responder !== "accepted", `flight ${flight}: the responder accepts`);
  // The last flight is the initiator's own: it has ended before anything can be altered.
  assert(flight === 2 || initiator !== "accepted", `flight ${flight}: the initiator accepts`);
}

const flights: readonly Flight[] = [0, 1, 2];
const lengths = [46, 200, 167];

Deno.test("Handshake is not accepted with any of its 3,304 bits flipped", () => {
  let count = 0;
  for (const flight of flights) {
    for (let bit = 0; bit < 8 * lengths[flight]!; bit++, count++) {
      assertNotAccepted(flight, (bytes) => {
        assertEquals(bytes.length, lengths[flight]);
        const altered = bytes.slice();
        altered[bit >> 3]! ^= 1 << (bit & 7);
        return altered;
      });
    }
  }
  assertEquals(count, 3_304);
});

Deno.test("Handshake does not tell which byte of a message was altered", () => {
  for (const flight of [1, 2] as const) {
    const details = new Set<string>();
    for (let at = 2; at < lengths[flight]!; at++) {
      const dialling = fromAlice.initiate(), dialled = fromBob.respond();
      let bytes = dialled.receive(dialling.opening).write;
      if (flight === 2) bytes = dialling.receive(bytes).write;
      bytes[at]! ^= 0x10;
      const end = flight === 1 ? dialling : dialled;
      details.add(assertThrows(() => end.receive(bytes), LinkError).message);
    }
    assertEquals([...details], [
      "handshake: a message was altered, cut, replayed or out of place",
    ]);
  }
});

Deno.test("Handshake is not accepted cut off at any byte, with or without a length that fits", () => {
  for (const flight of flights) {
    const head = flight === 0 ? 12 : 0;
    for (let length = 0; length < lengths[flight]!; length++) {
      assertNotAccepted(flight, (bytes) => bytes.slice(0, length));
      if (length < head + 2 + 16) continue;
      assertNotAccepted(flight, (bytes) => {
        const message = bytes.slice(head + 2, length);
        return Uint8Array.of(...bytes.slice(0, head), ...encodeFrame(message));
      });
    }
  }
});

Deno.test("Handshake is not accepted with messages made longer, or with frames between them", () => {
  for (const flight of flights) {
    const head = flight === 0 ? 12 : 0;
    for (const extra of [1, 16, 32, 64, 500]) {
      assertNotAccepted(flight, (bytes) => {
        const message = Uint8Array.of(...bytes.slice(head + 2), ...new Uint8Array(extra));
        return Uint8Array.of(...bytes.slice(0, head), ...encodeFrame(message));
      });
    }
    const frame = encodeFrame(new Uint8Array(48));
    assertNotAccepted(flight, (bytes) => {
      return Uint8Array.of(...bytes.slice(0, head), ...frame, ...bytes.slice(head));
    });
  }
  // Behind message 1, where the responder waits for message 3.
  assertNotAccepted(0, (bytes) => Uint8Array.of(...bytes, ...encodeFrame(new Uint8Array(48))));
});

Deno.test("Handshake is not accepted with messages of another handshake of the same ends", () => {
  const earlier = shakeHands(fromAlice, fromBob).flights;
  for (const flight of flights) assertNotAccepted(flight, () => earlier[flight]);
  // A whole recording played to a responder, and to an initiator.
  const dialled = fromBob.respond();
  assertEquals(hear(dialled, earlier[0]).ending, "waits");
  assertEquals(hear(dialled, earlier[2]).ending, "handshake");
  assertEquals(hear(fromAlice.initiate(), earlier[1]).ending, "handshake");
});

Deno.test("Handshake is not accepted with its own messages sent back", () => {
  const dialling = fromAlice.initiate();
  assertEquals(hear(dialling, dialling.opening).ending, "not-starling");
  const reflected = fromAlice.initiate();
  assertEquals(hear(reflected, reflected.opening.slice(12)).ending, "handshake");
  const dialled = fromBob.respond();
  const second = hear(dialled, fromAlice.initiate().opening).write;
  assertEquals(hear(dialled, second).ending, "handshake");
});

Deno.test("Handshake says nothing in its first message, and refuses one that does", () => {
  const preamble = fromAlice.initiate().opening.slice(0, 12);
  const message = Uint8Array.of(...alice.link.publicKey, 1);
  const opening = Uint8Array.of(...preamble, ...encodeFrame(message));
  assertEquals(hear(fromBob.respond(), opening).ending, "handshake");
});

Deno.test("Handshake cannot be brought to another version by altering the offer", () => {
  const versions = { lowest: 1, highest: 3 };
  const offering = noiseChannels(alice, crypto, { versions });
  const taking = noiseChannels(bob, crypto, { versions });
  for (let at = 0; at < 12; at++) {
    for (let value = 0; value < 256; value++) {
      const dialling = offering.initiate(), dialled = taking.respond();
      const altered = dialling.opening.slice();
      if (altered[at] === value) continue;
      altered[at] = value;
      const second = hear(dialled, altered);
      if (second.ending !== "waits") {
        assertEquals(second.ending, at < 8 ? "not-starling" : "version");
        if (at >= 8) assertEquals(hear(dialling, second.write).ending, "version");
      } else {
        // The responder may have fallen for it; the prologue tells the initiator.
        assertEquals(hear(dialling, second.write).ending, "handshake");
      }
    }
  }
});

Deno.test("Handshake is given up if the responder chooses a version that was not offered", () => {
  for (const version of [0, 2, 65_535]) {
    const dialling = fromAlice.initiate();
    const preamble = dialling.opening.slice(0, 12);
    const begin = HandshakeState.initialize(chaChaPolySha256(crypto), {
      pattern: patternXX,
      initiator: false,
      prologue: preamble,
      s: bob.link,
    });
    assert(begin.turn === "read");
    const { next } = begin.readMessage(dialling.opening.slice(14));
    assert(next.turn === "write");
    const binding = { peer: bob.peer, signature: bob.binding };
    const { message } = next.writeMessage(encodeVersionedBinding(version, binding));
    const error = assertThrows(() => dialling.receive(encodeFrame(message)), LinkError);
    assertEquals(
      [error.code, error.detail],
      ["version", `speaks versions ${version} to ${version}`],
    );
  }
});
