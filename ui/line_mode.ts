/**
 * Line mode: lines in are texts or commands, lines out are posts. On a terminal it opens
 * with the last posts of the room; piped, it prints only what arrives, and what is not a
 * post goes to standard error, so that a script reads nothing but posts.
 */

import { ChatError } from "../peer/errors.ts";
import type { Notice, RoomName, ShownPost } from "../peer/notice.ts";
import type { PeerId, PostId } from "../wire/ids.ts";
import { defaultLimits } from "../wire/limits.ts";
import { comparePosts } from "../wire/post.ts";
import type { Catalogue } from "./catalogue.ts";
import { parseLine, type SlashCommand } from "./commands.ts";
import { Conversation } from "./conversation.ts";
import { errorText } from "./error_text.ts";
import type { LineFace, RemarkCode } from "./face.ts";
import { InFlight } from "./in_flight.ts";
import type { InputLine } from "./input_lines.ts";
import { CrowdLines } from "./crowd_lines.ts";
import { LinePrinter, type PrinterSetting } from "./line_printer.ts";
import { mentionOf } from "./mention.ts";
import { mutedRooms } from "./mute_command.ts";
import { noticeText } from "./notice_text.ts";
import { type CommandLine, perform } from "./perform.ts";
import { roomLabel } from "./post_line.ts";
import { screenLimits } from "./screen_limits.ts";
import { ScriptPatience } from "./script_patience.ts";
import type { Setting } from "./setting.ts";

/** What line mode is given. */
export interface LineModeSetting extends PrinterSetting {
  /** A person types. */
  readonly stdinIsTerminal: boolean;
  /** Show no posts: for `--message`. */
  readonly silent: boolean;
  /** Runs out when people must have been heard of; `null`: whoever types sees who is here. */
  readonly patience: ((over: () => void) => void) | null;
  /** Called when the person wants to leave. */
  readonly quit: () => void;
  /** Told of a fault of this program. */
  readonly onFault: (error: unknown) => void;
}

/** The line mode of one run. */
export class LineMode implements LineFace {
  readonly lineBytesMax: number = defaultLimits.jsonLineBytesMax;
  readonly #conversation: Conversation;
  readonly #inFlight: InFlight;
  readonly #printer: LinePrinter;
  readonly #patience: ScriptPatience;
  readonly #crowdLines = new CrowdLines();
  /** Shown as history; they may come once more as notices of this run. */
  readonly #openedWith = new Set<PostId>();
  /** Whether a text mentions this person, as long as the name is this one. */
  #mentioned = { name: "", isIn: (_text: string): boolean => false };
  /** Texts of this face whose posts have not come back yet; as many as are in flight. */
  readonly #typed: string[] = [];
  /** A command of this face is under way, which shows by itself what it does to a room. */
  #performing = false;
  /** How many tenths of each room's history have been told of. */
  readonly #tenths = new Map<RoomName, number>();
  /** The newest post of each room that a person can have read but that is not marked yet. */
  readonly #unmarked = new Map<RoomName, ShownPost>();
  /** People whose clock was remarked upon: once each. */
  readonly #aheadOfTime = new Set<PeerId>();

  /**
   * Shows nothing before `start`.
   *
   * @param setting The chat, the streams and what they are.
   */
  constructor(private readonly setting: LineModeSetting) {
    this.#inFlight = new InFlight(screenLimits.inFlightMax, setting.onFault);
    this.#conversation = new Conversation(setting.chat.me);
    this.#conversation.names.titles = (room) => setting.chat.title(room);
    this.#printer = new LinePrinter(setting, this.#conversation.names);
    this.#patience = new ScriptPatience(setting.patience);
  }

  start(welcome: readonly string[]): void {
    const { chat } = this.setting;
    this.#conversation.names.shown(chat.me, chat.name);
    this.#conversation.muted = new Set(mutedRooms(chat));
    for (const line of welcome) this.#note(line);
    for (const { room, kind, title } of chat.rooms()) {
      if (kind === "direct") {
        // Private chats are opened by their person, and then have a name.
        this.#conversation.names.shown(room.slice(1) as PeerId, title);
        continue;
      }
      this.#conversation.room = room;
      this.#showHistory(room);
    }
  }

  notice(notice: Notice): void {
    if (notice.type === "presence" || notice.type === "renamed") this.#patience.heard();
    if (notice.type === "message") return this.#arrived(notice.post);
    if (notice.type === "room") return this.#roomChanged(notice.event, notice.room);
    if (notice.type === "withdrawn") {
      // History brings both at once: the line of the post has said it.
      if (this.#conversation.wasNeverSeen(notice.id)) return;
      this.#conversation.withdrawn(notice.id);
    }
    // The answer to /listen has said it.
    if (notice.type === "notice" && isOfListening(notice.code)) return;
    if (notice.type === "presence" && this.setting.preferences.get("noise") === "hide") return;
    if (notice.type === "progress") this.#onProgress(notice);
    const text = noticeText(notice, this.#conversation.names, this.#catalogue);
    if (text !== null && this.#crowdLines.takes(notice)) this.#note(text);
  }

  /** A line for each tenth of a long history; its end is told like other notices. */
  #onProgress({ room, fetched, total }: Extract<Notice, { readonly type: "progress" }>): void {
    const tenth = Math.floor(10 * fetched / total);
    const before = this.#tenths.get(room);
    if (fetched >= total) this.#tenths.delete(room);
    else if (before !== tenth) {
      this.#tenths.set(room, tenth);
      this.#note(this.#catalogue.fetching(fetched, total, roomLabel(room)));
    }
  }

  /** A room was opened or closed, perhaps on the page: texts need one that is open. */
  #roomChanged(event: "open" | "close", room: RoomName): void {
    const conversation = this.#conversation;
    if (this.#performing) return;
    if (event === "open" && conversation.room === null) {
      conversation.room = room;
      this.#showHistory(room);
    } else if (event === "close" && conversation.room === room) {
      conversation.room = this.setting.chat.rooms().at(-1)?.room ?? null;
    }
  }

  remark(_code: RemarkCode, text: string): void {
    this.#note(text);
  }

  #note(text: string): undefined {
    this.#printer.note(text);
  }

  input(line: InputLine): Promise<void> | undefined {
    const { stdinIsTerminal } = this.setting;
    const catalogue = this.#catalogue;
    if (stdinIsTerminal) this.#markRead();
    if ("problem" in line) {
      const reason = line.problem === "too-long"
        ? catalogue.lineTooLong(this.lineBytesMax)
        : catalogue.lineNotUtf8;
      return this.#refused(line.number, reason);
    }
    if (line.text === "") return;
    if (line.text === "exit" && stdinIsTerminal) return this.#note(catalogue.leaveHint);
    const parsed = parseLine(line.text);
    if (parsed.type !== "text") return this.#perform(parsed);
    const { room } = this.#conversation;
    if (room === null) return this.#refused(line.number, catalogue.noRoom);
    this.#inFlight.add(this.#say(room, parsed.text, line.number));
    return this.#inFlight.full ? this.#inFlight.room() : undefined;
  }

  /** A person may read what comes now. */
  #seen(post: ShownPost): void {
    const { stdinIsTerminal, stdoutIsTerminal } = this.setting;
    if (!stdinIsTerminal || !stdoutIsTerminal) return;
    const before = this.#unmarked.get(post.room);
    if (before === undefined || comparePosts(before, post) < 0) this.#unmarked.set(post.room, post);
  }

  /** Who types has read what stands there, in all rooms: the other faces count it no more. */
  #markRead(): void {
    for (const [room, { id }] of this.#unmarked) {
      try {
        this.setting.chat.markRead(room, id);
      } catch (error) {
        // The room was closed, or the disk is full: that keeps nobody from writing.
        if (!(error instanceof ChatError)) throw error;
      }
    }
    this.#unmarked.clear();
  }

  message(room: RoomName, text: string): Promise<boolean> {
    return this.#say(room, text, null);
  }

  settled(): Promise<void> {
    return this.#inFlight.idle();
  }

  async #say(room: RoomName, text: string, line: number | null): Promise<boolean> {
    this.#typed.push(text);
    try {
      await this.setting.chat.say(room, text);
      return true;
    } catch (error) {
      this.#typed.splice(this.#typed.indexOf(text), 1);
      if (!(error instanceof ChatError)) throw error;
      this.#refused(line, errorText(error, this.#catalogue));
      return false;
    }
  }

  #refused(line: number | null, reason: string): undefined {
    // Somebody who types sees which line is meant.
    const number = this.setting.stdinIsTerminal ? null : line;
    this.#note(this.#catalogue.notSent(number, reason));
  }

  async #perform(line: CommandLine): Promise<void> {
    const { quit } = this.setting;
    await this.#inFlight.idle();
    const said = line.type === "command" ? wordsOf(line.command) : null;
    if (said !== null) this.#typed.push(said);
    this.#performing = true;
    try {
      const attempt = () => perform(line, this.#here);
      const { lines, posts, opened, wants } = writesToSomebody(line)
        ? await this.#patience.until(attempt)
        : await attempt();
      for (const text of lines) this.#note(text);
      for (const post of posts ?? []) this.#print(post);
      if (opened !== undefined) this.#showHistory(opened);
      if (wants === "clear") this.#printer.clear();
      if (wants === "quit") quit();
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      if (said !== null) this.#typed.splice(this.#typed.indexOf(said), 1);
      this.#note(errorText(error, this.#catalogue));
    } finally {
      this.#performing = false;
    }
  }

  /** What slash commands work on. */
  get #here(): Setting {
    const { chat, preferences } = this.setting;
    const { catalogue } = preferences.words;
    const columns = this.#printer.noteColumns;
    return { chat, preferences, catalogue, columns, conversation: this.#conversation };
  }

  get #catalogue(): Catalogue {
    return this.setting.preferences.words.catalogue;
  }

  #arrived(post: ShownPost): void {
    if (this.#openedWith.delete(post.id)) return;
    this.#conversation.shown(post);
    if (this.setting.silent || (post.origin === "own" && this.#wasTyped(post))) return;
    if (post.origin === "live" && this.#concerns(post)) this.#printer.call(post);
    this.#print(post);
    this.#seen(post);
    if (post.clockAhead && !this.#aheadOfTime.has(post.from)) {
      if (this.#aheadOfTime.size >= screenLimits.namesKnownMax) this.#aheadOfTime.clear();
      this.#aheadOfTime.add(post.from);
      this.#note(this.#catalogue.clockAhead(this.#conversation.names.shown(post.from, post.name)));
    }
  }

  /** It is for this person above others, and its room may ring. */
  #concerns(post: ShownPost): boolean {
    const isPrivate = post.room.startsWith("@") && post.from !== this.setting.chat.me;
    return !this.#conversation.muted.has(post.room) && (isPrivate || this.#mentions(post));
  }

  #mentions({ from, text }: ShownPost): boolean {
    const { me, name } = this.setting.chat;
    if (this.#mentioned.name !== name) this.#mentioned = { name, isIn: mentionOf(name) };
    return from !== me && this.#mentioned.isIn(text);
  }

  /** Whether an own post came from here, where it stands already, and not from the page. */
  #wasTyped({ room, text }: ShownPost): boolean {
    // In front of what is said to one person stands who that is.
    const isIt = (typed: string) =>
      typed === text || (room.startsWith("@") && /\s$/.test(beforeEnd(typed, text)));
    const at = this.#typed.findIndex(isIt);
    if (at >= 0) this.#typed.splice(at, 1);
    return at >= 0;
  }

  #showHistory(room: RoomName): void {
    const { chat, silent, stdoutIsTerminal } = this.setting;
    if (silent || !stdoutIsTerminal) return;
    for (const post of chat.timeline(room, { limit: screenLimits.historyShown }).posts) {
      this.#openedWith.add(post.id);
      this.#seen(post);
      this.#conversation.shown(post);
      this.#print(post);
    }
    this.#note(this.#catalogue.endOfHistory);
  }

  #print(post: ShownPost): void {
    this.#printer.post(post, this.#mentions(post));
  }
}

/** Whether a command names somebody to write to, who may have to be heard of first. */
function writesToSomebody(line: CommandLine): boolean {
  return line.type === "command" && ["msg", "query"].includes(line.command.name);
}

/** What a command says, perhaps behind a name. */
function wordsOf(command: SlashCommand): string | null {
  if (command.name === "msg") return command.rest;
  return "text" in command ? command.text : null;
}

/** What stands before the end of a text; empty if it ends otherwise. */
function beforeEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, text.length - end.length) : "";
}

function isOfListening(code: string): boolean {
  return code === "listening" || code === "not-listening";
}
