/** The silence of a start: nothing is signed for it, and nothing is missing once it ends. */

import { assertEquals } from "@std/assert";
import type { Command } from "../../peer/input.ts";
import { decodePost } from "../../wire/post.ts";
import { decodeBody } from "../../wire/post_body.ts";
import { publicRoomId } from "../../wire/text.ts";
import { LoneEngine, loneEpochMs } from "../lone_engine.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const silentMs = 100;
const crypto = seededCrypto(327);
const lobby = publicRoomId("lobby", crypto);
const hello: Command = { type: "say", room: "lobby", kind: "text", text: "hello", reply: null };

/** An engine that has opened the lobby in silence, 5 ms after its start. */
function silent() {
  let signatures = 0;
  const counting: typeof crypto = {
    ...crypto,
    sign: (secretKey, message) => {
      signatures++;
      return crypto.sign(secretKey, message);
    },
  };
  const identity = crypto.generateEd25519();
  const engine = new LoneEngine({ crypto: counting, identity, direct: true, silentMs });
  engine.advance(5);
  assertEquals(engine.command({ type: "join", room: "lobby" }), { ok: true, id: null });
  return { engine, signatures: () => signatures };
}

/** What is stored of its own, oldest first: what kind, and how many milliseconds after the start. */
function stored({ store, me }: LoneEngine): [string, number][] {
  const posts = store.newest(lobby, 10).map((post) => decodePost(post, crypto));
  return posts.filter(({ author }) => author === me)
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ kind, body, time }) => [decodeBody(kind, body)!.kind, time.ms - loneEpochMs]);
}

Deno.test("Engine: a start signs and stores nothing before its silence ends by itself", () => {
  const { engine, signatures } = silent();
  engine.pass(silentMs - 6);
  assertEquals([signatures(), stored(engine)], [0, []]);
  assertEquals(engine.engine.deadlineMs, silentMs);
  engine.pass(1);
  // As of the moment at which the room was opened.
  assertEquals(stored(engine), [["profile", 5]]);
  assertEquals(signatures(), 2, "the profile, and that we are here");
  engine.pass(1);
  assertEquals([signatures(), stored(engine).length], [2, 1]);
});

Deno.test("Engine: who says something in the silence of a start is introduced before", () => {
  const { engine } = silent();
  engine.advance(1);
  engine.command(hello);
  assertEquals(stored(engine), [["profile", 5], ["text", 6]]);
  engine.pass(silentMs);
  engine.command({ type: "join", room: "other" });
  assertEquals(stored(engine).length, 2);
});

Deno.test("Engine: whoever is linked in the silence of a start is told who we are", () => {
  const { engine } = silent();
  const neighbour = engine.link();
  neighbour.enter(lobby);
  assertEquals(stored(engine), [["profile", 5]]);
  const names = neighbour.heardOf("presence").flatMap(({ presences }) => presences);
  assertEquals(names.length, 1);
});

Deno.test("Engine: whoever leaves in the silence of a start has said nothing", () => {
  const { engine } = silent();
  assertEquals(engine.command({ type: "quit" }).ok, true);
  assertEquals(stored(engine), []);
});

Deno.test("Engine: where the disk fails as the silence of a start ends, the profile comes later", () => {
  const { engine } = silent();
  engine.diskFails = true;
  engine.pass(silentMs);
  assertEquals(stored(engine), []);
  engine.diskFails = false;
  engine.pass(60_000);
  assertEquals(stored(engine).map(([kind]) => kind), ["profile"]);
});
