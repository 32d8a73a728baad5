/**
 * The NDJSON interface under fire: the splitter of lines beside a slow twin, and the whole
 * face on a chat without a network. Each line of input has one answer, every answer is one
 * line of JSON, and no fault of the program is reported.
 */

import { assert, assertEquals } from "@std/assert";
import { type InputLine, LineSplitter } from "../../ui/input_lines.ts";
import { Ndjson } from "../../ui/ndjson.ts";
import { Output } from "../../ui/output.ts";
import { randomBelow, randomSplit, seededRng } from "../rng.ts";
import { FakeChat, postId } from "../unit/fake_chat.ts";
import { FakeTerminal } from "../unit/fake_terminal.ts";
import { englishOnly } from "../unit/running_face.ts";
import type { Run, Target } from "./target.ts";

const lineEnd = Uint8Array.of(10);
/** A limit that inputs of a few hundred bytes come by. */
const shortLineBytesMax = 90;

/** The lines of input that is all there. */
function slowLines(input: Uint8Array, bytesMax: number): InputLine[] {
  const lines: number[][] = [[]];
  for (const byte of input) {
    if (byte === 10) lines.push([]);
    else lines.at(-1)!.push(byte);
  }
  if (lines.at(-1)!.length === 0) lines.pop();
  return lines.map((bytes, i): InputLine => {
    if (bytes.at(-1) === 13) bytes.pop();
    if (bytes.length > bytesMax) return { number: i + 1, problem: "too-long" };
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
    const isUtf8 = new TextEncoder().encode(text).toHex() === Uint8Array.from(bytes).toHex();
    if (!isUtf8) return { number: i + 1, problem: "not-utf8" };
    return { number: i + 1, text: i === 0 ? text.replace(/^\ufeff/, "") : text };
  });
}

function splitLines(input: Uint8Array, bytesMax: number): InputLine[] {
  const splitter = new LineSplitter(bytesMax);
  const rng = seededRng(input.length);
  const pieces = randomSplit(rng, input, 1 + randomBelow(rng, 50));
  const lines = pieces.flatMap((piece) => splitter.push(piece));
  const last = splitter.end();
  return last === null ? lines : [...lines, last];
}

class NdjsonRun implements Run {
  readonly #terminal = new FakeTerminal();
  readonly #splitter: LineSplitter;
  readonly #output: Output;
  readonly #face: Ndjson;
  #fault: unknown = null;

  constructor() {
    const onFault = (error: unknown) => this.#fault ??= error;
    this.#output = new Output(this.#terminal, "stdout", onFault);
    const chat = new FakeChat();
    const setting = { chat, preferences: englishOnly(), output: this.#output, web: null };
    this.#face = new Ndjson({ ...setting, quit: () => {}, onFault });
    this.#splitter = new LineSplitter(this.#face.lineBytesMax);
    this.#face.start();
  }

  check(input: Uint8Array): void {
    for (const bytesMax of [shortLineBytesMax, this.#face.lineBytesMax]) {
      assertEquals(splitLines(input, bytesMax), slowLines(input, bytesMax));
    }
  }

  async feed(input: Uint8Array): Promise<string> {
    const lines = [...this.#splitter.push(input.slice()), ...this.#splitter.push(lineEnd)];
    await this.#output.drained();
    this.#terminal.stdout = "";
    for (const line of lines) await this.#face.input(line);
    await this.#face.settled();
    await this.#output.drained();
    assertEquals(this.#fault, null);
    const asked = lines.filter((line) => "problem" in line || line.text.trim() !== "").length;
    const answers = this.#terminal.stdout.split("\n").slice(0, -1).map(readAnswer);
    const given = answers.filter((answer) => answer !== "").length;
    assertEquals(given, asked, this.#terminal.stdout);
    return [...new Set(answers)].slice(0, 5).join(", ");
  }
}

/** The outcome in an answer; empty for lines that are none. */
function readAnswer(line: string): string {
  const value = JSON.parse(line) as Readonly<Record<string, unknown>>;
  assert(typeof value.type === "string", line);
  if (value.type === "error") return `error ${value.code}`;
  if (value.type !== "result") return "";
  assertEquals(Object.hasOwn(value, "ref"), true);
  return value.ok === true ? `ok ${typeof value.data}` : `refused ${value.code}`;
}

const lines = [
  '{"ref":1,"type":"say","room":"lobby","text":"hello"}',
  `{"ref":"r","type":"say","room":"#Lobby","text":"\\u4f60\\ud83d\\ude00","reply":"${postId(1)}"}`,
  '{"type":"say","room":"lobby","text":"\\ud800"}',
  '{"ref":[1,{"a":null}],"type":"join","room":"garden"}',
  '{"ref":2,"type":"part","room":"garden"}',
  '{"ref":3,"type":"who","room":"lobby"}',
  '{"ref":4,"type":"connect","address":"10.0.0.5:9797"}',
  '{"ref":5,"type":"disconnect","peer":"abc"}',
  '{"ref":6,"type":"peers"}',
  '{"ref":6,"type":"rooms"}',
  '{"ref":6,"type":"search","query":"x y","room":null,"limit":3}',
  `{"ref":6,"type":"read","room":"lobby","id":"${postId(2)}"}`,
  `{"ref":7,"type":"history","room":"lobby","before":"${postId(2)}","limit":500}`,
  '{"ref":8,"type":"command","line":"/help"}',
  '{"ref":9,"type":"command","line":"/nick Bo"}',
  '{"ref":10,"type":"command","line":"//not a command"}',
  '{"ref":11,"type":"command","line":"/topic"}',
  '{"ref":12,"type":"command","line":"/last 5"}',
  '{"ref":13,"type":"command","line":"/away at lunch"}',
  '{"ref":14,"type":"command","line":"/quit"}',
  '{"ref":15,"type":"quit"}',
  '{"ref":16,"type":"direct","to":"x"}',
  '{"ref":17,"type":"sya"}',
  '{"ref":1e999,"type":"peers","__proto__":{"type":"quit"}}',
  "[1]",
  "null",
  "",
  "  ",
  "\ufeff{}",
  '{"type":"peers"}\r\n{"type":"peers"}\n{"type":"peers"}',
  `${"[".repeat(3_000)}${"]".repeat(3_000)}`,
];

export const ndjsonTarget: Target = {
  name: "ndjson",
  shape: "bytes",
  share: 3,
  inputsPerRun: 200,
  open: () => new NdjsonRun(),
  seeds: () => lines.map((line) => new TextEncoder().encode(line)),
};
