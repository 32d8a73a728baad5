/** Leaving: whoever has said goodbye says nothing more to anybody. */

import { assertEquals } from "@std/assert";
import { publicRoomId } from "../../wire/text.ts";
import { LoneEngine } from "../lone_engine.ts";
import { plainChannels } from "../plain_channel.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(317);

Deno.test("Engine: who still shakes hands when it leaves is let in no more", () => {
  const engine = new LoneEngine({ crypto, identity: crypto.generateEd25519() });
  engine.command({ type: "join", room: "lobby" });
  const neighbour = engine.link();
  neighbour.enter(publicRoomId("lobby", crypto));
  const [late, direction, address] = [900, "in", "10.0.0.9:40900"] as const;
  engine.give({ type: "connected", connection: late, direction, address });
  engine.command({ type: "quit" });
  assertEquals(neighbour.heardOf("presence").at(-1)?.presences.length, 1);
  assertEquals([neighbour.heard.at(-1)?.type, neighbour.closed], ["goodbye", "leaving"]);

  const { opening } = plainChannels(neighbour.peer, (length) => new Uint8Array(length)).initiate();
  assertEquals(engine.give({ type: "received", connection: late, bytes: opening }), []);
  const dialled = engine.give({ type: "connected", connection: 901, direction: "out", address });
  assertEquals(dialled, [{ type: "close", connection: 901, reason: "leaving" }]);
});
