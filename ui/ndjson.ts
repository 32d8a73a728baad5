/**
 * NDJSON mode: one JSON object per line each way, for programs.
 *
 * Texts are taken as fast as they come, up to a bound, and answered in their order when
 * they are durable. Every other command first waits for the texts before it and is finished
 * before the next line is looked at: `say` then `history` shows what was said. What a command
 * does is in ndjson_perform.ts.
 */

import { ChatError } from "../peer/errors.ts";
import type { Notice, RoomName } from "../peer/notice.ts";
import { defaultLimits } from "../wire/limits.ts";
import { Answers } from "./answers.ts";
import { Conversation } from "./conversation.ts";
import { errorText } from "./error_text.ts";
import type { LineFace, RemarkCode } from "./face.ts";
import { InFlight } from "./in_flight.ts";
import type { InputLine } from "./input_lines.ts";
import { type JsonCommand, parseJsonLine } from "./ndjson_commands.ts";
import {
  codeEvent,
  errorEvent,
  messageEvent,
  noticeEvent,
  readyEvent,
  resultOk,
  resultRefused,
} from "./ndjson_events.ts";
import { NdjsonPerformer, type PerformerSetting, type Say } from "./ndjson_perform.ts";
import { noticeText } from "./notice_text.ts";
import type { Output } from "./output.ts";
import { inertLine } from "./sanitize.ts";
import { screenLimits } from "./screen_limits.ts";

/** What NDJSON mode is given. */
export interface NdjsonSetting extends PerformerSetting {
  /** Where the lines go. */
  readonly output: Pick<Output, "write">;
  /** The link that opens the page, for `ready`. */
  readonly web: string | null;
  /** Told of a fault of this program. */
  readonly onFault: (error: unknown) => void;
}

/** The NDJSON mode of one run. */
export class Ndjson implements LineFace {
  readonly lineBytesMax: number = defaultLimits.jsonLineBytesMax;
  readonly #conversation: Conversation;
  readonly #inFlight: InFlight;
  readonly #answers = new Answers((line) => this.#write(line));
  readonly #performer: NdjsonPerformer;

  /**
   * Writes nothing before `start`.
   *
   * @param setting The chat and the stream.
   */
  constructor(private readonly setting: NdjsonSetting) {
    this.#inFlight = new InFlight(screenLimits.inFlightMax, setting.onFault);
    this.#conversation = new Conversation(setting.chat.me);
    this.#conversation.names.titles = (room) => setting.chat.title(room);
    this.#performer = new NdjsonPerformer(
      setting,
      this.#conversation,
      (line) => this.#write(line),
    );
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
      this.#write(resultOk(ref, await this.#performer.run(ref, command)));
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

  #write(line: string): undefined {
    this.setting.output.write(`${line}\n`);
  }
}
