/**
 * What keys do to a draft: editing, its history and the search in it, completion, and the
 * questions before something is sent. What goes beyond the draft is handed on.
 */

import type { Catalogue } from "../catalogue.ts";
import { screenLimits } from "../screen_limits.ts";
import { type Action, actionOf } from "./bindings.ts";
import type { Cells } from "./cells.ts";
import { Completion, type Sources } from "./completion.ts";
import { type InputBox, withoutEnd } from "./input_box.ts";
import type { Key } from "./keys.ts";
import { type Draft, draftOf, emptyDraft, erase, insert, move, moveLine } from "./line_editor.ts";

/** What the keyboard asks of the screen around it. */
export interface Desk {
  /** The input of the room that is on the screen. */
  readonly input: InputBox;
  readonly cells: Cells;
  readonly catalogue: Catalogue;
  /** What Tab can offer. */
  readonly sources: Sources;
  /** Sends the draft. */
  send(): void;
  /** Tells the person something for a moment, until the next key; `null`: no more. */
  hint(text: string | null): void;
  /** Does what is not about the draft. */
  act(action: Action): void;
  /** Leaves the program. */
  leave(): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The search in the input history. */
interface Search {
  readonly text: string;
  readonly skip: number;
  /** The draft before the search. */
  readonly before: Draft;
}

/** The keyboard of one screen. */
export class Keyboard {
  #killed = "";
  #asksToSend = false;
  #search: Search | null = null;
  #completion: Completion | null = null;
  #leaveAskedMs = -Infinity;

  /**
   * @param desk What it works on.
   */
  constructor(private readonly desk: Desk) {}

  /** What stands before the draft instead of the room; `null`: the room. */
  get prompt(): string | null {
    const { screen } = this.desk.catalogue;
    return this.#search === null ? null : `${screen.searchPrompt}: ${this.#search.text}`;
  }

  /** Takes a key. */
  press(key: Key): void {
    const { desk } = this;
    desk.hint(null);
    if (this.#asksToSend) return this.#answer(key);
    if (this.#search !== null && this.#searchOn(key, this.#search)) return;
    const action = actionOf(key);
    if (action?.do !== "complete") this.#completion = null;
    if (key.type === "text" || key.type === "paste") return this.#type(key.text);
    if (action === null) return;
    if (action.do !== "interrupt") this.#leaveAskedMs = -Infinity;
    this.#act(action);
  }

  #act(action: Action): void {
    const { desk } = this;
    const { input, cells } = desk;
    switch (action.do) {
      case "move":
        input.draft = move(input.draft, action.motion, cells);
        return;
      case "erase": {
        const { draft, erased } = erase(input.draft, action.motion, cells);
        input.draft = draft;
        if (action.keep && erased !== "") this.#killed = erased;
        return;
      }
      case "newline":
        return this.#type("\n");
      case "yank":
        return this.#type(this.#killed);
      case "line": {
        const moved = moveLine(input.draft, action.by, cells);
        if (moved === null) input.walk(action.by);
        else input.draft = moved;
        return;
      }
      case "history":
        return input.walk(action.by);
      case "complete":
        return this.#complete(action.by);
      case "search":
        this.#search = { text: "", skip: 0, before: input.draft };
        return;
      case "send":
        return this.#send();
      case "interrupt":
        return this.#interrupt();
      case "end-of-input":
        if (input.draft.text === "") desk.leave();
        else input.draft = erase(input.draft, "right", cells).draft;
        return;
      default:
        return desk.act(action);
    }
  }

  #type(text: string): void {
    const { desk } = this;
    const { input } = desk;
    if (text === "") return;
    const before = input.draft;
    input.draft = insert(before, text, desk.cells);
    if (input.draft === before) desk.hint(desk.catalogue.screen.tooLong);
  }

  #send(): void {
    const { desk } = this;
    const text = withoutEnd(desk.input.draft.text);
    const lines = text.split("\n").length;
    // An invite is copied from a narrow screen in many rows, and said to nobody.
    if (lines <= screenLimits.pasteLinesUnasked || text.startsWith("/connect ")) {
      if (text.trim() !== "") desk.send();
      return;
    }
    this.#asksToSend = true;
    desk.hint(desk.catalogue.screen.sendLines(lines));
  }

  #answer(key: Key): void {
    this.#asksToSend = false;
    const isYes = key.type === "text" && key.text.toLowerCase() === "y";
    if (isYes) this.desk.send();
  }

  #interrupt(): void {
    const { desk } = this;
    if (desk.input.draft.text !== "") {
      desk.input.draft = emptyDraft;
      return;
    }
    const now = desk.now();
    if (now - this.#leaveAskedMs < screenLimits.leaveAgainMs) return desk.leave();
    this.#leaveAskedMs = now;
    desk.hint(desk.catalogue.screen.leaveAgain);
  }

  #complete(by: -1 | 1): void {
    const { input, sources, cells } = this.desk;
    this.#completion ??= Completion.of(input.draft, sources);
    if (this.#completion !== null) input.draft = this.#completion.next(by, cells);
  }

  /** Whether the search has taken the key. */
  #searchOn(key: Key, search: Search): boolean {
    const { input } = this.desk;
    const action = actionOf(key);
    if (key.type === "text" || key.type === "paste") {
      this.#find({ ...search, text: search.text + key.text.replaceAll("\n", " "), skip: 0 });
    } else if (action?.do === "search") {
      this.#find({ ...search, skip: search.skip + 1 });
    } else if (action?.do === "erase" && action.motion === "left") {
      const graphemes = this.desk.cells.graphemes(search.text);
      this.#find({ ...search, text: graphemes.slice(0, -1).join(""), skip: 0 });
    } else {
      this.#search = null;
      const isCancelled = action?.do === "interrupt" || action?.do === "escape";
      if (isCancelled) input.draft = search.before;
      // Enter takes the line over; it is sent by another.
      return isCancelled || action?.do === "send";
    }
    return true;
  }

  #find(search: Search): void {
    const { input } = this.desk;
    if (search.text === "") {
      this.#search = search;
      input.draft = search.before;
      return;
    }
    const line = input.find(search.text, search.skip);
    if (line !== null) {
      this.#search = search;
      input.draft = draftOf(line);
    } else {
      // Beyond the last finding it stays where it is.
      const typed = search.text !== this.#search?.text;
      if (typed) this.#search = search;
      this.desk.hint(this.desk.catalogue.screen.nothingFound);
    }
  }
}
