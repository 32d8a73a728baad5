/**
 * What is said about an invite to a private room under fire: whatever a stranger puts into a
 * request or a welcome, it opens nothing but what a guest or a member has made for this very link.
 */

import { assert } from "@std/assert";
import { type PeerId, type RoomId, toId } from "../../wire/ids.ts";
import type { Message } from "../../wire/message.ts";
import { decodeMessages } from "../../wire/message_decode.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { MalformedError } from "../../wire/cbor.ts";
import { proveSealing } from "../../wire/private_acts.ts";
import {
  inviteKeys,
  makeRequest,
  openRequest,
  openWelcome,
  requestTagOf,
  sealWelcome,
} from "../../wire/redemption.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import type { Target } from "./target.ts";

const crypto = seededCrypto(404);
const [guest, member] = [crypto.generateEd25519(), crypto.generateEd25519()];
const sealing = crypto.generateX25519();
const keys = inviteKeys(crypto.randomBytes(16), crypto);
const place = {
  handshakeHash: crypto.randomBytes(32),
  guest: toId<PeerId>(guest.publicKey),
  member: toId<PeerId>(member.publicKey),
  room: toId<RoomId>(crypto.randomBytes(32)),
};
const proof = proveSealing(sealing.publicKey, guest.secretKey, crypto);
const request = makeRequest(keys, place, proof, crypto);
const welcome = sealWelcome(place, sealing.publicKey, crypto.randomBytes(70), crypto)!;
const genuine: readonly Message[] = [
  { type: "redeem", ...request },
  { type: "welcome", tag: request.tag, ...welcome },
  { type: "refused", tag: request.tag, reason: "expired" },
];
/** Of a request all fields but the tag, of a welcome all but its: the tag alone opens nothing. */
const right = new Set([
  request.salt.toHex() + request.box.toHex(),
  welcome.enc.toHex() + welcome.box.toHex(),
]);

export const redeemTarget: Target = {
  name: "redemptions",
  shape: "cbor",
  share: 1,
  inputsPerRun: 100_000,
  seeds: () => genuine.map(encodeMessage),
  open: () => ({ feed }),
};

function feed(input: Uint8Array): string {
  let messages: Message[];
  try {
    messages = decodeMessages(input);
  } catch (error) {
    if (error instanceof MalformedError) return error.message;
    throw error;
  }
  return messages.map((message) => wordsOf(message)).join("; ");
}

function wordsOf(message: Message): string {
  switch (message.type) {
    case "redeem": {
      const { salt, box, tag } = message;
      const fits = requestTagOf(keys.publicKey, place, salt, crypto).toHex() === tag.toHex();
      const opened = openRequest(keys.publicKey, place, message, crypto) !== null;
      assert(!opened || right.has(salt.toHex() + box.toHex()), "opens what no guest has made");
      return `redeem, ${fits}, ${opened}`;
    }
    case "welcome": {
      const { enc, box } = message;
      const opened = openWelcome(place, [sealing], message, crypto) !== null;
      assert(!opened || right.has(enc.toHex() + box.toHex()), "opens what no member has sealed");
      return `welcome, ${opened}`;
    }
    default:
      return message.type;
  }
}
