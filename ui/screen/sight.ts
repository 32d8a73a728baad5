/**
 * How the state of a full screen looks: its scene at the size and with the signs of the
 * display, from which frame.ts makes a frame. What moves by rows is here too, for only the
 * look knows how many rows a text has.
 */

import { roomLabel } from "../post_line.ts";
import { inertLine } from "../sanitize.ts";
import { type Theme, themeOf } from "../theme.ts";
import { bodyRows, type Fetch, scrolledDown, scrolledUp } from "./body.ts";
import { columnsOf } from "./columns.ts";
import type { Display } from "./display.ts";
import type { PostEntry } from "./entries.ts";
import type { Look } from "./entry_rows.ts";
import { bodyHeight, frameOf } from "./frame.ts";
import { type InputRows, inputRows } from "./input_rows.ts";
import type { Keyboard } from "./keyboard.ts";
import type { Frame } from "./painter.ts";
import type { ScreenState } from "./state.ts";
import { complete as completeEntry } from "./ticks.ts";

/** The look of one screen. */
export class Sight {
  /**
   * @param state What is shown.
   * @param display Where: its size, and how it measures.
   * @param keyboard What it asks stands before the draft.
   */
  constructor(
    private readonly state: ScreenState,
    private readonly display: Pick<Display, "size" | "isBrief" | "layout" | "widths">,
    private readonly keyboard: Pick<Keyboard, "prompt">,
  ) {}

  /** The screen as it should be now. */
  frame(): Frame {
    const { state } = this;
    const { rooms, catalogue: { screen } } = state;
    const view = rooms.current;
    const look = this.#look();
    const { people, linked } = state.known();
    const fetch: Fetch = (which) => rooms.fetch(view, which);
    const scene = {
      label: this.#label(),
      topic: rooms.topic(view),
      here: people.length === 0 ? "" : screen.titleHere(
        people.length,
        people.filter(({ mark }) => mark === "verified").length,
      ),
      people,
      status: {
        nowMs: state.now(),
        tabs: rooms.tabs(state.names),
        peers: linked,
        remarks: state.remarks.words(view, state.found, state.catalogue, look.theme),
      },
      body: (height: number) =>
        state.found?.rows(height, look) ?? bodyRows(view, height, look, fetch),
      input: (height: number) => this.#inputRows(height),
    };
    return frameOf(scene, this.display.size, look);
  }

  /** Scrolls the room on the screen by so many rows, up if negative. */
  scroll(rows: number): void {
    const { rooms } = this.state;
    const view = rooms.current;
    const look = this.#look();
    const fetch: Fetch = (which) => rooms.fetch(view, which);
    view.anchor = rows < 0
      ? scrolledUp(view, -rows, this.bodyHeight(), look, fetch)
      : scrolledDown(view, rows, look, fetch);
    if (view.anchor === null) rooms.follow(view);
  }

  /** How many rows the room on the screen has beside its input. */
  bodyHeight(): number {
    const { rows } = this.display.size;
    return bodyHeight(rows, this.#inputRows(rows).rows.length);
  }

  /** Signs and colours, as they are preferred now. */
  get #theme(): Theme {
    const { preferences } = this.state.setting;
    const ascii = preferences.get("theme") === "ascii" || this.display.widths.ambiguousIsWide;
    return themeOf({ colour: preferences.colours(true), ascii });
  }

  #look(): Look {
    const { catalogue, cells, names, setting: { chat } } = this.state;
    const { size, isBrief } = this.display;
    // Both only grow, so their sum is another whenever one is.
    const layout = this.display.layout + names.version;
    const columns = columnsOf(size.columns);
    const complete = (entry: PostEntry) => completeEntry(entry, chat, names, catalogue);
    return { layout, isBrief, columns, cells, theme: this.#theme, names, catalogue, complete };
  }

  #label(): string {
    const { rooms: { current: { room } }, catalogue, names } = this.state;
    return inertLine(room === "" ? catalogue.screen.noRoom : roomLabel(room, names));
  }

  #inputRows(height: number): InputRows {
    const { rooms: { current: { input } }, cells } = this.state;
    const prompt = this.keyboard.prompt ?? `[${this.#label()}]`;
    const { columns } = this.display.size;
    return inputRows(prompt, input.draft, columns, height, cells, this.#theme);
  }
}
