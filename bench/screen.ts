/**
 * The full screen: from start to the first frame, over a program that says hello; frames over
 * a stored history; and how long a key waits for its echo while others write. The terminal is
 * that of `script` (util-linux), so the program's own writes are timed, not a terminal's.
 */

import { Process } from "./process.ts";
import { median, type Row } from "./report.ts";

const root = new URL("../", import.meta.url).pathname;
const storedPosts = 20_000;
const linesPerSecond = 1_000;
const frameMark = "\x1b[?2026h";

/** A program on a terminal. */
class OnTerminal implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  #output = "";
  #waiter: { readonly text: string; readonly resolve: () => void } | null = null;

  constructor(...args: readonly string[]) {
    const command = [Deno.execPath(), "run", "-A", "--quiet", ...args].map((arg) => `'${arg}'`);
    this.#child = new Deno.Command("script", {
      args: ["-qefc", `exec ${command.join(" ")}`, "/dev/null"],
      cwd: root,
      env: { TERM: "xterm-256color", LANG: "C.UTF-8" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.#output = (this.#output + text).slice(-100_000);
      if (this.#waiter !== null && this.#output.includes(this.#waiter.text)) {
        this.#waiter.resolve();
        this.#waiter = null;
      }
    }
  }

  /** Resolves when the text comes, counted from now or from the start. */
  shows(text: string, fresh = false): Promise<void> {
    if (fresh) this.#output = "";
    if (this.#output.includes(text)) return Promise.resolve();
    return new Promise((resolve) => this.#waiter = { text, resolve });
  }

  async type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await this.#reading.catch(() => {});
    await this.#input.abort().catch(() => {});
  }
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function startMs(text: string, ...args: readonly string[]): Promise<number> {
  const beginMs = performance.now();
  await using program = new OnTerminal(...args);
  await program.shows(text);
  return performance.now() - beginMs;
}

/** A folder with a history of so many posts. */
async function fill(data: string): Promise<void> {
  const options = { data, name: "ann", peers: [], reportEvery: 1e9, limits: {} };
  await using ann = new Process("bench/programs/peer.ts", JSON.stringify(options));
  await ann.nextOf("ready");
  const said = ann.nextOf("said");
  await ann.write(`${storedPosts} some words that were said once, and a few more of them 你好`);
  await said;
}

async function starts(folder: string, rounds: number): Promise<Row> {
  const args = ["mod.ts", "--data", `${folder}/ann`, "--name", "ann", "--listen", "127.0.0.1:0"];
  await startMs(frameMark, ...args);
  const [hellos, peers]: [number[], number[]] = [[], []];
  for (let i = 0; i < rounds; i++) {
    hellos.push(await startMs("ready", "bench/programs/hello.ts"));
    peers.push(await startMs(frameMark, ...args));
  }
  return {
    name: "start to first frame ÷ hello world",
    value: median(peers.map((peer, i) => peer / (hellos[i] ?? NaN))),
    floor: 7,
    goal: 5,
    higher: false,
    detail: `${median(peers).toFixed(0)} ms of ${median(hellos).toFixed(0)} ms`,
  };
}

async function frames(folder: string, rounds: number): Promise<Row[]> {
  const [firsts, cpus, others]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < rounds; i++) {
    await using program = new Process("bench/programs/frames.ts", `${folder}/ann`);
    const { firstMs, firstCpuMs, further } = await program.nextOf("frames");
    firsts.push(firstMs);
    cpus.push(firstCpuMs);
    others.push(...further);
  }
  const worst = others.toSorted((a, b) => a - b)[Math.floor(others.length * 0.95)] ?? NaN;
  const stored = `${storedPosts} stored posts`;
  return [
    {
      name: "first frame, cold, in ms",
      value: median(firsts),
      floor: 10,
      goal: 10,
      higher: false,
      detail: `over ${stored}; ${median(cpus).toFixed(1)} ms of processor`,
    },
    {
      name: "further frame with a new line and a key, in ms",
      value: median(others),
      floor: 1,
      goal: 1,
      higher: false,
      detail: `over ${stored}; 95% under ${worst.toFixed(2)} ms`,
    },
  ];
}

/** Milliseconds until a key shows, while another peer says so many lines a second. */
async function echoes(folder: string, keys: number): Promise<Row> {
  const limits = { budgetBurst: 1e9, budgetPerSecond: 1e9, allowancePosts: 1e9 };
  await Deno.writeTextFile(`${folder}/config`, JSON.stringify({ limits }));
  const options = { data: `${folder}/cy`, name: "cy", peers: [], reportEvery: 1e9, limits: {} };
  await using cy = new Process("bench/programs/peer.ts", JSON.stringify(options));
  const { address } = await cy.nextOf("ready");
  const joined = cy.next((said) => said.type === "presence" && said.event === "join");
  await using screen = new OnTerminal(
    ...["mod.ts", "--ephemeral", "--name", "bo", "--no-listen", "--peer", address],
    ...["--config", `${folder}/config`],
  );
  await joined;
  let lines = 0;
  const beginMs = performance.now();
  const talk = setInterval(() => {
    const due = Math.floor((performance.now() - beginMs) / 1_000 * linesPerSecond) - lines;
    lines += due;
    if (due > 0) cy.write(`${due} words of a busy room`);
  }, 10);
  const waits: number[] = [];
  try {
    await screen.shows("words of a busy room");
    for (let i = 0; i < keys; i++) {
      const draft = String.fromCodePoint(0x4e00 + i);
      const shown = screen.shows(draft, true);
      const typedMs = performance.now();
      await screen.type(draft);
      await shown;
      waits.push(performance.now() - typedMs);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    clearInterval(talk);
  }
  const sorted = waits.toSorted((a, b) => a - b);
  const rate = lines / (performance.now() - beginMs) * 1_000;
  return {
    name: "echo of a key while others write, in ms, 95% of keys",
    value: sorted[Math.floor(keys * 0.95)] ?? NaN,
    floor: 50,
    goal: 20,
    higher: false,
    detail: `${rate.toFixed(0)} lines/s; median ${median(waits).toFixed(1)} ms, ` +
      `worst ${sorted.at(-1)?.toFixed(1)} ms`,
  };
}

/** Measures all of it. */
export function screen(rounds = 5): Promise<Row[]> {
  return inFolder(async (folder) => {
    await fill(`${folder}/ann`);
    return [
      await starts(folder, rounds),
      ...await frames(folder, rounds),
      await echoes(folder, 100),
    ];
  });
}
