/**
 * The full-screen terminal: takes keys and notices, keeps the rooms, and draws a frame when
 * something has changed. What it shows is a function of its state (frame.ts); what it does
 * to the terminal goes through the device.
 *
 * Frames wait for each other and for nobody else: while one is being written, what changes
 * is drawn by the next. What others write is drawn at most every `frameMs`, keys at once.
 */

import type { Chat } from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import type { Notice, RoomName, ShownPost } from "../../peer/notice.ts";
import type { Catalogue } from "../catalogue.ts";
import { commandNames, parseLine } from "../commands.ts";
import { Conversation } from "../conversation.ts";
import { errorText } from "../error_text.ts";
import type { KeyFace, RemarkCode } from "../face.ts";
import { InFlight } from "../in_flight.ts";
import { mentionOf } from "../mention.ts";
import { noticeText } from "../notice_text.ts";
import { type CommandLine, perform } from "../perform.ts";
import type { Preferences } from "../preferences.ts";
import { answeredStart } from "../quotes.ts";
import { inertLine } from "../sanitize.ts";
import { screenLimits } from "../screen_limits.ts";
import { type Theme, themeOf } from "../theme.ts";
import type { Action } from "./bindings.ts";
import { roomTitle } from "./bars.ts";
import { bodyRows, type BodyState, type Fetch, scrolledDown, scrolledUp } from "./body.ts";
import { Cells } from "./cells.ts";
import { columnsOf } from "./columns.ts";
import type { Sources } from "./completion.ts";
import type { ScreenDevice } from "./device.ts";
import type { Look } from "./entry_rows.ts";
import { bodyHeight, frameOf, type Size } from "./frame.ts";
import { inputRows } from "./input_rows.ts";
import { type Desk, Keyboard } from "./keyboard.ts";
import { KeyDecoder } from "./keys.ts";
import { type Frame, Painter } from "./painter.ts";
import type { RoomView } from "./room_view.ts";
import { Rooms } from "./rooms.ts";

/** What the full-screen terminal is given. */
export interface FullScreenSetting {
  /** What is shown. */
  readonly chat: Chat;
  /** The language, colours and signs. */
  readonly preferences: Preferences;
  /** The terminal. */
  readonly device: ScreenDevice;
  /** Calls back once, unless the returned function is called before. */
  readonly after: (delayMs: number, action: () => void) => () => void;
  /** Called when the person wants to leave. */
  readonly quit: () => void;
  /** Told of a fault of this program, or that the terminal has gone. */
  readonly onFault: (error: unknown) => void;
}

/** The full screen of one run. */
export class FullScreen implements KeyFace, Desk {
  readonly cells = new Cells();
  readonly #conversation: Conversation;
  readonly #rooms: Rooms;
  readonly #keyboard: Keyboard;
  readonly #decoder = new KeyDecoder();
  readonly #painter = new Painter();
  readonly #inFlight: InFlight;
  #mention: (text: string) => boolean;
  #hint: string | null = null;
  /** History that comes in, by room. */
  readonly #progress = new Map<RoomName, { fetched: number; total: number }>();
  #size: Size = { columns: 80, rows: 24 };
  #layout = 0;
  #bell = false;
  #title = "";
  #writing = false;
  #changed = false;
  #closed = false;
  #stopFrame: (() => void) | null = null;
  #stopEscape: (() => void) | null = null;
  #stopClock: (() => void) | null = null;

  /**
   * Draws nothing before `start`.
   *
   * @param setting The chat, the terminal and how to leave.
   */
  constructor(private readonly setting: FullScreenSetting) {
    const { chat } = setting;
    this.#conversation = new Conversation(chat.me);
    this.#mention = mentionOf(chat.name);
    this.#rooms = new Rooms(chat, (post) => this.#isMention(post), (error, view) => {
      view.entries.note(errorText(error, this.catalogue), this.now());
    });
    this.#keyboard = new Keyboard(this);
    this.#inFlight = new InFlight(screenLimits.inFlightMax, setting.onFault);
  }

  // The face

  start(welcome: readonly string[]): void {
    const { chat, device } = this.setting;
    this.#conversation.names.shown(chat.me, chat.name);
    this.#rooms.sync(chat.rooms()[0]?.room ?? null);
    this.#conversation.room = this.#rooms.current.room || null;
    for (const line of welcome) this.#note(line);
    device.enter(() => this.#redraw());
    this.#redraw();
    this.#tick();
  }

  notice(notice: Notice): void {
    const { catalogue } = this;
    switch (notice.type) {
      case "message":
        this.#arrived(notice.post);
        break;
      case "receipt":
        this.#ticked(notice.room, notice.id, notice.have, notice.members);
        break;
      case "withdrawn":
        this.#withdrawn(notice.room, notice.id);
        break;
      case "presence": {
        this.#conversation.names.shown(notice.from, notice.name);
        const event = notice.event === "join" ? "came" : "went";
        const view = this.#rooms.named(notice.room);
        if (view?.opened) view.entries.presence(event, notice.from, this.now());
        break;
      }
      case "progress":
        if (notice.fetched >= notice.total) this.#progress.delete(notice.room);
        else this.#progress.set(notice.room, notice);
        break;
      default: {
        if (notice.type === "renamed") this.#layout++;
        const text = noticeText(notice, this.#conversation.names, catalogue);
        if (text !== null) this.#note(text, "room" in notice ? notice.room : null);
      }
    }
    this.#soon();
  }

  remark(_code: RemarkCode, text: string): void {
    this.#note(text);
    this.#soon();
  }

  keys(chunk: Uint8Array): void {
    this.#stopEscape?.();
    this.#stopEscape = null;
    this.#press(this.#decoder.push(chunk));
    if (!this.#decoder.waits) return;
    this.#stopEscape = this.setting.after(screenLimits.escapeWaitMs, () => {
      this.#stopEscape = null;
      this.#press(this.#decoder.flush());
    });
  }

  #press(keys: ReturnType<KeyDecoder["push"]>): void {
    for (const key of keys) {
      if (this.#closed) return;
      this.#rooms.current.urgent = 0;
      this.#keyboard.press(key);
    }
    if (keys.length > 0) this.#draw();
  }

  message(room: RoomName, text: string): Promise<boolean> {
    return this.#say(room, text);
  }

  settled(): Promise<void> {
    return this.#inFlight.idle();
  }

  close(): void {
    this.#closed = true;
    for (const stop of [this.#stopFrame, this.#stopEscape, this.#stopClock]) stop?.();
    this.setting.device.restore();
  }

  // The desk of the keyboard

  get input() {
    return this.#rooms.current.input;
  }

  get catalogue(): Catalogue {
    return this.setting.preferences.words.catalogue;
  }

  /** Signs and colours, as they are preferred now. */
  get theme(): Theme {
    const { preferences } = this.setting;
    const colour = preferences.colours(true);
    const ascii = preferences.get("theme") === "ascii";
    return themeOf({ colour, ascii });
  }

  now(): number {
    return this.setting.device.now();
  }

  hint(text: string | null): void {
    this.#hint = text;
  }

  leave(): void {
    this.setting.quit();
  }

  send(): void {
    const view = this.#rooms.current;
    // A line with an invite in it is a key to a room: no copy of it is kept.
    const remember = !/starling:/i.test(view.input.draft.text);
    const text = view.input.send(remember);
    view.anchor = null;
    view.below = 0;
    const parsed = parseLine(text);
    if (parsed.type !== "text") return this.#inFlight.add(this.#perform(parsed));
    if (view.room === "") return this.#note(this.catalogue.noRoom);
    this.#inFlight.add(this.#say(view.room, parsed.text));
  }

  act(action: Action): void {
    switch (action.do) {
      case "go": {
        const view = this.#rooms.all[action.room];
        if (view !== undefined) this.#show(view);
        return;
      }
      case "step":
        return this.#show(this.#rooms.step(action.by));
      case "next-active":
        return this.#show(this.#rooms.nextActive());
      case "scroll":
        return this.#scroll(action.by * Math.max(1, this.#bodyHeight() - 2));
      case "oldest":
        return this.#scroll(-Infinity);
      case "newest":
      case "escape":
        this.#rooms.current.anchor = null;
        this.#rooms.current.below = 0;
        return;
      case "redraw":
        this.#painter.forget();
        return;
      case "suspend":
        this.setting.device.suspend();
        return;
    }
  }

  get sources(): Sources {
    const { chat, device } = this.setting;
    return {
      commands: () => commandNames,
      rooms: () => this.#rooms.all.map(({ room }) => roomTitle(room)),
      names: () => this.#namesByLastWord(),
      addresses: () => chat.peers().map(({ address }) => address),
      files: (folder) => device.list(folder),
    };
  }

  #namesByLastWord(): string[] {
    const { chat } = this.setting;
    const { names } = this.#conversation;
    const view = this.#rooms.current;
    const shown = new Set<string>();
    for (const entry of view.entries.all.toReversed()) {
      if (entry.type !== "post" || entry.post.from === chat.me) continue;
      shown.add(names.shown(entry.post.from, entry.post.name));
    }
    for (const { from, name } of this.#people(view)) {
      if (from !== chat.me) shown.add(names.shown(from, name));
    }
    return [...shown];
  }

  // What happens

  #arrived(post: ShownPost): void {
    const { chat } = this.setting;
    const view = this.#rooms.named(post.room) ?? this.#opened(post.room);
    if (view === undefined) return;
    const mention = this.#isMention(post);
    const isUrgent = post.origin === "live" && (mention || post.room.startsWith("@"));
    if (isUrgent) this.#bell = true;
    this.#conversation.names.shown(post.from, post.name);
    const isCurrent = view === this.#rooms.current;
    if (!isCurrent && post.origin !== "own") view.missed(isUrgent);
    if (isCurrent && isUrgent) view.urgent++;
    if (!view.opened) return;
    const entry = view.entries.add(post, { late: false, mention });
    if (entry === null) return;
    if (post.from === chat.me) entry.tick = post.origin === "own" ? "stored" : undefined;
    if (view.anchor !== null && !view.isLate(post)) view.below++;
    if (view.anchor === null) view.entries.trim("newest");
  }

  #opened(room: RoomName): RoomView | undefined {
    this.#rooms.sync(null);
    return this.#rooms.named(room);
  }

  #isMention(post: ShownPost): boolean {
    if (post.from === this.setting.chat.me || post.withdrawn) return false;
    return post.kind !== "topic" && this.#mention(post.text);
  }

  #ticked(room: RoomName, id: ShownPost["id"], have: number, members: number): void {
    this.#rooms.named(room)?.entries.change(id, (entry) => {
      entry.tick = have === 0 ? "stored" : have >= members ? "held" : "handed";
    });
  }

  #withdrawn(room: RoomName, id: ShownPost["id"]): void {
    this.#conversation.withdrawn(id);
    this.#rooms.named(room)?.entries.change(id, (entry) => {
      entry.post = { ...entry.post, withdrawn: true, text: "" };
    });
  }

  #note(text: string, room: RoomName | null = null): void {
    const view = (room === null ? undefined : this.#rooms.named(room)) ?? this.#rooms.current;
    for (const line of text.split("\n")) view.entries.note(line, this.now());
  }

  async #say(room: RoomName, text: string): Promise<boolean> {
    try {
      await this.setting.chat.say(room, text);
      return true;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#note(this.catalogue.notSent(null, errorText(error, this.catalogue)), room);
      this.#soon();
      return false;
    }
  }

  async #perform(line: CommandLine): Promise<void> {
    const { chat, quit, preferences } = this.setting;
    const { catalogue } = this;
    const conversation = this.#conversation;
    conversation.showing(this.#shownPosts());
    try {
      const result = await perform(line, { chat, catalogue, conversation, preferences });
      if (result.wants === "quit") return quit();
      this.#rooms.sync(conversation.room);
      if (result.wants === "clear") this.#rooms.current.entries.clear();
      for (const text of result.lines) this.#note(text);
      this.#mention = mentionOf(chat.name);
      // The command may have changed the language, the signs or a name.
      this.#layout++;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#note(errorText(error, this.catalogue));
    }
    this.#soon();
  }

  /** What `/reply 1` and the like count from. */
  #shownPosts(): ShownPost[] {
    return this.#rooms.current.entries.all
      .flatMap((entry) => entry.type === "post" ? [entry.post] : [])
      .slice(-screenLimits.recentPostsMax);
  }

  #show(view: RoomView): void {
    this.#rooms.show(view);
    this.#conversation.room = view.room || null;
  }

  // The screen

  #fetch(view: RoomView): Fetch {
    return (which) => which === "older" && this.#rooms.fetchOlder(view);
  }

  #scroll(rows: number): void {
    const view = this.#rooms.current;
    const look = this.#look();
    const fetch = this.#fetch(view);
    const height = this.#bodyHeight();
    view.anchor = rows < 0
      ? scrolledUp(view, -rows, height, look, fetch)
      : scrolledDown(view, rows, look, fetch);
    if (view.anchor === null) view.below = 0;
  }

  #bodyHeight(): number {
    return bodyHeight(this.#size.rows, this.#inputRows(this.#size.rows).rows.length);
  }

  #look(): Look {
    const { catalogue } = this;
    const { theme } = this;
    const { names } = this.#conversation;
    const columns = columnsOf(this.#size.columns);
    return { layout: this.#layout, columns, cells: this.cells, theme, names, catalogue };
  }

  #inputRows(height: number) {
    const { theme } = this;
    const { room, input } = this.#rooms.current;
    const label = inertLine(room === "" ? this.catalogue.screen.noRoom : roomTitle(room));
    const prompt = this.#keyboard.prompt ?? `[${label}]`;
    return inputRows(prompt, input.draft, this.#size.columns, height, this.cells, theme);
  }

  #compose(): Frame {
    const view = this.#rooms.current;
    const look = this.#look();
    this.#lookUp(view);
    const { screen } = this.catalogue;
    const people = this.#people(view);
    const summary = this.setting.chat.rooms().find(({ room }) => room === view.room);
    const scene = {
      label: inertLine(roomTitle(view.room)),
      topic: summary?.topic ?? "",
      here: people.length === 0 ? "" : screen.titleHere(people.length),
      people,
      status: {
        nowMs: this.now(),
        tabs: this.#rooms.tabs(),
        peers: new Set(this.#linked()).size,
        remarks: this.#remarks(view),
      },
      body: (height: number) => bodyRows(view as BodyState, height, look, this.#fetch(view)),
      input: (height: number) => this.#inputRows(height),
    };
    return frameOf(scene, this.#size, look);
  }

  #linked(): string[] {
    return this.setting.chat.peers().flatMap(({ state, peer }) =>
      state === "up" && peer !== null ? [peer] : []
    );
  }

  #people(view: RoomView) {
    return view.room === "" ? [] : this.setting.chat.who(view.room);
  }

  #remarks(view: RoomView): string[] {
    const { screen } = this.catalogue;
    const { signs } = this.theme;
    const remarks: string[] = [];
    if (this.#hint !== null) remarks.push(this.#hint);
    if (view.anchor !== null) remarks.push(`${signs.down} ${screen.moreBelow(view.below)}`);
    const coming = this.#progress.get(view.room);
    if (coming !== undefined) {
      const filled = Math.round(8 * coming.fetched / Math.max(1, coming.total));
      const bar = signs.full.repeat(filled) + signs.empty.repeat(8 - filled);
      remarks.push(`${screen.fetching(coming.fetched, coming.total)} ${bar}`);
    }
    remarks.push(this.catalogue.language);
    return remarks;
  }

  /** Finds out what posts on the screen need beside themselves. */
  #lookUp(view: RoomView): void {
    const { chat } = this.setting;
    for (const entry of view.entries.all.slice(-screenLimits.openPagePosts)) {
      if (entry.type !== "post" || entry.quote !== undefined) continue;
      entry.quote = entry.post.reply === null
        ? null
        : answeredStart(entry.post.reply, chat, this.#conversation.names, this.catalogue);
    }
  }

  #redraw(): void {
    this.#size = this.setting.device.size();
    this.#layout++;
    this.#painter.forget();
    this.#draw();
  }

  /** The clock in the status row. */
  #tick(): void {
    this.#stopClock = this.setting.after(60_000 - this.now() % 60_000, () => {
      this.#draw();
      if (!this.#closed) this.#tick();
    });
  }

  /** Draws before long, with whatever else changes meanwhile. */
  #soon(): void {
    if (this.#closed || this.#stopFrame !== null) return;
    this.#stopFrame = this.setting.after(screenLimits.frameMs, () => {
      this.#stopFrame = null;
      this.#draw();
    });
  }

  /** Draws now, or right after the frame that is being written. */
  #draw(): void {
    this.#changed = true;
    if (this.#writing || this.#closed) return;
    this.#writing = true;
    this.#writeFrames().then(
      () => this.#writing = false,
      (error) => {
        if (!this.#closed) this.setting.onFault(error);
      },
    );
  }

  async #writeFrames(): Promise<void> {
    while (this.#changed && !this.#closed) {
      this.#changed = false;
      let frame = this.#compose();
      if (this.cells.lacksMeasure) {
        const { default: stringWidth } = await import("string-width");
        this.cells.learn((grapheme) => stringWidth(grapheme));
        this.#layout++;
        frame = this.#compose();
      }
      const text = this.#bells() + this.#painter.paint(frame);
      if (text !== "" && !this.#closed) await this.setting.device.write(text);
    }
  }

  #bells(): string {
    const bell = this.#bell ? "\x07" : "";
    this.#bell = false;
    const { urgent } = this.#rooms;
    const room = this.#rooms.current.room;
    const title = `${urgent > 0 ? `(${urgent}) ` : ""}${inertLine(room)}`;
    if (title === this.#title) return bell;
    this.#title = title;
    return `${bell}\x1b]2;${title}\x07`;
  }
}
