/** Processes that write JSON lines, as the benches start them. */

const root = new URL("../", import.meta.url).pathname;

/** What a process says. */
// deno-lint-ignore no-explicit-any -- each program has lines of its own
export type Said = Record<string, any>;

/** A child process whose standard output is JSON lines. */
export class Process implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiters: { matches: (said: Said) => boolean; resolve: (said: Said) => void }[] = [];
  readonly #reading: Promise<void>;

  /** Starts `deno run -A <args>` in the project's root. */
  constructor(...args: string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", ...args],
      cwd: root,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** The process id. */
  get pid(): number {
    return this.#child.pid;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const pieces = (rest + text).split("\n");
      rest = pieces.pop() ?? "";
      for (const piece of pieces) {
        const said = JSON.parse(piece) as Said;
        for (const waiter of [...this.#waiters]) {
          if (!waiter.matches(said)) continue;
          this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
          waiter.resolve(said);
        }
      }
    }
  }

  /** The next line that matches. */
  next(matches: (said: Said) => boolean): Promise<Said> {
    return new Promise((resolve) => this.#waiters.push({ matches, resolve }));
  }

  /** The next line of a type. */
  nextOf(type: string): Promise<Said> {
    return this.next((said) => said.type === type);
  }

  /** Writes a line to its standard input. */
  async write(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(line + "\n"));
  }

  /** Resident memory in MiB, as the kernel counts it. */
  residentMiB(): number {
    return this.#statusMiB("VmRSS");
  }

  /** The part of it that is no page of a file: neither shared with others nor to be read again. */
  anonymousMiB(): number {
    return this.#statusMiB("RssAnon");
  }

  #statusMiB(line: string): number {
    const status = Deno.readTextFileSync(`/proc/${this.pid}/status`);
    return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) / 1024;
  }

  /** Processor time used so far in milliseconds. */
  cpuMs(): number {
    const stat = Deno.readTextFileSync(`/proc/${this.pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#reading.catch(() => {});
    await this.#input.abort().catch(() => {});
  }
}

/** Runs a program that prints one number and ends. */
export async function number(program: string): Promise<number> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", program],
    cwd: root,
    stdin: "null",
  }).output();
  return Number(new TextDecoder().decode(stdout));
}
