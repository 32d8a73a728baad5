/** Of whom people have been told that posts are held back. */

import { assertEquals } from "@std/assert";
import { HeldBack } from "../../peer/held_back.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { peerId } from "./fake_chat.ts";

const [ann, bo, cy] = [peerId("a"), peerId("b"), peerId("c")];

Deno.test("HeldBack tells of an author once, until more is asked for", () => {
  const heldBack = new HeldBack(defaultLimits);
  const tell = () => [ann, bo, ann].map((author) => heldBack.tellOnce(author));
  assertEquals(tell(), [true, true, false]);
  assertEquals(tell(), [false, false, false]);
  heldBack.clear();
  assertEquals(tell(), [true, true, false]);
});

Deno.test("heldBackToldMax: of more authors people are told again", () => {
  const heldBack = new HeldBack({ ...defaultLimits, heldBackToldMax: 2 });
  const told = [ann, bo, cy, bo, ann].map((author) => heldBack.tellOnce(author));
  assertEquals(told, [true, true, true, false, true]);
});
