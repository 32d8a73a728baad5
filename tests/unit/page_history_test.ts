import { assertEquals, assertRejects } from "@std/assert";
import { History, type HistoryModel } from "../../ui/web/client/history.ts";
import { type Line, Refusal } from "../../ui/web/client/line.ts";
import { Room } from "../../ui/web/client/room.ts";
import { rowOf } from "../../ui/web/client/room_log.ts";
import { within } from "../within.ts";

/** Posts of the room "lobby". */
const posts = 500;
const idOf = (n: number) => `id${String(n).padStart(4, "0")}`;
const post = (n: number): Line => ({
  ...{ id: idOf(n), kind: "text", room: "lobby", from: "a", name: "ann", text: `post ${n}` },
  ...{ time: n, counter: 0, origin: "history", reply: null },
});

/** Pages of history as a peer gives them, held back until they are let through. */
class Peer {
  readonly asked: Line[] = [];
  readonly room = new Room("lobby");
  readonly model: HistoryModel = {
    rooms: new Map([["lobby", this.room]]),
    current: "lobby",
    room: this.room,
    sheet: { type: "search", query: "" },
    showsRooms: true,
    isLookedAt: true,
    changed: () => {},
    nameOf: () => "",
    soon: () => {},
    link: { ask: (line: Line) => this.#ask(line) },
  };
  readonly history = new History(this.model);
  /** Whoever waits for this to be resolved gets no answer before. */
  gate: Promise<void> = Promise.resolve();
  count = posts;

  async #ask(line: Line): Promise<Line> {
    this.asked.push(line);
    await this.gate;
    const { type, id, before, after, limit } = line;
    const at = id ?? before ?? after;
    const place = Number(/^id(\d{4})$/.exec(at)?.[1] ?? NaN);
    if (at !== undefined && !(place < this.count)) throw new Refusal("no-such-post", at);
    if (type === "info") return { message: post(place), holders: [], members: 0 };
    const from = after === undefined
      ? Math.max(0, (before === undefined ? this.count : place) - limit)
      : place + 1;
    const to = after === undefined
      ? before === undefined ? this.count : place
      : Math.min(this.count, from + limit);
    const messages = Array.from({ length: to - from }, (_, n) => post(from + n));
    return { messages, more: after === undefined ? from > 0 : to < this.count };
  }

  /** From which to which post the window reaches, without a hole. */
  get window(): readonly [number, number] {
    const held = this.room.log.rows.map(({ time }) => time);
    const [first = NaN] = held;
    assertEquals(held, held.map((_, n) => first + n), "no hole");
    return [first, first + held.length];
  }
}

Deno.test("History.goTo() loads what stands around an old post, and from there both ways", async () => {
  const peer = new Peer();
  const { history, room, model } = peer;
  await history.load(room);
  assertEquals(peer.window, [400, 500]);
  await history.goTo(room, idOf(100));
  assertEquals(peer.window, [50, 151]);
  assertEquals([room.log.older, room.log.newer, room.atEnd], [true, true, false]);
  assertEquals([room.sought, model.sheet, model.showsRooms], [idOf(100), null, false]);
  await history.loadOlder(room);
  assertEquals([...peer.window, room.log.older], [0, 151, false]);
  for (const end of [251, 351, 451]) {
    await history.loadNewer(room);
    assertEquals([...peer.window, room.log.newer], [0, end, true]);
  }
  await history.loadNewer(room);
  assertEquals([...peer.window, room.log.newer], [0, 500, false]);
});

Deno.test("History.goTo() asks nothing for a post that is here, and finds the first and the last", async () => {
  const peer = new Peer();
  const { history, room } = peer;
  await history.load(room);
  const { length } = peer.asked;
  await history.goTo(room, idOf(450));
  assertEquals([peer.asked.length, room.sought, room.atEnd], [length, idOf(450), false]);
  await history.goTo(room, idOf(0));
  assertEquals([...peer.window, room.log.older, room.log.newer], [0, 51, false, true]);
  await history.goTo(room, idOf(499));
  assertEquals([...peer.window, room.log.older, room.log.newer], [449, 500, true, false]);
});

Deno.test("History.goTo() leaves everything as it was where there is no such post", async () => {
  const peer = new Peer();
  const { history, room, model } = peer;
  await history.load(room);
  const { sheet } = model;
  await assertRejects(() => history.goTo(room, "elsewhere"), Refusal);
  assertEquals([...peer.window, room.loading], [400, 500, null]);
  assertEquals([room.atEnd, room.sought, model.sheet], [true, null, sheet]);
});

Deno.test("History.goTo() in a room that is not loaded yet: a refusal brings its end", async () => {
  const peer = new Peer();
  const { history, room } = peer;
  const end = history.load(room);
  await assertRejects(() => history.goTo(room, "elsewhere"), Refusal);
  await end;
  await history.load(room);
  assertEquals([...peer.window, room.loaded], [400, 500, true]);
});

Deno.test("History: of what is asked for at once, the last wish holds, and no page comes too late", async () => {
  const peer = new Peer();
  const { history, room } = peer;
  await history.load(room);
  const gate = Promise.withResolvers<void>();
  peer.gate = gate.promise;
  const older = history.loadOlder(room);
  const there = history.goTo(room, idOf(100));
  gate.resolve();
  await Promise.all([older, there]);
  assertEquals([...peer.window, room.sought], [50, 151, idOf(100)]);
  room.sought = null;
  const next = Promise.withResolvers<void>();
  peer.gate = next.promise;
  const elsewhere = history.goTo(room, idOf(300));
  const back = history.toEnd(room);
  next.resolve();
  await Promise.all([elsewhere, back]);
  assertEquals([...peer.window, room.sought, room.atEnd], [400, 500, null, true]);
});

Deno.test("History.go() to a room that was left in its past shows its end, which only then is read", async () => {
  const peer = new Peer();
  const { history, room, model } = peer;
  await history.load(room);
  await history.goTo(room, idOf(100));
  room.unread = 3;
  const gate = Promise.withResolvers<void>();
  peer.gate = gate.promise;
  history.go("lobby");
  history.look();
  assertEquals([room.unread, room.atEnd], [3, true]);
  const seen = Promise.withResolvers<void>();
  model.soon = () => seen.resolve();
  gate.resolve();
  await within(seen.promise);
  assertEquals([...peer.window, room.unread], [400, 500, 0]);
});

Deno.test("RoomLog: away from the end there is no place for a text on its way", async () => {
  const peer = new Peer();
  const { history, room } = peer;
  await history.load(room);
  room.log.add({ ...rowOf(post(600)), id: "p", kind: "pending" }, true);
  await history.goTo(room, idOf(100));
  assertEquals(peer.window, [50, 151]);
  assertEquals(room.log.pending("post 600"), null);
});
