/** What a file can make a peer hold: what its own export holds, and nothing that neighbours could not. */

import { assert, assertEquals } from "@std/assert";
import type { LogId, RoomId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { type Post, signPost } from "../../wire/post.ts";
import { publicRoomId } from "../../wire/text.ts";
import { LoneEngine } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { Author, count } from "./author.ts";
import { PrivateNetwork } from "./private_network.ts";

const crypto = seededCrypto(163);
const identity = crypto.generateEd25519();
const rng = seededRng(163);
const ann = new Author(crypto);
const closed = publicRoomId("kitchen", crypto);
/** As `io/import.ts` hands them over. */
const batchPosts = 128;

/** Takes posts in as a file, and says which are held then. */
function imported(room: RoomId, posts: readonly Post[], limits: Partial<Limits> = {}): Post[] {
  const engine = new LoneEngine({ crypto, identity, limits });
  assert(engine.command({ type: "join", room: "lobby" }).ok);
  for (let at = 0; at < posts.length; at += batchPosts) {
    const some = posts.slice(at, at + batchPosts);
    assert(engine.command({ type: "import", posts: some }).ok);
  }
  const held = posts.filter(({ id }) => engine.store.has(id));
  // A room that was closed opens with all that was taken in.
  assert(engine.command({ type: "join", room: room === closed ? "kitchen" : "lobby" }).ok);
  return held;
}

/** Goes through both: a room that is open, as a program may have it, and one that is not. */
function inBothRooms(check: (room: RoomId) => void): void {
  for (const room of [ann.room, closed]) check(room);
}

/** So many posts of a branch, each naming the one before it. */
function branch(room: RoomId, name: string, from: number, to: number, before?: Post): Post[] {
  const posts: Post[] = [];
  for (const seq of count(from, to)) {
    const previous = posts.at(-1)?.id ?? before?.id ?? null;
    posts.push(ann.text(seq, name, { previous, room }));
  }
  return posts;
}

Deno.test("logsPerKnownMax: of one key a file brings no more logs, in one batch or many", () => {
  inBothRooms((room) => {
    const log = () => sampleId<LogId>(rng, 8);
    const posts = count(1, 300).map(() => ann.text(1, "x", { room, log: log() }));
    assertEquals(imported(room, posts, { logsPerKnownMax: 200 }), posts.slice(0, 200));
    assertEquals(imported(room, posts, { logsPerAuthorMax: 2 }), posts, "all are named by a file");
  });
});

Deno.test("rangesPerLogMax: a log of a file is held in no more pieces, in one batch or many", () => {
  inBothRooms((room) => {
    const posts = count(1, 300).map((n) => ann.text(2 * n, "x", { room }));
    assertEquals(imported(room, posts, { rangesPerLogMax: 200 }), posts.slice(0, 200));
  });
});

Deno.test("branchesMax: a file brings no more branches of a log, in one batch or many", () => {
  inBothRooms((room) => {
    const trunk = branch(room, "trunk", 1, 3);
    const ends = count(1, 200).map((n) => branch(room, `${n}`, 4, 4, trunk[2])[0]!);
    const held = imported(room, [...trunk, ...ends]);
    assertEquals(held.length, trunk.length + defaultLimits.branchesMax);
  });
});

Deno.test("an export with as many branches as are kept comes in whole, oldest or newest first", () => {
  inBothRooms((room) => {
    const trunk = branch(room, "trunk", 1, 3);
    const branches = count(1, defaultLimits.branchesMax).map((n) =>
      branch(room, `${n}`, 4, 150, trunk[2])
    );
    const inTurn = count(0, 146).flatMap((at) => branches.map((posts) => posts[at]!));
    for (const posts of [[...trunk, ...branches.flat()], [...trunk, ...inTurn]]) {
      assertEquals(imported(room, posts).length, posts.length);
      assertEquals(imported(room, posts.toReversed()).length, posts.length);
    }
  });
});

Deno.test("a private room takes of a file what its members have said, and whoever an act of it names", () => {
  for (const order of ["as exported", "newest first"] as const) {
    for (const isOpen of [true, false]) {
      const network = new PrivateNetwork(7, ["ann", "bo", "cy", "eve"]);
      const [ann, bo, cy, eve] = network.peers as [
        typeof network.peers[0],
        ...typeof network.peers,
      ];
      for (const other of [bo!, cy!]) network.link(ann, other);
      const room = ann.found("Club");
      assert(ann.invite(room, cy!).ok);
      network.pass(2_000);
      // Of all that follows cy hears by the file alone.
      cy!.cutFrom(ann);
      assert(ann.invite(room, bo!).ok);
      network.pass(2_000);
      assert(bo!.say(room, "hello").ok);
      network.pass(2_000);
      if (!isOpen) assert(cy!.command({ type: "leave", room: `~${room}` }).ok);
      const exported = ann.posts(room);
      const forged = signPost(
        { ...exported.at(-1)!, author: eve!.me },
        eve!.keys.secretKey,
        network.crypto,
      );
      const inOrder = order === "as exported" ? exported : exported.toReversed();
      assert(cy!.command({ type: "import", posts: [forged, ...inOrder] }).ok);
      const lacks = exported.filter(({ id }) => !cy!.store.has(id));
      assertEquals([lacks, cy!.store.has(forged.id)], [[], false], `${order}, open: ${isOpen}`);
    }
  }
});
