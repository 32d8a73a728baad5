/** That a seed decides everything random, and that different seeds differ. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import { newIdentity, shakeHands } from "../link_peers.ts";
import { seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";

function transcript(crypto: CryptoSuite): string {
  const [from, to] = [newIdentity(crypto), newIdentity(crypto)];
  const { flights } = shakeHands(noiseChannels(from, crypto), noiseChannels(to, crypto));
  const random = crypto.randomBytes(100);
  return [...flights, random].map((bytes) => bytes.toHex()).join(" ");
}

Deno.test("seededCrypto gives the same handshakes for the same seed, others for another", () => {
  assertEquals(transcript(seededCrypto(1)), transcript(seededCrypto(1)));
  assertNotEquals(transcript(seededCrypto(1)), transcript(seededCrypto(2)));
});

Deno.test("seededCrypto gives the same bytes in one piece and in many", () => {
  const whole = seededCrypto(3).randomBytes(100);
  const pieces = seededCrypto(3);
  const lengths = [1, 0, 31, 32, 5, 31];
  const parts = lengths.flatMap((length) => [...pieces.randomBytes(length)]);
  assertEquals(Uint8Array.from(parts), whole);
});

Deno.test("seededCrypto gives key pairs that the real suite takes", () => {
  const crypto = seededCrypto(4);
  const { publicKey, secretKey } = crypto.generateEd25519();
  const message = crypto.randomBytes(50);
  assert(crypto.verify(publicKey, message, crypto.sign(secretKey, message)));
});

Deno.test("seededRng repeats itself for a seed and spreads over 0 to 1", () => {
  const draw = (seed: number) => {
    const rng = seededRng(seed);
    return Array.from({ length: 10_000 }, () => rng.next());
  };
  assertEquals(draw(1), draw(1));
  assertNotEquals(draw(1), draw(2));
  const numbers = draw(3);
  assert(numbers.every((number) => number >= 0 && number < 1));
  const tenths = Array.from({ length: 10 }, () => 0);
  for (const number of numbers) tenths[Math.floor(10 * number)]! += 1;
  // Each has 1,000 give or take 30; 150 off is five times that.
  assert(tenths.every((count) => Math.abs(count - 1_000) < 150), `${tenths}`);
});
