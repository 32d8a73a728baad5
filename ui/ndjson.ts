/**
 * NDJSON mode: one JSON object per line each way, for programs.
 *
 * Texts are taken as fast as they come, up to a bound, and answered in their order when
 * they are durable. Every other command first waits for the texts before it and is finished
 * before the next line is looked at: `say` then `history` shows what was said.
 */

import { looksLikeInvite } from "../discovery/address.ts";
import type { Chat, TimelinePage } from "../peer/chat.ts";
import { ChatError } from "../peer/errors.ts";
import type { Notice, RoomName } from "../peer/notice.ts";
import { defaultLimits } from "../wire/limits.ts";
import { normalRoomName } from "../wire/text.ts";
import { Answers } from "./answers.ts";
import { parseLine } from "./commands.ts";
import { Conversation } from "./conversation.ts";
import { errorText } from "./error_text.ts";
import type { LineFace, RemarkCode } from "./face.ts";
import { InFlight } from "./in_flight.ts";
import type { InputLine } from "./input_lines.ts";
import { type JsonCommand, parseJsonLine } from "./ndjson_commands.ts";
import {
  codeEvent,
  errorEvent,
  fitting,
  infoData,
  madeInviteData,
  messageEvent,
  noticeEvent,
  peerData,
  personData,
  readyEvent,
  requestData,
  resultOk,
  resultRefused,
  roomData,
} from "./ndjson_events.ts";
import { noticeText } from "./notice_text.ts";
import type { Output } from "./output.ts";
import type { CommandLine } from "./perform.ts";
import type { Performance } from "./performance.ts";
import type { Preferences } from "./preferences.ts";
import { postLine } from "./post_line.ts";
import { Refusal } from "./refusal.ts";
import { inertLine } from "./sanitize.ts";
import { screenLimits } from "./screen_limits.ts";
import { currentRoom, type Setting } from "./setting.ts";

/** What NDJSON mode is given. */
export interface NdjsonSetting {
  /** What is shown. */
  readonly chat: Chat;
  /** For the sentences in notices and errors. */
  readonly preferences: Preferences;
  /** Where the lines go. */
  readonly output: Pick<Output, "write">;
  /** The link that opens the page, for `ready`. */
  readonly web: string | null;
  /** Called when the program wants to leave. */
  readonly quit: () => void;
  /** Told of a fault of this program. */
  readonly onFault: (error: unknown) => void;
}

type SlashLine = Extract<JsonCommand, { readonly type: "command" }>;
type Say = Extract<JsonCommand, { readonly type: "say" }>;

/** The NDJSON mode of one run. */
export class Ndjson implements LineFace {
  readonly lineBytesMax: number = defaultLimits.jsonLineBytesMax;
  readonly #conversation: Conversation;
  readonly #inFlight: InFlight;
  readonly #answers = new Answers((line) => this.#write(line));

  /**
   * Writes nothing before `start`.
   *
   * @param setting The chat and the stream.
   */
  constructor(private readonly setting: NdjsonSetting) {
    this.#inFlight = new InFlight(screenLimits.inFlightMax, setting.onFault);
    this.#conversation = new Conversation(setting.chat.me);
    this.#conversation.names.titles = (room) => setting.chat.title(room);
  }

  start(): void {
    const { chat } = this.setting;
    this.#conversation.room = chat.rooms().findLast(({ kind }) => kind !== "direct")?.room ?? null;
    this.#conversation.names.shown(chat.me, chat.name);
    this.#write(readyEvent(chat, this.setting.web));
  }

  notice(notice: Notice): void {
    if (notice.type === "message") {
      this.#conversation.shown(notice.post);
      this.#write(messageEvent(notice.post));
      return;
    }
    // Programs ask by `who` and `rooms`; the page is told by its session.
    if (notice.type === "away" || notice.type === "charge") return;
    if (notice.type === "withdrawn") this.#conversation.withdrawn(notice.id);
    const text = noticeText(
      notice,
      this.#conversation.names,
      this.setting.preferences.words.catalogue,
    );
    this.#write(noticeEvent(notice, inertLine(text ?? "")));
  }

  remark(code: RemarkCode, text: string): void {
    this.#write(codeEvent(code, inertLine(text), null));
  }

  input(line: InputLine): Promise<void> | undefined {
    const { catalogue } = this.setting.preferences.words;
    if ("problem" in line) {
      const tooLong = line.problem === "too-long";
      const message = tooLong ? catalogue.lineTooLong(this.lineBytesMax) : catalogue.lineNotUtf8;
      return this.#write(errorEvent(tooLong ? "line-too-long" : "bad-json", message, line.number));
    }
    if (line.text.trim() === "") return;
    const parsed = parseJsonLine(line.text, catalogue);
    switch (parsed.type) {
      case "malformed":
        return this.#write(errorEvent(parsed.code, parsed.message, line.number));
      case "refused":
        this.#answers.open()(resultRefused(parsed.ref, parsed.code, parsed.message));
        return;
      case "command":
        if (parsed.command.type !== "say") return this.#answer(parsed.ref, parsed.command);
        this.#say(parsed.ref, parsed.command);
        return this.#inFlight.full ? this.#inFlight.room() : undefined;
    }
  }

  message(room: RoomName, text: string): Promise<boolean> {
    return this.#say("null", { type: "say", room, text, reply: null });
  }

  settled(): Promise<void> {
    return this.#inFlight.idle();
  }

  #say(ref: string, say: Say): Promise<boolean> {
    const said = this.#saying(ref, say, this.#answers.open());
    this.#inFlight.add(said);
    return said;
  }

  async #saying(
    ref: string,
    { room, text, reply }: Say,
    answer: (line: string) => void,
  ): Promise<boolean> {
    try {
      const id = await this.setting.chat.say(room, text, { reply });
      answer(resultOk(ref, `{"id":"${id}"}`));
      return true;
    } catch (error) {
      answer(this.#refusal(ref, error));
      return false;
    }
  }

  async #answer(ref: string, command: Exclude<JsonCommand, Say>): Promise<void> {
    await this.#inFlight.idle();
    try {
      this.#write(resultOk(ref, await this.#run(ref, command)));
    } catch (error) {
      this.#write(this.#refusal(ref, error));
      return;
    }
    if (command.type === "quit") this.setting.quit();
  }

  #refusal(ref: string, error: unknown): string {
    // Anything else is a fault of this program, and must end it loudly.
    if (!(error instanceof ChatError)) throw error;
    const message = errorText(error, this.setting.preferences.words.catalogue);
    return resultRefused(ref, error.code, message);
  }

  /** Carries out a command; resolves with the `data` of its answer, as JSON. */
  async #run(ref: string, command: Exclude<JsonCommand, Say>): Promise<string> {
    const { chat } = this.setting;
    switch (command.type) {
      case "join":
      case "part":
        await this.#perform({
          type: "command",
          command: { name: command.type, room: command.room },
        });
        return "null";
      case "connect": {
        const { address } = command;
        await this.#perform({ type: "command", command: { name: "connect", address } });
        if (!looksLikeInvite(address.trim())) return "null";
        return (await import("./invite_command.ts")).inviteData(address);
      }
      case "invite": {
        const { room, count, expires } = command;
        const wishes = { ...expires === undefined ? {} : { expiresMs: expires } };
        const link = await chat.invite(room, count === null ? wishes : { ...wishes, count });
        return JSON.stringify({ invite: link });
      }
      case "invites":
        return this.#list(ref, chat.invites(command.room).map(madeInviteData), "last");
      case "revoke":
        return `{"id":"${await chat.revokeInvite(command.room, command.id)}"}`;
      case "disconnect":
        await chat.disconnect(command.target);
        return "null";
      case "accept":
      case "block":
      case "unblock":
        await chat[command.type](command.from);
        return "null";
      case "requests":
        return this.#list(ref, chat.requests().map(requestData));
      case "who":
        return this.#list(ref, chat.who(command.room).map(personData));
      case "info":
        return infoData(chat.info(command.id));
      case "withdraw":
        return `{"id":"${await chat.withdraw(command.id)}"}`;
      case "peers":
        return this.#list(ref, chat.peers().map(peerData));
      case "history": {
        const { before, after, limit } = command;
        const page = chat.timeline(command.room, {
          before: before ?? undefined,
          after: after ?? undefined,
          limit,
        });
        return `{${messagesOf(page, ref, after === null ? "last" : "first")}}`;
      }
      case "search": {
        const { query, room, before, limit } = command;
        const page = chat.search(query, {
          room: room ?? undefined,
          before: before ?? undefined,
          limit,
        });
        return `{${messagesOf(page, ref, "last")},"unsearched":${page.unsearched}}`;
      }
      case "read":
        chat.markRead(command.room, command.id);
        return "null";
      case "rooms":
        return this.#list(ref, chat.rooms().map(roomData));
      case "command":
        return `{"lines":${this.#list(ref, await this.#slashCommand(command), "last")}}`;
      case "quit":
        return "null";
    }
  }

  /** Slash commands are loaded with the first one: many programs send none. */
  async #perform(line: CommandLine): Promise<Performance> {
    const { perform } = await import("./perform.ts");
    return await perform(line, this.#here);
  }

  /** Performs a slash command; resolves with its lines, each as JSON. */
  async #slashCommand({ line, room }: SlashLine): Promise<string[]> {
    const { chat, quit } = this.setting;
    const { catalogue } = this.setting.preferences.words;
    if (room !== null) this.#goTo(room);
    const parsed = parseLine(line);
    if (parsed.type === "text") {
      if (!line.startsWith("/")) {
        throw new Refusal("bad-command", catalogue.jsonField("line", catalogue.formSlash));
      }
      await chat.say(currentRoom(this.#here), parsed.text);
      return [];
    }
    const { lines, posts = [], wants } = await this.#perform(parsed);
    if (wants === "quit") quit();
    const shown = posts.flatMap((post) =>
      postLine(post, this.#conversation.names, catalogue).split("\n")
    );
    return [...lines.map(inertLine), ...shown].map((each) => JSON.stringify(each));
  }

  #goTo(typed: string): void {
    const { chat, preferences: { words } } = this.setting;
    const room = normalRoomName(typed);
    if (!chat.rooms().some((open) => open.room === room)) {
      throw new Refusal("not-joined", words.catalogue.notOpen(typed));
    }
    this.#conversation.room = room;
  }

  /** What slash commands work on. */
  get #here(): Setting {
    const { chat, preferences } = this.setting;
    const { catalogue } = preferences.words;
    return { chat, preferences, catalogue, conversation: this.#conversation };
  }

  /**
   * A JSON array of as many elements as one line holds, the first ones or the last; a notice
   * tells of the others.
   */
  #list(ref: string, elements: readonly string[], side: "first" | "last" = "first"): string {
    const kept = fitting(side === "first" ? elements : elements.toReversed(), ref);
    if (kept < elements.length) {
      const text = this.setting.preferences.words.catalogue.listCut(kept, elements.length);
      this.#write(codeEvent("list-cut", text, null));
    }
    return `[${
      side === "first" ? elements.slice(0, kept) : elements.slice(elements.length - kept)
    }]`;
  }

  #write(line: string): undefined {
    this.setting.output.write(`${line}\n`);
  }
}

/**
 * A page as fields of an answer: as much of it as one line holds; the rest can be asked for.
 *
 * @param side Which posts stay.
 */
function messagesOf(page: TimelinePage, ref: string, side: "first" | "last"): string {
  const messages = page.posts.map(messageEvent);
  const kept = fitting(side === "first" ? messages : messages.toReversed(), ref);
  const more = page.more || kept < messages.length;
  const given = side === "first" ? messages.slice(0, kept) : messages.slice(messages.length - kept);
  return `"messages":[${given}],"more":${more}`;
}
