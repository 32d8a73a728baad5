import { assert, assertEquals } from "@std/assert";
import {
  closeFrame,
  FrameReader,
  pingFrame,
  pongFrame,
  type SocketEvent,
  textFrame,
} from "../../io/web/frames.ts";
import { clientFrame } from "../client_frame.ts";

const max = 1_000;

function read(...parts: readonly Uint8Array[]): SocketEvent[] {
  const reader = new FrameReader(max);
  return parts.flatMap((part) => reader.push(part));
}

const text = (words: string) => ({ type: "text", text: words }) as const;
const closed = (code: number) => ({ type: "close", code }) as const;

Deno.test("FrameReader: messages are read in any split", () => {
  const words = ["", "a", "é😀", "x".repeat(125), "y".repeat(126), "z".repeat(max)];
  const frames = words.map((each) => clientFrame(each));
  const whole = new Uint8Array(frames.flatMap((each) => [...each]));
  assertEquals(read(whole), words.map(text));
  assertEquals(read(...[...whole].map((byte) => new Uint8Array([byte]))), words.map(text));
  for (let at = 1; at < whole.length; at += 97) {
    assertEquals(read(whole.subarray(0, at), whole.subarray(at)), words.map(text), String(at));
  }
});

Deno.test("FrameReader: a message in pieces is one, with a ping between them", () => {
  const pieces = [
    clientFrame("ab", { opcode: 1, last: false }),
    clientFrame("", { opcode: 9 }),
    clientFrame("", { opcode: 0, last: false }),
    clientFrame("c", { opcode: 0 }),
  ];
  const ping = { type: "ping", payload: new Uint8Array(0) } as const;
  assertEquals(read(...pieces), [ping, text("abc")]);
});

Deno.test("FrameReader refuses what is too long by its announcement", () => {
  assertEquals(read(clientFrame("x".repeat(max + 1)).subarray(0, 8)), [closed(1009)]);
  const huge = new Uint8Array([0x81, 0xff, 0, 0, 0, 0, 4, 0, 0, 0]);
  assertEquals(read(huge), [closed(1009)]);
  const halves = [600, 600].map((length, n) =>
    clientFrame("x".repeat(length), { opcode: n === 0 ? 1 : 0, last: n === 1 })
  );
  assertEquals(read(...halves), [closed(1009)]);
});

Deno.test("FrameReader closes for whatever the protocol does not allow, and reads no more", () => {
  const plain = clientFrame("a");
  const unmasked = textFrame("a");
  const cases: readonly (readonly [Uint8Array, number])[] = [
    [unmasked, 1002],
    // A bit of an extension, such as compression, that nobody agreed on.
    [plain.map((byte, n) => n === 0 ? byte | 0x40 : byte), 1002],
    [clientFrame("a", { opcode: 2 }), 1003],
    [clientFrame("a", { opcode: 3 }), 1002],
    [clientFrame("a", { opcode: 0 }), 1002],
    [clientFrame("a", { opcode: 9, last: false }), 1002],
    [clientFrame("x".repeat(126), { opcode: 9 }), 1002],
    [clientFrame(new Uint8Array([0xff]), {}), 1007],
    [clientFrame(new Uint8Array([3, 0xe8]), { opcode: 8 }), 1000],
  ];
  for (const [frame, code] of cases) {
    assertEquals(read(frame, plain), [closed(code)], [...frame.subarray(0, 4)].join(" "));
  }
  const twoStarts = [1, 1].map((opcode) => clientFrame("a", { opcode, last: false }));
  assertEquals(read(...twoStarts), [closed(1002)]);
});

Deno.test("frames of the server have the shortest head and no mask", () => {
  assertEquals([...textFrame("ab")], [0x81, 2, 97, 98]);
  assertEquals([...textFrame("x".repeat(126)).subarray(0, 4)], [0x81, 126, 0, 126]);
  const long = textFrame("x".repeat(65_536));
  assertEquals([...long.subarray(0, 10)], [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
  assertEquals(long.length, 65_546);
  assertEquals([...pingFrame()], [0x89, 0]);
  assertEquals([...pongFrame(new Uint8Array([7]))], [0x8a, 1, 7]);
  assertEquals([...closeFrame(1001, "x")], [0x88, 3, 3, 0xe9, 120]);
  assert(closeFrame(1000, "").length === 4);
});
