/** What a person does on the page: from a click or a key to commands for the peer. */

import type { Asks } from "./asks.ts";
import type { History } from "./history.ts";
import { type Line, Refusal } from "./link.ts";
import type { Model } from "./model.ts";
import type { Notes } from "./notes.ts";
import type { Room } from "./room.ts";
import { noteRow, type Row } from "./room_log.ts";
import { read, write } from "./storage.ts";

export class Deeds {
  #pending = 0;

  constructor(
    private readonly model: Model,
    private readonly history: History,
    private readonly asks: Asks,
    private readonly notes: Notes,
  ) {}

  /** Comes in with a token. */
  open(token: string): void {
    write("token", token, "tab");
    this.model.loggedOut = false;
    this.model.link.open(token);
  }

  /** Forgets the way in. */
  logout(): void {
    const { model } = this;
    write("token", null, "tab");
    model.loggedOut = true;
    model.known = false;
    model.sheet = null;
    model.rooms.clear();
    model.roomsKnown = false;
    model.peers = null;
    model.current = null;
    model.link.close();
    model.changed();
  }

  /** Says a text, or does what a line with a slash asks for. */
  async say(room: Room, text: string): Promise<void> {
    room.problem = "";
    if (/^\/[^/]/.test(text)) return await this.command(room, text);
    const { replyTo } = room;
    room.replyTo = null;
    const said = text.startsWith("//") ? text.slice(1) : text;
    const id = `pending-${++this.#pending}`;
    const tick = { state: "sending", have: 0, members: 0, reason: null } as const;
    const row: Row = {
      ...noteRow(id, said, room.log.newer ? undefined : room.log.rows.at(-1)),
      kind: "pending",
      from: this.model.me,
      name: this.model.name,
      own: true,
      reply: replyTo,
      tick,
    };
    room.log.add(row, true);
    if (room.log.newer) void this.history.toEnd(room);
    room.atEnd = true;
    this.model.changed();
    try {
      const command = { type: "say", room: room.name, text: said, reply: replyTo };
      const { id: post } = await this.model.link.ask(command);
      // Else it goes when its post comes.
      if (room.log.has(post)) room.log.remove(id);
    } catch (error) {
      room.log.remove(id);
      if (!(error instanceof Refusal)) throw error;
      const { words } = this.model;
      // As it was typed: without its second slash it would be a command the next time.
      this.keep(room, text);
      room.replyTo ??= replyTo;
      room.problem = error.code === "unknown"
        ? words.perhapsNotSent
        : words.notSent(this.model.reasonOf(error));
    }
    this.model.changed();
  }

  /** An own post has come: if it was typed here, it takes the place of the text on its way. */
  said(room: Room, row: Row): void {
    const pending = room.log.pending(row.text);
    if (pending !== null) room.log.remove(pending);
  }

  /** Performs a slash command; what it answers is shown in the room. */
  async command(room: Room, line: string): Promise<void> {
    const { model } = this;
    const [, word = "", rest = ""] = /^.(\S*)\s*(.*)$/s.exec(line.trim()) ?? [];
    const what = word.toLowerCase();
    if (what === "quit") return this.logout();
    if (what === "search") return model.show({ type: "search", query: rest });
    if (what === "clear") {
      room.log.clear();
      room.isCleared = true;
      return model.changed();
    }
    try {
      const command = { type: "command", line, room: room.name };
      const opens = /^(join|query)$/.test(what) || (what === "room" && /^new\s/i.test(rest));
      const { lines } = opens
        ? await this.#opened(command, rest.replace(/^#/, ""))
        : await model.link.ask(command);
      const lang = rest.toLowerCase();
      if (what === "lang" && (lang === "en" || lang === "zh")) model.speak(lang);
      // In the room that is looked at now, which may be the one that was opened.
      const shown = model.room ?? room;
      if (lines.length > 0) await this.history.toEnd(shown);
      this.notes.answer(lines, shown);
      if (/^(msg|room|part)$/.test(what)) this.asks.rooms();
      if (/^(nick|verify|petname|block|unblock|accept)$/.test(what)) this.#peopleAnew();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.keep(room, line);
      room.problem = this.model.reasonOf(error);
    }
    model.changed();
  }

  /** Opens a room and looks at it. */
  async join(typed: string): Promise<void> {
    await this.#opened({ type: "join", room: typed }, typed.replace(/^#/, ""));
  }

  /** Founds a room and looks at it. */
  async found(typed: string, kind: "owned" | "private"): Promise<void> {
    const name = typed.trim().replace(/\s+/g, "-");
    const line = ["/room", "new", name, `--${kind}`].join(" ");
    await this.#opened({ type: "command", line }, name);
  }

  /** Gives a command that opens a room, and looks at that; or at the one called so, if it was. */
  async #opened(command: Line, called: string): Promise<Line> {
    const { model } = this;
    const before = new Set(model.rooms.keys());
    const answer = await model.link.ask(command);
    const list = await model.link.ask({ type: "rooms" }) as unknown as Line[];
    this.asks.took(list);
    const rooms = [...model.rooms.values()];
    const room = rooms.find(({ name }) => !before.has(name)) ??
      rooms.find((each) => each.name === called || model.label(each) === called);
    const { sheet } = model;
    if (room !== undefined) this.history.go(room.name);
    model.show(sheet);
    return answer;
  }

  /** Does in a room what a slash command does; what it has to say is shown by its events. */
  async act(room: Room, ...words: readonly string[]): Promise<void> {
    const line = `/${words.join(" ")}`;
    await this.model.link.ask({ type: "command", room: room.name, line });
    if (room.isFounded) this.asks.rooms();
  }

  /** Says what a room is about; nothing if the text is empty. */
  async setTopic({ name }: Room, text: string): Promise<void> {
    await this.model.link.ask({ type: "topic", room: name, text });
  }

  /** Opens the chat with one person and looks at it. */
  async talk(from: string): Promise<void> {
    await this.join(`@${from}`);
    this.model.show(null);
  }

  /** Decides about somebody: shown, or not shown any more. */
  async decide(what: "accept" | "block" | "unblock", from: string): Promise<void> {
    await this.model.link.ask({ type: what, from });
    this.asks.rooms();
    this.#peopleAnew();
    // What was hidden is shown now, or the other way round.
    for (const room of this.model.rooms.values()) room.forget();
    if (what === "accept") await this.talk(from);
  }

  /** The digits to compare with somebody, as lines. */
  async safetyNumber(from: string): Promise<readonly string[]> {
    const { lines } = await this.model.link.ask({ type: "command", line: `/verify ${from}` });
    return (lines as string[]).filter((each) => /^[\d ]+$/.test(each)).map((each) => each.trim());
  }

  /** Says that they were compared and are equal, or takes that back. */
  async verify(from: string, on: boolean): Promise<void> {
    const line = `/verify ${from} ${on ? "yes" : "no"}`;
    await this.model.link.ask({ type: "command", line });
    this.#peopleAnew();
  }

  /** Something is different about a person. */
  #peopleAnew(): void {
    this.asks.requests();
    for (const room of this.model.rooms.keys()) this.asks.people(room);
  }

  /** Closes a room. */
  async leave(room: Room): Promise<void> {
    await this.model.link.ask({ type: "part", room: room.name });
    this.asks.rooms();
  }

  /**
   * Gives up belonging to a private room. It stays open if nobody is there: whoever is linked
   * later is told of it only then.
   */
  async resign(room: Room): Promise<void> {
    await this.act(room, "remove", this.model.me);
    room.role = "removed";
    const isAlone = room.people.every(({ self, seenMsAgo }) => self || seenMsAgo !== undefined);
    if (!isAlone) await this.leave(room);
  }

  /** Takes an own post back. */
  async withdraw(room: Room, id: string): Promise<void> {
    try {
      await this.model.link.ask({ type: "withdraw", id });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      room.problem = this.model.reasonOf(error);
    }
    this.model.changed();
  }

  /** Changes the name. */
  async rename(name: string): Promise<void> {
    await this.model.link.ask({ type: "command", line: `/nick ${name}` });
    this.model.name = name;
    this.model.nameOf(this.model.me, name);
    this.#peopleAnew();
  }

  /** The draft of a room. */
  draft(room: Room): string {
    return read(this.#draftKey(room)) ?? "";
  }

  /** Keeps a draft. */
  keep(room: Room, text: string): void {
    write(this.#draftKey(room), text === "" ? null : text);
  }

  #draftKey(room: Room): string {
    return `draft.${this.model.me.slice(0, 16)}.${room.name}`;
  }
}
