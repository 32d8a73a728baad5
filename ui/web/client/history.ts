/** Which posts of the rooms are held and looked at: loading them, going to a room, reading. */

import { type Line, Refusal } from "./line.ts";
import type { Loading, Room } from "./room.ts";
import { isPost, rowOf, tickOf } from "./room_log.ts";
import { write } from "./storage.ts";

/** Posts of one answer to `history`. */
const pageRows = 100;
/** Posts before and after one that is gone to: more than a screen shows. */
const aroundRows = 50;
/** By then whoever has come has told what it holds. */
const ticksAgainMs = 3_000;

/** What this needs of the model. */
export interface HistoryModel {
  readonly rooms: ReadonlyMap<string, Room>;
  readonly room: Room | null;
  current: string | null;
  showsRooms: boolean;
  sheet: object | null;
  readonly isLookedAt: boolean;
  readonly link: { ask(command: Line): Promise<Line> };
  changed(): void;
  nameOf(from: string, name: string): string;
  soon(what: string, ask: () => Promise<unknown>, ms?: number): void;
}

export class History {
  constructor(private readonly model: HistoryModel) {}

  /** Looks at the end of a room. */
  go(name: string): void {
    const room = this.model.rooms.get(name);
    if (room === undefined) return;
    this.#enter(room);
    void this.toEnd(room);
  }

  /**
   * Looks at a post of a room, which is loaded with what stands around it.
   *
   * @throws {Refusal} If the peer does not have it there.
   */
  async goTo(room: Room, id: string): Promise<void> {
    room.loading = null;
    if (!room.loaded || !room.log.has(id)) {
      try {
        if (!await this.#load(room, "place", () => this.#around(room, id))) return;
      } finally {
        if (!room.loaded) void this.load(room);
      }
    }
    this.#enter(room);
    room.atEnd = false;
    room.sought = id;
    this.model.changed();
  }

  #enter(room: Room): void {
    const { model } = this;
    if (model.current !== room.name) model.room?.left();
    model.current = room.name;
    model.showsRooms = false;
    model.sheet = null;
    write("room", room.name, "tab");
  }

  /** The end of the current room is looked at, if somebody looks. */
  look(): void {
    const { model } = this;
    const { room } = model;
    if (room === null || !room.atEnd || !room.loaded || !model.isLookedAt) return;
    if (room.log.newer) return;
    const isNews = room.unread + room.below > 0;
    room.seen();
    model.soon(`read ${room.name}`, () => Promise.resolve(this.read(room)));
    if (isNews) model.changed();
  }

  /** Loads the end of a room, unless something is being loaded. */
  async load(room: Room): Promise<void> {
    await this.#quietly(room, "end", async () => {
      const { messages, more } = await this.#history(room, {});
      return () => {
        room.log.begin(messages.map(rowOf), more, false);
        room.loaded = true;
        room.mark();
        this.#tick(room);
      };
    });
    this.look();
  }

  /** Loads what is before the window. */
  async loadOlder(room: Room): Promise<void> {
    const first = room.log.rows.find(isPost);
    if (!room.log.older) return;
    if (first === undefined) return await this.load(room);
    await this.#quietly(room, "older", async () => {
      const { messages, more } = await this.#history(room, { before: first.id });
      return () => {
        room.log.prepend(messages.map(rowOf), more);
        this.#tick(room);
      };
    });
  }

  /** Loads what is after the window. */
  async loadNewer(room: Room): Promise<void> {
    const last = room.log.rows.findLast(isPost);
    if (!room.log.newer || last === undefined) return;
    await this.#quietly(room, "newer", async () => {
      const { messages, more } = await this.#history(room, { after: last.id });
      return () => {
        room.log.append(messages.map(rowOf), more);
        this.#tick(room);
      };
    });
  }

  /** Asks for a post and for what is before and after it. */
  async #around(room: Room, id: string): Promise<() => void> {
    const before = await this.#history(room, { before: id, limit: aroundRows });
    const { message } = await this.model.link.ask({ type: "info", id });
    // The newest come last: what is said from now on follows as events.
    const after = await this.#history(room, { after: id, limit: aroundRows });
    this.model.nameOf(message.from, message.name);
    const rows = [...before.messages, message, ...after.messages].map(rowOf);
    return () => {
      room.log.begin(rows, before.more, after.more);
      room.loaded = true;
      this.#tick(room);
    };
  }

  /** Loads if nothing is being loaded. What is refused, after a break, is asked for again then. */
  async #quietly(room: Room, part: Loading["part"], ask: () => Promise<() => void>): Promise<void> {
    if (room.loading !== null) return;
    try {
      await this.#load(room, part, ask);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  /**
   * Loads something.
   *
   * @param ask Resolves with what takes over the answer.
   * @returns Whether it was taken over: something else may have been wanted meanwhile.
   */
  async #load(room: Room, part: Loading["part"], ask: () => Promise<() => void>): Promise<boolean> {
    const loading = { part };
    room.loading = loading;
    if (part === "older") this.model.changed();
    try {
      const take = await ask();
      if (room.loading !== loading) return false;
      take();
      room.isCleared = false;
      return true;
    } finally {
      if (room.loading === loading) room.loading = null;
      this.model.changed();
    }
  }

  /** All that came so far has been read, on every face. */
  read(room: Room): void {
    const last = room.log.rows.findLast(isPost);
    if (last === undefined || last.id === room.readUpTo || room.log.newer) return;
    room.readUpTo = last.id;
    this.model.link.ask({ type: "read", room: room.name, id: last.id }).catch(() => {});
  }

  /** Goes to the end of a room, which is loaded unless it is there. */
  async toEnd(room: Room): Promise<void> {
    room.atEnd = true;
    // Whatever else is being loaded is wanted no more.
    if (room.loading?.part !== "end") room.loading = null;
    if (!room.loaded || room.log.newer) await this.load(room);
    this.look();
    this.model.changed();
  }

  async #history(room: Room, more: Line): Promise<{ messages: Line[]; more: boolean }> {
    const ask = { type: "history", room: room.name, limit: pageRows, ...more };
    const page = await this.model.link.ask(ask) as unknown as { messages: Line[]; more: boolean };
    for (const { from, name } of page.messages) this.model.nameOf(from, name);
    return page;
  }

  /** Asks how far own posts have got: those who tell it as it happens do so in one run only. */
  #tick(room: Room): void {
    const ids = room.log.unheld();
    if (ids.length === 0) return;
    this.model.link.ask({ type: "ticks", ids }).then(({ ticks }) => {
      for (const tick of ticks) room.log.tick(tick.id, tickOf(tick));
      this.model.changed();
    }, () => {});
  }

  /** Somebody has come: of posts of earlier runs nobody tells who has them, so it is asked. */
  ticksLater(): void {
    const { model } = this;
    model.soon("ticks", () => {
      if (model.room !== null) this.#tick(model.room);
      return Promise.resolve();
    }, ticksAgainMs);
  }

  /** Asks who has an own post. */
  askHolders(room: Room, id: string): void {
    this.model.link.ask({ type: "info", id }).then(({ holders, ...known }) => {
      const names = (holders as Line[]).map(({ peer, name }) => this.model.nameOf(peer, name));
      const tick = tickOf({ ...known, have: names.length });
      room.log.tick(id, { ...tick, names: names.join(", ") });
      this.model.changed();
    }, () => {});
  }
}
