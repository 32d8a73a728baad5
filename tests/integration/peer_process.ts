/**
 * A peer as a process of its own, driven over its NDJSON interface the way an outside program
 * would drive it. Used by the integration tests and the benches.
 */

const root = new URL("../../", import.meta.url).pathname;

/** How long anything may take before a test gives up on it. */
export const deadlineMs = 20_000;

/** One line that a peer has written. */
// deno-lint-ignore no-explicit-any -- the shape of a line is what the tests are about
export type Line = Record<string, any>;

interface Waiter {
  readonly matches: (line: Line) => boolean;
  readonly resolve: (line: Line) => void;
  readonly reject: (error: Error) => void;
}

/** What a process left behind. */
export interface Ending {
  readonly code: number;
  readonly stderr: string;
}

/** A running `deno run -A mod.ts --ui json`. */
export class PeerProcess implements AsyncDisposable {
  /** All lines so far. */
  readonly lines: Line[] = [];
  /** Called for each line as it comes, before anybody who waits for it. */
  onLine: (line: Line) => void = () => {};
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiters = new Set<Waiter>();
  readonly #ended: Promise<Ending>;
  #refs = 0;
  #closed = false;

  /**
   * Starts a peer.
   *
   * @param args Options after `--ui json`; give `--data` or `--ephemeral`.
   * @param env Environment variables beside the inherited ones.
   */
  constructor(args: readonly string[], env: Record<string, string> = {}) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "mod.ts", "--ui", "json", ...args],
      cwd: root,
      env: { STARLING_DEBUG: "1", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#ended = this.#run();
  }

  /** Starts a peer and waits until it is ready; its `ready` line is {@linkcode lines}[0]. */
  static async start(
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<PeerProcess> {
    const peer = new PeerProcess(args, env);
    await peer.until((line) => line.type === "ready");
    return peer;
  }

  /** The process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** The peer's key. */
  get id(): string {
    return this.lines[0]?.peer;
  }

  /** The first address at which it listens. */
  get address(): string {
    return this.lines[0]?.listen[0];
  }

  async #run(): Promise<Ending> {
    const errors = new Response(this.#child.stderr).text();
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const pieces = (rest + text).split("\n");
      rest = pieces.pop() ?? "";
      for (const piece of pieces) this.#take(JSON.parse(piece));
    }
    const [{ code }, stderr] = await Promise.all([this.#child.status, errors]);
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.reject(new Error(`The peer has ended: ${stderr}`));
    await this.#input.abort().catch(() => {});
    return { code, stderr };
  }

  #take(line: Line): void {
    this.lines.push(line);
    this.onLine(line);
    for (const waiter of this.#waiters) if (waiter.matches(line)) waiter.resolve(line);
  }

  /** Resolves with the first line, past or to come, that matches. */
  until(matches: (line: Line) => boolean, withinMs: number = deadlineMs): Promise<Line> {
    const past = this.lines.find(matches);
    return past === undefined ? this.next(matches, withinMs) : Promise.resolve(past);
  }

  /** Resolves with the next line to come that matches. */
  next(matches: (line: Line) => boolean, withinMs: number = deadlineMs): Promise<Line> {
    const { promise, resolve, reject } = Promise.withResolvers<Line>();
    if (this.#closed) return Promise.reject(new Error("The peer has ended"));
    const waiter: Waiter = { matches, resolve, reject };
    this.#waiters.add(waiter);
    const timer = setTimeout(() => {
      const last = this.lines.slice(-5).map((line) => JSON.stringify(line)).join("\n");
      reject(new Error(`Nothing matched ${matches} within ${withinMs} ms; last lines:\n${last}`));
    }, withinMs);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }

  /** Writes one line of bytes as they are. */
  async write(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Gives a command and resolves with its `result`. */
  async ask(command: Line): Promise<Line> {
    const ref = ++this.#refs;
    const answer = this.next((line) => line.type === "result" && line.ref === ref);
    await this.write(JSON.stringify({ ref, ...command }) + "\n");
    return await answer;
  }

  /** Says something and resolves with the post's id when it is durable. */
  async say(text: string, room = "lobby"): Promise<string> {
    const result = await this.ask({ type: "say", room, text });
    if (!result.ok) throw new Error(`say was refused: ${JSON.stringify(result.error)}`);
    return result.data.id;
  }

  /** Resolves with the message of this text. */
  hears(text: string, withinMs: number = deadlineMs): Promise<Line> {
    return this.until((line) => line.type === "message" && line.text === text, withinMs);
  }

  /** How often a message of this text was shown. */
  count(text: string): number {
    return this.lines.filter((line) => line.type === "message" && line.text === text).length;
  }

  /** Closes the input and resolves when the process has ended. */
  async end(): Promise<Ending> {
    await this.#input.close().catch(() => {});
    return await this.#ended;
  }

  /** Ends the process with a signal and resolves when it has ended. */
  async kill(signal: Deno.Signal = "SIGKILL"): Promise<Ending> {
    if (!this.#closed) this.#child.kill(signal);
    return await this.#ended;
  }

  /** Sends a signal and goes on. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closed) await this.kill();
  }
}

/** A folder that is removed when it goes out of scope. */
export class TempFolder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "starling-" });

  /** A path inside. */
  file(name: string): string {
    return `${this.path}/${name}`;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
