/**
 * What a person does with a draft of the full screen once it is sent: texts are said, slash
 * commands carried out. Both are under way while keys go on; what is refused is noted.
 */

import { ChatError } from "../../peer/errors.ts";
import type { RoomName } from "../../peer/notice.ts";
import { parseLine } from "../commands.ts";
import { errorText } from "../error_text.ts";
import { InFlight } from "../in_flight.ts";
import { type CommandLine, perform } from "../perform.ts";
import { screenLimits } from "../screen_limits.ts";
import { columnsOf } from "./columns.ts";
import type { Display } from "./display.ts";
import { Found } from "./found.ts";
import { isKept } from "./memory.ts";
import type { ScreenState } from "./state.ts";

/** What deeds are given. */
export interface DeedsSetting {
  readonly state: ScreenState;
  readonly display: Pick<Display, "layout" | "size" | "soon">;
  /** Called when the person wants to leave. */
  readonly quit: () => void;
  /** Told of a fault of this program. */
  readonly onFault: (error: unknown) => void;
}

/** Does what is sent. */
export class Deeds {
  readonly #inFlight: InFlight;

  /** Nothing under way. */
  constructor(private readonly setting: DeedsSetting) {
    this.#inFlight = new InFlight(screenLimits.inFlightMax, setting.onFault);
  }

  /** Sends the draft of the room that is on the screen. */
  send(): void {
    const { state } = this.setting;
    const view = state.rooms.current;
    const text = view.input.send(isKept(view.input.draft.text));
    state.memory.sent(view);
    state.rooms.follow(view);
    const parsed = parseLine(text);
    if (parsed.type !== "text") {
      return this.#inFlight.add(this.#perform(parsed).finally(state.performing()));
    }
    if (view.room === "") return state.note(state.catalogue.noRoom);
    this.#inFlight.add(this.say(view.room, parsed.text));
  }

  /** Says one text; resolves with whether it was accepted. */
  async say(room: RoomName, text: string): Promise<boolean> {
    const { state, display } = this.setting;
    try {
      await state.setting.chat.say(room, text);
      return true;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      state.note(state.catalogue.notSent(null, errorText(error, state.catalogue)), room);
      display.soon();
      return false;
    }
  }

  /** Resolves when nothing that was sent is under way. */
  settled(): Promise<void> {
    return this.#inFlight.idle();
  }

  async #perform(line: CommandLine): Promise<void> {
    const { state, display, quit } = this.setting;
    const { catalogue, conversation, setting: { chat, preferences } } = state;
    conversation.showing(state.shownPosts());
    try {
      const { noteWidth: columns } = columnsOf(display.size.columns);
      const here = { chat, catalogue, columns, conversation, preferences };
      const result = await perform(line, here);
      if (result.wants === "quit") return quit();
      state.rooms.sync(conversation.room);
      if (result.wants === "clear") state.rooms.current.entries.clear();
      for (const text of result.lines) state.note(text);
      if (isHelp(line)) { for (const text of state.catalogue.screen.keys) state.note(text); }
      const posts = result.posts ?? [];
      if (posts.length > 0) {
        if (isSearch(line)) state.found = new Found(posts, result.more ?? false);
        else state.note(state.catalogue.screen.scrollsBack);
      }
      state.renamed();
      // The command may have changed the language, the signs or a name.
      display.layout++;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      state.note(errorText(error, state.catalogue));
    }
    state.facts.forget();
    display.soon();
  }
}

function isSearch(line: CommandLine): boolean {
  return line.type === "command" && line.command.name === "search";
}

/** `/help` without a command: it lists everything, keys too. */
function isHelp(line: CommandLine): boolean {
  return line.type === "command" && line.command.name === "help" && line.command.about === null;
}
