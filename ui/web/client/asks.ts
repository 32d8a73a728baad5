/** What the page asks the peer when it has heard that something is different. */

import { noteClosed } from "./closed_rooms.ts";
import type { History } from "./history.ts";
import type { Line } from "./link.ts";
import type { Model } from "./model.ts";
import { type Charge, Room } from "./room.ts";
import { read } from "./storage.ts";

export class Asks {
  constructor(private readonly model: Model, private readonly history: History) {}

  /** Asks for the rooms that are open. */
  rooms(): void {
    this.model.soon("rooms", async () => {
      this.took(await this.model.link.ask({ type: "rooms" }) as unknown as Line[]);
    }, 0);
  }

  /** Takes the rooms that are open, as `rooms` has them. */
  took(list: readonly Line[]): void {
    const { model } = this;
    model.roomsKnown = true;
    const open = new Set<string>(list.map(({ room }) => room));
    for (const [name, room] of model.rooms) {
      if (open.has(name)) continue;
      noteClosed(model, room);
      model.rooms.delete(name);
    }
    for (const line of list) {
      const room = model.rooms.get(line.room) ?? new Room(line.room);
      room.take(line);
      model.rooms.set(line.room, room);
      this.people(line.room);
      if (room.isFounded) this.charge(line.room);
    }
    const kept = read("room", "tab");
    const wanted = [model.current, kept, list.at(-1)?.room].find((each) => open.has(each ?? ""));
    model.current = wanted ?? null;
    for (const room of model.rooms.values()) if (!room.loaded) void this.history.load(room);
  }

  /** Asks who has written for the first time. */
  requests(): void {
    this.model.soon("requests", async () => {
      const list = await this.model.link.ask({ type: "requests" });
      this.model.requests = list as unknown as Line[];
    });
  }

  /** Asks for the links. */
  peers(): void {
    this.model.soon("peers", async () => {
      this.model.peers = await this.model.link.ask({ type: "peers" }) as unknown as Line[];
    });
  }

  /** Asks who is in charge of a room, and what was announced there last. */
  charge(name: string): void {
    this.model.soon(`charge ${name}`, async () => {
      const room = this.model.rooms.get(name);
      if (room === undefined) return;
      room.charge = await this.model.link.ask({ type: "charge", room: name }) as unknown as Charge;
    });
  }

  /** Asks who is in a room. */
  people(name: string): void {
    this.model.soon(`people ${name}`, async () => {
      const room = this.model.rooms.get(name);
      if (room === undefined) return;
      const people = await this.model.link.ask({ type: "who", room: name });
      room.people = people as unknown as Room["people"];
      for (const { from, name, self } of room.people) {
        this.model.nameOf(from, name);
        // On another face one may have taken another name.
        if (self) this.model.name = name;
      }
    });
  }
}
