/** Handshakes between honest ends, in any split; versions, and greetings of other protocols. */

import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { type Handshake, LinkError } from "../../wire/channel.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import { encodePreamble, encodeRefusal } from "../../wire/preamble.ts";
import { newIdentity, readAll, shakeHands } from "../link_peers.ts";
import { randomBelow, randomSplit, seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(1);
const alice = newIdentity(crypto), bob = newIdentity(crypto);
const fromAlice = noiseChannels(alice, crypto), fromBob = noiseChannels(bob, crypto);
const text = (words: string) => new TextEncoder().encode(words);

function refusal(handshake: Handshake, bytes: Uint8Array): LinkError {
  const error = assertThrows(() => handshake.receive(bytes), LinkError);
  const again = assertThrows(() => handshake.receive(bytes), LinkError);
  assertEquals(again.code, "handshake");
  return error;
}

Deno.test("noiseChannels gives both ends one another's identity and one handshake hash", () => {
  const { initiator, responder, flights } = shakeHands(fromAlice, fromBob);
  assertEquals([initiator.peer, responder.peer], [bob.peer, alice.peer]);
  assertEquals([initiator.version, responder.version], [1, 1]);
  assertEquals(initiator.handshakeHash, responder.handshakeHash);
  assertEquals(initiator.handshakeHash.length, 32);
  assertEquals(flights.map((flight) => flight.length), [46, 200, 167]);
  const other = shakeHands(fromAlice, fromBob);
  assertNotEquals(other.initiator.handshakeHash, initiator.handshakeHash);
});

Deno.test("noiseChannels lets an end link with itself, and shows it its own identity", () => {
  const { initiator, responder } = shakeHands(fromAlice, fromAlice);
  assertEquals([initiator.peer, responder.peer], [alice.peer, alice.peer]);
});

Deno.test("noiseChannels hides identities and link keys from whoever only listens", () => {
  const { flights } = shakeHands(fromAlice, fromBob);
  const seen = flights.map((flight) => flight.toHex()).join("");
  for (const { peer, link, binding } of [alice, bob]) {
    for (const secret of [peer, link.publicKey.toHex(), binding.toHex()]) {
      assert(!seen.includes(secret));
    }
  }
});

Deno.test("noiseChannels comes to the same end byte by byte and in 100 random splits", () => {
  for (let seed = 0; seed <= 100; seed++) {
    const rng = seededRng(seed);
    const pieceMax = seed === 0 ? 1 : 1 + randomBelow(rng, 250);
    const dialling = fromAlice.initiate(), dialled = fromBob.respond();
    const feed = (handshake: Handshake, bytes: Uint8Array) => {
      let written: Uint8Array = new Uint8Array(0);
      for (const piece of randomSplit(rng, bytes, pieceMax)) {
        const step = handshake.receive(piece);
        written = Uint8Array.of(...written, ...step.write);
        if (step.channel !== null) return { write: written, channel: step.channel };
      }
      return { write: written, channel: null };
    };
    const third = feed(dialling, feed(dialled, dialling.opening).write);
    const last = feed(dialled, third.write);
    assertEquals([third.channel?.peer, last.channel?.peer], [bob.peer, alice.peer], `seed ${seed}`);
    assertEquals(third.channel?.handshakeHash, last.channel?.handshakeHash);
  }
});

Deno.test("Handshake hands bytes that follow its last message to the channel", () => {
  const dialling = fromAlice.initiate(), dialled = fromBob.respond();
  const { write, channel } = dialling.receive(dialled.receive(dialling.opening).write);
  const first = channel!.seal(text("first")), second = channel!.seal(text("second"));
  const cut = second.length - 5;
  const last = dialled.receive(Uint8Array.of(...write, ...first, ...second.slice(0, cut)));
  assertEquals(readAll(last.channel!), [text("first")]);
  last.channel!.push(second.slice(cut));
  assertEquals(readAll(last.channel!), [text("second")]);
});

Deno.test("Handshake is of no use after its end", () => {
  const dialling = fromAlice.initiate(), dialled = fromBob.respond();
  const { write } = dialling.receive(dialled.receive(dialling.opening).write);
  dialled.receive(write);
  for (const over of [dialling, dialled]) {
    assertEquals(assertThrows(() => over.receive(write), LinkError).code, "handshake");
  }
});

Deno.test("noiseChannels speaks the highest version that both offer", () => {
  const cases = [[1, 1, 1, 5, 1], [2, 6, 1, 4, 4], [3, 3, 1, 9, 3], [0, 65_535, 300, 700, 700]];
  for (const [low, high, otherLow, otherHigh, version] of cases) {
    const ours = { versions: { lowest: low!, highest: high! } };
    const others = { versions: { lowest: otherLow!, highest: otherHigh! } };
    const { initiator, responder } = shakeHands(
      noiseChannels(alice, crypto, ours),
      noiseChannels(bob, crypto, others),
    );
    assertEquals([initiator.version, responder.version], [version, version]);
  }
});

Deno.test("noiseChannels tells both ends when no version is common", () => {
  const newer = noiseChannels(bob, crypto, { versions: { lowest: 7, highest: 9 } });
  const dialling = fromAlice.initiate();
  const told = refusal(newer.respond(), dialling.opening);
  assertEquals([told.code, told.detail], ["version", "speaks versions 1 to 1"]);
  assertEquals(told.reply, encodeRefusal({ lowest: 7, highest: 9 }));
  for (let i = 0; i < told.reply.length - 1; i++) {
    assertEquals(dialling.receive(told.reply.slice(i, i + 1)).channel, null);
  }
  const heard = refusal(dialling, told.reply.slice(-1));
  assertEquals([heard.code, heard.detail], ["version", "speaks versions 7 to 9"]);
  assertEquals(heard.reply.length, 0);
});

Deno.test("noiseChannels refuses other protocols at their first byte, without a reply", () => {
  const greetings = [
    "GET / HTTP/1.1\r\n",
    "HTTP/1.1 400 Bad Request\r\n",
    "SSH-2.0-x\r\n",
    "\x16\x03\x01",
  ];
  for (const greeting of greetings) {
    for (const bytes of [text(greeting), text(greeting).slice(0, 1)]) {
      // "S" is no lower-case "s": all differ from both magics at once.
      for (const handshake of [fromBob.respond(), fromAlice.initiate()]) {
        const error = refusal(handshake, bytes);
        assertEquals([error.code, error.reply.length], ["not-starling", 0]);
      }
    }
  }
  const error = refusal(fromAlice.initiate(), fromBob.initiate().opening);
  assertEquals(error.detail, "it looks like another Starling that dials too");
});

Deno.test("noiseChannels refuses a frame that no handshake has, before it has come whole", () => {
  const preamble = encodePreamble({ lowest: 1, highest: 1 });
  for (const head of [[0, 0], [0, 15], [4, 1], [255, 255]]) {
    const error = refusal(fromBob.respond(), Uint8Array.of(...preamble, ...head));
    assertEquals(error.code, "frame");
  }
  for (const head of [[0, 15], [4, 1]]) {
    assertEquals(refusal(fromAlice.initiate(), Uint8Array.of(...head)).code, "frame");
  }
});
