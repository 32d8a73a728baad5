/**
 * Acts in an owned room under fire: whatever the founder's or an admin's own program puts into one,
 * it is an act that comes back as it was written, or nothing, and a ruling comes of all of them.
 */

import { assert, assertEquals } from "@std/assert";
import { Charge } from "../../peer/charge.ts";
import { MalformedError } from "../../wire/cbor.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { type Act, decodeAct, encodeAct } from "../../wire/owned_room.ts";
import { type Post, postKind } from "../../wire/post.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { OwnedAuthor } from "../unit/owned_author.ts";
import type { Target } from "./target.ts";

const crypto = seededCrypto(303);
const founder = new OwnedAuthor(crypto);
const founding = founder.found("club");
const [ann, bob] = [0, 1].map(() => new OwnedAuthor(crypto, founder.room)) as [
  OwnedAuthor,
  OwnedAuthor,
];
const said = bob.say(1, "hello");
const acts: Act[] = [
  { act: "admin", peer: ann.peer, logs: [] },
  { act: "no-admin", peer: ann.peer, logs: ann.marks() },
  { act: "remove", peer: bob.peer, logs: bob.marks() },
  { act: "readmit", peer: bob.peer, logs: bob.marks() },
  { act: "close" },
];
const naming = founder.act(2, acts[0]!);
const model = ann.act(3, acts[2]!);
const kinds = [postKind.membership, postKind.close];

export const actsTarget: Target = {
  name: "acts",
  shape: "cbor",
  share: 1,
  inputsPerRun: 100_000,
  seeds: () => [founding.body, ...acts.map((act) => encodeAct(act).body)],
  open: () => ({ feed }),
};

function feed(input: Uint8Array): string {
  const charge = new Charge(founder.room, crypto, defaultLimits);
  charge.take(founding);
  charge.take(naming);
  for (const [i, kind] of kinds.entries()) {
    for (const [j, author] of [founder.peer, ann.peer, bob.peer].entries()) {
      const id = `${i}${j}`.padEnd(64, "0") as Post["id"];
      charge.take({ ...model, id, author, kind, seq: 2 + j, body: input });
    }
  }
  const ruling = charge.ruling!;
  assertEquals(ruling.founder, founder.peer, "the founder stays");
  assert(ruling.isIn(founder.peer) && ruling.rank(founder.peer) === 0);
  return `${kinds.map((kind) => actWords(kind, input)).join(", ")}, ${ruling.counts(said)}`;
}

function actWords(kind: number, input: Uint8Array): string {
  try {
    const act = decodeAct(kind, input);
    if (act === null) return "later";
    assertEquals(decodeAct(kind, encodeAct(act).body), act);
    return act.act;
  } catch (error) {
    if (error instanceof MalformedError) return error.message;
    throw error;
  }
}
