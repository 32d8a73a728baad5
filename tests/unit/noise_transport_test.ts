/** A link after its handshake: sizes, rekeying, and frames that are not where they belong. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { LinkError, plaintextBytesMax, type SecureChannel } from "../../wire/channel.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import { newIdentity, readAll, shakeHands } from "../link_peers.ts";
import { randomBelow, randomBytes, randomSplit, seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(5);
const alice = newIdentity(crypto), bob = newIdentity(crypto);
const fromAlice = noiseChannels(alice, crypto), fromBob = noiseChannels(bob, crypto);
const text = (words: string) => new TextEncoder().encode(words);

Deno.test("SecureChannel carries frames of every size in both directions", () => {
  const { initiator, responder } = shakeHands(fromAlice, fromBob);
  const rng = seededRng(5);
  for (const length of [0, 1, 100, 65_000, plaintextBytesMax]) {
    for (const [from, to] of [[initiator, responder], [responder, initiator]] as const) {
      const sent = randomBytes(rng, length);
      const frame = from.seal(sent);
      assertEquals(frame.length, length + 18);
      for (const piece of randomSplit(rng, frame, 40_000)) to.push(piece);
      assertEquals(readAll(to).map((bytes) => bytes.toHex()), [sent.toHex()]);
    }
  }
  assertEquals(initiator.framesSealed, 5);
  assertThrows(() => initiator.seal(new Uint8Array(plaintextBytesMax + 1)), RangeError, "65520");
});

Deno.test("SecureChannel goes through 100 rekeys of both directions at their limit", () => {
  const options = { rekeyFramesMax: 3 };
  const { initiator, responder } = shakeHands(
    noiseChannels(alice, crypto, options),
    noiseChannels(bob, crypto, options),
  );
  const seen = new Set<string>();
  for (let rekey = 0; rekey < 100; rekey++) {
    for (const [from, to] of [[initiator, responder], [responder, initiator]] as const) {
      for (let frame = 0; frame < 3; frame++) {
        assertEquals(from.framesSealed, frame);
        const sealed = from.seal(text("the same words"));
        seen.add(sealed.toHex());
        to.push(sealed);
        assertEquals(readAll(to), [text("the same words")]);
      }
      assertThrows(() => from.seal(text("one more")), RangeError, "sealed 3 already");
      from.rekeySending();
      to.rekeyReceiving();
      assertEquals(from.framesSealed, 0);
    }
  }
  assertEquals(seen.size, 600);
});

Deno.test("SecureChannel refuses more frames under one key than both agreed on", () => {
  const { initiator, responder } = shakeHands(
    noiseChannels(alice, crypto, { rekeyFramesMax: 4 }),
    noiseChannels(bob, crypto, { rekeyFramesMax: 3 }),
  );
  for (let frame = 0; frame < 4; frame++) responder.push(initiator.seal(text("x")));
  for (let frame = 0; frame < 3; frame++) assertEquals(responder.read(), text("x"));
  for (let i = 0; i < 2; i++) {
    assertEquals(assertThrows(() => responder.read(), LinkError).code, "frame");
  }
});

Deno.test("SecureChannel refuses frames after a rekey that only one end has made", () => {
  for (const who of ["sender", "receiver"]) {
    const { initiator, responder } = shakeHands(fromAlice, fromBob);
    responder.push(initiator.seal(text("before")));
    assertEquals(readAll(responder), [text("before")]);
    if (who === "sender") initiator.rekeySending();
    else responder.rekeyReceiving();
    responder.push(initiator.seal(text("after")));
    assertEquals(assertThrows(() => responder.read(), LinkError).code, "frame");
  }
});

/** What `channel` makes of `frame`; if it is refused, nothing after it may be read either. */
function offer(channel: SecureChannel, frame: Uint8Array): "read" | "refused" | "waits" {
  channel.push(frame);
  try {
    return channel.read() === null ? "waits" : "read";
  } catch (error) {
    assert(error instanceof LinkError && error.code === "frame" && error.reply.length === 0);
    assertThrows(() => channel.read(), LinkError, "frame");
    return "refused";
  }
}

Deno.test("SecureChannel refuses replayed, reordered, reflected and foreign frames, in 2,000 tries", () => {
  const rng = seededRng(11);
  const words = Uint8Array.of(1, 2, 3);
  const strange = shakeHands(fromAlice, fromBob);
  for (let round = 0; round < 500; round++) {
    for (const attackKind of ["replay", "reorder", "reflect", "foreign"] as const) {
      const { initiator, responder } = round % 2 === 0
        ? shakeHands(fromAlice, fromBob)
        : shakeHands(fromBob, fromAlice);
      const [from, to] = round % 4 < 2 ? [initiator, responder] : [responder, initiator];
      const sent = Array.from({ length: 1 + randomBelow(rng, 4) }, () => from.seal(words));
      for (const frame of sent) to.push(frame);
      assertEquals(readAll(to).length, sent.length);
      const wrong = {
        replay: () => sent[randomBelow(rng, sent.length)]!,
        reorder: () => {
          from.seal(words);
          return from.seal(words);
        },
        reflect: () => to.seal(words),
        foreign: () => strange.initiator.seal(words),
      }[attackKind]();
      assertEquals(offer(to, wrong), "refused", `${attackKind}, round ${round}`);
    }
  }
});

Deno.test("SecureChannel refuses a frame with any bit flipped, and every one after it", () => {
  const bits = 8 * (2 + 5 + 16);
  for (let bit = 0; bit < bits; bit++) {
    const { initiator, responder } = shakeHands(fromAlice, fromBob);
    const frame = initiator.seal(Uint8Array.of(1, 2, 3, 4, 5));
    const good = initiator.seal(new Uint8Array(0));
    frame[bit >> 3]! ^= 1 << (bit & 7);
    // A length that has grown makes it wait for more, which then does not open.
    const ending = offer(responder, frame);
    assert(ending !== "read");
    if (ending === "waits") assertEquals(offer(responder, new Uint8Array(65_535)), "refused");
    assertEquals(offer(responder, good), "refused");
  }
});
