/**
 * Invites under fire: bodies with the right checksum, which the codec must judge by itself, and
 * the same bytes as a text. What is taken must come out again as it went in.
 */

import { assertEquals } from "@std/assert";
import { alphabet, checksumOf, toSymbols } from "../../wire/bech32m.ts";
import { encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { fromId, type PeerId, type PostId } from "../../wire/ids.ts";
import { decodeInvite, encodeInvite, InviteError, seedBytes } from "../../wire/invite.ts";
import { decodeInviteDeed, encodeInviteDeed } from "../../wire/invite_post.ts";
import { packAddress } from "../../wire/ip_bytes.ts";
import { randomBytes } from "../rng.ts";
import { sampleId } from "../samples.ts";
import type { Target } from "./target.ts";

/** What a text is, in a few words. */
function judge(text: string): string {
  try {
    const invite = decodeInvite(text);
    assertEquals(decodeInvite(encodeInvite(invite)), invite);
    return `invite of ${invite.addresses.length}, ${invite.expiresMs === null}`;
  } catch (error) {
    if (!(error instanceof InviteError)) throw error;
    const { problem } = error;
    return problem.code === "damaged" ? `damaged ${problem.place !== null}` : problem.code;
  }
}

/** What the same bytes are as the body of a post of kind `invite`. */
function deed(input: Uint8Array): string {
  try {
    const made = decodeInviteDeed(input);
    if (made !== null) assertEquals(decodeInviteDeed(encodeInviteDeed(made)), made);
    return made?.deed ?? "later";
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return error.message;
  }
}

/** Bodies of invites, whose checksum is made right before they are given. */
export const inviteTarget: Target = {
  name: "invites",
  shape: "cbor",
  share: 1,
  inputsPerRun: 1_000_000,
  seeds: (rng) =>
    [["10.0.0.5:9797"], ["[2001:db8::1]:80", "host.lan:1"]].flatMap((addresses) => {
      const places = addresses.map((address) => packAddress(address) ?? address);
      const peer = fromId(sampleId<PeerId>(rng));
      const ticket = [randomBytes(rng, seedBytes), rng.next() < 0.5];
      return [
        ...["lobby", "房间"].map((room) => encodeCbor([peer, room, places, 30_000_000])),
        encodeCbor([peer, fromId(sampleId<PeerId>(rng)), places, null, ...ticket]),
        encodeInviteDeed({ deed: "make", key: peer, expiresMs: 1_800_000_000_000, count: 3 }),
        encodeInviteDeed({ deed: "revoke", invite: sampleId<PostId>(rng) }),
      ];
    }),
  open: () => ({
    feed: (input) => {
      const whole = [1, 2].map((version) => {
        const symbols = [version, ...toSymbols(input)];
        const all = [...symbols, ...checksumOf("starling", symbols)];
        return judge(`starling:${all.map((symbol) => alphabet[symbol]).join("")}`);
      });
      return [...whole, judge(`starling:${String.fromCharCode(...input)}`), deed(input)].join(", ");
    },
  }),
};
