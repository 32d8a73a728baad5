/**
 * A process of ours as an outside program starts and drives it: bytes in, lines of both
 * outputs out, signals, an exit code. It never outlives the test.
 */

import { deadlineMs } from "../within.ts";
import { Log } from "./log.ts";

const root = new URL("../../", import.meta.url).pathname;

/** What a process left behind. */
export interface Ending {
  readonly code: number;
  /** All of standard output. */
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start a process, where the default is not right. */
export interface StartOptions {
  /** Variables beside the inherited ones. */
  readonly env?: Record<string, string>;
  /** What to run instead of `deno run -A --quiet mod.ts`. */
  readonly command?: readonly string[];
}

/** What runs the program of this project. */
export const denoRun: readonly string[] = [Deno.execPath(), "run", "-A", "--quiet", "mod.ts"];

/**
 * Options of somebody whose words must arrive, however slow the machine is: it leaves as soon as
 * they have.
 */
export const patient: readonly string[] = ["--linger", "60"];

/** A running process. */
export class Program implements AsyncDisposable {
  /** Lines of standard output. */
  readonly out = new Log<string>();
  /** The last line of standard output as far as it has come: a question has no end of line. */
  readonly begun = new Log<string>();
  /** Lines of standard error. */
  readonly err = new Log<string>();
  /** Resolves when the process has ended and all it said was read. */
  readonly ended: Promise<Ending>;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output = new AbortController();
  #closed = false;

  /** Starts a process in the project's root. */
  constructor(args: readonly string[], options: StartOptions = {}) {
    const [command = "", ...rest] = [...options.command ?? denoRun, ...args];
    this.#child = new Deno.Command(command, {
      args: rest,
      cwd: root,
      env: { STARLING_DEBUG: "1", NO_COLOR: "1", LC_ALL: "C", ...options.env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.ended = this.#run();
  }

  /** Runs a process to its end, with all of its input at once. */
  static async run(
    args: readonly string[],
    input: string | Uint8Array = "",
    options: StartOptions = {},
  ): Promise<Ending> {
    await using program = new Program(args, options);
    await program.write(input);
    return await program.end();
  }

  /** The process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** What it has used of the processor, as the kernel of Linux counts it: in steps of 10 ms. */
  get processorMs(): number {
    const stat = Deno.readTextFileSync(`/proc/${this.pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** Whether it has ended. */
  get hasEnded(): boolean {
    return this.#closed;
  }

  async #run(): Promise<Ending> {
    const [stdout, stderr, { code }] = await Promise.all([
      readLines(this.#child.stdout, this.out, this.#output.signal, this.begun),
      readLines(this.#child.stderr, this.err, new AbortController().signal),
      this.#child.status,
    ]);
    this.#closed = true;
    const why = `The process has ended with ${code}: ${stderr}`;
    this.out.close(why);
    this.begun.close(why);
    this.err.close(why);
    await this.#input.abort().catch(() => {});
    return { code, stdout, stderr };
  }

  /** Writes to its standard input; nothing happens if it has ended. */
  async write(input: string | Uint8Array): Promise<void> {
    const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
    if (bytes.length > 0) await this.#input.write(bytes).catch(() => {});
  }

  /** Reads its standard output no more, and closes the pipe. */
  closeOutput(): void {
    this.#output.abort();
  }

  /** Closes the input and resolves when the process has ended. */
  async end(withinMs: number = deadlineMs): Promise<Ending> {
    await this.#input.close().catch(() => {});
    return await this.ending(withinMs);
  }

  /** Resolves when the process has ended by itself, which must be soon. */
  async ending(withinMs: number = deadlineMs): Promise<Ending> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.signal("SIGKILL");
        reject(new Error(`The process did not end within ${withinMs} ms`));
      }, withinMs);
    });
    try {
      return await Promise.race([this.ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process with a signal and resolves when it has ended. */
  async kill(signal: Deno.Signal = "SIGKILL"): Promise<Ending> {
    this.signal(signal);
    return await this.ending();
  }

  /** Sends a signal and goes on; nothing happens if it has ended. */
  signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It ended a moment ago.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    // A stopped process cannot be told to end gently, and none may outlive its test.
    this.signal("SIGKILL");
    await this.ended;
  }
}

/**
 * Puts each whole line into a log; resolves with all of the text at the end, or when told to
 * stop. What a killed process leaves behind may end within a line.
 */
async function readLines(
  stream: ReadableStream<Uint8Array>,
  log: Log<string>,
  signal: AbortSignal,
  begun?: Log<string>,
): Promise<string> {
  const texts: string[] = [];
  let rest = "";
  try {
    for await (const text of stream.pipeThrough(new TextDecoderStream(), { signal })) {
      texts.push(text);
      const pieces = (rest + text).split("\n");
      rest = pieces.pop() ?? "";
      for (const piece of pieces) log.add(piece);
      if (rest !== "") begun?.add(rest);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return texts.join("");
}
