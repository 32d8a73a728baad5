/**
 * What the simulator asks about the words of a private room, asked of three engines: all for whom
 * a word was must read it, and nobody else is given its key.
 */

import { assert, assertEquals } from "@std/assert";
import { encodeEpoch } from "../../wire/epoch.ts";
import type { RoomId } from "../../wire/ids.ts";
import { type Post, postKind } from "../../wire/post.ts";
import { decodeVeiled } from "../../wire/private_room.ts";
import { PrivateChecks, type Watched } from "../sim/private_checks.ts";
import { PrivateNetwork, type PrivatePeer } from "./private_network.ts";

/** Somebody as the simulator sees him; who is `blind` can read nothing. */
function watch(network: PrivateNetwork, peer: PrivatePeer, blind: ReadonlySet<string>): Watched {
  return {
    id: peer.me,
    name: peer.name,
    store: peer.store,
    run: {
      engine: {
        roomName: (room) => peer.engine.roomName(room),
        peers: (now) => peer.engine.peers(now),
        shownAs: (post) => peer.engine.shownAs(post),
        read: (post) => blind.has(peer.name) ? null : peer.engine.read(post),
      },
      get now() {
        return network.now;
      },
    },
    secretOf: (room) => peer.records.find((each) => each.room === room)?.secret.secret ?? null,
  };
}

/** Ann has founded a room and let bo in; cy has links with both. */
function company(seed: number, history: boolean) {
  const network = new PrivateNetwork(seed, ["ann", "bo", "cy"]);
  const [ann, bo, cy] = network.peers as [PrivatePeer, PrivatePeer, PrivatePeer];
  const blind = new Set<string>();
  const watched = network.peers.map((peer) => watch(network, peer, blind));
  const checks = new PrivateChecks(watched, network.crypto);
  const wrong: string[] = [];
  network.peers.forEach((peer, i) => {
    peer.onStored = (arrivals) => {
      const problem = checks.stored(watched[i]!, arrivals);
      if (problem !== null) wrong.push(problem);
    };
  });
  for (const [one, other] of [[ann, bo], [bo, cy], [ann, cy]] as const) network.link(one, other);
  const room = ann.found("Club", history);
  assert(ann.invite(room, bo).ok);
  network.pass(2_000);
  const problems = () => [...wrong, ...checks.problems(room)];
  return { network, ann, bo, cy, room, blind, problems };
}

function lastWord(peer: PrivatePeer, room: RoomId): Post {
  return peer.posts(room).find(({ kind }) => kind === postKind.text)!;
}

Deno.test("PrivateChecks: who came after a word was said need not read it", () => {
  const { network, ann, bo, cy, room, problems } = company(310, false);
  assert(ann.say(room, "last of ann").ok);
  network.pass(1_000);
  assert(bo.invite(room, cy).ok);
  network.pass(2_000);
  assertEquals(cy.engine.read(lastWord(cy, room)), null);
  assertEquals(problems(), []);
});

Deno.test("PrivateChecks: whoever was in when a word was said must read it", () => {
  const { network, ann, bo, cy, room, blind, problems } = company(311, false);
  assert(bo.invite(room, cy).ok);
  network.pass(2_000);
  assert(cy.say(room, "last of cy").ok);
  network.pass(1_000);
  assertEquals(problems(), []);
  const word = `cy#${lastWord(cy, room).seq}`;
  blind.add("ann").add("bo");
  assertEquals(problems(), [`ann cannot read ${word}`, `bo cannot read ${word}`]);
  // Who was put out afterwards and is back was in, too.
  assert(ann.power(room, "remove", bo).ok);
  network.pass(2_000);
  assertEquals(problems(), [`ann cannot read ${word}`]);
  assert(ann.power(room, "readmit", bo).ok);
  network.pass(2_000);
  assertEquals(problems(), [`ann cannot read ${word}`, `bo cannot read ${word}`]);
});

Deno.test("PrivateChecks: with shared history who comes later must read what was said before", () => {
  const { network, ann, bo, cy, room, blind, problems } = company(312, true);
  assert(ann.say(room, "last of ann").ok);
  network.pass(1_000);
  assert(bo.invite(room, cy).ok);
  network.pass(2_000);
  assertEquals(problems(), []);
  blind.add("cy");
  assertEquals(problems(), [`cy cannot read ann#${lastWord(ann, room).seq}`]);
});

for (const history of [false, true]) {
  Deno.test(`PrivateChecks: a key of earlier words is ${history ? "" : "not "}for who comes later`, () => {
    const { network, ann, cy, room, problems } = company(313, history);
    assert(ann.say(room, "before cy").ok);
    const { body, seq } = lastWord(ann, room);
    network.pass(1_000);
    assert(ann.invite(room, cy).ok);
    network.pass(2_000);
    assertEquals(problems(), []);
    const [enc, box] = [new Uint8Array(32), new Uint8Array(48)];
    const seals = [{ to: cy.me, epoch: decodeVeiled(body).epoch, enc, box }];
    const [epoch] = ann.posts(room).filter(({ kind }) => kind === postKind.epoch);
    const post = { ...epoch!, body: encodeEpoch({ commitment: null, seals }) };
    ann.onStored([{ post, origin: "own" }]);
    const late = `gives cy the key of what was said before he came: ann#${seq}`;
    assertEquals(problems(), history ? [] : [late]);
  });
}
