/**
 * Attackers that want to be somebody else: false bindings, stolen keys (key-compromise
 * impersonation) and low-order keys, each in both roles against an honest end.
 */

import { assertEquals } from "@std/assert";
import type { ChannelFactory } from "../../wire/channel.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import { signLinkKey } from "../../wire/identity_binding.ts";
import { type PeerId, toId } from "../../wire/ids.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import { type Ending, hear, newIdentity, shakeHands } from "../link_peers.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(4);
const alice = newIdentity(crypto), bob = newIdentity(crypto), mallory = newIdentity(crypto);
const fromAlice = noiseChannels(alice, crypto);
const nothing = new Uint8Array(0);

/** How Alice ends with `attacker` as responder, and as initiator. */
function attack(attacker: ChannelFactory): readonly [Ending, Ending] {
  const dialling = fromAlice.initiate();
  const second = attacker.respond().receive(dialling.opening).write;
  const dialled = fromAlice.respond();
  const posing = attacker.initiate();
  const answer = hear(dialled, posing.opening);
  const atOnce = answer.ending !== "waits";
  return [
    hear(dialling, second).ending,
    atOnce ? answer.ending : hear(dialled, posing.receive(answer.write).write).ending,
  ];
}

Deno.test("noiseChannels refuses an identity whose key did not sign the link key", () => {
  const asBob = { peer: bob.peer, link: mallory.link };
  const bindings = [
    bob.binding,
    mallory.binding,
    signLinkKey(mallory.identity.secretKey, mallory.link.publicKey, crypto),
    signLinkKey(mallory.identity.secretKey, bob.link.publicKey, crypto),
    new Uint8Array(64),
  ];
  for (const binding of bindings) {
    const ends = attack(noiseChannels({ ...asBob, binding }, crypto));
    assertEquals(ends, ["binding", "binding"]);
  }
});

Deno.test("noiseChannels refuses an identity of small order, for which anyone could sign", () => {
  const identity = new Uint8Array(32), binding = new Uint8Array(64);
  identity[0] = binding[0] = 1;
  const nobody = { peer: toId<PeerId>(identity), link: mallory.link, binding };
  assertEquals(attack(noiseChannels(nobody, crypto)), ["binding", "binding"]);
});

/**
 * An attacker that shows Bob's link key without having its secret: each DH in which the
 * secret is needed is answered by `guess`, which knows everything of Alice.
 */
function posingAsBob(guess: (publicKey: Uint8Array, ephemeral: Uint8Array) => Uint8Array | null) {
  const unknown = new Uint8Array(32);
  let ephemeral: Uint8Array = nothing;
  const hostile: CryptoSuite = {
    ...crypto,
    generateX25519: () => {
      const pair = crypto.generateX25519();
      ephemeral = pair.secretKey;
      return pair;
    },
    x25519: (secretKey, publicKey) =>
      secretKey === unknown ? guess(publicKey, ephemeral) : crypto.x25519(secretKey, publicKey),
  };
  const link = { publicKey: bob.link.publicKey, secretKey: unknown };
  return noiseChannels({ peer: bob.peer, link, binding: bob.binding }, hostile);
}

Deno.test("noiseChannels lets nobody pose as others to the owner of stolen keys, in 1,000 tries", () => {
  const { x25519 } = crypto;
  const guesses: readonly ((publicKey: Uint8Array, ephemeral: Uint8Array) => Uint8Array | null)[] =
    [
      (publicKey) => x25519(alice.link.secretKey, publicKey),
      (publicKey) => x25519(alice.identity.secretKey, publicKey),
      (publicKey, ephemeral) => x25519(ephemeral, publicKey),
      () => x25519(alice.link.secretKey, bob.link.publicKey),
      (_, ephemeral) => x25519(ephemeral, bob.link.publicKey),
      () => x25519(alice.link.secretKey, alice.link.publicKey),
      () => alice.link.secretKey,
      (publicKey) => publicKey,
      () => new Uint8Array(32),
      () => crypto.randomBytes(32),
    ];
  // The harness would notice: with Bob's own secret both roles are accepted.
  const real = posingAsBob((publicKey) => x25519(bob.link.secretKey, publicKey));
  assertEquals(attack(real), ["accepted", "accepted"]);
  let tries = 0;
  for (let round = 0; round < 50; round++) {
    for (const guess of guesses) {
      assertEquals(attack(posingAsBob(guess)), ["handshake", "handshake"]);
      tries += 2;
    }
  }
  assertEquals(tries, 1_000);
});

Deno.test("noiseChannels lets a thief of Alice's keys be Alice to her, and nobody else", () => {
  const thief = { ...alice, peer: bob.peer, binding: bob.binding };
  assertEquals(attack(noiseChannels(thief, crypto)), ["binding", "binding"]);
  const { initiator } = shakeHands(fromAlice, noiseChannels(alice, crypto));
  assertEquals(initiator.peer, alice.peer);
});

Deno.test("noiseChannels refuses low-order ephemeral and static keys in both roles", () => {
  const points = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  ].flatMap((point) => {
    const plain = Uint8Array.fromHex(point), marked = plain.slice();
    marked[31]! |= 0x80;
    return [plain, marked];
  });
  for (const publicKey of points) {
    const pair = { publicKey, secretKey: new Uint8Array(32) };
    const hostile: CryptoSuite = {
      ...crypto,
      // What the DH would give if the other end did not refuse.
      x25519: (secretKey, other) =>
        secretKey === pair.secretKey ? new Uint8Array(32) : crypto.x25519(secretKey, other),
    };
    const asEphemeral = noiseChannels(mallory, { ...hostile, generateX25519: () => pair });
    assertEquals(attack(asEphemeral), ["handshake", "handshake"]);
    const binding = signLinkKey(mallory.identity.secretKey, publicKey, crypto);
    const asStatic = noiseChannels({ peer: mallory.peer, link: pair, binding }, hostile);
    assertEquals(attack(asStatic), ["handshake", "handshake"]);
  }
});
