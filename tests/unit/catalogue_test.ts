import { assertEquals } from "@std/assert";
import { type Catalogue, catalogueOf } from "../../ui/catalogue.ts";
import { english } from "../../ui/catalogue_en.ts";

Deno.test("Catalogue refuses to compile with a wrong argument, an unknown or a missing key", () => {
  const english = catalogueOf("en");
  assertEquals(english.tookBack("bo", "#lobby"), "bo took back a post in #lobby");
  const mistakes = () => {
    // @ts-expect-error an unknown key
    english.tookBak("bo", "#lobby");
    // @ts-expect-error a missing argument
    english.tookBack("bo");
    // @ts-expect-error an argument of a wrong type
    english.undelivered("3");
    // @ts-expect-error a text that takes no arguments
    english.waitingForever();
    // @ts-expect-error a catalogue without most of its keys
    const part: Catalogue = { leaveHint: "要离开吗？/quit" };
    // @ts-expect-error a key that English does not have
    const more: Catalogue = { ...english, more: "more" };
    // @ts-expect-error a sentence that wants another argument
    const other: Catalogue = { ...english, youAre: (name: number) => String(name) };
    return [part, more, other];
  };
  assertEquals(typeof mistakes, "function");
});

Deno.test("Catalogue sentences are single lines without marks of a template gone wrong", () => {
  const check = (value: unknown, key: string): void => {
    if (typeof value === "object" && value !== null) {
      for (const [inner, each] of Object.entries(value)) check(each, `${key}.${inner}`);
    } else if (typeof value === "string") {
      assertEquals(/\n|\$\{|undefined|\s$/.test(value), false, key);
      assertEquals(value === "", false, key);
    }
  };
  check(english, "english");
});

Deno.test("Catalogue counts one and many", () => {
  assertEquals(english.exported(1, "f"), "wrote 1 post to f");
  assertEquals(english.exported(2, "f"), "wrote 2 posts to f");
  assertEquals(
    english.dialFailed("h:1", "refused", 5_000),
    "cannot reach h:1: refused; next try in 5 s",
  );
  assertEquals(english.dialFailed("h:1", "refused", 300_000).endsWith("5 min"), true);
});
