import { assert, assertEquals } from "@std/assert";
import { Names } from "../../ui/names.ts";
import { screenLimits } from "../../ui/screen_limits.ts";
import { peerId } from "./fake_chat.ts";

Deno.test("Names.shown() puts key tags on a name that two people share", () => {
  const names = new Names(peerId("a"));
  assertEquals(names.shown(peerId("3f2a1"), "bo"), "bo");
  assertEquals(names.shown(peerId("3f2b"), "bo"), "bo·3f2b");
  assertEquals(names.shown(peerId("3f2a1"), "bo"), "bo·3f2a");
  // Renamed, they need none any more.
  assertEquals(names.shown(peerId("3f2b"), "bob"), "bob");
  assertEquals(names.shown(peerId("3f2a1"), "bo"), "bo");
});

Deno.test("Names.shown() takes more digits where the first are the same", () => {
  const names = new Names(peerId("a"));
  names.shown(peerId("3f2a55a"), "bo");
  assertEquals(names.shown(peerId("3f2a55b"), "bo"), "bo·3f2a55b");
});

Deno.test("Names.shown() sees through width, case and what is invisible", () => {
  const names = new Names(peerId("a"));
  names.shown(peerId("1"), "bo");
  for (
    const [key, same] of [["2", "BO"], ["3", "b\u200Bo"], ["4", "ｂｏ"], ["5", "b o"]] as const
  ) {
    assert(names.shown(peerId(key), same).includes("·"), same);
  }
});

Deno.test("Names.shown() marks a name that imitates a tag, and one that is unknown", () => {
  const names = new Names(peerId("a"));
  assertEquals(names.shown(peerId("9c1e"), "bo·3f2a"), "bo·3f2a·9c1e");
  assertEquals(names.shown(peerId("9c1e"), ""), "·9c1e");
  assertEquals(names.shown(peerId("9c1e"), "x\x1b[1m"), "x␛[1m");
  assertEquals(names.known(peerId("9c1e")), "x␛[1m");
  assertEquals(names.known(peerId("77")), "·7700");
});

Deno.test("Names forgets the longest unseen beyond its limit, never the own name", () => {
  const names = new Names(peerId("a"));
  names.shown(peerId("a"), "ann");
  names.shown(peerId("b"), "bo");
  for (let n = 0; n < screenLimits.namesKnownMax; n++) {
    names.shown(peerId(n.toString(16).padStart(8, "0")), `n${n}`);
  }
  assertEquals(names.shown(peerId("c"), "bo"), "bo");
  assertEquals(names.shown(peerId("c"), "ann"), "ann·cccc");
});
