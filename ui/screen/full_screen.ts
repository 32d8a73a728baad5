/**
 * The full-screen terminal: takes keys and notices and keeps the rooms. What it shows is a
 * function of its state (frame.ts), drawn by a display; the terminal itself is a device.
 */

import type { Chat } from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import type { Notice, RoomName, ShownPost } from "../../peer/notice.ts";
import type { PeerId } from "../../wire/ids.ts";
import type { Catalogue } from "../catalogue.ts";
import { commandNames, parseLine } from "../commands.ts";
import { Conversation } from "../conversation.ts";
import { errorText } from "../error_text.ts";
import type { KeyFace, RemarkCode } from "../face.ts";
import { InFlight } from "../in_flight.ts";
import { mentionOf } from "../mention.ts";
import { mutedRooms } from "../mute_command.ts";
import type { Names } from "../names.ts";
import { noticeText } from "../notice_text.ts";
import { notification } from "../notification.ts";
import { type CommandLine, perform } from "../perform.ts";
import { postWords } from "../post_line.ts";
import type { Preferences } from "../preferences.ts";
import { roomLabel } from "../post_line.ts";
import { inertLine } from "../sanitize.ts";
import { screenLimits } from "../screen_limits.ts";
import { type Theme, themeOf } from "../theme.ts";
import type { Action } from "./bindings.ts";
import { Calls } from "./calls.ts";
import { bodyRows, type Fetch, scrolledDown, scrolledUp } from "./body.ts";
import { Cells } from "./cells.ts";
import { columnsOf } from "./columns.ts";
import type { Sources } from "./completion.ts";
import type { ScreenDevice } from "./device.ts";
import { Display } from "./display.ts";
import type { PostEntry } from "./entries.ts";
import type { Look } from "./entry_rows.ts";
import { Facts, type Known } from "./facts.ts";
import { Found } from "./found.ts";
import { bodyHeight, frameOf } from "./frame.ts";
import type { InputBox } from "./input_box.ts";
import { type InputRows, inputRows } from "./input_rows.ts";
import { type Desk, Keyboard } from "./keyboard.ts";
import { type Key, KeyDecoder } from "./keys.ts";
import { isKept, Memory } from "./memory.ts";
import type { Frame } from "./painter.ts";
import { Remarks } from "./remarks.ts";
import type { RoomView } from "./room_view.ts";
import { Rooms } from "./rooms.ts";
import { complete as completeEntry, deliver } from "./ticks.ts";

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
  readonly #display: Display;
  readonly #memory: Memory;
  readonly #inFlight: InFlight;
  #isNamed: (text: string) => boolean;
  readonly #remarks = new Remarks();
  readonly #calls = new Calls();
  readonly #facts: Facts;
  /** What a search has found, while it is looked through. */
  #found: Found | null = null;
  #closed = false;
  #stopEscape: (() => void) | null = null;
  #stopClock: (() => void) | null = null;
  #stopMemory: (() => void) | null = null;
  #stopTicks: (() => void) | null = null;

  /** Draws nothing before `start`. */
  constructor(private readonly setting: FullScreenSetting) {
    const { chat, device, after, onFault } = setting;
    this.#conversation = new Conversation(chat.me);
    this.#conversation.names.titles = (room) => chat.title(room);
    this.#isNamed = mentionOf(chat.name);
    this.#memory = new Memory(chat);
    this.#facts = new Facts(chat);
    this.#rooms = new Rooms({
      chat,
      mentions: (post) => this.#isMention(post),
      // Before anything is drawn: a name that two people share gets its tag on all lines.
      onEntry: ({ post }) => this.#names.shown(post.from, post.name),
      onNew: (view, { kind, room, title }) => {
        if (kind === "direct") this.#names.shown(room.slice(1) as PeerId, title);
        this.#memory.recall(view);
      },
      onTrouble: (error, view) => view.entries.note(errorText(error, this.catalogue), this.now()),
    });
    this.#keyboard = new Keyboard(this);
    this.#inFlight = new InFlight(screenLimits.inFlightMax, onFault);
    this.#display = new Display({
      device,
      after,
      onFault,
      cells: this.cells,
      compose: () => this.#compose(),
      calls: () => this.#takeCalls(),
    });
  }

  // The face

  start(welcome: readonly string[]): void {
    const { chat } = this.setting;
    this.#names.shown(chat.me, chat.name);
    this.#conversation.muted = new Set(mutedRooms(chat));
    this.#rooms.sync(null);
    this.#conversation.room = this.#rooms.current.room || null;
    for (const line of welcome) this.#note(line);
    if (welcome.length > 0) this.#note(this.catalogue.screen.keysHint);
    this.#display.enter();
    this.#tick();
    this.#remember();
  }

  notice(notice: Notice): void {
    switch (notice.type) {
      case "message":
        this.#arrived(notice.post);
        break;
      case "receipt":
      case "delivery":
        this.#delivered(notice);
        break;
      case "withdrawn":
        this.#withdrawn(notice.room, notice.id);
        break;
      case "room":
        this.#rooms.sync(null);
        this.#conversation.room = this.#rooms.current.room || null;
        this.#facts.forget();
        break;
      case "read":
        this.#rooms.readElsewhere(notice.room);
        break;
      case "presence": {
        this.#names.shown(notice.from, notice.name);
        const event = notice.event === "join" ? "came" : "went";
        const view = this.#rooms.named(notice.room);
        if (view?.opened) view.entries.presence(event, notice.from, this.now());
        if (event === "came") this.#stopTicks ??= this.#ticksLater();
        this.#facts.forget();
        break;
      }
      case "gap": {
        const text = noticeText(notice, this.#names, this.catalogue);
        const entries = this.#rooms.named(notice.room)?.entries;
        entries?.stand(notice.from, notice.missing === 0 ? null : text, this.now());
        break;
      }
      case "progress":
        this.#remarks.progress(notice.room, notice.fetched, notice.total);
        break;
      default:
        this.#told(notice);
    }
    this.#display.soon();
  }

  #told(notice: Notice): void {
    if (notice.type === "renamed") this.#display.layout++;
    const { linked } = this.#facts;
    this.#facts.forget();
    // Coming and going says it already, and the status row counts.
    if (notice.type === "peer" && notice.event === "up" && linked > 0) return;
    if (notice.type === "peer" && notice.reason === "left") return;
    const text = noticeText(notice, this.#names, this.catalogue);
    if (text !== null) this.#note(text, "room" in notice ? notice.room : null);
  }

  remark(_code: RemarkCode, text: string): void {
    this.#note(text);
    this.#display.soon();
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

  #press(keys: readonly Key[]): void {
    for (const key of keys) {
      if (this.#closed) return;
      if (key.type === "cursor") {
        this.#display.answered(key.column);
        continue;
      }
      this.#rooms.current.urgent = 0;
      if (this.#found === null || !this.#walk(key, this.#found)) this.#keyboard.press(key);
    }
    if (keys.length === 0) return;
    this.#display.draw();
    this.#remember();
  }

  /** Whether the list of what was found has taken the key. */
  #walk(key: Key, found: Found): boolean {
    const step = found.press(key, this.#bodyHeight());
    if (step === "stay") return true;
    this.#found = null;
    if (step === "open") this.#goTo(found.chosen);
    return step !== "pass";
  }

  #goTo(post: ShownPost): void {
    const view = this.#rooms.named(post.room);
    if (view === undefined) {
      return this.#note(this.catalogue.screen.roomClosed(roomLabel(post.room, this.#names)));
    }
    this.#show(view);
    this.#rooms.goTo(view, post, this.#bodyHeight() >> 2);
  }

  get #names(): Names {
    return this.#conversation.names;
  }

  message(room: RoomName, text: string): Promise<boolean> {
    return this.#say(room, text);
  }

  settled(): Promise<void> {
    return this.#inFlight.idle();
  }

  close(): void {
    if (this.#closed) return;
    this.#keep();
    this.#closed = true;
    for (const stop of [this.#stopEscape, this.#stopClock, this.#stopMemory, this.#stopTicks]) {
      stop?.();
    }
    this.#display.close();
  }

  // The desk of the keyboard

  get input(): InputBox {
    return this.#rooms.current.input;
  }

  get catalogue(): Catalogue {
    return this.setting.preferences.words.catalogue;
  }

  /** Signs and colours, as they are preferred now. */
  get theme(): Theme {
    const { preferences } = this.setting;
    const ascii = preferences.get("theme") === "ascii" || this.#display.widths.ambiguousIsWide;
    return themeOf({ colour: preferences.colours(true), ascii });
  }

  now(): number {
    return this.setting.device.now();
  }

  hint(text: string | null): void {
    this.#remarks.hint = text;
  }

  leave(): void {
    this.setting.quit();
  }

  send(): void {
    const view = this.#rooms.current;
    const text = view.input.send(isKept(view.input.draft.text));
    this.#memory.sent(view);
    this.#rooms.follow(view);
    const parsed = parseLine(text);
    if (parsed.type !== "text") return this.#inFlight.add(this.#perform(parsed));
    if (view.room === "") return this.#note(this.catalogue.noRoom);
    this.#inFlight.add(this.#say(view.room, parsed.text));
  }

  act(action: Action): void {
    const view = this.#rooms.current;
    switch (action.do) {
      case "go": {
        const wanted = this.#rooms.all[action.room];
        if (wanted !== undefined) this.#show(wanted);
        return;
      }
      case "step":
        return this.#show(this.#rooms.step(action.by));
      case "next-active":
        return this.#show(this.#rooms.nextActive());
      case "scroll":
        return this.#scroll(action.by * Math.max(1, this.#bodyHeight() - 2));
      case "newest":
      case "escape":
        return this.#rooms.follow(view);
      case "redraw":
        return this.#display.redraw();
      case "suspend":
        this.#keep();
        this.setting.device.suspend();
        return;
    }
  }

  get sources(): Sources {
    const { chat, device } = this.setting;
    return {
      commands: () => commandNames,
      rooms: () => this.#rooms.all.map(({ room }) => roomLabel(room, this.#names)),
      names: () => this.#namesByLastWord(),
      addresses: () => chat.peers().map(({ address }) => address),
      files: (folder) => device.list(folder),
    };
  }

  #namesByLastWord(): string[] {
    const { chat } = this.setting;
    const { names } = this.#conversation;
    const shown = new Set<string>();
    for (const entry of this.#rooms.current.entries.all.toReversed()) {
      if (entry.type !== "post" || entry.post.from === chat.me) continue;
      shown.add(names.shown(entry.post.from, entry.post.name));
    }
    for (const { from, name } of this.#known().people) {
      if (from !== chat.me) shown.add(names.shown(from, name));
    }
    return [...shown];
  }

  // What happens

  #arrived(post: ShownPost): void {
    const { names } = this.#conversation;
    const view = this.#rooms.named(post.room) ?? this.#opened(post.room);
    if (view === undefined) return;
    names.shown(post.from, post.name);
    if (post.kind === "topic") this.#rooms.look();
    const mention = this.#isMention(post);
    const isUrgent = post.origin === "live" && !post.clockAhead &&
      (mention || post.room.startsWith("@"));
    if (isUrgent && !this.#conversation.muted.has(post.room)) this.#call(post);
    const isCurrent = view === this.#rooms.current;
    if (!isCurrent && view.isNew(post)) view.missed(isUrgent);
    if (isCurrent && isUrgent) view.urgent++;
    if (!view.opened) return;
    const isAbove = view.isAbove(post);
    if (view.anchor !== null && !isAbove) view.below++;
    const entry = view.entries.add(post, { late: post.late, mention });
    if (entry === null) return;
    if (post.origin === "own") [entry.isComplete, entry.tick] = [post.reply === null, "stored"];
    if (view.anchor === null) view.entries.trim("newest");
    if (isCurrent) this.#remember();
  }

  #opened(room: RoomName): RoomView | undefined {
    this.#rooms.sync(null);
    return this.#rooms.named(room);
  }

  #isMention(post: ShownPost): boolean {
    if (post.from === this.setting.chat.me || post.withdrawn) return false;
    return post.kind !== "topic" && this.#isNamed(post.text);
  }

  /** Calls the person to the terminal, as is preferred. */
  #call(post: ShownPost): void {
    const how = this.setting.preferences.get("notify");
    const name = this.#names.shown(post.from, post.name);
    const words = postWords(post, name, this.catalogue, this.#names);
    const title = `${name} (${roomLabel(post.room, this.#names)})`;
    this.#calls.call(notification(how, title, words));
  }

  #delivered(notice: Extract<Notice, { type: "receipt" | "delivery" }>): void {
    const { room, id } = notice;
    this.#rooms.named(room)?.entries.change(id, (entry) => deliver(entry, notice));
  }

  /** Of posts of earlier runs nobody tells who has them: it is looked up when somebody came. */
  #ticksLater(): () => void {
    return this.setting.after(screenLimits.ticksAgainMs, () => {
      this.#stopTicks = null;
      this.#ticksAnew();
      this.#display.soon();
    });
  }

  #ticksAnew(): void {
    for (const { entries } of this.#rooms.all) entries.forgetTicks(this.setting.chat.me);
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
      this.#display.soon();
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
      if (isHelp(line)) { for (const text of this.catalogue.screen.keys) this.#note(text); }
      const posts = result.posts ?? [];
      if (posts.length > 0 && isSearch(line)) this.#found = new Found(posts);
      this.#isNamed = mentionOf(chat.name);
      // The command may have changed the language, the signs or a name.
      this.#display.layout++;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#note(errorText(error, this.catalogue));
    }
    this.#facts.forget();
    this.#display.soon();
  }

  /** What `/reply 1` and the like count from. */
  #shownPosts(): ShownPost[] {
    return this.#rooms.current.entries.all
      .flatMap((entry) => entry.type === "post" ? [entry.post] : [])
      .slice(-screenLimits.recentPostsMax);
  }

  #show(view: RoomView): void {
    this.#memory.draft(this.#rooms.current);
    this.#memory.read(this.#rooms.current);
    this.#rooms.show(view);
    this.#conversation.room = view.room || null;
    this.#facts.forget();
  }

  /** Keeps drafts and read markers, before long. */
  #remember(): void {
    if (this.#stopMemory !== null || this.#closed) return;
    this.#stopMemory = this.setting.after(screenLimits.memoryMs, () => {
      this.#stopMemory = null;
      this.#keep();
    });
  }

  #keep(): void {
    const view = this.#rooms.current;
    this.#memory.draft(view);
    if (view.anchor === null) this.#memory.read(view);
  }

  // The screen

  #scroll(rows: number): void {
    const view = this.#rooms.current;
    const look = this.#look();
    const fetch: Fetch = (which) => this.#rooms.fetch(view, which);
    view.anchor = rows < 0
      ? scrolledUp(view, -rows, this.#bodyHeight(), look, fetch)
      : scrolledDown(view, rows, look, fetch);
    if (view.anchor === null) this.#rooms.follow(view);
  }

  #bodyHeight(): number {
    const { rows } = this.#display.size;
    return bodyHeight(rows, this.#inputRows(rows).rows.length);
  }

  #look(): Look {
    const { theme, catalogue, cells } = this;
    const { size, isBrief } = this.#display;
    const { names } = this.#conversation;
    const { chat } = this.setting;
    // Both only grow, so their sum is another whenever one is.
    const layout = this.#display.layout + names.version;
    const columns = columnsOf(size.columns);
    const complete = (entry: PostEntry) => completeEntry(entry, chat, names, catalogue);
    return { layout, isBrief, columns, cells, theme, names, catalogue, complete };
  }

  #inputRows(height: number): InputRows {
    const { room, input } = this.#rooms.current;
    const label = inertLine(
      room === "" ? this.catalogue.screen.noRoom : roomLabel(room, this.#names),
    );
    const prompt = this.#keyboard.prompt ?? `[${label}]`;
    const { columns } = this.#display.size;
    return inputRows(prompt, input.draft, columns, height, this.cells, this.theme);
  }

  #compose(): Frame {
    const view = this.#rooms.current;
    const look = this.#look();
    const { screen } = this.catalogue;
    const { people, linked } = this.#known();
    const fetch: Fetch = (which) => this.#rooms.fetch(view, which);
    const scene = {
      label: inertLine(
        view.room === "" ? screen.noRoom : roomLabel(view.room, this.#names),
      ),
      topic: this.#rooms.topic(view),
      here: people.length === 0 ? "" : screen.titleHere(
        people.length,
        people.filter(({ mark }) => mark === "verified").length,
      ),
      people,
      status: {
        nowMs: this.now(),
        tabs: this.#rooms.tabs(this.#names),
        peers: linked,
        remarks: this.#remarks.words(view, this.#found, this.catalogue, this.theme),
      },
      body: (height: number) =>
        this.#found?.rows(height, look) ?? bodyRows(view, height, look, fetch),
      input: (height: number) => this.#inputRows(height),
    };
    return frameOf(scene, this.#display.size, look);
  }

  #known(): Known {
    return this.#facts.of(this.#rooms.current.room, this.now());
  }

  /** The clock in the status row. */
  #tick(): void {
    this.#stopClock = this.setting.after(60_000 - this.now() % 60_000, () => {
      this.#ticksAnew();
      this.#display.draw();
      if (!this.#closed) this.#tick();
    });
  }

  #takeCalls(): string {
    const { urgent, current: { room } } = this.#rooms;
    const label = inertLine(roomLabel(room, this.#names)).replace(/^#/, "");
    return this.#calls.take(label, urgent);
  }
}

function isSearch(line: CommandLine): boolean {
  return line.type === "command" && line.command.name === "search";
}

/** `/help` without a command: it lists everything, keys too. */
function isHelp(line: CommandLine): boolean {
  return line.type === "command" && line.command.name === "help" && line.command.about === null;
}
