/** To whom epochs of private rooms are sealed, by real engines that have not heard of everything. */

import { assert, assertEquals } from "@std/assert";
import type { RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { postKind } from "../../wire/post.ts";
import { proveSealing } from "../../wire/private_acts.ts";
import { PrivateNetwork, type PrivatePeer } from "./private_network.ts";

/** A point of small order. */
const smallOrder = new Uint8Array(32);

const epochPosts = (peer: PrivatePeer, room: RoomId) =>
  peer.posts(room).filter(({ kind }) => kind === postKind.epoch);

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
