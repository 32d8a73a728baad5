/**
 * Runs a face on a chat from its first line to its exit code: reads input, passes notices
 * on, and knows when to leave.
 *
 * Leaving has one door, `leave`, and whatever wants to leave goes through it: a signal,
 * `/quit`, the end of input, a reader of our output that has gone, the chat's own end.
 */

import type { Chat } from "../peer/chat.ts";
import { ChatError } from "../peer/errors.ts";
import type { Notice, RoomName } from "../peer/notice.ts";
import { errorText, systemReason } from "./error_text.ts";
import type { Face, KeyFace, LineFace, RemarkCode } from "./face.ts";
import { LineSplitter } from "./input_lines.ts";
import type { Options } from "./options.ts";
import { Output } from "./output.ts";
import type { Preferences } from "./preferences.ts";
import { inertLine } from "./sanitize.ts";
import { screenLimits } from "./screen_limits.ts";
import type { EndSignal, Terminal } from "./terminal.ts";

/** What a face needs to know of the options. */
export type FaceOptions = Pick<
  Options,
  "ui" | "rooms" | "roomsNamed" | "message" | "lingerMs" | "stay" | "ephemeral"
>;

/** How a run ends, for the shell that started it. */
export const exitCode = {
  /** Left cleanly, or delivered. */
  clean: 0,
  /** Cannot run. */
  failed: 1,
  /** A usage error; nothing was started. */
  usage: 2,
  /** An own post of this run was not held by another member in time. */
  undelivered: 3,
  /** A second Ctrl-C did not let the first one finish. */
  interrupted: 130,
} as const;

/**
 * Shows a chat to a person or a program until it is left, and closes it.
 *
 * @param chat Open; rooms of `options` that it has not opened are opened first.
 * @param options Which face, and when to leave.
 * @param terminal The streams.
 * @param preferences The language, colours and the like.
 * @param welcome Lines to begin with, shown where notices go; not in NDJSON mode.
 * @param web The link that opens the page, if there is one, for NDJSON mode.
 * @returns The exit code. A read of standard input may still be waiting: exit the process.
 */
export async function runFace(
  chat: Chat,
  options: FaceOptions,
  terminal: Terminal,
  preferences: Preferences,
  welcome: readonly string[] = [],
  web: string | null = null,
): Promise<number> {
  return await new Run(chat, options, terminal, preferences, welcome, web).run();
}

class Run {
  readonly #left = Promise.withResolvers<number>();
  readonly #forced = Promise.withResolvers<number>();
  /** The first room that was opened since the start; `null` where that was refused. */
  readonly #opened = Promise.withResolvers<RoomName | null>();
  readonly #out: Output;
  readonly #err: Output;
  #leaving = false;
  #interrupts = 0;
  /** Takes back the end of waiting for delivery; `null` while nobody waits. */
  #stopLinger: (() => void) | null = null;
  /** What to say if a script's words are left behind now; `null` while none are waited for. */
  #owed: (() => string) | null = null;

  constructor(
    private readonly chat: Chat,
    private readonly options: FaceOptions,
    private readonly terminal: Terminal,
    private readonly preferences: Preferences,
    private readonly welcome: readonly string[],
    private readonly web: string | null,
  ) {
    this.#out = new Output(terminal, "stdout", (error) => this.#outputFailed(error));
    // Without a standard error there is nobody left to tell.
    this.#err = new Output(terminal, "stderr", () => {});
  }

  async run(): Promise<number> {
    const stopSignals = this.terminal.onSignal((signal) => this.#signalled(signal));
    try {
      const face = await this.#openFace();
      const problems = await this.#openRooms();
      face.start(this.welcome);
      for (const problem of problems) face.remark("room-not-opened", problem);
      const watching = this.#watch(face);
      // A fault of this program ends the run with its error instead of going unnoticed.
      watching.catch(this.#left.reject);
      this.#readInput(face).catch(this.#left.reject);
      const code = await this.#left.promise;
      this.#stopLinger?.();
      return await this.#close(code, face, watching);
    } catch (error) {
      // What is told of it now would go with the screen.
      this.terminal.screen?.restore();
      await Promise.race([this.chat.close(), this.#forced.promise]);
      throw error;
    } finally {
      stopSignals();
    }
  }

  /** Loads the one face that runs. */
  async #openFace(): Promise<Face> {
    const { chat, options, terminal, preferences } = this;
    const quit = () => this.#leave(exitCode.clean);
    const onFault = this.#left.reject;
    if (options.ui === "json") {
      const { Ndjson } = await import("./ndjson.ts");
      return new Ndjson({ chat, preferences, output: this.#out, web: this.web, quit, onFault });
    }
    if (isFullScreen(options, terminal)) {
      const { openFullScreen } = await import("./screen/open.ts");
      return openFullScreen({ chat, preferences, terminal, quit, onFault });
    }
    const { LineMode } = await import("./line_mode.ts");
    const { stdinIsTerminal, stdoutIsTerminal } = terminal;
    return new LineMode({
      chat,
      preferences,
      stdinIsTerminal,
      stdoutIsTerminal,
      columns: () => terminal.columns(),
      posts: this.#out,
      notices: stdoutIsTerminal ? this.#out : this.#err,
      silent: options.message !== null,
      patience: stdinIsTerminal ? null : (over) => terminal.after(options.lingerMs, over),
      quit,
      onFault,
    });
  }

  /** Opens what is not open yet; resolves with what went wrong. */
  async #openRooms(): Promise<string[]> {
    const problems: string[] = [];
    for (const room of this.options.rooms) {
      if (this.chat.rooms().some((open) => open.room === room)) continue;
      try {
        await this.chat.join(room);
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        problems.push(errorText(error, this.preferences.words.catalogue));
      }
    }
    return problems;
  }

  async #watch(face: Face): Promise<void> {
    for await (const notice of this.chat.notices) {
      face.notice(notice);
      if (notice.type === "room" && notice.event === "open") this.#opened.resolve(notice.room);
      if (isFinal(notice)) this.#opened.resolve(null);
      if (this.#stopLinger !== null && !this.#leaving) this.#lingerOn(notice);
      await this.#pace();
    }
    if (this.#leaving) return;
    this.#parting(face, "ended", this.preferences.words.catalogue.ended);
    this.#leave(exitCode.failed);
  }

  /** The last that is said: on a full screen it would go with that. */
  #parting(face: Face, code: RemarkCode, text: string): void {
    if (!("keys" in face)) return face.remark(code, text);
    face.close();
    this.#err.write(`-- ${inertLine(text)}\n`);
  }

  async #readInput(face: Face): Promise<void> {
    const { message, rooms } = this.options;
    if (message !== null) {
      const { undelivered } = this.preferences.words.catalogue;
      this.#owed = () => undelivered(1);
      const room = rooms[0] ?? await this.#letIn();
      if (room === null) return this.#leave(exitCode.undelivered);
      if (!await face.message(room, message)) return this.#leave(exitCode.failed);
    } else if ("keys" in face) {
      await this.#readKeys(face);
    } else {
      if (this.#isEarly) {
        this.#owed = () => this.preferences.words.catalogue.notLetIn;
        if (await this.#letIn() === null) return this.#leave(exitCode.undelivered);
        this.#owed = null;
      }
      await this.#readLines(face);
    }
    await face.settled();
    if (!this.#leaving) this.#endOfInput();
  }

  /**
   * The lines of a script are there before the only room of its invite, which others open. A
   * program in NDJSON mode hears of that, and what stays has time.
   */
  get #isEarly(): boolean {
    const { ui, roomsNamed, stay } = this.options;
    if (ui === "json" || stay || this.terminal.stdinIsTerminal) return false;
    return roomsNamed && this.chat.rooms().every(({ kind }) => kind === "direct");
  }

  /** The room of an invite that is opened by others; `null` if it is not in time. */
  async #letIn(): Promise<RoomName | null> {
    const late = Promise.withResolvers<null>();
    const stop = this.terminal.after(this.options.lingerMs, () => late.resolve(null));
    const room = await Promise.race([this.#opened.promise, late.promise]);
    stop();
    return room;
  }

  async #readKeys(face: KeyFace): Promise<void> {
    for (;;) {
      const chunk = await this.#readChunk();
      if (chunk === null) return;
      face.keys(chunk);
    }
  }

  async #readLines(face: LineFace): Promise<void> {
    const splitter = new LineSplitter(face.lineBytesMax, this.terminal.linesAnswered + 1);
    for (let ended = false; !ended;) {
      const chunk = await this.#readChunk();
      ended = chunk === null;
      const rest = ended ? splitter.end() : null;
      const lines = chunk !== null ? splitter.push(chunk) : rest !== null ? [rest] : [];
      for (const line of lines) {
        if (this.#leaving) return;
        const wait = face.input(line);
        if (wait === undefined) continue;
        await wait;
        await this.#pace();
      }
      await this.#pace();
    }
  }

  async #readChunk(): Promise<Uint8Array | null> {
    try {
      return await this.terminal.read();
    } catch {
      // A terminal that was closed, or input that cannot be read, is input that has ended.
      return null;
    }
  }

  /** Waits while the reader of our output is far behind; not when we are leaving. */
  async #pace(): Promise<void> {
    if (this.#out.full) await this.#out.room();
    if (this.#err.full) await this.#err.room();
  }

  /** Ctrl-D is a person who leaves; a pipe is a program that wants its posts delivered. */
  get #isByHand(): boolean {
    return this.terminal.stdinIsTerminal && this.options.message === null;
  }

  #endOfInput(): void {
    this.#owed = null;
    if (this.options.stay) return;
    if (this.#isByHand || this.chat.undelivered === 0) return this.#leave(exitCode.clean);
    const { undelivered } = this.preferences.words.catalogue;
    this.#owed = () => undelivered(this.chat.undelivered);
    this.#linger();
  }

  #linger(): void {
    this.#stopLinger?.();
    this.#stopLinger = this.terminal.after(this.options.lingerMs, () => this.#leaveNow());
  }

  /** Delivery makes progress with a receipt, or with a new link that may bring one. */
  #lingerOn(notice: Notice): void {
    if (this.chat.undelivered === 0) return this.#leave(exitCode.clean);
    const isLink = notice.type === "peer" && notice.event === "up";
    if (notice.type === "receipt" || isLink) this.#linger();
  }

  #signalled(signal: EndSignal): void {
    if (signal === "interrupt" && ++this.#interrupts === 2) {
      this.#forced.resolve(exitCode.interrupted);
    }
    this.#leaveNow();
  }

  /** Leaves whatever is under way: a script must not take words that nobody has for delivered. */
  #leaveNow(): void {
    const isDelivered = this.#stopLinger !== null && this.chat.undelivered === 0;
    const isOwed = this.#owed !== null && !isDelivered;
    this.#leave(isOwed ? exitCode.undelivered : exitCode.clean);
  }

  #outputFailed(error: unknown): void {
    if (error instanceof Deno.errors.BrokenPipe) return this.#leaveNow();
    const { catalogue } = this.preferences.words;
    const line = inertLine(catalogue.outputFailed(systemReason(error, catalogue)));
    this.#err.write(`${line}\n`);
    this.#leave(exitCode.failed);
  }

  #leave(code: number): void {
    this.#leaving = true;
    this.#out.unpace();
    this.#err.unpace();
    this.#left.resolve(code);
  }

  /** Says goodbye and lets the last lines out, at most for a while. */
  async #close(code: number, face: Face, watching: Promise<void>): Promise<number> {
    if (code === exitCode.undelivered && this.#owed !== null) {
      face.remark("undelivered", this.#owed());
    }
    // Whoever leaves sees the shell at once, and what comes now on the screen before it.
    if ("keys" in face) {
      await Promise.race([face.part(), this.#forced.promise]);
      face.close();
    }
    const { undelivered } = this.chat;
    const { ui, ephemeral } = this.options;
    if (code === exitCode.clean && this.#isByHand && ui !== "json" && undelivered > 0) {
      const { leftBehind } = this.preferences.words.catalogue;
      this.#parting(face, "undelivered", leftBehind(undelivered, !ephemeral));
    }
    let stopWaiting = () => {};
    const stalled = new Promise<number>((resolve) => {
      const finish = async () => {
        await this.chat.close();
        stopWaiting = this.terminal.after(screenLimits.leaveFlushMs, () => resolve(code));
        await Promise.all([watching, face.settled()]);
        await Promise.all([this.#out.drained(), this.#err.drained()]);
        resolve(code);
      };
      finish().catch(this.#forced.reject);
    });
    try {
      return await Promise.race([stalled, this.#forced.promise]);
    } finally {
      stopWaiting();
    }
  }
}

/** Whether whoever made an invite to a private room has said no. */
function isFinal(notice: Notice): boolean {
  return notice.type === "notice" && notice.code === "not-let-in" && notice.byMaker &&
    notice.reason !== "later" && notice.reason !== "no-answer";
}

/** Whether a run draws on the whole terminal: what `--ui` says, or what the terminal can. */
export function isFullScreen(
  { ui, message }: Pick<Options, "ui" | "message">,
  { screen, isDumb }: Pick<Terminal, "screen" | "isDumb">,
): boolean {
  if (screen === null || message !== null) return false;
  return ui === "full" || (ui === null && !isDumb);
}
