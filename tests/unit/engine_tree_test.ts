/** The tree of a room as neighbours see it: what an engine sends to whom, and says about it. */

import { assertEquals } from "@std/assert";
import { type LogId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { markOf } from "../../wire/mark.ts";
import type { Post } from "../../wire/post.ts";
import { publicRoomId } from "../../wire/text.ts";
import { LoneEngine, loneEpochMs, type TestNeighbour } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";
import { relayed, samplePost } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const { wideMs, wideMsMin, wideSettleMs, announceMs } = defaultLimits;
const crypto = seededCrypto(311);
const rng = seededRng(311);
const author = crypto.generateEd25519();
const room = publicRoomId("lobby", crypto);
const log = toId<LogId>(new Uint8Array(8).fill(6));
let seq = 0;

/** The next post of somebody. */
function post(): Post {
  return samplePost(rng, author, crypto, { room, log, seq: ++seq, ms: loneEpochMs });
}

/** An engine in a room with 4 neighbours, of whom the last is lazy; its first post is said. */
function begin(): { engine: LoneEngine; neighbours: TestNeighbour[] } {
  const engine = new LoneEngine({ crypto, identity: crypto.generateEd25519() });
  engine.command({ type: "join", room: "lobby" });
  const neighbours = Array.from({ length: 4 }, () => engine.link());
  for (const neighbour of neighbours) neighbour.enter(room);
  neighbours[3]!.say({ type: "prune", room });
  engine.pass(wideMs);
  for (const { heard } of neighbours) heard.length = 0;
  return { engine, neighbours };
}

/** The posts that each has been sent since the last look: `+` if wide, and the hops. */
function sent(neighbours: readonly TestNeighbour[]): string[] {
  return neighbours.map((neighbour) => {
    const posts = neighbour.heardOf("posts").flatMap((message) => message.posts);
    neighbour.heard.length = 0;
    return posts.map(({ hops, wide }) => `${wide === true ? "+" : ""}${hops}`).join();
  });
}

Deno.test("Engine: an own post goes to all every wideMs, and in between to the eager", () => {
  const { engine, neighbours } = begin();
  const say = () =>
    engine.command({ type: "say", room: "lobby", kind: "text", text: "hello", reply: null });
  say();
  assertEquals(sent(neighbours), ["+1", "+1", "+1", "+1"]);
  say();
  assertEquals(sent(neighbours), ["1", "1", "1", ""]);
  engine.pass(announceMs);
  assertEquals(neighbours[3]!.heardOf("ihave").flatMap(({ marks }) => marks).length, 1);
  engine.pass(wideMs);
  say();
  assertEquals(sent(neighbours), ["+1", "+1", "+1", "+1"]);
});

Deno.test("Engine: a post that comes to go to all goes on to all, and its way is grafted", () => {
  const { engine, neighbours } = begin();
  const [ann, bo, , lazy] = neighbours;
  const first = post();
  lazy!.say({ type: "posts", room, posts: [relayed(first, 3, true)] });
  assertEquals(lazy!.heardOf("graft"), [{ type: "graft", room, marks: [] }]);
  assertEquals(sent(neighbours), ["+4", "+4", "+4", ""]);
  ann!.say({ type: "posts", room, posts: [relayed(first, 5, true)] });
  engine.pass(wideSettleMs - 1);
  assertEquals(ann!.heardOf("prune"), []);
  engine.pass(1);
  assertEquals(ann!.heardOf("prune"), [{ type: "prune", room }]);
  sent(neighbours);
  const second = post();
  bo!.say({ type: "posts", room, posts: [relayed(second, 1, true)] });
  assertEquals(sent(neighbours), ["", "", "2", "2"], "so soon it is a post like any other");
  engine.pass(announceMs);
  assertEquals(ann!.heardOf("ihave"), [{ type: "ihave", room, marks: [markOf(second.id)] }]);
  engine.pass(wideMsMin);
  bo!.say({ type: "posts", room, posts: [relayed(post(), 1, true)] });
  assertEquals(sent(neighbours), ["+2", "", "+2", "+2"]);
  engine.pass(wideMsMin);
  sent(neighbours);
  bo!.say({ type: "posts", room, posts: [relayed(post(), 1)] });
  assertEquals(sent(neighbours), ["", "", "2", "2"], "one that came to the eager alone");
});
