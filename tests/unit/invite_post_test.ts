/** Bodies of posts of kind `invite`, and what is said over a link about one. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { type CborValue, encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { decodeInviteDeed, encodeInviteDeed, type InviteDeed } from "../../wire/invite_post.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { redeemBytes } from "../../wire/message_entries.ts";
import { proveSealing } from "../../wire/private_acts.ts";
import {
  inviteKeys,
  makeRequest,
  openRequest,
  openWelcome,
  type Request,
  requestTagOf,
  sealWelcome,
  type WelcomePlace,
} from "../../wire/redemption.ts";
import { assertOneSpelling } from "../one_spelling.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(907);
const minuteMs = 60_000;
const key = crypto.randomBytes(32);
const id = toId<PostId>(crypto.randomBytes(32));
const deeds: readonly InviteDeed[] = [
  { deed: "make", key, expiresMs: null, count: null },
  { deed: "make", key, expiresMs: 30_000_000 * minuteMs, count: 1 },
  { deed: "make", key, expiresMs: 0, count: defaultLimits.inviteCountMax },
  { deed: "revoke", invite: id },
];

/** What is decoded and encoded again; a deed of a later version stays as it is. */
function respell(bytes: Uint8Array): Uint8Array {
  const deed = decodeInviteDeed(bytes);
  return deed === null ? bytes : encodeInviteDeed(deed);
}

Deno.test("invite posts come out as they went in", () => {
  for (const deed of deeds) assertEquals(decodeInviteDeed(encodeInviteDeed(deed)), deed);
  const late = { deed: "make", key, expiresMs: minuteMs * 7 + 59_999, count: null } as const;
  assertEquals(decodeInviteDeed(encodeInviteDeed(late)), { ...late, expiresMs: 7 * minuteMs });
});

Deno.test("invite posts have one spelling under every flipped bit and cut", () => {
  for (const deed of deeds) assertOneSpelling(encodeInviteDeed(deed), respell);
});

Deno.test("inviteCountMax: an invite is for so many people, and not for none", () => {
  const { inviteCountMax } = defaultLimits;
  const made = (count: CborValue, minutes: CborValue = null) =>
    decodeInviteDeed(encodeCbor([1, key, minutes, count]));
  assert(made(inviteCountMax) !== null && made(1) !== null);
  for (const count of [0, inviteCountMax + 1, "1", true]) {
    assertThrows(() => made(count), MalformedError);
  }
  assertThrows(() => made(1, 2 ** 32 + 1), MalformedError);
});

Deno.test("an invite post of a later version is none, and one with more elements is the same", () => {
  assertEquals(decodeInviteDeed(encodeCbor([3, key])), null);
  assertEquals(decodeInviteDeed(encodeCbor([1, key, null, 2, "more"])), {
    deed: "make",
    key,
    expiresMs: null,
    count: 2,
  });
  for (const wrong of [[1], [1, key], [1, key.slice(1), null, null], [2, key.slice(1)], "x"]) {
    assertThrows(() => decodeInviteDeed(encodeCbor(wrong)), MalformedError);
  }
});

const [guest, member, other] = [0, 1, 2].map(() => crypto.generateEd25519()) as [
  ReturnType<typeof crypto.generateEd25519>,
  ReturnType<typeof crypto.generateEd25519>,
  ReturnType<typeof crypto.generateEd25519>,
];
const sealing = crypto.generateX25519();
const keys = inviteKeys(crypto.randomBytes(16), crypto);
const place: WelcomePlace = {
  handshakeHash: crypto.randomBytes(32),
  guest: toId<PeerId>(guest.publicKey),
  member: toId<PeerId>(member.publicKey),
  room: toId<RoomId>(crypto.randomBytes(32)),
};
const asked = proveSealing(sealing.publicKey, guest.secretKey, crypto);
const request = makeRequest(keys, place, asked, crypto);

Deno.test("a request is recognised and opened by who knows the public key of the seed", () => {
  assertEquals(requestTagOf(keys.publicKey, place, request.salt, crypto), request.tag);
  assertEquals(openRequest(keys.publicKey, place, request, crypto), asked);
  assertEquals(request.box.length, redeemBytes.box);
  // Who does not know it sees nothing that comes again.
  const again = makeRequest(keys, place, asked, crypto);
  for (const field of ["salt", "tag", "box"] as const) {
    assert(request[field].toHex() !== again[field].toHex(), field);
  }
  const strange = inviteKeys(crypto.randomBytes(16), crypto).publicKey;
  assert(requestTagOf(strange, place, request.salt, crypto).toHex() !== request.tag.toHex());
  assertEquals(openRequest(strange, place, request, crypto), null);
});

Deno.test("a request is of no use over another link, to another person or for another room", () => {
  const elsewhere = [
    { ...place, handshakeHash: crypto.randomBytes(32) },
    { ...place, guest: toId<PeerId>(other.publicKey) },
    { ...place, room: toId<RoomId>(crypto.randomBytes(32)) },
  ];
  for (const wrong of elsewhere) {
    assertEquals(openRequest(keys.publicKey, wrong, request, crypto), null);
  }
});

Deno.test("a request by who has no seed is none, and so is one with another's sealing key", () => {
  // A member knows the public key, and could make a box with any proof in it.
  const forged = { publicKey: keys.publicKey, secretKey: crypto.randomBytes(32) };
  assertEquals(
    openRequest(keys.publicKey, place, makeRequest(forged, place, asked, crypto), crypto),
    null,
  );
  const theirs = crypto.generateX25519().publicKey;
  const taken = { ...asked, sealing: theirs };
  assertEquals(
    openRequest(keys.publicKey, place, makeRequest(keys, place, taken, crypto), crypto),
    null,
  );
});

Deno.test("no flipped bit of a request's salt or box is taken", () => {
  for (const field of ["salt", "box"] as const) {
    for (let bit = 0; bit < 8 * request[field].length; bit++) {
      const bytes = request[field].slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const changed: Request = { ...request, [field]: bytes };
      assertEquals(openRequest(keys.publicKey, place, changed, crypto), null, `${field} ${bit}`);
    }
  }
});

Deno.test("a welcome opens for the guest that it is for, over its link and for its room", () => {
  const secret = crypto.randomBytes(80);
  const welcome = sealWelcome(place, sealing.publicKey, secret, crypto)!;
  const newer = crypto.generateX25519();
  assertEquals(openWelcome(place, [newer, sealing], welcome, crypto), secret);
  assertEquals(openWelcome(place, [newer], welcome, crypto), null);
  for (
    const wrong of [
      { ...place, handshakeHash: crypto.randomBytes(32) },
      { ...place, guest: toId<PeerId>(other.publicKey) },
      { ...place, member: toId<PeerId>(other.publicKey) },
      { ...place, room: toId<RoomId>(crypto.randomBytes(32)) },
    ]
  ) {
    assertEquals(openWelcome(wrong, [sealing], welcome, crypto), null);
  }
  for (let bit = 0; bit < 8 * welcome.box.length; bit += 7) {
    const box = welcome.box.slice();
    box[bit >> 3]! ^= 1 << (bit & 7);
    assertEquals(openWelcome(place, [sealing], { ...welcome, box }, crypto), null);
  }
  assertEquals(sealWelcome(place, new Uint8Array(32), secret, crypto), null);
});
