/**
 * The codecs under fire: CBOR, messages, posts and presences. What they take must be the one
 * spelling of what it says, and a signature must hold for no bytes but those it was made for.
 */

import { assertEquals } from "@std/assert";
import {
  type CborValue,
  decodeCbor,
  decodeCborSequence,
  encodeCbor,
  MalformedError,
} from "../../wire/cbor.ts";

import { decodeMessages } from "../../wire/message_decode.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { decodePost, type SignedPost, signPost, verifyPost } from "../../wire/post.ts";
import { decodeBody, encodeBody } from "../../wire/post_body.ts";
import { decodePresence, signPresence, verifyPresence } from "../../wire/presence.ts";
import { seededRng } from "../rng.ts";
import { sampleMessages, samplePost, samplePresence, sampleValue } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { slowDecode } from "../slow_cbor.ts";
import type { Target } from "./target.ts";

const crypto = seededCrypto(201);
const author = crypto.generateEd25519();
const inputsPerRun = 1_000_000;

/** A target that keeps nothing between inputs; refusals are told apart by their words. */
function stateless(
  name: string,
  share: number,
  seeds: Target["seeds"],
  take: (input: Uint8Array) => string,
  check?: (input: Uint8Array) => void,
): Target {
  const feed = (input: Uint8Array) => {
    try {
      return take(input);
    } catch (error) {
      if (error instanceof MalformedError) return error.message;
      throw error;
    }
  };
  return {
    name,
    shape: "cbor",
    share,
    inputsPerRun,
    seeds,
    open: () => check === undefined ? { feed } : { feed, check },
  };
}

/** What a value is made of, down to the second level. */
function outline(value: CborValue, depth = 2): string {
  if (value === null || typeof value !== "object") return (typeof value)[0]!;
  if (value instanceof Uint8Array) return "b";
  const list = value as readonly CborValue[];
  if (depth === 0) return "[]";
  return `[${list.slice(0, 4).map((item) => outline(item, depth - 1)).join("")}]`;
}

/** The bytes of what a decoder takes, in hex; `null` if it refuses. */
function decodedBy(decode: (data: Uint8Array) => CborValue, input: Uint8Array): string | null {
  try {
    return encodeCbor(decode(input)).toHex();
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

export const cborTarget = stateless(
  "cbor",
  2,
  (rng) => Array.from({ length: 40 }, () => encodeCbor(sampleValue(rng, 5))),
  (input) => {
    const value = decodeCbor(input);
    assertEquals(encodeCbor(value).toHex(), input.toHex());
    return outline(value);
  },
  (input) => assertEquals(decodedBy(decodeCbor, input), decodedBy(slowDecode, input)),
);

export const messagesTarget = stateless(
  "messages",
  3,
  (rng) =>
    Array.from({ length: 6 }, () => sampleMessages(rng, author, crypto).map(encodeMessage)).flat(),
  (input) => {
    const messages = decodeMessages(input);
    const items = decodeCborSequence(input).map((value) => encodeCbor(value));
    assertEquals(items.map((item) => item.toHex()).join(""), input.toHex());
    const types: string[] = [];
    for (const item of items) {
      // Messages of unknown numbers are skipped.
      const [message] = decodeMessages(item);
      if (message === undefined) continue;
      assertEquals(encodeMessage(message).toHex(), item.toHex());
      assertEquals(messages[types.length], message);
      types.push(message.type);
    }
    assertEquals(types.length, messages.length);
    return types.slice(0, 4).join(" ");
  },
);

/** An envelope as one input: the signed bytes, then the signature, as items of CBOR. */
function joined({ signed, signature }: SignedPost): Uint8Array {
  return Uint8Array.of(...signed, ...encodeCbor(signature));
}

function parted(input: Uint8Array): SignedPost {
  // The head of a byte string of 64 bytes has two.
  const end = Math.max(0, input.length - 66);
  return { signed: input.slice(0, end), signature: input.slice(end + 2) };
}

/** Inputs whose signatures are right: a variation that verifies must be one of these. */
const genuine = new Set<string>();

function genuineInputs(envelopes: readonly SignedPost[]): Uint8Array[] {
  return envelopes.map((envelope) => {
    const input = joined(envelope);
    genuine.add(input.toHex());
    return input;
  });
}

/** Only what the signature goes over, and the signature, count: not the head between them. */
function isGenuineInput(input: Uint8Array): boolean {
  return genuine.has(joined(parted(input)).toHex());
}

const samples = seededRng(201);
const posts = genuineInputs([
  ...Array.from({ length: 12 }, () => samplePost(samples, author, crypto)),
  samplePost(samples, author, crypto, { body: { kind: "topic", text: "" } }),
  samplePost(samples, author, crypto, { body: { kind: "profile", name: "Ann" } }),
  samplePost(samples, author, crypto, { body: { kind: "action", text: "waves", reply: null } }),
]);
const presences = genuineInputs(
  Array.from({ length: 12 }, () => samplePresence(samples, author, crypto)),
);

export const postsTarget = stateless("posts", 3, () => posts, (input) => {
  const post = decodePost(parted(input), crypto);
  assertEquals(post.id, crypto.sha256(post.signed).toHex());
  assertEquals(signPost(post, author.secretKey, crypto).signed.toHex(), post.signed.toHex());
  const isGenuine = isGenuineInput(input);
  assertEquals(verifyPost(post, crypto), isGenuine, "signature");
  const body = decodeBody(post.kind, post.body);
  if (body === null) return "unknown kind";
  const again = encodeBody(body);
  assertEquals(again.kind, post.kind);
  // A body may go on behind the elements that this version knows.
  return `${body.kind}${isGenuine ? " genuine" : ""} ${again.body.length === post.body.length}`;
});

export const presencesTarget = stateless("presences", 2, () => presences, (input) => {
  const envelope = parted(input);
  const word = decodePresence(envelope);
  assertEquals(signPresence(word, author.secretKey, crypto).signed.toHex(), word.signed.toHex());
  const isGenuine = isGenuineInput(input);
  assertEquals(verifyPresence(word, crypto), isGenuine, "signature");
  return `${word.state}${isGenuine ? " genuine" : ""}`;
});
