/**
 * Private rooms under fire: whatever a member, or somebody who was one, puts into an act, an epoch
 * or an encrypted body, it comes back as it was written or is refused, and a ruling comes of it.
 */

import { assert, assertEquals } from "@std/assert";
import { Charge } from "../../peer/charge.ts";
import { Epochs } from "../../peer/epochs.ts";
import { privateRuler } from "../../peer/members.ts";
import { MalformedError } from "../../wire/cbor.ts";
import { decodeEpoch, encodeEpoch, sealEpoch } from "../../wire/epoch.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { type Post, postKind } from "../../wire/post.ts";
import { decodePrivateAct, encodePrivateAct } from "../../wire/private_acts.ts";
import { decodeVeiled, unveilBody, veilBody } from "../../wire/private_room.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { PrivateAuthor } from "../unit/private_author.ts";
import type { Target } from "./target.ts";

const crypto = seededCrypto(305);
const secret = crypto.randomBytes(32);
const founder = new PrivateAuthor(crypto);
const founding = founder.found("club", secret);
const [ann, bo] = [0, 1].map(() => new PrivateAuthor(crypto, founder.room)) as [
  PrivateAuthor,
  PrivateAuthor,
];
const additions = [founder.add(1, ann), ann.add(2, bo)];
const said = bo.say(3);
const model = ann.remove(4, bo);
const seal = sealEpoch(model, { peer: bo.peer, sealing: bo.proof.sealing }, null, secret, crypto)!;
const commitment = crypto.randomBytes(32);

export const privateTarget: Target = {
  name: "private",
  shape: "cbor",
  share: 1,
  inputsPerRun: 100_000,
  seeds: () => [
    founding.body,
    ...additions.map(({ body }) => body),
    model.body,
    encodeEpoch({ commitment, seals: [seal] }),
    veilBody({ ...model, kind: postKind.text }, Uint8Array.of(1, 2), model.id, secret, crypto),
  ],
  open: () => ({ feed }),
};

function feed(input: Uint8Array): string {
  const ruler = privateRuler(founder.room, secret, crypto);
  const charge = new Charge(founder.room, crypto, defaultLimits, ruler);
  for (const post of [founding, ...additions]) charge.take(post);
  const epochs = new Epochs(ann.peer, defaultLimits);
  for (const [i, author] of [founder.peer, ann.peer, bo.peer].entries()) {
    const id = `${i}`.padEnd(64, "0") as Post["id"];
    charge.take({ ...model, id, author, seq: 9 + i, body: input });
  }
  const ruling = charge.ruling!;
  assertEquals(ruling.founder, founder.peer, "the founder stays");
  assert(ruling.isIn(founder.peer) && ruling.rank(founder.peer) === 0);
  const words = [
    wordsOf(() => {
      const act = decodePrivateAct(postKind.membership, input);
      if (act === null) return "later";
      assertEquals(decodePrivateAct(postKind.membership, encodePrivateAct(act).body), act);
      return act.act;
    }),
    wordsOf(() => {
      const body = decodeEpoch(input);
      assertEquals(decodeEpoch(encodeEpoch(body)), body);
      if (body.commitment !== null) epochs.begin(model, body.commitment);
      for (const each of body.seals) epochs.take(model, each.epoch ?? model.id, each);
      epochs.choice(ruling, () => true);
      return `${body.seals.length} seals`;
    }),
    wordsOf(() => {
      const body = decodeVeiled(input);
      const head = { ...model, kind: postKind.text };
      return unveilBody(head, body, secret, crypto) === null ? "closed" : "open";
    }),
  ];
  return `${words.join(", ")}, ${ruling.counts(said)}`;
}

function wordsOf(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedError) return error.message;
    throw error;
  }
}
