/** To whom epochs of private rooms are sealed, by real engines that have not heard of everything. */

import { assert, assertEquals } from "@std/assert";
import type { RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { postKind } from "../../wire/post.ts";
import { proveSealing } from "../../wire/private_acts.ts";
import { PrivateNetwork, type PrivatePeer } from "./private_network.ts";

/** A point of small order. */
const smallOrder = new Uint8Array(32);

type Four = [PrivatePeer, PrivatePeer, PrivatePeer, PrivatePeer];

const epochPosts = (peer: PrivatePeer, room: RoomId) =>
  peer.posts(room).filter(({ kind }) => kind === postKind.epoch);

/**
 * Ann and bo, who do not hear of each other, each begin an epoch and say something; then bo lets
 * cy in, who cannot be given that of ann.
 */
function divided(history: boolean) {
  const network = new PrivateNetwork(71, ["ann", "bo", "cy", "eve"]);
  const [ann, bo, cy, eve] = network.peers as Four;
  for (const [one, other] of [[ann, bo], [bo, cy], [ann, eve]] as const) network.link(one, other);
  const room = ann.found("Club", history);
  for (const guest of [bo, eve]) assert(ann.invite(room, guest).ok);
  network.pass(2_000);
  // All that was written under before is known to somebody outside.
  assert(eve.power(room, "remove", eve).ok);
  assertEquals([ann.members(room), bo.members(room)], [2, 2]);
  ann.cutFrom(bo);
  assert(ann.say(room, "of ann").ok);
  assert(bo.say(room, "of bo").ok);
  assert(bo.invite(room, cy).ok);
  network.pass(2_000);
  assertEquals(cy.texts(room), history ? ["of bo"] : []);
  network.link(ann, bo);
  network.pass(2 * defaultLimits.epochWaitMs + 1_000);
  return { network, ann, bo, cy, room };
}

Deno.test("EpochKeeper: with shared history who was added is given epochs that the other had not heard of", () => {
  const { network, ann, bo, cy, room } = divided(true);
  for (const peer of [ann, bo, cy]) assertEquals(peer.texts(room).toSorted(), ["of ann", "of bo"]);
  // One of those who know it does so, and nobody again.
  const before = epochPosts(ann, room).length;
  network.pass(10 * defaultLimits.epochWaitMs);
  assertEquals(epochPosts(ann, room).length, before);
});

Deno.test("EpochKeeper: where history is not shared who was added is given no earlier epoch", () => {
  const { network, ann, cy, room } = divided(false);
  assertEquals(ann.texts(room).toSorted(), ["of ann", "of bo"]);
  assertEquals(cy.texts(room), []);
  assert(ann.say(room, "to all").ok);
  network.pass(10 * defaultLimits.epochWaitMs);
  assertEquals(cy.texts(room), ["to all"]);
});

/** A guest as an invite would bring him. */
function guestOf(network: PrivateNetwork, { me, keys }: PrivatePeer, key: Uint8Array) {
  const { sealing, signature } = proveSealing(key, keys.secretKey, network.crypto);
  return { peer: me, sealing, sealingSignature: signature, invite: null };
}

Deno.test("PrivateEngine: whoever nothing can be sealed to is not let in", () => {
  const network = new PrivateNetwork(72, ["ann", "eve"]);
  const [ann, eve] = network.peers as [PrivatePeer, PrivatePeer];
  const room = ann.found("Club");
  const guest = guestOf(network, eve, smallOrder);
  const outcome = ann.command({ type: "add-member", room, guest });
  assertEquals(outcome.ok ? "" : outcome.code, "no-key");
  assertEquals(ann.members(room), 1);
});

Deno.test("EpochKeeper: for a member to whom nothing can be sealed nothing is written again and again", () => {
  const network = new PrivateNetwork(73, ["ann", "bo", "eve"]);
  const [ann, bo, eve] = network.peers as [PrivatePeer, PrivatePeer, PrivatePeer];
  // What she was added with is good; then her profile tells another key.
  Object.assign(eve.sealing, { publicKey: smallOrder });
  eve.start();
  for (const peer of [ann, bo, eve]) peer.command({ type: "join", room: "lobby" });
  for (const [one, other] of [[ann, bo], [bo, eve], [ann, eve]] as const) network.link(one, other);
  network.pass(1_000);
  const room = ann.found("Club");
  assert(ann.invite(room, bo).ok);
  network.pass(2_000);
  const guest = guestOf(network, eve, network.crypto.generateX25519().publicKey);
  assert(ann.command({ type: "add-member", room, guest }).ok);
  network.pass(2 * defaultLimits.epochWaitMs);
  assertEquals(bo.members(room), 3);
  const before = epochPosts(ann, room).length;
  network.pass(10 * defaultLimits.epochWaitMs);
  for (const text of ["one", "two", "three"]) assert(ann.say(room, text).ok);
  network.pass(10 * defaultLimits.epochWaitMs);
  assertEquals(bo.texts(room), ["one", "two", "three"]);
  assertEquals(epochPosts(bo, room).length, before);
});
