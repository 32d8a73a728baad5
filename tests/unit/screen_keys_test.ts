import { assert, assertEquals } from "@std/assert";
import { actionOf } from "../../ui/screen/bindings.ts";
import { type Key, KeyDecoder } from "../../ui/screen/keys.ts";
import { screenLimits } from "../../ui/screen_limits.ts";
import { randomBelow, randomBytes, randomSplit, seededRng } from "../rng.ts";

const encoder = new TextEncoder();

function decode(...pieces: readonly (string | Uint8Array)[]): Key[] {
  const decoder = new KeyDecoder();
  return pieces.flatMap((piece) =>
    decoder.push(typeof piece === "string" ? encoder.encode(piece) : piece)
  );
}

/** Keys in short: `"text"`, `<name>`, `{paste}`. */
function short(keys: readonly Key[]): string {
  return keys.map((key) => {
    switch (key.type) {
      case "text":
        return key.text;
      case "paste":
        return `{${key.text}}`;
      case "cursor":
        return `<at ${key.column}>`;
      case "chord":
        return `<${key.chord}>`;
      case "key":
        return `<${[key.modifiers, key.key].filter((part) => part !== "").join("+")}>`;
    }
  }).join("");
}

const table: readonly (readonly [bytes: string, keys: string])[] = [
  ["hello 你好 👨‍👩‍👧", "hello 你好 👨‍👩‍👧"],
  ["\r", "<enter>"],
  ["\n", "<ctrl+j>"],
  ["\t\x1b[Z", "<tab><backtab>"],
  ["\x7f\x08", "<backspace><backspace>"],
  [
    "\x01\x05\x0b\x15\x17\x19\x12\x0c",
    "<ctrl+a><ctrl+e><ctrl+k><ctrl+u><ctrl+w><ctrl+y><ctrl+r><ctrl+l>",
  ],
  ["\x03\x04\x1a", "<ctrl+c><ctrl+d><ctrl+z>"],
  ["\x1b[A\x1b[B\x1b[C\x1b[D", "<up><down><right><left>"],
  ["\x1bOA\x1bOB\x1bOH\x1bOF", "<up><down><home><end>"],
  [
    "\x1b[1~\x1b[4~\x1b[7~\x1b[8~\x1b[3~\x1b[5~\x1b[6~",
    "<home><end><home><end><delete><pageup><pagedown>",
  ],
  ["\x1b[1;3D\x1b[1;3C\x1b[1;5D\x1b[1;2A", "<alt+left><alt+right><ctrl+left><shift+up>"],
  ["\x1b[5;5~\x1b[1;5F", "<ctrl+pageup><ctrl+end>"],
  ["\x1b1\x1b0\x1ba\x1bA\x1bb", "<alt+1><alt+0><alt+a><alt+a><alt+b>"],
  ["\x1b\r\x1b\x7f", "<alt+enter><alt+backspace>"],
  ["\x1b[200~a\r\nb\rc\nd\x1b[201~!", "{a\nb\nc\nd}!"],
  ["\x1b[200~\x1b[A\x03\x1b[20\x1b[201~", "{\x1b[A\x03\x1b[20}"],
  // A report of the mouse, a colour, a device's answer, a function key: nothing.
  ["a\x1b[<0;10;5Mb\x1b[?62;1cc\x1b[15~d\x1bOPe", "abcde"],
  ["\x1b[1;3R\x1b[12;80R", "<at 3><at 80>"],
  ["\x1b\x1b[A", "<escape><up>"],
  ["\x00\x1c\x1d\x1e\x1f\x80", ""],
];

Deno.test("KeyDecoder: keys of the table, whole and byte by byte", () => {
  for (const [bytes, expected] of table) {
    assertEquals(short(decode(bytes)), expected, JSON.stringify(bytes));
    const single = Array.from(encoder.encode(bytes), (byte) => Uint8Array.of(byte));
    assertEquals(short(decode(...single)), expected, `${JSON.stringify(bytes)} byte by byte`);
  }
});

Deno.test("KeyDecoder: everything at once in random splits gives the same keys", () => {
  const rng = seededRng(7);
  const all = table.map(([bytes]) => bytes).join("");
  const whole = short(decode(all));
  for (let round = 0; round < 200; round++) {
    assertEquals(short(decode(...randomSplit(rng, encoder.encode(all), 9))), whole);
  }
});

Deno.test("KeyDecoder: a lone ESC waits, and is the key once nothing follows", () => {
  const decoder = new KeyDecoder();
  assertEquals(decoder.push(encoder.encode("\x1b")), []);
  assert(decoder.waits);
  assertEquals(short(decoder.flush()), "<escape>");
  assert(!decoder.waits);
  assertEquals(decoder.flush(), []);
  decoder.push(encoder.encode("\x1b["));
  assertEquals(short(decoder.flush()), "<alt+[>");
  assertEquals(short(decoder.push(encoder.encode("A"))), "A");
});

Deno.test("KeyDecoder: bytes of no sense give no controls, and nothing grows", () => {
  const rng = seededRng(11);
  const decoder = new KeyDecoder();
  for (let round = 0; round < 2_000; round++) {
    const keys = decoder.push(randomBytes(rng, 1 + randomBelow(rng, 40)));
    for (const key of [...keys, ...round % 3 === 0 ? decoder.flush() : []]) {
      // deno-lint-ignore no-control-regex -- it looks for controls
      if (key.type === "text") assert(!/[\x00-\x1f\x7f-\x9f]/.test(key.text), key.text);
      if (key.type === "paste") assert(key.text.length <= screenLimits.draftCharactersMax + 1);
    }
  }
  // A sequence that never ends.
  const endless = new KeyDecoder();
  for (let i = 0; i < 100; i++) endless.push(encoder.encode(i === 0 ? "\x1b[" : "1;1;"));
  assertEquals(short(endless.push(encoder.encode("x"))).at(-1), "x");
});

Deno.test("KeyDecoder: a paste is cut at its limit, and its end still ends it", () => {
  const decoder = new KeyDecoder();
  decoder.push(encoder.encode("\x1b[200~"));
  const chunk = encoder.encode("x".repeat(10_000));
  for (let i = 0; i < 20; i++) assertEquals(decoder.push(chunk), []);
  const [paste, after] = decoder.push(encoder.encode("\x1b[201~z"));
  assertEquals(paste?.type === "paste" && paste.text.length, screenLimits.draftCharactersMax + 1);
  assertEquals(after, { type: "text", text: "z" });
});

Deno.test("actionOf(): Alt and a digit goes to that room, 0 to the tenth", () => {
  const rooms = [..."1234567890"].map((digit) =>
    actionOf({ type: "chord", chord: `alt+${digit}` })
  );
  assertEquals(rooms, Array.from({ length: 10 }, (_, room) => ({ do: "go" as const, room })));
  assertEquals(actionOf({ type: "chord", chord: "ctrl+q" }), null);
  assertEquals(actionOf({ type: "chord", chord: "constructor" }), null);
});
