import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { type Catalogue, catalogueOf } from "../../ui/catalogue.ts";
import { english } from "../../ui/catalogue_en.ts";
import { chinese } from "../../ui/catalogue_zh.ts";

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
    // @ts-expect-error a language that there is not
    const none = catalogueOf("de");
    return [part, more, other, none];
  };
  assertEquals(typeof mistakes, "function");
});

/** A text of both languages: what it is called, and what it says with some values. */
interface Said {
  readonly key: string;
  /** It takes no values. */
  readonly plain: boolean;
  readonly english: string;
  readonly chinese: string;
}

/**
 * Values for the arguments of a sentence. Numbers stand for texts too, so that what a
 * sentence mentions can be found again in any language.
 */
const values = [70_001, 80_002, 90_003, 130_004, 150_005, 170_006, 190_007];

/** All texts, those with arguments with several values: numbers, and none in each place. */
function* sayings(one: unknown, other: unknown, key: string): Generator<Said> {
  if (typeof one === "string") {
    yield { key, plain: true, english: one, chinese: String(other) };
  } else if (typeof one === "function") {
    const lists = key.endsWith(".dropped");
    const all: readonly (readonly unknown[])[] = lists ? [[80_002, [["disk", 70_001]]]] : [
      values,
      ...values.slice(0, one.length).flatMap((_, at) => [
        values.with(at, null as unknown as number),
        values.with(at, "" as unknown as number),
        values.with(at, 0),
        values.with(at, "out" as unknown as number),
      ]),
    ];
    for (const given of all) {
      const [english, chinese] = [one, other].map((text) => {
        try {
          return (text as (...given: readonly unknown[]) => string)(...given);
        } catch (error) {
          // A value of a type that this sentence does not take.
          if (error instanceof TypeError) return null;
          throw error;
        }
      });
      assertEquals(english === null, chinese === null, key);
      if (english != null && chinese != null) yield { key, plain: false, english, chinese };
    }
  } else {
    assert(typeof one === "object" && one !== null && typeof other === "object" && other !== null);
    assertEquals(Object.keys(one), Object.keys(other), `${key}: the keys and their order`);
    for (const [inner, value] of Object.entries(one)) {
      if (key === "" && ["language", "day", "dateTime", "errors", "reason"].includes(inner)) {
        continue;
      }
      yield* sayings(value, (other as Record<string, unknown>)[inner], `${key}.${inner}`);
    }
  }
}

/** Numbers as they stand in a sentence, sorted: sentences put them where their language does. */
function numbersIn(text: string): string[] {
  return (text.match(/\d+/g) ?? []).sort();
}

Deno.test("Catalogue sentences are single lines without marks of a template gone wrong", () => {
  for (const { key, plain, english: one, chinese: other } of sayings(english, chinese, "")) {
    for (const text of [one, other]) {
      assertEquals(/\n|\$\{|undefined|\[object/.test(text), false, key);
      assertEquals(plain && /\s$/.test(text), false, key);
      assertNotEquals(text, "", key);
    }
  }
});

Deno.test("Catalogue in Chinese mentions what the English one does", () => {
  for (const { key, english: one, chinese: other } of sayings(english, chinese, "")) {
    assertEquals(numbersIn(other), numbersIn(one), `${key}: ${one} / ${other}`);
  }
});

Deno.test("Catalogue in Chinese leaves nothing in English", () => {
  // Options, addresses and codes are the same in all languages.
  const same =
    /^(\.usage\.in(Option|File)|\.(addressLine|action|quote|net\.(besides|copies|queued)))$/;
  for (const { key, english: one, chinese: other } of sayings(english, chinese, "")) {
    if (same.test(key)) continue;
    assertNotEquals(one, other, key);
    assert(/\p{Script=Han}/u.test(other), `${key}: ${other}`);
  }
});

Deno.test("Catalogue counts one and many", () => {
  assertEquals(english.exported(1, "f"), "wrote 1 post to f");
  assertEquals(english.exported(2, "f"), "wrote 2 posts to f");
  assertEquals(english.exported(0, "f"), "wrote 0 posts to f");
  assertEquals(
    english.dialFailed("h:1", "refused", 5_000),
    "cannot reach h:1: refused; next try in 5 s",
  );
  assertEquals(english.dialFailed("h:1", "refused", 300_000).endsWith("5 min"), true);
});

Deno.test("Catalogue writes dates as each language does", () => {
  const ms = new Date(2026, 10, 20, 12, 41, 7).getTime();
  assertEquals(english.day(ms), "Friday 20 November 2026");
  assertEquals(chinese.day(ms), "2026年11月20日星期五");
  assertEquals(english.dateTime(ms), "20 Nov 2026, 12:41:07");
  assertEquals(chinese.dateTime(ms), "2026年11月20日 12:41:07");
});
