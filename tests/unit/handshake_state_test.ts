/** HandshakeState beyond what the vectors reach: steps used wrongly, and steps that fail. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type HandshakeOptions,
  HandshakeState,
  type ReadStep,
  type WriteStep,
} from "../../wire/noise/handshake_state.ts";
import { patternXX } from "../../wire/noise/pattern.ts";
import { chaChaPolySha256, NoiseError } from "../../wire/noise/primitives.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(3);
const primitives = chaChaPolySha256(crypto);
const nothing = new Uint8Array(0);

function begin(options: Partial<HandshakeOptions>) {
  return HandshakeState.initialize(primitives, {
    pattern: patternXX,
    initiator: true,
    prologue: nothing,
    s: crypto.generateX25519(),
    ...options,
  });
}

function firstSteps(): { write: WriteStep; read: ReadStep } {
  const write = begin({}), read = begin({ initiator: false });
  assert(write.turn === "write" && read.turn === "read");
  return { write, read };
}

Deno.test("HandshakeState lets each step be taken once", () => {
  const { write, read } = firstSteps();
  const { message, next } = write.writeMessage(nothing);
  assertThrows(() => write.writeMessage(nothing), Error, "twice");
  read.readMessage(message);
  assertThrows(() => read.readMessage(message), Error, "twice");
  assertEquals(next.turn, "read");
});

Deno.test("HandshakeState leaves nothing to go on with after a step that failed", () => {
  const { write, read } = firstSteps();
  const { message } = write.writeMessage(nothing);
  assertThrows(() => read.readMessage(message.slice(1)), NoiseError, "cut off");
  assertThrows(() => read.readMessage(message), Error, "twice, or after one that failed");
});

Deno.test("HandshakeState refuses payloads that make a message too long", () => {
  const { write } = firstSteps();
  assertThrows(() => write.writeMessage(new Uint8Array(65_504)), RangeError, "65536 bytes");
  assertEquals(firstSteps().write.writeMessage(new Uint8Array(65_503)).message.length, 65_535);
});

Deno.test("HandshakeState names the key that a pattern needs and was not given", () => {
  const known = { ...patternXX, preMessages: { initiator: [], responder: ["s" as const] } };
  assertThrows(() => begin({ pattern: known }), RangeError, "other side's static key");
  const shared = { ...patternXX, messages: [["psk" as const, "e" as const]] };
  const step = begin({ pattern: shared });
  assert(step.turn === "write");
  assertThrows(() => step.writeMessage(nothing), RangeError, "shared key");
});
