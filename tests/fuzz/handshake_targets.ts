/**
 * Handshakes under fire, from both sides. The end under test draws its keys from a seed, the
 * same for each input, so that what an honest end said once is the right answer each time and
 * its variations reach every depth. Accepted is the honest answer alone, byte for byte.
 */

import { assert, assertEquals } from "@std/assert";
import { type Handshake, LinkError, type SecureChannel } from "../../wire/channel.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import { encodeRefusal } from "../../wire/preamble.ts";
import { newIdentity, shakeHands } from "../link_peers.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import type { Target } from "./target.ts";

const crypto = seededCrypto(211);
const tested = newIdentity(crypto), honest = newIdentity(crypto);

/** A factory of the tested end, with the same ephemeral keys each time. */
const testedEnd = () => noiseChannels(tested, seededCrypto(212));
const honestEnd = () => noiseChannels(honest, seededCrypto(213));

/** What the honest end says, and a first frame of its own. */
function honestWords(role: "initiator" | "responder"): { hello: Uint8Array; frame: Uint8Array } {
  if (role === "responder") {
    const { initiator, flights } = shakeHands(honestEnd(), testedEnd());
    const hello = Uint8Array.of(...flights[0], ...flights[2]);
    return { hello, frame: initiator.seal(new Uint8Array(5)) };
  }
  const { responder, flights } = shakeHands(testedEnd(), honestEnd());
  return { hello: flights[1], frame: responder.seal(new Uint8Array(5)) };
}

/** Pushes what came after the handshake through the channel; says how that ended. */
function readOn(channel: SecureChannel): string {
  try {
    let frames = 0;
    while (channel.read() !== null) frames++;
    return `accepted, ${Math.min(2, frames)} frames`;
  } catch (error) {
    assert(error instanceof LinkError, `not a LinkError: ${error}`);
    return `accepted, ${error.message}`;
  }
}

function hear(handshake: Handshake, input: Uint8Array, hello: string): string {
  // In two pieces, cut where the input says.
  const cut = input.length === 0 ? 0 : input[input.length >> 1]! % (input.length + 1);
  try {
    for (const piece of [input.subarray(0, cut), input.subarray(cut)]) {
      const { channel } = handshake.receive(piece);
      if (channel === null) continue;
      assert(input.toHex().startsWith(hello), "accepted what no honest end has said");
      assertEquals(channel.peer, honest.peer);
      if (piece.length === cut) channel.push(input.subarray(cut));
      return readOn(channel);
    }
  } catch (error) {
    assert(error instanceof LinkError, `not a LinkError: ${error}`);
    let again: unknown = null;
    try {
      handshake.receive(input);
    } catch (later) {
      again = later;
    }
    assert(again instanceof LinkError, "of use after a failure");
    // Bytes and versions that were seen make no new outcome.
    return error.message.replaceAll(/ bytes .*|\d+/g, "");
  }
  return "waits";
}

function target(role: "initiator" | "responder"): Target {
  const { hello, frame } = honestWords(role);
  const open = () => {
    const feed = (input: Uint8Array) => {
      const ends = testedEnd();
      const handshake = role === "initiator" ? ends.initiate() : ends.respond();
      return hear(handshake, input, hello.toHex());
    };
    return { feed };
  };
  const text = (words: string) => new TextEncoder().encode(words);
  const seeds = () => [
    // What gets past the greeting outweighs what does not.
    ...new Array<Uint8Array>(12).fill(hello),
    Uint8Array.of(...hello, ...frame),
    Uint8Array.of(...hello, ...frame, ...frame),
    hello.slice(0, 46),
    encodeRefusal({ lowest: 2, highest: 3 }),
    text("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    Uint8Array.fromHex("16030100f0010000ec0303"),
  ];
  return {
    name: `handshake-${role}`,
    shape: "bytes",
    share: 3,
    inputsPerRun: 1_000_000,
    open,
    seeds,
  };
}

export const initiatorTarget = target("initiator");
export const responderTarget = target("responder");
