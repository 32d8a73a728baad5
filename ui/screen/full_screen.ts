/**
 * The full-screen terminal: takes keys and notices and hands them on. Keys go to a list that is
 * walked or to the keyboard (keyboard.ts), what is sent to deeds.ts, notices to arrivals.ts;
 * all of them change one state (state.ts). What it shows is a function of that (sight.ts),
 * drawn by a display; the terminal itself is a device.
 */

import type { Notice, RoomName, ShownPost } from "../../peer/notice.ts";
import type { Catalogue } from "../catalogue.ts";
import { commandNames } from "../commands.ts";
import { typedPath } from "../environment.ts";
import type { KeyFace, RemarkCode } from "../face.ts";
import { roomLabel } from "../post_line.ts";
import { screenLimits } from "../screen_limits.ts";
import { Arrivals } from "./arrivals.ts";
import type { Action } from "./bindings.ts";
import type { Cells } from "./cells.ts";
import type { Sources } from "./completion.ts";
import { Deeds } from "./deeds.ts";
import { Display } from "./display.ts";
import type { Found } from "./found.ts";
import type { InputBox } from "./input_box.ts";
import { type Desk, Keyboard } from "./keyboard.ts";
import { type Key, KeyDecoder } from "./keys.ts";
import { Sight } from "./sight.ts";
import { ScreenState, type StateSetting } from "./state.ts";

/** What the full-screen terminal is given. */
export interface FullScreenSetting extends StateSetting {
  /** Calls back once, unless the returned function is called before. */
  readonly after: (delayMs: number, action: () => void) => () => void;
  /** Called when the person wants to leave. */
  readonly quit: () => void;
  /** Told of a fault of this program, or that the terminal has gone. */
  readonly onFault: (error: unknown) => void;
}

/** The full screen of one run. */
export class FullScreen implements KeyFace, Desk {
  readonly #state: ScreenState;
  readonly #keyboard: Keyboard;
  readonly #decoder = new KeyDecoder();
  readonly #display: Display;
  readonly #sight: Sight;
  readonly #arrivals: Arrivals;
  readonly #deeds: Deeds;
  #parting = false;
  #closed = false;
  #stopEscape: (() => void) | null = null;
  #stopClock: (() => void) | null = null;
  #stopMemory: (() => void) | null = null;

  /** Draws nothing before `start`. */
  constructor(private readonly setting: FullScreenSetting) {
    const { device, after, quit, onFault } = setting;
    const state = new ScreenState(setting);
    const display = new Display({
      device,
      after,
      onFault,
      cells: state.cells,
      compose: () => this.#sight.frame(),
      calls: () => this.#arrivals.takeCalls(),
    });
    this.#state = state;
    this.#display = display;
    this.#keyboard = new Keyboard(this);
    this.#sight = new Sight(state, display, this.#keyboard);
    this.#arrivals = new Arrivals({ state, display, after, onShown: () => this.#remember() });
    this.#deeds = new Deeds({ state, display, quit, onFault });
  }

  // The face

  start(welcome: readonly string[]): void {
    const state = this.#state;
    state.open();
    for (const line of welcome) state.note(line);
    if (welcome.length > 0) state.note(this.catalogue.screen.keysHint);
    this.#display.enter();
    this.#tick();
    this.#remember();
  }

  notice(notice: Notice): void {
    this.#arrivals.notice(notice);
  }

  remark(_code: RemarkCode, text: string): void {
    this.#state.note(text);
    this.#display.soon();
  }

  keys(chunk: Uint8Array): void {
    if (this.#closed) return;
    this.#stopEscape?.();
    this.#stopEscape = null;
    this.#press(this.#decoder.push(chunk));
    if (!this.#decoder.waits) return;
    this.#stopEscape = this.setting.after(screenLimits.escapeWaitMs, () => {
      this.#stopEscape = null;
      this.#press(this.#decoder.flush());
    });
  }

  message(room: RoomName, text: string): Promise<boolean> {
    return this.#deeds.say(room, text);
  }

  settled(): Promise<void> {
    return this.#deeds.settled();
  }

  part(): Promise<void> {
    this.#parting = true;
    return this.#display.answers();
  }

  close(): void {
    if (this.#closed) return;
    this.#state.keep();
    this.#closed = true;
    for (const stop of [this.#stopEscape, this.#stopClock, this.#stopMemory]) stop?.();
    this.#arrivals.close();
    this.#display.close();
  }

  // The desk of the keyboard

  get input(): InputBox {
    return this.#state.rooms.current.input;
  }

  get cells(): Cells {
    return this.#state.cells;
  }

  get catalogue(): Catalogue {
    return this.#state.catalogue;
  }

  get sources(): Sources {
    const { chat, device } = this.setting;
    const { rooms, names } = this.#state;
    return {
      commands: () => commandNames,
      rooms: () => rooms.all.map(({ room }) => roomLabel(room, names)),
      names: () => this.#state.namesByLastWord(),
      people: () => this.#state.everybody(),
      addresses: () => chat.peers().map(({ address }) => address),
      files: (folder) => device.list(typedPath(folder)),
    };
  }

  now(): number {
    return this.#state.now();
  }

  hint(text: string | null): void {
    this.#state.remarks.hint = text;
  }

  leave(): void {
    this.setting.quit();
  }

  send(): void {
    this.#deeds.send();
  }

  act(action: Action): void {
    const { rooms } = this.#state;
    switch (action.do) {
      case "go": {
        const wanted = rooms.all[action.room];
        if (wanted !== undefined) this.#state.show(wanted);
        return;
      }
      case "step":
        return this.#state.show(rooms.step(action.by));
      case "next-active":
        return this.#state.show(rooms.nextActive());
      case "scroll":
        return this.#sight.scroll(action.by * Math.max(1, this.#sight.bodyHeight() - 2));
      case "newest":
      case "escape":
        return rooms.follow(rooms.current);
      case "redraw":
        return this.#display.redraw();
      case "suspend":
        this.#state.keep();
        this.setting.device.suspend();
        return;
    }
  }

  // Keys

  #press(keys: readonly Key[]): void {
    const state = this.#state;
    for (const key of keys) {
      if (this.#closed) return;
      if (key.type === "cursor") {
        this.#display.answered(key.column);
        continue;
      }
      if (this.#parting) continue;
      state.rooms.current.urgent = 0;
      if (state.found === null || !this.#walk(key, state.found)) this.#keyboard.press(key);
    }
    if (keys.length === 0) return;
    this.#display.draw();
    this.#remember();
  }

  /** Whether the list of what was found has taken the key. */
  #walk(key: Key, found: Found): boolean {
    const step = found.press(key, this.#sight.bodyHeight());
    if (step === "stay") return true;
    this.#state.found = null;
    if (step === "open") this.#goTo(found.chosen);
    return step !== "pass";
  }

  #goTo(post: ShownPost): void {
    const state = this.#state;
    const view = state.rooms.named(post.room);
    if (view === undefined) {
      return state.note(this.catalogue.screen.roomClosed(roomLabel(post.room, state.names)));
    }
    state.show(view);
    state.rooms.goTo(view, post, this.#sight.bodyHeight() >> 2);
  }

  // Time

  /** Keeps drafts and read markers, before long. */
  #remember(): void {
    if (this.#stopMemory !== null || this.#closed) return;
    this.#stopMemory = this.setting.after(screenLimits.memoryMs, () => {
      this.#stopMemory = null;
      this.#state.keep();
    });
  }

  /** The clock in the status row. */
  #tick(): void {
    this.#stopClock = this.setting.after(60_000 - this.now() % 60_000, () => {
      this.#state.forgetTicks();
      this.#display.draw();
      if (!this.#closed) this.#tick();
    });
  }
}
