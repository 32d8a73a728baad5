/** The page: its parts together, and what becomes of each event of the peer. */

import { Names } from "../../names.ts";
import { Asks } from "./asks.ts";
import { Deeds } from "./deeds.ts";
import { Dialling } from "./dialling.ts";
import { History } from "./history.ts";
import type { Line, LinkReader, LinkState } from "./link.ts";
import { Model } from "./model.ts";
import { Notes } from "./notes.ts";
import { notify } from "./notify.ts";
import { rowOf, tickOf } from "./room_log.ts";
import { write } from "./storage.ts";

export class Page extends Model implements LinkReader {
  readonly history = new History(this);
  readonly asks = new Asks(this, this.history);
  readonly notes = new Notes(this);
  readonly deeds = new Deeds(this, this.history, this.asks, this.notes);
  readonly dialling = new Dialling(this, this.history, this.deeds);

  constructor() {
    super();
    this.link.reader = this;
  }

  state(state: LinkState): void {
    this.linkState = state;
    if (state === "refused") write("token", null, "tab");
    this.changed();
  }

  greeted(hello: Line): void {
    this.unnamed = hello.unnamed;
    this.name = hello.name;
    this.known = true;
    if (!hello.resumed) {
      this.peers = null;
      for (const room of this.rooms.values()) room.forget();
    }
    this.asks.peers();
    this.asks.rooms();
    this.asks.requests();
  }

  event(event: Line): void {
    switch (event.type) {
      case "ready":
        this.#ready(event);
        break;
      case "message":
        this.#message(event);
        break;
      case "withdrawn":
        this.rooms.get(event.room)?.log.update(
          event.id,
          (row) => ({ ...row, withdrawn: true, text: "" }),
        );
        if (event.room.startsWith("~")) this.asks.charge(event.room);
        break;
      case "receipt":
        this.rooms.get(event.room)?.log.tick(event.id, tickOf(event));
        break;
      case "delivery":
        this.rooms.get(event.room)?.log.tick(event.id, {
          state: event.state,
          reason: event.reason ?? null,
        });
        break;
      case "read":
        this.rooms.get(event.room)?.readTo(event.upTo);
        break;
      case "gap": {
        const { room, from, name, missing, asking } = event;
        const text = this.words.gap(missing, this.nameOf(from, name), asking);
        this.notes.keep(`gap-${from}`, text, room);
        break;
      }
      case "fork":
        this.notes.say(this.words.fork(this.nameOf(event.from, event.name)), event.room);
        break;
      case "presence":
        this.notes.presence(event);
        this.asks.people(event.room);
        if (event.event === "join") this.history.ticksLater();
        break;
      case "away":
        this.asks.people(event.room);
        break;
      case "peer":
        this.asks.peers();
        break;
      case "room":
      case "charge":
        this.asks.rooms();
        break;
      case "request":
        this.asks.requests();
        break;
      case "notice":
        this.notes.say(event.text, event.room);
        if (event.code === "not-let-in" && !/^(later|no-answer)$/.test(event.reason)) {
          this.dialling.refused = { by: event.peer, reason: event.text };
        }
        // What was done in a room with a founder may change what it is called and who may write.
        if (event.room?.startsWith("~")) this.asks.rooms();
        if (event.code === "renamed" && event.room !== null) this.asks.people(event.room);
        break;
    }
    this.changed();
  }

  #ready({ peer, name, listen }: Line): void {
    if (this.me !== peer) this.names = new Names(peer);
    this.me = peer;
    this.name = name;
    this.listen = listen;
    this.nameOf(peer, name);
  }

  #message(line: Line): void {
    const room = this.rooms.get(line.room);
    if (room === undefined) return this.asks.rooms();
    const row = rowOf(line);
    this.nameOf(row.from, row.name);
    const isCurrent = line.room === this.current;
    const follows = isCurrent && room.atEnd;
    const isNew = !room.log.has(row.id);
    if (row.own) this.deeds.said(room, row);
    room.log.add(row, follows || !isCurrent);
    // An own post comes once it is on the disk; where it has got to since is told apart.
    if (row.own) room.log.tick(row.id, {});
    if (row.kind === "topic") this.asks.rooms();
    if (row.kind === "announcement") this.asks.charge(line.room);
    if (!isNew || line.origin !== "live") return;
    if (isCurrent && !room.atEnd) room.below++;
    if (follows && this.isLookedAt) return this.history.look();
    const isCall = room.isDirect || this.isNamedIn(row.text);
    room.miss(row.id, isCall);
    if (isCall) notify(this, room, row, () => this.history.go(room.name));
  }
}
