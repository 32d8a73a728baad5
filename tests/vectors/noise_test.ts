/**
 * All 144 cacophony vectors, byte for byte: handshake, handshake hash and transport, both
 * sides. The product ships one pattern, cipher and hash; the others are put together here
 * around the same states, so that the states are known to be right and not just XX.
 */

import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import { nodeCrypto } from "../../io/crypto.ts";
import type { KeyPair } from "../../wire/crypto_suite.ts";
import {
  HandshakeState,
  type HandshakeStep,
  type Transport,
} from "../../wire/noise/handshake_state.ts";
import { type HandshakePattern, patternXX, type Token } from "../../wire/noise/pattern.ts";
import { chaChaPolySha256, type NoisePrimitives } from "../../wire/noise/primitives.ts";
import file from "./data/noise_cacophony_25519.json" with { type: "json" };

interface Vector {
  readonly protocol_name: string;
  readonly init_prologue: string;
  readonly resp_prologue: string;
  readonly init_ephemeral: string;
  readonly resp_ephemeral?: string;
  readonly init_static?: string;
  readonly resp_static?: string;
  readonly init_remote_static?: string;
  readonly resp_remote_static?: string;
  readonly init_psks?: readonly string[];
  readonly resp_psks?: readonly string[];
  readonly handshake_hash: string;
  readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[];
}

const vectors: readonly Vector[] = file.vectors;
const crypto = nodeCrypto();
const hex = (text: string) => Uint8Array.fromHex(text);

/** The patterns of the vectors as the specification prints them: pre-messages, then messages. */
const patterns: Readonly<Record<string, string>> = {
  N: "<- s ... -> e, es",
  K: "-> s <- s ... -> e, es, ss",
  X: "<- s ... -> e, es, s, ss",
  NN: "-> e <- e, ee",
  NK: "<- s ... -> e, es <- e, ee",
  NX: "-> e <- e, ee, s, es",
  KN: "-> s ... -> e <- e, ee, se",
  KK: "-> s <- s ... -> e, es, ss <- e, ee, se",
  KX: "-> s ... -> e <- e, ee, se, s, es",
  XN: "-> e <- e, ee -> s, se",
  XK: "<- s ... -> e, es <- e, ee -> s, se",
  XX: "-> e <- e, ee, s, es -> s, se",
  IN: "-> e, s <- e, ee, se",
  IK: "<- s ... -> e, es, s, ss <- e, ee, se",
  IX: "-> e, s <- e, ee, se, s, es",
  KK1: "-> s <- s ... -> e <- e, ee, se, es",
  XK1: "<- s ... -> e <- e, ee, es -> s, se",
  XX1: "-> e <- e, ee, s -> es, s, se",
  IK1: "<- s ... -> e, s <- e, ee, se, es",
};

/** Reads a table entry and applies `pskN`: at the front of message 1, or the end of message N. */
function parsePattern(name: string): HandshakePattern {
  const [, base, modifier] = /^([A-Z]+1?)(?:psk(\d))?$/.exec(name)!;
  const [before, after] = patterns[base!]!.includes("...")
    ? patterns[base!]!.split("...")
    : ["", patterns[base!]];
  const messages = [...after!.matchAll(/[-<][->] ([a-z, ]+)/g)].map((match) =>
    match[1]!.trim().split(", ") as Token[]
  );
  if (modifier === "0") messages[0]!.unshift("psk");
  else if (modifier !== undefined) messages[Number(modifier) - 1]!.push("psk");
  return {
    name,
    preMessages: {
      initiator: before!.includes("-> s") ? ["s"] : [],
      responder: before!.includes("<- s") ? ["s"] : [],
    },
    messages,
  };
}

/** AES-256-GCM, section 12.4: 32 bits of zeros and the big-endian n. */
function aesNonce(n: bigint): Uint8Array {
  const nonce = new DataView(new ArrayBuffer(12));
  nonce.setBigUint64(4, n);
  return new Uint8Array(nonce.buffer);
}

function aesSeal(key: Uint8Array, n: bigint, ad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-256-gcm", key, aesNonce(n)).setAAD(ad);
  const ciphertext = [cipher.update(plaintext), cipher.final()];
  return new Uint8Array(Buffer.concat([...ciphertext, cipher.getAuthTag()]));
}

function aesOpen(key: Uint8Array, n: bigint, ad: Uint8Array, sealed: Uint8Array) {
  const decipher = createDecipheriv("aes-256-gcm", key, aesNonce(n)).setAAD(ad);
  decipher.setAuthTag(sealed.subarray(-16));
  try {
    return new Uint8Array(
      Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]),
    );
  } catch {
    return null;
  }
}

/** The product's primitives, with the parts that `name` asks for and the ephemeral key given. */
function primitivesFor(name: string, ephemeral: string | undefined): NoisePrimitives {
  const product = chaChaPolySha256(crypto);
  const aes = name.includes("AESGCM") ? { seal: aesSeal, open: aesOpen } : {};
  const blake = name.includes("BLAKE2s")
    ? {
      hash: (data: Uint8Array) => new Uint8Array(createHash("blake2s256").update(data).digest()),
      hmac: (key: Uint8Array, data: Uint8Array) =>
        new Uint8Array(createHmac("blake2s256", key).update(data).digest()),
    }
    : {};
  return { ...product, ...aes, ...blake, name, generateKeyPair: () => keyPair(ephemeral!) };
}

function keyPair(secret: string): KeyPair {
  const secretKey = hex(secret);
  return { publicKey: crypto.x25519PublicKey(secretKey), secretKey };
}

function begin(vector: Vector, initiator: boolean): HandshakeStep {
  const [, patternName, ...functions] = vector.protocol_name.split("_");
  const s = initiator ? vector.init_static : vector.resp_static;
  const rs = initiator ? vector.init_remote_static : vector.resp_remote_static;
  const ephemeral = initiator ? vector.init_ephemeral : vector.resp_ephemeral;
  const psks = initiator ? vector.init_psks : vector.resp_psks;
  return HandshakeState.initialize(primitivesFor(functions.join("_"), ephemeral), {
    pattern: parsePattern(patternName!),
    initiator,
    prologue: hex(initiator ? vector.init_prologue : vector.resp_prologue),
    ...(s === undefined ? {} : { s: keyPair(s) }),
    ...(rs === undefined ? {} : { rs: hex(rs) }),
    psks: (psks ?? []).map(hex),
  });
}

function run(vector: Vector): void {
  let writer = begin(vector, true);
  let reader = begin(vector, false);
  let count = 0;
  let initiatorWrites = true;
  while (writer.turn === "write" && reader.turn === "read") {
    const { payload, ciphertext } = vector.messages[count++]!;
    const sent = writer.writeMessage(hex(payload));
    assertEquals(sent.message.toHex(), ciphertext);
    const received = reader.readMessage(sent.message);
    assertEquals(received.payload.toHex(), payload);
    [writer, reader] = [received.next, sent.next];
    initiatorWrites = !initiatorWrites;
  }
  const [initiator, responder] = initiatorWrites ? [writer, reader] : [reader, writer];
  const sides = [initiator as Transport, responder as Transport] as const;
  assertEquals(sides.map((side) => side.turn), ["over", "over"]);
  assertEquals(
    sides.map((side) => side.handshakeHash.toHex()),
    Array(2).fill(vector.handshake_hash),
  );
  const oneWay = count === 1;
  const nothing = new Uint8Array(0);
  for (; count < vector.messages.length; count++) {
    const { payload, ciphertext } = vector.messages[count]!;
    const [from, to] = oneWay || count % 2 === 0 ? sides : [sides[1], sides[0]];
    const sealed = from.sending.encryptWithAd(nothing, hex(payload));
    assertEquals(sealed.toHex(), ciphertext);
    assertEquals(to.receiving.decryptWithAd(nothing, sealed).toHex(), payload);
  }
}

for (const vector of vectors) {
  Deno.test(`HandshakeState gives the published bytes of ${vector.protocol_name}`, () => {
    run(vector);
  });
}

Deno.test("HandshakeState is tested with all 144 vectors, 4 of them of XX itself", () => {
  assertEquals(vectors.length, 144);
  assertEquals(vectors.filter((vector) => vector.protocol_name.startsWith("Noise_XX_")).length, 4);
});

Deno.test("patternXX is the XX of the specification", () => {
  assertEquals(patternXX, parsePattern("XX"));
});
