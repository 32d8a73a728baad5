/** Which epoch is written under, and which are forgotten. */

import { assert, assertEquals } from "@std/assert";
import type { MembershipRuling, Ruling, Standing } from "../../peer/ruling.ts";
import { Epochs } from "../../peer/epochs.ts";
import type { PeerId, PostId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { numberedPeer } from "../lone_engine.ts";

const [ann, bo, cy] = [1, 2, 3].map(numberedPeer) as [PeerId, PeerId, PeerId];
const id = (n: number) => n.toString(16).padStart(64, "0") as PostId;
const commitment = new Uint8Array(32);

/** A post of an author; those with a negative number are void. */
const post = (n: number, author: PeerId) =>
  ({ id: id(Math.abs(n)), author, seq: n, time: { ms: Math.abs(n), counter: 0 } }) as Post;
const seal = (to: PeerId) => ({ to, epoch: null, enc: commitment, box: commitment });

function ruling(...members: PeerId[]): Ruling {
  const membership = { members: new Set(members) } as unknown as MembershipRuling;
  const counts = ({ seq, author }: Standing) => seq > 0 && members.includes(author);
  return { membership, counts } as unknown as Ruling;
}

const known = () => true;

Deno.test("choice(): nobody outside has the secret, and of several the last one is taken", () => {
  const epochs = new Epochs(ann, defaultLimits);
  for (const n of [5, 3, 9]) {
    const base = post(n, ann);
    epochs.begin(base, commitment);
    epochs.take(base, base.id, seal(bo));
  }
  const both = ruling(ann, bo);
  assertEquals(epochs.choice(both, known).id, id(9));
  assertEquals(epochs.choice(both, (each) => each !== id(9)).id, id(9), "as before");
  epochs.onKnown();
  assertEquals(epochs.choice(both, (each) => each !== id(9)).id, id(5));
  assertEquals(epochs.choice(ruling(ann), known).id, null, "bo is gone");
  epochs.take(post(11, ann), id(9), seal(cy));
  assertEquals(epochs.choice(ruling(ann, bo), known).id, id(5), "cy has that of 9");
});

Deno.test("choice(): one that lacks nobody goes before a later one that does", () => {
  const epochs = new Epochs(ann, defaultLimits);
  epochs.begin(post(7, ann), commitment);
  const earlier = post(1, ann);
  epochs.begin(earlier, commitment);
  epochs.take(earlier, earlier.id, seal(bo));
  const both = ruling(ann, bo);
  assertEquals(epochs.lacking(id(7), both), [bo]);
  assertEquals(epochs.lacking(id(1), both), []);
  assertEquals(epochs.choice(both, known).id, id(1));
});

Deno.test("choice(): what is void begins no epoch and gives nobody a secret", () => {
  const epochs = new Epochs(ann, defaultLimits);
  epochs.begin(post(-2, bo), commitment);
  epochs.begin(post(4, ann), commitment);
  epochs.take(post(-6, bo), id(4), seal(cy));
  assertEquals(epochs.choice(ruling(ann, bo), known).id, id(4));
});

Deno.test("ownSeals(): seals wait until their epoch's beginning has come", () => {
  const epochs = new Epochs(ann, defaultLimits);
  const further = post(8, bo);
  epochs.take(further, id(2), { ...seal(ann), epoch: id(2) });
  assertEquals(epochs.ownSeals(id(2)).seals, []);
  assertEquals(epochs.choice(ruling(ann, bo), known).id, null);
  epochs.begin(post(2, bo), commitment);
  assertEquals(epochs.ownSeals(id(2)).seals.length, 1);
});

Deno.test("epochsMax: the oldest is forgotten, and before it what never began", () => {
  const epochs = new Epochs(ann, { ...defaultLimits, epochsMax: 3 });
  for (const n of [10, 20, 30]) epochs.begin(post(n, ann), commitment);
  epochs.take(post(5, ann), id(40), seal(ann));
  assertEquals(epochs.size, 3);
  assert(!epochs.ids.includes(id(40)));
  epochs.begin(post(50, ann), commitment);
  assertEquals(epochs.ids, [id(20), id(30), id(50)]);
});
