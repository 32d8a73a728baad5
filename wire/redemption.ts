/**
 * How somebody is let into a private room by an invite: what is said over one link about it, and
 * what proves it (PROTOCOL.md, "Invites to private rooms").
 *
 * The seed in the invite is an Ed25519 key. Its public half stands in a post of the room, so that
 * members alone know it, and it serves as a secret between guest and members: the guest's request
 * is a tag and a box that only they can recognise and open. To anybody else, also to a member of
 * another room, it is random bytes, so that a guest may try it over every link. In the box the
 * guest signs, with the seed, the handshake and its own key: a request that is seen can be used
 * over no other link and by nobody else.
 *
 * The answer is sealed to the guest's sealing key (HPKE, wire/hpke), which its identity has signed:
 * who has stolen no more than a link key learns nothing of the room.
 */

import { concat } from "./concat.ts";
import type { CryptoSuite, KeyPair } from "./crypto_suite.ts";
import { tagged } from "./domain_tag.ts";
import { openBase, sealBase } from "./hpke/hpke.ts";
import { fromId, type PeerId, type RoomId } from "./ids.ts";
import { redeemBytes } from "./message_entries.ts";
import { isProven, type SealingProof } from "./private_acts.ts";

/** A request as it travels. */
export interface Request {
  /** Random, so that no two requests are alike. */
  readonly salt: Uint8Array;
  /** What members recognise. */
  readonly tag: Uint8Array;
  /** What they open. */
  readonly box: Uint8Array;
}

const signatureBytes = 64, keyBytes = 32;
const encoder = new TextEncoder();
const seedTag = encoder.encode("starling/1 invite seed\0");
const requestTag = encoder.encode("starling/1 redeem key\0");
const welcomeTag = encoder.encode("starling/1 welcome\0");
const redeemInput = tagged("starling/1 redeem\0");
/** The key of a request is used once: its salt is in it. */
const zeroNonce = new Uint8Array(12);

/** The key pair of an invite's seed. */
export function inviteKeys(seed: Uint8Array, crypto: CryptoSuite): KeyPair {
  const secretKey = crypto.sha256(concat(seedTag, seed));
  return { publicKey: crypto.ed25519PublicKey(secretKey), secretKey };
}

/** What a request belongs to: this link, this guest, this room. */
export interface RequestPlace {
  /** Of the link that it goes over. */
  readonly handshakeHash: Uint8Array;
  readonly guest: PeerId;
  readonly room: RoomId;
}

/**
 * Makes a request.
 *
 * @param keys Of the invite.
 * @param proof The guest's sealing key, signed by its identity.
 */
export function makeRequest(
  keys: KeyPair,
  place: RequestPlace,
  { sealing, signature }: SealingProof,
  crypto: CryptoSuite,
): Request {
  const salt = crypto.randomBytes(redeemBytes.salt);
  const proof = crypto.sign(keys.secretKey, redeemInput(placeBytes(place)));
  const key = derived(keys.publicKey, place, salt, 1, crypto);
  const box = crypto.seal(
    key,
    zeroNonce,
    new Uint8Array(0),
    concat(proof, sealing, signature),
  );
  return { salt, tag: requestTagOf(keys.publicKey, place, salt, crypto), box };
}

/** The tag of a request by one invite: one HMAC for each invite that may be meant. */
export function requestTagOf(
  publicKey: Uint8Array,
  place: Omit<RequestPlace, "room">,
  salt: Uint8Array,
  crypto: CryptoSuite,
): Uint8Array {
  return derived(publicKey, place, salt, 0, crypto).subarray(0, redeemBytes.tag);
}

/**
 * Opens a request whose tag fits an invite.
 *
 * @param publicKey Of that invite.
 * @returns `null` if whoever made it does not have the seed, or shows a sealing key of another.
 */
export function openRequest(
  publicKey: Uint8Array,
  place: RequestPlace,
  { salt, box }: Request,
  crypto: CryptoSuite,
): SealingProof | null {
  const key = derived(publicKey, place, salt, 1, crypto);
  const plain = crypto.open(key, zeroNonce, new Uint8Array(0), box);
  if (plain === null || plain.length !== 2 * signatureBytes + keyBytes) return null;
  const proof = plain.slice(0, signatureBytes);
  const sealing = plain.slice(signatureBytes, signatureBytes + keyBytes);
  const signature = plain.slice(signatureBytes + keyBytes);
  if (!crypto.verify(publicKey, redeemInput(placeBytes(place)), proof)) return null;
  const shown = { sealing, signature };
  return isProven(shown, place.guest, crypto) ? shown : null;
}

/** Bytes 0 of it make the tag, bytes 1 the key of the box. */
function derived(
  publicKey: Uint8Array,
  { handshakeHash, guest }: Omit<RequestPlace, "room">,
  salt: Uint8Array,
  use: 0 | 1,
  crypto: CryptoSuite,
): Uint8Array {
  const input = concat(requestTag, handshakeHash, fromId(guest), salt, Uint8Array.of(use));
  return crypto.hmacSha256(publicKey, input);
}

function placeBytes({ handshakeHash, guest, room }: RequestPlace): Uint8Array {
  return concat(handshakeHash, fromId(guest), fromId(room));
}

/** What a welcome belongs to. */
export interface WelcomePlace extends RequestPlace {
  /** Who lets the guest in. */
  readonly member: PeerId;
}

/**
 * Seals what opens a room to a guest.
 *
 * @param sealing The guest's sealing key.
 * @param key The secret of the room and what else it takes (wire/private_room.ts).
 * @returns `null` if that key is a point of small order.
 */
export function sealWelcome(
  place: WelcomePlace,
  sealing: Uint8Array,
  key: Uint8Array,
  crypto: CryptoSuite,
): { readonly enc: Uint8Array; readonly box: Uint8Array } | null {
  const sealed = sealBase(sealing, infoOf(place, sealing), placeBytes(place), key, crypto);
  return sealed === null ? null : { enc: sealed.enc, box: sealed.ciphertext };
}

/**
 * Opens a welcome.
 *
 * @param keys The sealing keys that the guest has; it may have renewed them meanwhile.
 * @returns What was sealed; `null` if it is not for this guest, link and room.
 */
export function openWelcome(
  place: WelcomePlace,
  keys: Iterable<KeyPair>,
  { enc, box }: { readonly enc: Uint8Array; readonly box: Uint8Array },
  crypto: CryptoSuite,
): Uint8Array | null {
  for (const pair of keys) {
    const info = infoOf(place, pair.publicKey);
    const key = openBase(enc, pair, info, placeBytes(place), box, crypto);
    if (key !== null) return key;
  }
  return null;
}

function infoOf({ member, guest }: WelcomePlace, sealing: Uint8Array): Uint8Array {
  return concat(welcomeTag, fromId(member), fromId(guest), sealing);
}
