/**
 * A real terminal for tests: tmux in control mode. Its one client gives the commands and
 * hears of each output, so that a test waits for what it wants to see and never sleeps.
 */

import { deadlineMs } from "../within.ts";

const root = new URL("../../", import.meta.url).pathname;
let servers = 0;

/** Why there is no terminal on this machine; `null` if there is one. */
export const lackingTmux: string | null = await new Deno.Command("tmux", {
  args: ["-V"],
  stdout: "null",
}).output().then(({ success }) => success ? null : "tmux does not run", () => "tmux is missing");
if (lackingTmux !== null) console.log(`not run: ${lackingTmux}`);

/** Rows and columns. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

interface Answer {
  readonly lines: string[];
  readonly resolve: (lines: string[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A shell in a terminal, with the program of this project as `starling`. No other state of
 * the person who runs the tests has a part in it.
 */
export class Tmux implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #folder: string;
  readonly #answers: Answer[] = [];
  #collecting: string[] | null = null;
  #outputs = 0;
  #ended = false;
  #wake: (() => void)[] = [];
  readonly #reading: Promise<void>;

  private constructor(folder: string, size: TerminalSize, env: Record<string, string>) {
    this.#folder = folder;
    this.#child = new Deno.Command("tmux", {
      args: [
        ...["-L", `starling-${Deno.pid}-${++servers}`, "-f", "/dev/null", "-C", "-u"],
        ...["new-session", "-x", String(size.columns), "-y", String(size.rows)],
        "exec env PS1='$ ' bash --norc --noprofile -i",
      ],
      cwd: root,
      clearEnv: true,
      env: {
        PATH: `${folder}:${Deno.env.get("PATH")}`,
        HOME: folder,
        // Its socket goes with everything else of it.
        TMUX_TMPDIR: folder,
        LANG: "C.UTF-8",
        SHELL: "/bin/bash",
        HISTFILE: "",
        DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
        DENO_NO_UPDATE_CHECK: "1",
        STARLING_DEBUG: "1",
        ...env,
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    // The answer to new-session itself.
    this.#answers.push({ lines: [], resolve: () => {}, reject: () => {} });
    this.#reading = this.#read();
  }

  /** Starts a terminal; the shell is ready when this resolves. */
  static async start(
    size: TerminalSize = { columns: 80, rows: 24 },
    env: Record<string, string> = {},
  ): Promise<Tmux> {
    const folder = await Deno.makeTempDir({ prefix: "starling-tmux-" });
    const program = `#!/bin/sh\nexec '${Deno.execPath()}' run -A --quiet '${root}mod.ts' "$@"\n`;
    await Deno.writeTextFile(`${folder}/starling`, program, { mode: 0o755 });
    const tmux = new Tmux(folder, size, env);
    try {
      await tmux.resize(size);
      await tmux.until("the shell's prompt", (lines) => lines[0]?.startsWith("$") ?? false);
      return tmux;
    } catch (error) {
      await tmux[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#onLine(line.replace("\x1bP1000p", ""));
    }
    this.#ended = true;
    for (const answer of this.#answers.splice(0)) answer.reject(new Error("tmux has ended"));
    this.#notify();
  }

  #onLine(line: string): void {
    if (this.#collecting !== null) {
      const isEnd = /^%(end|error) \d+ \d+/.exec(line);
      if (isEnd === null) {
        this.#collecting.push(line);
        return;
      }
      const answer = this.#answers.shift();
      const lines = this.#collecting;
      this.#collecting = null;
      if (isEnd[1] === "end") answer?.resolve(lines);
      else answer?.reject(new Error(`tmux: ${lines.join(" ")}`));
    } else if (line.startsWith("%begin ")) {
      this.#collecting = [];
    } else if (line.startsWith("%output ") || line.startsWith("%layout-change")) {
      this.#outputs++;
      this.#notify();
    }
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** Gives a tmux command and resolves with its answer. */
  async command(...words: readonly string[]): Promise<string[]> {
    const [answer = []] = await this.#commands(words);
    return answer;
  }

  /** Gives tmux commands that are carried out together: nothing is drawn between them. */
  #commands(...commands: readonly (readonly string[])[]): Promise<string[][]> {
    if (this.#ended) return Promise.reject(new Error("tmux has ended"));
    const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
    const lines = commands.map((words) => `${words.map(quoted).join(" ")}\n`).join("");
    const answers = commands.map(() =>
      new Promise<string[]>((resolve, reject) => {
        this.#answers.push({ lines: [], resolve, reject });
      })
    );
    const written = this.#input.write(new TextEncoder().encode(lines));
    return Promise.all([written, ...answers]).then(([_, ...all]) => all);
  }

  /** Types text. */
  async type(text: string): Promise<void> {
    await this.command("send-keys", "-l", "--", text);
  }

  /** Presses keys by tmux's names: `Enter`, `C-c`, `M-1`, `PPage`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.command("send-keys", ...keys);
  }

  /** Types a line for the shell or the program. */
  async line(text: string): Promise<void> {
    await this.type(text);
    await this.press("Enter");
  }

  /** Pastes, between the marks of a paste if the program has asked for them. */
  async paste(text: string): Promise<void> {
    const file = `${this.#folder}/paste`;
    await Deno.writeTextFile(file, text);
    await this.command("load-buffer", file);
    await this.command("paste-buffer", "-p");
  }

  /** Changes the size of the terminal. */
  async resize({ columns, rows }: TerminalSize): Promise<void> {
    await this.command("refresh-client", "-C", `${columns}x${rows}`);
  }

  /** What is on the screen, without blanks at the ends of rows. */
  screen(): Promise<string[]> {
    return this.until("a whole frame", () => true);
  }

  /**
   * What is on the screen now; `null` while a frame is being drawn. The program hides the cursor
   * for as long, and the system hands on a long frame in several pieces.
   */
  async #look(): Promise<string[] | null> {
    const [cursor, lines = []] = await this.#commands(
      ["display-message", "-p", "#{cursor_flag}"],
      ["capture-pane", "-p"],
    );
    return cursor?.[0] === "1" ? lines.map((line) => line.trimEnd()) : null;
  }

  /** What tmux knows of the pane, as in `#{cursor_x}`. */
  async fact(format: string): Promise<string> {
    return (await this.command("display-message", "-p", format)).join("\n");
  }

  /**
   * Waits until the screen is as wanted.
   *
   * @param what In words, for the failure.
   * @returns The screen then.
   */
  async until(
    what: string,
    wanted: (lines: readonly string[]) => boolean,
    withinMs: number = deadlineMs,
  ): Promise<string[]> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const seen = this.#outputs;
      const lines = await this.#look();
      if (lines !== null && wanted(lines)) return lines;
      if (this.#outputs !== seen) continue;
      const left = deadline - Date.now();
      if (left <= 0 || this.#ended) {
        throw new Error(`The screen never showed ${what}:\n${lines?.join("\n")}`);
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
  }

  /** Waits for a text anywhere on the screen. */
  shows(text: string | RegExp, withinMs?: number): Promise<string[]> {
    return this.until(String(text), (lines) => {
      const screen = lines.join("\n");
      return typeof text === "string" ? screen.includes(text) : text.test(screen);
    }, withinMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) {
      // Ends this server alone: each has a socket of its own.
      await this.command("kill-server").catch(() => {});
    }
    await this.#input.close().catch(() => {});
    await this.#child.status;
    await this.#reading.catch(() => {});
    await Deno.remove(this.#folder, { recursive: true });
  }
}
