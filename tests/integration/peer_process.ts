/**
 * A peer as a process of its own, driven over its NDJSON interface the way an outside program
 * would drive it.
 */

import { deadlineMs } from "../within.ts";
import { Log } from "./log.ts";
import { type Ending, Program, type StartOptions } from "./program.ts";

/** One line that a peer has written. */
// deno-lint-ignore no-explicit-any -- the shape of a line is what the tests are about
export type Line = Record<string, any>;

/** A running `deno run -A mod.ts --ui json`. */
export class PeerProcess implements AsyncDisposable {
  /** The process. */
  readonly program: Program;
  readonly #log = new Log<Line>();
  #refs = 0;

  /**
   * Starts a peer.
   *
   * @param args Options after `--ui json`; give `--data` or `--ephemeral`.
   * @param options Where the default is not right.
   */
  constructor(args: readonly string[], options: StartOptions = {}) {
    this.program = new Program(["--ui", "json", ...args], options);
    this.program.out.onItem = (line) => this.#log.add(JSON.parse(line));
    this.program.ended.then(({ code, stderr }) => {
      this.#log.close(`The peer has ended with ${code}: ${stderr}`);
    });
  }

  /** Starts a peer and waits until it is ready; its `ready` line is {@linkcode lines}[0]. */
  static async start(args: readonly string[], options: StartOptions = {}): Promise<PeerProcess> {
    const peer = new PeerProcess(args, options);
    try {
      await peer.until((line) => line.type === "ready");
      return peer;
    } catch (error) {
      await peer[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** All lines so far. */
  get lines(): readonly Line[] {
    return this.#log.items;
  }

  /** The process id. */
  get pid(): number {
    return this.program.pid;
  }

  /** The peer's key. */
  get id(): string {
    return this.lines[0]?.peer;
  }

  /** The first address at which it listens. */
  get address(): string {
    return this.lines[0]?.listen[0];
  }

  /** Called for each line as it comes, before anybody who waits for it. */
  set onLine(handler: (line: Line) => void) {
    this.#log.onItem = handler;
  }

  /** Resolves with the first line, past or to come, that matches. */
  until(matches: (line: Line) => boolean, withinMs: number = deadlineMs): Promise<Line> {
    return this.#log.until(matches, withinMs);
  }

  /** Resolves with the next line to come that matches. */
  next(matches: (line: Line) => boolean, withinMs: number = deadlineMs): Promise<Line> {
    return this.#log.next(matches, withinMs);
  }

  /** Writes text as it is. */
  async write(text: string | Uint8Array): Promise<void> {
    await this.program.write(text);
  }

  /** Gives a command and resolves with its `result`. */
  async ask(command: Line): Promise<Line> {
    const ref = ++this.#refs;
    const answer = this.next((line) => line.type === "result" && line.ref === ref);
    await this.write(JSON.stringify({ ref, ...command }) + "\n");
    return await answer;
  }

  /** Gives a command that must succeed and resolves with its `data`. */
  // deno-lint-ignore no-explicit-any -- the shape is what the tests are about
  async get(command: Line): Promise<any> {
    const { ok, error, data } = await this.ask(command);
    if (!ok) throw new Error(`${command.type} was refused: ${JSON.stringify(error)}`);
    return data;
  }

  /**
   * Says something and resolves with the post's id when it is durable and shown here too: the
   * answer comes before the message, so that {@linkcode messages} could lack it else.
   */
  async say(text: string, room = "lobby"): Promise<string> {
    const before = this.lines.length;
    const { id } = await this.get({ type: "say", room, text });
    const isIt = (line: Line) => line.type === "message" && line.id === id;
    if (!this.lines.slice(before).some(isIt)) await this.next(isIt);
    return id;
  }

  /** Performs a slash command and resolves with its lines. */
  async command(line: string): Promise<string[]> {
    return (await this.get({ type: "command", line })).lines;
  }

  /** All stored messages of a room, oldest first. */
  async history(room = "lobby"): Promise<Line[]> {
    const all: Line[] = [];
    for (let more = true; more;) {
      const before = all[0]?.id ?? null;
      const page = await this.get({ type: "history", room, limit: 500, before });
      all.unshift(...page.messages);
      more = page.more;
    }
    return all;
  }

  /** Resolves with the message of this text. */
  hears(text: string, withinMs: number = deadlineMs): Promise<Line> {
    return this.until((line) => line.type === "message" && line.text === text, withinMs);
  }

  /** Resolves with the notice of a code. */
  notice(code: string, withinMs: number = deadlineMs): Promise<Line> {
    return this.until((line) => line.type === "notice" && line.code === code, withinMs);
  }

  /** Resolves when the link to a peer has come up, or is up. */
  linkedTo(peer: string): Promise<Line> {
    return this.until((line) => line.type === "peer" && line.event === "up" && line.peer === peer);
  }

  /** Resolves when somebody is in a room: from then on a text goes there at once. */
  meets(peer: string, room = "lobby"): Promise<Line> {
    return this.until((line) =>
      line.type === "presence" && line.event === "join" && line.from === peer && line.room === room
    );
  }

  /** All messages shown so far. */
  get messages(): readonly Line[] {
    return this.lines.filter((line) => line.type === "message");
  }

  /** How often a message of this text was shown. */
  count(text: string): number {
    return this.messages.filter((line) => line.text === text).length;
  }

  /** Closes the input and resolves when the process has ended. */
  async end(): Promise<Ending> {
    return await this.program.end();
  }

  /** Ends the process with a signal and resolves when it has ended. */
  async kill(signal: Deno.Signal = "SIGKILL"): Promise<Ending> {
    return await this.program.kill(signal);
  }

  /** Sends a signal and goes on. */
  signal(signal: Deno.Signal): void {
    this.program.signal(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }
}

/** Options of a peer that keeps nothing and is reached over loopback. */
export function ephemeral(name: string, ...more: readonly string[]): string[] {
  return ["--ephemeral", "--name", name, "--listen", "127.0.0.1:0", ...more];
}

/** Resolves when each of the peers has seen each other one come into the lobby. */
export async function allMeet(...peers: readonly PeerProcess[]): Promise<void> {
  await Promise.all(peers.flatMap((peer) => {
    const others = peers.filter((other) => other !== peer);
    return others.map((other) => peer.meets(other.id));
  }));
}

/** A folder that is removed when it goes out of scope. */
export class TempFolder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "starling-" });

  /** A path inside. */
  file(name: string): string {
    return `${this.path}/${name}`;
  }

  /** Writes a configuration file with these limits; gives the options that name it. */
  limits(limits: Record<string, unknown>): string[] {
    const path = this.file("limits.json");
    Deno.writeTextFileSync(path, JSON.stringify({ limits }));
    return ["--config", path];
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
