/** Names that look the same have one skeleton, and those that do not have others. */

import { assertEquals, assertNotEquals } from "@std/assert";
import { skeleton } from "../../peer/look_alike.ts";

Deno.test("skeleton: names that are drawn alike have one skeleton", () => {
  const alike: readonly (readonly [string, ...string[]])[] = [
    [
      "paul",
      "Paul",
      "PAUL",
      "раul",
      "pаu1",
      "p a u l",
      "pau\u200bl",
      "ｐａｕｌ",
      "PΑUL",
      "pau|",
      "pauӏ",
    ],
    ["Moritz", "Мoritz", "rnoritz", "MΟRITZ", "m0ritz"],
    ["william", "vviIIiam", "ԝilliam", "WILLIAM"],
    ["scope", "ѕсоре", "ЅСОРЕ"],
    ["Hana", "Нana", "HΑNA", "ΗANA"],
    ["bo", "Вo", "ВО", "b0"],
    ["你好", "你 好"],
  ];
  for (const [name, ...others] of alike) {
    for (const other of others) assertEquals(skeleton(other), skeleton(name), `${other} ${name}`);
  }
});

Deno.test("skeleton: names that a reader tells apart have others", () => {
  const names = [
    "paul",
    "paula",
    "pavl",
    "bo",
    "po",
    "zoë",
    "zoe",
    "你好",
    "您好",
    "Дима",
    "Μαρία",
    "ab",
  ];
  assertEquals(new Set(names.map(skeleton)).size, names.length);
  for (const name of names) assertNotEquals(skeleton(name), "");
  assertEquals(skeleton("\u200b \u2060"), "");
});
