import { assertEquals } from "@std/assert";
import { mentionOf } from "../../ui/mention.ts";

Deno.test("mentionOf() finds a name as a whole word, in any case and width", () => {
  const ann = mentionOf("ann");
  for (const text of ["ann", "Ann: hi", "hi ANN!", "(ann)", "ａｎｎ", "你好ann你好", "a\nann\nb"]) {
    assertEquals(ann(text), !/你好/.test(text), text);
  }
  for (const text of ["", "banner", "ann_", "annie", "ann2", "joann"]) {
    assertEquals(ann(text), false, text);
  }
});

Deno.test("mentionOf() finds a name in a script without spaces anywhere", () => {
  const ming = mentionOf("小明");
  assertEquals(["小明", "你好小明吗", "@小明 hi"].map(ming), [true, true, true]);
  assertEquals(["小 明", "小"].map(ming), [false, false]);
});

Deno.test("mentionOf() takes a name for letters, not for a pattern, and an empty one for nobody", () => {
  assertEquals(mentionOf("a.b")("axb"), false);
  assertEquals(mentionOf("a.b (c)")("hi a.b (c)"), true);
  assertEquals([mentionOf("")("x"), mentionOf("  ")("  ")], [false, false]);
});
