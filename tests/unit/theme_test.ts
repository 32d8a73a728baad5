import { assert, assertEquals } from "@std/assert";
import { bareTheme, nameColour, themeOf, wantsColours } from "../../ui/theme.ts";
import type { PeerId } from "../../wire/ids.ts";
import { seededRng } from "../rng.ts";
import { peerId } from "./fake_chat.ts";

Deno.test("nameColour() gives every key one of the palette's colours, all about as often", () => {
  const rng = seededRng(7);
  const seen = new Map<number, number>();
  for (let n = 0; n < 2_200; n++) {
    const key = Uint8Array.from({ length: 32 }, () => rng.next() * 256).toHex() as PeerId;
    const colour = nameColour(key);
    assertEquals(nameColour(key), colour);
    seen.set(colour, (seen.get(colour) ?? 0) + 1);
  }
  const colours = [...seen.keys()].sort((a, b) => a - b);
  assertEquals(colours.join(" "), "31 32 33 35 36 91 92 93 94 95 96");
  for (const times of seen.values()) assert(times > 120 && times < 290, `${times} of 200`);
});

Deno.test("themeOf() begins a look and ends it, and colours nothing where colours are not wanted", () => {
  const bo = peerId("b");
  const bright = themeOf({ colour: true, ascii: false });
  assertEquals(bright.paint("time", "12:41"), "\x1b[90m12:41\x1b[0m");
  assertEquals(bright.name(bo, "bo"), `\x1b[${nameColour(bo)}mbo\x1b[0m`);
  assertEquals(bright.paint("failed", ""), "");
  const grey = themeOf({ colour: false, ascii: true });
  const roles = [
    "title",
    "urgent",
    "time",
    "mention",
    "failed",
    "announcement",
    "private",
  ] as const;
  for (const role of roles) {
    const painted = grey.paint(role, "x");
    // Bold, faint, underlined and reverse are no colours.
    // deno-lint-ignore no-control-regex -- the sequence is what it looks for
    assert(/^\x1b\[[1247](;[1247])*mx\x1b\[0m$/.test(painted), role);
  }
  assertEquals(grey.name(bo, "bo"), "bo");
  assertEquals(bareTheme.paint("failed", "x") + bareTheme.name(bo, "y"), "xy");
});

Deno.test("themeOf() has ASCII signs for terminals that would draw others two columns wide", () => {
  const ascii = themeOf({ colour: true, ascii: true });
  const drawn = themeOf({ colour: true, ascii: false });
  assertEquals([ascii.ambiguousIsWide, drawn.ambiguousIsWide], [true, false]);
  for (const [name, sign] of Object.entries(ascii.signs)) {
    assert(/^[\x21-\x7e]+$/.test(sign), name);
    assertEquals(sign.length, name === "held" ? 2 : 1, name);
  }
  for (const [name, sign] of Object.entries(drawn.signs)) {
    assertEquals([...sign].length, name === "held" ? 2 : 1, name);
  }
});

Deno.test("wantsColours() follows --color, then NO_COLOR, TERM and whether a person reads", () => {
  const person = { isTerminal: true, noColor: undefined, term: "xterm" };
  assertEquals(wantsColours("auto", person), true);
  assertEquals(wantsColours("auto", { ...person, term: undefined }), true);
  assertEquals(wantsColours("auto", { ...person, noColor: "1" }), false);
  assertEquals(wantsColours("auto", { ...person, noColor: "" }), true);
  assertEquals(wantsColours("auto", { ...person, term: "dumb" }), false);
  assertEquals(wantsColours("auto", { ...person, isTerminal: false }), false);
  const pipe = { isTerminal: false, noColor: "1", term: "dumb" };
  assertEquals(wantsColours("always", pipe), true);
  assertEquals(wantsColours("never", person), false);
});
