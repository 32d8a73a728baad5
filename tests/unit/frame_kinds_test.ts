/** What lookers-on leave undecoded holds nothing that they look for. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { encodeMessage } from "../../wire/message_encode.ts";
import { frameFinder } from "../frame_kinds.ts";
import { seededRng } from "../rng.ts";
import { sampleMessages } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

Deno.test("frameFinder finds every message of its kinds, and seldom another", () => {
  const crypto = seededCrypto(171);
  const samples = Array.from(
    { length: 20 },
    (_, i) => sampleMessages(seededRng(i), crypto.generateEd25519(), crypto),
  ).flat();
  const kinds = ["brief", "posts", "page", "goodbye"] as const;
  for (const kind of kinds) {
    const finds = frameFinder(samples.find(({ type }) => type === kind)!);
    const wrong = samples.filter((message) => {
      const found = finds(Uint8Array.of(0x80, ...encodeMessage(message), 0x80));
      if (message.type === kind) assert(found, kind);
      return found && message.type !== kind;
    });
    assertLess(wrong.length, samples.length / 10, `${kind}: ${wrong.map(({ type }) => type)}`);
  }
  assertEquals(frameFinder(samples[0]!)(new Uint8Array(0)), false);
});
