/** The id of an owned room commits to its founder, and acts come back as they were written. */

import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { fromId, type LogId, type PostId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { type Act, decodeAct, encodeAct, ownedRoomId } from "../../wire/owned_room.ts";
import { postKind } from "../../wire/post.ts";
import { numberedPeer } from "../lone_engine.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(7);
const salt = new Uint8Array(16).fill(3);
const peer = numberedPeer(1);
const mark = (n: number) => ({
  log: toId<LogId>(new Uint8Array(8).fill(n)),
  seq: n + 1,
  id: toId<PostId>(new Uint8Array(32).fill(n)),
});

Deno.test("ownedRoomId() is another for each founder, name and salt", () => {
  const id = ownedRoomId(peer, "club", salt, crypto);
  assertEquals(id, ownedRoomId(peer, "club", salt.slice(), crypto));
  assertNotEquals(id, ownedRoomId(numberedPeer(2), "club", salt, crypto));
  assertNotEquals(id, ownedRoomId(peer, "clubs", salt, crypto));
  assertNotEquals(id, ownedRoomId(peer, "club", salt.map((byte) => byte + 1), crypto));
});

Deno.test("decodeAct() gives back what encodeAct() wrote, for each act", () => {
  const logs = Array.from({ length: defaultLimits.logMarksMax }, (_, n) => mark(n % 256));
  const acts: Act[] = [
    { act: "found", name: "club", salt },
    { act: "close" },
    ...(["admin", "no-admin", "remove", "readmit"] as const).map((act) => ({ act, peer, logs })),
    { act: "remove", peer, logs: [] },
  ];
  for (const act of acts) {
    const { kind, body } = encodeAct(act);
    assertEquals(decodeAct(kind, body), act);
    assert(body.length < 16_384, "fits a post");
  }
});

Deno.test("decodeAct() refuses what is no act, and leaves alone what it does not know", () => {
  const kind = postKind.membership;
  const many = Array.from({ length: defaultLimits.logMarksMax + 1 }, (_, n) => {
    const { log, seq, id } = mark(n % 256);
    return [fromId(log), seq, fromId(id)];
  });
  for (
    const wrong of [
      "text",
      [1, "no room name", salt],
      [1, "club", salt.slice(1)],
      [4, salt, []],
      [4, fromId(peer), "x"],
      [4, fromId(peer), [[fromId(mark(1).log), 0, fromId(mark(1).id)]]],
      [4, fromId(peer), many],
    ]
  ) {
    assertThrows(() => decodeAct(kind, encodeCbor(wrong)), MalformedError);
  }
  assertThrows(() => decodeAct(postKind.close, encodeCbor(1)), MalformedError);
  assertEquals(decodeAct(kind, encodeCbor([99, "later"])), null);
  assertEquals(decodeAct(postKind.text, encodeCbor([])), null);
});
