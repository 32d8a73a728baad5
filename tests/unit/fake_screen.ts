/** A full screen on a fake chat and a fake terminal: what is typed at it and what it shows. */

import "string-width";
import { Preferences } from "../../ui/preferences.ts";
import type { ScreenDevice } from "../../ui/screen/device.ts";
import type { Size } from "../../ui/screen/frame.ts";
import { FullScreen } from "../../ui/screen/full_screen.ts";
import { FakeChat, noonMs } from "./fake_chat.ts";
import { settle } from "./fake_terminal.ts";
import { Grid } from "./screen_grid.ts";

export class FakeScreen implements ScreenDevice {
  readonly chat = new FakeChat();
  readonly preferences = new Preferences({ lang: null, color: "always" }, {
    variable: () => undefined,
    language: "en",
  });
  grid: Grid;
  quits = 0;
  restores = 0;
  suspends = 0;
  nowMs = noonMs;
  /** Bytes of each write. */
  readonly writes: string[] = [];
  /** While set, writes wait for it. */
  stalled: Promise<void> | null = null;
  files: Record<string, readonly string[]> = {};
  timers: { readonly delayMs: number; readonly action: () => void }[] = [];
  #onChange = () => {};
  readonly face: FullScreen;

  constructor(private dimensions: Size = { columns: 80, rows: 12 }) {
    this.grid = new Grid(dimensions.columns, dimensions.rows);
    this.face = new FullScreen({
      chat: this.chat,
      preferences: this.preferences,
      device: this,
      after: (delayMs, action) => this.#after(delayMs, action),
      quit: () => this.quits++,
      onFault: (error) => {
        throw error;
      },
    });
  }

  #after(delayMs: number, action: () => void): () => void {
    const timer = { delayMs, action };
    this.timers.push(timer);
    return () => this.timers = this.timers.filter((each) => each !== timer);
  }

  /** Starts, with what the chat has by now. */
  async start(...welcome: readonly string[]): Promise<this> {
    this.face.start(welcome);
    await this.settle();
    return this;
  }

  /** Lets all timers of less than a second run out, and all that follows happen. */
  async settle(): Promise<void> {
    await settle();
    for (;;) {
      const due = this.timers.filter(({ delayMs }) => delayMs < 1_000);
      if (due.length === 0) return;
      this.timers = this.timers.filter((timer) => !due.includes(timer));
      for (const { action } of due) action();
      await settle();
    }
  }

  /** Types bytes. */
  async type(text: string): Promise<void> {
    this.face.keys(new TextEncoder().encode(text));
    // What was said comes back as notices.
    await settle();
    await this.pump();
  }

  /** Gives the face the notices that wait. */
  async pump(): Promise<void> {
    for (const notice of this.chat.taken()) this.face.notice(notice);
    await this.settle();
  }

  async resize(size: Size): Promise<void> {
    this.dimensions = size;
    this.grid = new Grid(size.columns, size.rows);
    this.#onChange();
    await this.settle();
  }

  /** Draws all anew, on an empty grid. */
  redraw(): Promise<void> {
    return this.resize(this.dimensions);
  }

  get lines(): string[] {
    return this.grid.lines;
  }

  /** The rows between the title and the status. */
  get body(): string[] {
    return this.lines.slice(1, -2).map((line) => line.replace(/│[^│]*$/, "").trimEnd());
  }

  get status(): string {
    return this.lines.at(-2) ?? "";
  }

  get input(): string {
    return this.lines.at(-1) ?? "";
  }

  size(): Size {
    return this.dimensions;
  }

  enter(onChange: () => void): void {
    this.#onChange = onChange;
  }

  async write(text: string): Promise<void> {
    this.writes.push(text);
    this.grid.write(text);
    if (this.stalled !== null) await this.stalled;
  }

  restore(): void {
    this.restores++;
  }

  suspend(): void {
    this.suspends++;
  }

  list(folder: string): readonly string[] {
    return this.files[folder] ?? [];
  }

  now(): number {
    return this.nowMs;
  }
}
