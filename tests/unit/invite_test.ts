/** Invites as a codec: what goes in comes out, and what was damaged on its way never does. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { alphabet, checksumOf, fromSymbols, isWhole, toSymbols } from "../../wire/bech32m.ts";
import { encodeCbor } from "../../wire/cbor.ts";
import { fromId, type PeerId } from "../../wire/ids.ts";
import {
  decodeInvite,
  encodeInvite,
  type Invite,
  InviteError,
  type InviteProblem,
} from "../../wire/invite.ts";
import { looksLikeInvite } from "../../discovery/address.ts";
import { packAddress, unpackAddress } from "../../wire/ip_bytes.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const rng = seededRng(901);
const invite: Invite = {
  peer: sampleId<PeerId>(rng),
  room: "lobby",
  addresses: ["192.168.1.5:9797", "[2001:db8::1]:9797"],
  expiresMs: 1_800_000_000_000 - 1_800_000_000_000 % 60_000,
  ticket: null,
};
/** To a private room. */
const secret: Invite = {
  ...invite,
  room: `~${"5a".repeat(32)}`,
  ticket: { seed: Uint8Array.from({ length: 16 }, (_, i) => 11 * i), past: true },
};

/** Why a text is no invite; `null` if it is one. */
function problemOf(text: string): InviteProblem | null {
  try {
    decodeInvite(text);
    return null;
  } catch (error) {
    if (!(error instanceof InviteError)) throw error;
    return error.problem;
  }
}

/** An invite of any symbols, with the right checksum. */
function sealed(version: number, body: Uint8Array): string {
  const symbols = [version, ...toSymbols(body)];
  const all = [...symbols, ...checksumOf("starling", symbols)];
  return `starling:${all.map((symbol) => alphabet[symbol]).join("")}`;
}

Deno.test("the checksum is that of BIP-350: its valid examples hold", () => {
  for (
    const text of [
      "a1lqfn3a",
      "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
      "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
      "?1v759aa",
    ]
  ) {
    const split = text.lastIndexOf("1");
    const symbols = Array.from(text.slice(split + 1), (letter) => alphabet.indexOf(letter));
    assert(isWhole(text.slice(0, split), symbols), text);
  }
});

Deno.test("an invite comes out as it went in, in lower and in upper case", () => {
  const several: readonly Invite[] = [
    invite,
    { ...invite, expiresMs: null, room: "小明的房间" },
    { ...invite, addresses: ["host.lan:1"] },
    secret,
    { ...secret, expiresMs: null, ticket: { seed: new Uint8Array(16), past: false } },
    { ...invite, addresses: ["[::1]:65535", "127.0.0.1:1", "localhost:9797", "[fd00::5]:80"] },
  ];
  for (const each of several) {
    const text = encodeInvite(each);
    assertEquals(decodeInvite(text), each);
    assertEquals(decodeInvite(text.toUpperCase()), each);
    assert(/^starling:[a-z0-9]+$/.test(text), text);
  }
});

Deno.test("an invite has the very bytes that PROTOCOL.md shows", async () => {
  const text = await Deno.readTextFile(new URL("../../PROTOCOL.md", import.meta.url));
  const shown = encodeInvite({
    peer: "07".repeat(32) as PeerId,
    room: "lobby",
    addresses: ["192.168.1.5:9797"],
    expiresMs: 1_800_000_000_000,
    ticket: null,
  });
  assert(text.includes(`\n${shown}\n`), shown);
});

for (const [kind, each] of [["public", invite], ["private", secret]] as const) {
  Deno.test(`every single wrong character of a ${kind} invite is refused, and its place is told`, () => {
    everyWrongCharacter(encodeInvite(each));
  });
  Deno.test(`every swap of two neighbours in a ${kind} invite is refused, and its place is told`, () => {
    everySwap(encodeInvite(each));
  });
}

function everyWrongCharacter(text: string): void {
  for (let at = 0; at < text.length; at++) {
    for (let code = 32; code < 127; code++) {
      const letter = String.fromCharCode(code);
      if (letter === text[at]) continue;
      const problem = problemOf(text.slice(0, at) + letter + text.slice(at + 1));
      assert(problem?.code === "damaged", `${letter} at ${at}`);
      if (at >= 9) assertEquals(problem.place, [at + 1, at + 1]);
    }
    for (const letter of ["é", "名", "\u{1f600}", "\0"]) {
      assert(problemOf(text.slice(0, at) + letter + text.slice(at + 1)) !== null);
    }
    assert(problemOf(text.slice(0, at) + text.slice(at + 1)) !== null, `without ${at}`);
    for (const letter of alphabet) {
      assert(problemOf(text.slice(0, at) + letter + text.slice(at)) !== null, `${letter} in ${at}`);
    }
  }
}

function everySwap(text: string): void {
  for (let at = 0; at + 1 < text.length; at++) {
    const [a, b] = [text[at]!, text[at + 1]!];
    if (a === b) continue;
    const problem = problemOf(text.slice(0, at) + b + a + text.slice(at + 2));
    assert(problem?.code === "damaged", `${at}`);
    if (at >= 9) assertEquals(problem.place, [at + 1, at + 2]);
  }
}

Deno.test("the longest invite is as safe against wrong characters and swaps", () => {
  const addresses = Array.from(
    { length: 2 },
    (_, i) => `${`${i}`.repeat(63)}.${"x".repeat(180)}:1`,
  );
  const text = encodeInvite({ ...invite, room: "r".repeat(64), addresses });
  assert(text.length > 900);
  for (let at = 9; at < text.length; at++) {
    const [a, b = ""] = [text[at]!, text[at + 1]];
    const wrong = alphabet[(alphabet.indexOf(a) + 1 + Math.floor(rng.next() * 31)) % 32]!;
    const changed = problemOf(text.slice(0, at) + wrong + text.slice(at + 1));
    assert(changed?.code === "damaged");
    assertEquals(changed.place, [at + 1, at + 1]);
    if (a !== b && b !== "") {
      assert(problemOf(text.slice(0, at) + b + a + text.slice(at + 2)) !== null);
    }
  }
});

Deno.test("an invite that is cut off at any place is refused", () => {
  const text = encodeInvite(invite);
  for (let length = 0; length < text.length; length++) {
    assertEquals(problemOf(text.slice(0, length))?.code, "damaged");
  }
});

Deno.test("a later version, and a room by its id, are told apart from damage", () => {
  const body = (room: string | Uint8Array) =>
    encodeCbor([fromId(invite.peer), room, [packAddress("10.0.0.5:9797")!], null]);
  assertEquals(problemOf(sealed(1, body("lobby"))), null);
  assertEquals(problemOf(sealed(3, body("lobby")))?.code, "newer");
  const owned = new Uint8Array(32).fill(7);
  const room = `~${"07".repeat(32)}`;
  assertEquals(decodeInvite(sealed(1, body(owned))).room, room);
  assertEquals(decodeInvite(encodeInvite({ ...invite, room })).room, room);
  assertEquals(problemOf(sealed(1, body(owned.subarray(1))))?.code, "newer");
  const more = [fromId(invite.peer), "lobby", [packAddress("10.0.0.5:9797")!], null, "more"];
  assertEquals(decodeInvite(sealed(1, encodeCbor(more))).room, "lobby");
});

Deno.test("what is whole and says nothing sensible is damaged", () => {
  const peer = fromId(invite.peer);
  const address = packAddress("10.0.0.5:9797")!;
  const wrong = [
    [],
    [peer, "lobby", [address]],
    [peer.subarray(1), "lobby", [address], null],
    [peer, "", [address], null],
    [peer, "a b", [address], null],
    [peer, "lobby", [], null],
    [peer, "lobby", [address, address, address, address, address], null],
    [peer, "lobby", [address.subarray(1)], null],
    [peer, "lobby", [Uint8Array.of(10, 0, 0, 5, 0, 0)], null],
    [peer, "lobby", ["host"], null],
    [peer, "lobby", [`${"a".repeat(260)}:1`], null],
    [peer, "lobby", [address], 2 ** 33],
    [peer, "lobby", [address], "soon"],
    "lobby",
  ];
  for (const value of wrong) {
    assertEquals(problemOf(sealed(1, encodeCbor(value)))?.code, "damaged");
  }
  const [room, seed] = [new Uint8Array(32), new Uint8Array(16)];
  assertEquals(problemOf(sealed(2, encodeCbor([peer, room, [address], null, seed, true]))), null);
  const wrongTickets = [
    [peer, room, [address], null],
    [peer, room, [address], null, seed],
    [peer, "lobby", [address], null, seed, true],
    [peer, room, [address], null, seed.subarray(1), true],
    [peer, room, [address], null, "seed", true],
    [peer, room, [address], null, seed, 1],
  ];
  for (const value of wrongTickets) {
    assertEquals(problemOf(sealed(2, encodeCbor(value)))?.code, "damaged");
  }
  assertEquals(problemOf(sealed(1, Uint8Array.of(0xff)))?.code, "damaged");
});

Deno.test("inviteAddressesMax, inviteCharactersMax: the last addresses are left out", () => {
  const { inviteAddressesMax, inviteCharactersMax } = defaultLimits;
  const many = Array.from({ length: 9 }, (_, i) => `10.0.0.${i}:9797`);
  const { addresses } = decodeInvite(encodeInvite({ ...invite, addresses: many }));
  assertEquals(addresses, many.slice(0, inviteAddressesMax));
  const long = Array.from({ length: 4 }, (_, i) => `${`${i}`.repeat(63)}.${"x".repeat(180)}:1`);
  const text = encodeInvite({ ...invite, room: "r".repeat(64), addresses: long });
  assert(text.length <= inviteCharactersMax && text.length > inviteCharactersMax / 2);
  assertEquals(decodeInvite(text).addresses, long.slice(0, 2));
  assertEquals(problemOf(text.padEnd(inviteCharactersMax + 1, "q"))?.code, "damaged");
  assertThrows(() => encodeInvite({ ...invite, addresses: [] }), RangeError);
});

Deno.test("anything else is refused, never thrown over", () => {
  for (let i = 0; i < 5_000; i++) {
    const length = Math.floor(rng.next() * 120);
    const bytes = Uint8Array.from({ length }, () => rng.next() * 256);
    const body = `starling:${toSymbols(bytes).map((symbol) => alphabet[symbol]).join("")}`;
    for (const text of [body, sealed(Math.floor(rng.next() * 3), bytes), bytes.toHex()]) {
      assert(problemOf(text) !== null, text);
    }
  }
  assertEquals(fromSymbols(toSymbols(Uint8Array.of(1, 2, 3))), Uint8Array.of(1, 2, 3));
  assertEquals([fromSymbols([0, 1]), fromSymbols([0])], [null, null]);
});

Deno.test("looksLikeInvite() goes by the beginning alone", () => {
  for (const text of ["starling:", "Starling:x", "STARLING:X"]) assert(looksLikeInvite(text));
  for (const text of ["starling", "starling.lan:80", "sterling:x"]) assert(!looksLikeInvite(text));
});

Deno.test("packAddress() takes addresses of numbers in their one spelling", () => {
  for (const text of ["1.2.3.4:5", "[::]:1", "[1:2:3:4:5:6:7:8]:9", "[1::8]:65535"]) {
    assertEquals(unpackAddress(packAddress(text)!), text);
  }
  for (
    const text of [
      "host:1",
      "1.2.3:4",
      "256.1.1.1:1",
      "1.2.3.4:0",
      "1.2.3.4:65536",
      "[1:0:0:0:0:0:0:8]:9",
      "[::1::]:1",
      "[1::2:3:4:5:6:7:8:9]:1",
    ]
  ) {
    assertEquals(packAddress(text), null, text);
  }
});
