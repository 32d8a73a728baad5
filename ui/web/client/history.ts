/** Which posts of the rooms are held and looked at: loading them, going to a room, reading. */

import { type Line, Refusal } from "./link.ts";
import type { Model } from "./model.ts";
import type { Room } from "./room.ts";
import { isPost, rowOf } from "./room_log.ts";
import { write } from "./storage.ts";

/** Posts of one answer to `history`. */
const pageRows = 100;
/** Own posts whose receipts are asked for when a room is opened, and when somebody has come. */
const tickedMax = 30;
/** By then whoever has come has told what it holds. */
const ticksAgainMs = 3_000;

export class History {
  constructor(private readonly model: Model) {}

  /** Looks at a room. */
  go(name: string): void {
    const { model } = this;
    const room = model.rooms.get(name);
    if (room === undefined) return;
    if (model.current !== name) model.room?.left();
    model.current = name;
    model.showsRooms = false;
    model.sheet = null;
    room.atEnd = true;
    write("room", name, "tab");
    if (!room.loaded) void this.load(room);
    else this.look();
    model.changed();
  }

  /** The end of the current room is looked at, if somebody looks. */
  look(): void {
    const { model } = this;
    const { room } = model;
    if (room === null || !room.atEnd || !room.loaded || !model.isLookedAt) return;
    const isNews = room.unread + room.below > 0;
    room.seen();
    model.soon(`read ${room.name}`, () => Promise.resolve(this.read(room)));
    if (isNews) model.changed();
  }

  /** Loads the end of a room. */
  async load(room: Room): Promise<void> {
    if (room.loading) return;
    room.loading = true;
    room.isCleared = false;
    try {
      const { messages, more } = await this.#history(room, {});
      room.log.clear();
      room.log.prepend(messages.map(rowOf), more);
      room.loaded = true;
      room.mark();
      this.#nameAll(messages);
      this.#tick(room);
    } catch (error) {
      // After a break it is asked for again.
      if (!(error instanceof Refusal)) throw error;
    } finally {
      room.loading = false;
      this.look();
      this.model.changed();
    }
  }

  /** Loads what is before the window. */
  async loadOlder(room: Room): Promise<void> {
    const first = room.log.rows.find(isPost);
    if (room.loading || !room.log.older) return;
    if (first === undefined) return await this.load(room);
    room.loading = true;
    room.isCleared = false;
    this.model.changed();
    try {
      const { messages, more } = await this.#history(room, { before: first.id });
      this.#nameAll(messages);
      room.log.prepend(messages.map(rowOf), more);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    } finally {
      room.loading = false;
      this.model.changed();
    }
  }

  /** Loads what is after the window. */
  async loadNewer(room: Room): Promise<void> {
    const last = room.log.rows.findLast(isPost);
    if (room.loading || !room.log.newer || last === undefined) return;
    room.loading = true;
    try {
      const { messages, more } = await this.#history(room, { after: last.id });
      this.#nameAll(messages);
      room.log.append(messages.map(rowOf), more);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    } finally {
      room.loading = false;
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

  /** Goes to the end of a room. */
  async toEnd(room: Room): Promise<void> {
    room.atEnd = true;
    if (room.log.newer) await this.load(room);
    this.look();
    this.model.changed();
  }

  async #history(room: Room, more: Line): Promise<{ messages: Line[]; more: boolean }> {
    const ask = { type: "history", room: room.name, limit: pageRows, ...more };
    return await this.model.link.ask(ask) as unknown as { messages: Line[]; more: boolean };
  }

  #nameAll(lines: readonly Line[]): void {
    for (const { from, name } of lines) this.model.nameOf(from, name);
  }

  #tick(room: Room): void {
    for (const id of room.log.unheld(tickedMax)) this.askHolders(room, id);
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
    this.model.link.ask({ type: "info", id }).then(({ holders, members, ...known }) => {
      const have = holders.length;
      const { state: reached = "stored", reason = null } = known;
      const state = have === 0 ? reached : members > 0 && have >= members ? "held" : "handed";
      const names = (holders as Line[]).map(({ peer, name }) => this.model.nameOf(peer, name));
      room.log.tick(id, { have, members, state, reason, names: names.join(", ") });
      this.model.changed();
    }, () => {});
  }
}
