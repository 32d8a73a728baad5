/**
 * All pages of one run: reads the notices once, numbers and remembers them, and passes them
 * on to each page that is there. A slow page stalls nobody: what it does not take waits in
 * its socket, which is cut when that is too much, and the page resumes from the memory.
 */

import type { Chat } from "../../peer/chat.ts";
import type { Language } from "../language.ts";
import { farewell, type PageEnd, type PageLine } from "./page_line.ts";
import { PageMemory } from "./page_memory.ts";
import { PageSession } from "./page_session.ts";

/** What the pages of a run share. */
export interface PageSetting {
  readonly chat: Chat;
  /** Spoken to a page that has not chosen. */
  readonly language: Language;
  /** Nobody has chosen a name yet: the page asks for one. */
  readonly unnamed: boolean;
  /** The link that opens the page. */
  readonly link: string;
  /** Told of a fault of this program. */
  readonly onFault: (error: unknown) => void;
}

/** The pages of a run. */
export class PageHub {
  readonly #setting: PageSetting;
  readonly #memory = new PageMemory();
  /** Tells this run from others, whose numbers mean something else. */
  readonly #run = crypto.randomUUID();
  readonly #sessions = new Set<PageSession>();
  #stopped = false;

  /** @param setting What the pages share. */
  constructor(setting: PageSetting) {
    this.#setting = setting;
  }

  /** Passes notices on until the chat ends. */
  async run(): Promise<void> {
    try {
      for await (const notice of this.#setting.chat.subscribe()) {
        const number = this.#memory.add(notice);
        for (const session of this.#sessions) session.notice(number, notice);
      }
    } finally {
      this.#stopped = true;
      const { code, reason } = farewell.stopped;
      for (const session of this.#sessions) session.close(code, reason);
    }
  }

  /** Takes in a page that was just opened. */
  attach(line: PageLine): PageEnd {
    const { code, reason } = farewell.stopped;
    if (this.#stopped) line.close(code, reason);
    const session = new PageSession(line, {
      ...this.#setting,
      run: this.#run,
      memory: this.#memory,
      // With its first room, opened by whichever face, this person has begun.
      isUnnamed: () => this.#setting.unnamed && this.#setting.chat.rooms().length === 0,
      gone: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }
}
