/**
 * One page: the NDJSON interface over one WebSocket, a line for each message, with some
 * things more. The page says `hello` first, with its version, its language and what it has
 * seen last; each event carries its number `n`, so that it can say so; and a text that comes
 * twice under one `ref`, because the page could not know whether it arrived, is said once.
 */

import type { Chat } from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import type { Notice } from "../../peer/notice.ts";
import { isLanguage, type Language } from "../language.ts";
import { Ndjson } from "../ndjson.ts";
import { errorText } from "../error_text.ts";
import { resultOk, resultRefused } from "../ndjson_events.ts";
import { Preferences } from "../preferences.ts";
import { type Fields, isPageCommand, pageCommand } from "./page_commands.ts";
import { farewell, type PageEnd, type PageLine } from "./page_line.ts";
import type { PageMemory } from "./page_memory.ts";

/** The version of what page and peer say to each other beside NDJSON. */
export const pageVersion = 1;

/** What a session shares with the others of its run. */
export interface SessionSetting {
  readonly chat: Chat;
  readonly language: Language;
  readonly link: string;
  readonly run: string;
  readonly memory: PageMemory;
  /** Whether nobody has chosen a name yet. */
  readonly isUnnamed: () => boolean;
  /** The page is gone. */
  readonly gone: () => void;
  readonly onFault: (error: unknown) => void;
}

/** Characters that leave together; more would only make the first of them wait. */
const messageLengthMax = 64 * 1024;

/** Characters of a ref that the session itself answers; a page makes short ones. */
const refLengthMax = 80;

/** Refs under which a text is said once: what a page makes, and nothing long. */
const onceRef = /^[\w-]{8,64}$/;

/** The session of one page. */
export class PageSession implements PageEnd {
  readonly #line: PageLine;
  readonly #setting: SessionSetting;
  readonly #preferences: Preferences;
  readonly #ndjson: Ndjson;
  #greeted = false;
  #messages = 0;
  #lines: string[] = [];
  #length = 0;
  /** The number of the event that is being written; `null` for everything else. */
  #number: number | null = null;

  /** Says nothing before the page has. */
  constructor(line: PageLine, setting: SessionSetting) {
    this.#line = line;
    this.#setting = setting;
    const surroundings = { variable: () => undefined, language: setting.language };
    this.#preferences = new Preferences({ lang: null, color: null }, surroundings);
    this.#ndjson = new Ndjson({
      chat: setting.chat,
      preferences: this.#preferences,
      output: { write: (text) => this.#write(text) },
      web: setting.link,
      quit: () => this.close(farewell.loggedOut.code, farewell.loggedOut.reason),
      onFault: setting.onFault,
    });
  }

  /** Shows something that happened. */
  notice(number: number, notice: Notice): void {
    if (!this.#greeted) return;
    this.#number = number;
    if (notice.type === "away" || notice.type === "charge") this.#write(JSON.stringify(notice));
    else this.#ndjson.notice(notice);
    this.#number = null;
  }

  text(text: string): Promise<void> | undefined {
    const fields = objectIn(text);
    if (!this.#greeted || fields?.type === "hello") return this.#hello(fields);
    if (isPageCommand(fields?.type)) return this.#answer({ ...fields, type: fields.type });
    if (fields?.type === "say" && typeof fields.ref === "string" && onceRef.test(fields.ref)) {
      const isNew = this.#setting.memory.take(fields.ref, (line) => this.#send(line));
      if (!isNew) return;
    }
    return this.#ndjson.input({ number: ++this.#messages, text });
  }

  gone(): void {
    this.#setting.gone();
  }

  /** Lets the page go. */
  close(code: number, reason: string): void {
    this.#flush();
    this.#line.close(code, reason);
  }

  #hello(fields: Fields | null): undefined {
    const { memory, run, chat, isUnnamed } = this.#setting;
    if (fields?.type !== "hello" || fields.v !== pageVersion) {
      const { code, reason } = farewell.wrongVersion;
      this.close(code, reason);
      return;
    }
    const { lang, after } = fields;
    if (typeof lang === "string" && isLanguage(lang)) this.#preferences.choose("lang", lang);
    const missed = fields.run === run && typeof after === "number" ? memory.after(after) : null;
    if (!this.#greeted) this.#ndjson.start();
    this.#greeted = true;
    const data = { run, after: memory.last, resumed: missed !== null, unnamed: isUnnamed() };
    const ref = shortRef(fields.ref);
    this.#send(resultOk(ref, JSON.stringify({ ...data, name: chat.name })));
    for (const { number, notice } of missed ?? []) this.notice(number, notice);
  }

  async #answer(fields: Parameters<typeof pageCommand>[0]): Promise<void> {
    const ref = shortRef(fields.ref);
    const { catalogue } = this.#preferences.words;
    try {
      this.#send(resultOk(ref, await pageCommand(fields, this.#setting.chat, catalogue)));
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#send(resultRefused(ref, error.code, errorText(error, catalogue)));
    }
  }

  /** Lines of one turn of the loop leave as one message: a browser pays for each message. */
  #send(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length > messageLengthMax) return this.#flush();
    if (this.#lines.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    this.#line.send(this.#lines.join("\n"));
    this.#lines = [];
    this.#length = 0;
  }

  #write(text: string): void {
    const line = text.trimEnd();
    const number = this.#number;
    if (number !== null) return this.#send(`{"n":${number},${line.slice(1)}`);
    const [, ref] = /^\{"type":"result","ref":"([\w-]{8,64})",/.exec(line) ?? [];
    if (ref !== undefined) this.#setting.memory.answered(ref, line);
    this.#send(line);
  }
}

/** A ref as JSON; `null` for one that no page makes. */
function shortRef(ref: unknown): string {
  const json = JSON.stringify(ref ?? null);
  return json.length > refLengthMax ? "null" : json;
}

function objectIn(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Fields
      : null;
  } catch {
    // The NDJSON interface says what is wrong with it.
    return null;
  }
}
