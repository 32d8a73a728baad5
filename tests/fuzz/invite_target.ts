/**
 * Invites under fire: bodies with the right checksum, which the codec must judge by itself, and
 * the same bytes as a text. What is taken must come out again as it went in.
 */

import { assertEquals } from "@std/assert";
import { alphabet, checksumOf, toSymbols } from "../../wire/bech32m.ts";
import { encodeCbor } from "../../wire/cbor.ts";
import { fromId, type PeerId } from "../../wire/ids.ts";
import { decodeInvite, encodeInvite, InviteError } from "../../wire/invite.ts";
import { packAddress } from "../../wire/ip_bytes.ts";
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

/** Bodies of invites, whose checksum is made right before they are given. */
export const inviteTarget: Target = {
  name: "invites",
  shape: "cbor",
  share: 1,
  inputsPerRun: 1_000_000,
  seeds: (rng) =>
    [["10.0.0.5:9797"], ["[2001:db8::1]:80", "host.lan:1"]].flatMap((addresses) =>
      ["lobby", "房间"].map((room) => {
        const places = addresses.map((address) => packAddress(address) ?? address);
        return encodeCbor([fromId(sampleId<PeerId>(rng)), room, places, 30_000_000]);
      })
    ),
  open: () => ({
    feed: (input) => {
      const symbols = [1, ...toSymbols(input)];
      const all = [...symbols, ...checksumOf("starling", symbols)];
      const whole = `starling:${all.map((symbol) => alphabet[symbol]).join("")}`;
      return `${judge(whole)}, ${judge(`starling:${String.fromCharCode(...input)}`)}`;
    },
  }),
};
