/**
 * A chat without a network: what a test tells it is what it notices and answers. Own texts
 * are durable at once, or when the test says so (`hold`).
 */

import type {
  Acquaintance,
  Chat,
  FoundPage,
  Imported,
  PostInfo,
  TimelinePage,
} from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import { looksLikeInvite } from "../../discovery/address.ts";
import { readInvite } from "../../peer/invitation.ts";
import type { InviteInfo } from "../../peer/invites.ts";
import type { PeerState, Person, RoomAct, RoomStanding, RoomSummary } from "../../peer/listing.ts";
import type { NetReport } from "../../peer/net_report.ts";
import type { MessageRequest, Notice, RoomName, ShownPost } from "../../peer/notice.ts";
import type { PeerId, PostId, RoomId } from "../../wire/ids.ts";
import { encodeInvite } from "../../wire/invite.ts";
import { checkText, normalRoomName } from "../../wire/text.ts";

/** A peer id made of one repeated hex digit, or of a start and zeros. */
export function peerId(start: string): PeerId {
  return start.padEnd(64, start.length === 1 ? start : "0") as PeerId;
}

/** A post id that begins with a number in eight hex digits. */
export function postId(n: number): PostId {
  return n.toString(16).padStart(8, "0").padEnd(64, "f") as PostId;
}

/** Somebody who was heard of, in no room and without a link, unless said otherwise. */
export function somebody(
  start: string,
  name: string,
  fields: Partial<Acquaintance> = {},
): Acquaintance {
  return {
    peer: peerId(start),
    name,
    rooms: [],
    address: null,
    forked: false,
    ownName: "",
    mark: null,
    blocked: false,
    ...fields,
  };
}

/** 2026-11-20 12:41:07 local time. */
export const noonMs = new Date(2026, 10, 20, 12, 41, 7).getTime();

let posts = 0;

/** A text of bo in the lobby, unless said otherwise. */
export function post(fields: Partial<ShownPost> & { readonly text: string }): ShownPost {
  const seq = ++posts;
  return {
    id: postId(seq),
    kind: "text",
    room: "lobby",
    from: peerId("b"),
    name: "bo",
    time: { ms: noonMs, counter: 0 },
    seq,
    origin: "live",
    reply: null,
    withdrawn: false,
    clockAhead: false,
    private: false,
    late: false,
    ...fields,
  };
}

/** What was asked of the chat, in order. */
export type Call = readonly [method: string, ...args: readonly unknown[]];

export class FakeChat implements Chat {
  readonly me = peerId("a");
  name = "ann";
  listen: readonly string[] = ["127.0.0.1:9797"];
  undelivered = 0;
  readonly calls: Call[] = [];
  readonly people = new Map<string, Person[]>();
  readonly history = new Map<string, ShownPost[]>();
  /** What is told of every post, where the default is not right. */
  infoMore: Partial<PostInfo> = {};
  readonly links: PeerState[] = [];
  /** What `/net` is told. */
  report: NetReport = {
    inbound: 0,
    outbound: 0,
    reached: false,
    observed: [],
    banned: 0,
    rooms: [],
  };
  readonly known: Acquaintance[] = [];
  /** Those who wait for an answer. */
  readonly waiting: MessageRequest[] = [];
  readonly open: string[] = ["lobby"];
  topic = "";
  /** What a search says that it has left out. */
  unsearched = 0;
  /** Which of the rooms with a founder are private. */
  readonly privateRooms = new Set<string>();
  /** Invites that were made. */
  readonly made: InviteInfo[] = [];
  /** The read markers, by room. */
  readonly readUpTo = new Map<string, PostId>();
  readonly settings = new Map<string, string>();
  /** What the next `say` rejects with. */
  nextRefusal: ChatError | null = null;
  /** While true, texts stay without an answer until `release`. */
  hold = false;
  /** Whether an own text counts as undelivered until `deliver`. */
  awaitsDelivery = false;
  /** The id of the newest own post. */
  lastSaid: PostId | null = null;
  inFlightMost = 0;
  closed = false;
  #held: (() => void)[] = [];
  #queue: Notice[] = [];
  #wake: (() => void) | null = null;

  /** Makes something happen. */
  notify(...notices: readonly Notice[]): void {
    this.#queue.push(...notices);
    this.told.push(...notices);
    this.#wake?.();
    this.#toldWake?.();
  }

  /** Somebody holds all own texts now. */
  deliver(): void {
    this.undelivered = 0;
    this.notify({ type: "receipt", id: postId(1), room: "lobby", have: 1, members: 1 });
  }

  /** Answers the texts that wait, the last first if told so. */
  release(backwards = false): void {
    const held = this.#held.splice(0);
    for (const answer of backwards ? held.reverse() : held) answer();
  }

  get held(): number {
    return this.#held.length;
  }

  /** Takes the notices that wait, for a face that is driven by hand. */
  taken(): Notice[] {
    return this.#queue.splice(0);
  }

  readonly notices: AsyncIterable<Notice> = {
    [Symbol.asyncIterator]: () => this.#stream(),
  };

  subscribe(): AsyncIterable<Notice> {
    return { [Symbol.asyncIterator]: () => this.#subscription() };
  }

  /** Notices for a second reader; a test has one at most. */
  readonly told: Notice[] = [];
  #toldWake: (() => void) | null = null;

  async *#subscription(): AsyncGenerator<Notice> {
    for (;;) {
      while (this.told.length > 0) yield this.told.shift()!;
      if (this.closed) return;
      const waiting = Promise.withResolvers<void>();
      this.#toldWake = waiting.resolve;
      await waiting.promise;
    }
  }

  async *#stream(): AsyncGenerator<Notice> {
    for (;;) {
      while (this.#queue.length > 0) yield this.#queue.shift()!;
      if (this.closed) return;
      const waiting = Promise.withResolvers<void>();
      this.#wake = waiting.resolve;
      await waiting.promise;
    }
  }

  title(room: string): string {
    return /^~[0-9a-f]{64}$/.test(room) ? "club" : room.replace(/^~.*/, "");
  }

  // deno-lint-ignore require-await
  async createRoom(
    name: string,
    { kind = "owned" }: { readonly kind?: "owned" | "private" | undefined } = {},
  ): Promise<string> {
    this.calls.push(["createRoom", name, kind]);
    const room = `~${"c".repeat(64)}`;
    this.open.push(room);
    return room;
  }

  announce(room: string, text: string): Promise<PostId> {
    return this.#act("announce", room, text);
  }

  admin(room: string, peer: PeerId, on: boolean): Promise<PostId> {
    return this.#act("admin", room, peer, on);
  }

  remove(room: string, peer: PeerId): Promise<PostId> {
    return this.#act("remove", room, peer);
  }

  readmit(room: string, peer: PeerId): Promise<PostId> {
    return this.#act("readmit", room, peer);
  }

  closeRoom(room: string): Promise<PostId> {
    return this.#act("closeRoom", room);
  }

  /** What `/log` is told. */
  acts: readonly RoomAct[] = [];

  roomLog(_room: string): readonly RoomAct[] {
    return this.acts;
  }

  inCharge: RoomStanding = { founder: null, admins: [], removed: [] };

  standing(_room: string): RoomStanding {
    return this.inCharge;
  }

  #act(...call: readonly unknown[]): Promise<PostId> {
    this.calls.push(call as unknown as Call);
    return Promise.resolve(postId(1));
  }

  async say(
    room: string,
    text: string,
    options: { kind?: "text" | "action" | "topic"; reply?: PostId | null } = {},
  ): Promise<PostId> {
    this.calls.push(["say", room, text, options]);
    const refusal = this.nextRefusal;
    this.nextRefusal = null;
    if (refusal !== null) throw refusal;
    this.#requireOpen(room);
    const problem = checkText(text);
    if (problem !== null) throw new ChatError(`text-${problem}` as "text-nul", `text: ${problem}`);
    const said = post({
      text,
      room: normalRoomName(room),
      from: this.me,
      name: this.name,
      origin: "own",
      kind: options.kind ?? "text",
      reply: options.reply ?? null,
    });
    this.lastSaid = said.id;
    if (this.hold) {
      const waiting = Promise.withResolvers<void>();
      this.#held.push(waiting.resolve);
      this.inFlightMost = Math.max(this.inFlightMost, this.#held.length);
      await waiting.promise;
    }
    if (this.awaitsDelivery) this.undelivered++;
    this.notify({ type: "message", post: said });
    return said.id;
  }

  direct(to: PeerId, text: string): Promise<PostId> {
    this.calls.push(["direct", to, text]);
    return Promise.resolve(postId(0xfffe));
  }

  accept(peer: PeerId): Promise<void> {
    this.calls.push(["accept", peer]);
    return Promise.resolve();
  }

  block(peer: PeerId): Promise<void> {
    this.calls.push(["block", peer]);
    return Promise.resolve();
  }

  unblock(peer: PeerId): Promise<void> {
    this.calls.push(["unblock", peer]);
    return Promise.resolve();
  }

  safetyNumber(peer: PeerId): string {
    return Array.from({ length: 12 }, (_, i) => `${peer.charCodeAt(0)}${i}`.padEnd(5, "7")).join(
      " ",
    );
  }

  verify(peer: PeerId, on: boolean): Promise<void> {
    this.calls.push(["verify", peer, on]);
    return Promise.resolve();
  }

  petname(peer: PeerId, name: string | null): Promise<void> {
    this.calls.push(["petname", peer, name]);
    return Promise.resolve();
  }

  requests(): readonly MessageRequest[] {
    return this.waiting;
  }

  withdraw(id: PostId): Promise<PostId> {
    this.calls.push(["withdraw", id]);
    return Promise.resolve(postId(0xffff));
  }

  async join(room: string): Promise<void> {
    this.calls.push(["join", room]);
    const name = normalRoomName(room);
    if (name === "") throw new ChatError("room-name-empty", "the room's name is empty");
    if (!this.open.includes(name)) this.open.push(name);
    await Promise.resolve();
  }

  async more(room: string): Promise<void> {
    this.calls.push(["more", room]);
    this.#requireOpen(room);
    await Promise.resolve();
  }

  async leave(room: string): Promise<void> {
    this.calls.push(["leave", room]);
    this.#requireOpen(room);
    this.open.splice(this.open.indexOf(normalRoomName(room)), 1);
    await Promise.resolve();
  }

  rename(name: string): Promise<void> {
    this.calls.push(["rename", name]);
    this.name = name;
    return Promise.resolve();
  }

  away(reason: string | null): Promise<void> {
    this.calls.push(["away", reason]);
    const self = { ...this.#self(), away: reason };
    for (const room of this.open) this.people.set(room, [self]);
    return Promise.resolve();
  }

  async connect(address: string): Promise<RoomName | null> {
    this.calls.push(["connect", address]);
    if (!address.includes(":")) throw new ChatError("bad-address", "a port is missing");
    if (!looksLikeInvite(address)) return null;
    const { room, ticket } = readInvite(address, this.me, noonMs);
    if (ticket !== null) return null;
    await this.join(room);
    return room;
  }

  invite(room: string, options: Parameters<Chat["invite"]>[1] = {}): Promise<string> {
    this.calls.push(["invite", room, ...Object.keys(options).length === 0 ? [] : [options]]);
    this.#requireOpen(room);
    const { expiresMs = null } = options;
    const ticket = this.privateRooms.has(room) ? { seed: new Uint8Array(16), past: false } : null;
    const addresses = ["10.0.0.5:9797"];
    return Promise.resolve(encodeInvite({ peer: this.me, room, addresses, expiresMs, ticket }));
  }

  invites(room: string): readonly InviteInfo[] {
    this.calls.push(["invites", room]);
    return this.made;
  }

  revokeInvite(room: string, invite: PostId): Promise<PostId> {
    this.calls.push(["revokeInvite", room, invite]);
    return Promise.resolve(invite);
  }

  disconnect(target: string): Promise<void> {
    this.calls.push(["disconnect", target]);
    return Promise.resolve();
  }

  reconnect(target?: string): Promise<void> {
    this.calls.push(["reconnect", target]);
    return Promise.resolve();
  }

  listenOn(port: number | null): Promise<readonly string[]> {
    this.calls.push(["listenOn", port]);
    this.listen = port === null ? [] : [`127.0.0.1:${port}`];
    return Promise.resolve(this.listen);
  }

  rooms(): readonly RoomSummary[] {
    return this.open.map((room) => ({
      id: room as RoomId,
      kind: this.privateRooms.has(room)
        ? "private"
        : room.startsWith("@")
        ? "direct"
        : room.startsWith("~")
        ? "owned"
        : "public",
      room,
      title: room.startsWith("@") ? `peer ${room.slice(1, 5)}` : this.title(room),
      ...room.startsWith("~") ? { role: "founder", closed: false } as const : {},
      topic: this.topic,
      present: 1 + (this.people.get(room)?.length ?? 0),
      neighbours: 0,
      readUpTo: this.readUpTo.get(room) ?? null,
      unread: 0,
    }));
  }

  who(room: string): readonly Person[] {
    this.#requireOpen(room);
    return this.people.get(normalRoomName(room)) ??
      [this.#self()];
  }

  #self(): Person {
    return {
      from: this.me,
      name: this.name,
      self: true,
      away: null,
      seenMsAgo: null,
      mark: null,
      blocked: false,
    };
  }

  whois(query: string): readonly Acquaintance[] {
    return this.known.filter(({ name }) => name === query);
  }

  peers(): readonly PeerState[] {
    return this.links;
  }

  net(): NetReport {
    return this.report;
  }

  timeline(
    room: string,
    options: {
      before?: PostId | undefined;
      after?: PostId | undefined;
      limit?: number | undefined;
    } = {},
  ): TimelinePage {
    this.calls.push(["timeline", room, options]);
    const all = this.history.get(normalRoomName(room)) ?? [];
    const { before, after, limit = 50 } = options;
    if (after !== undefined) {
      const newer = all.slice(all.findIndex(({ id }) => id === after) + 1);
      return { posts: newer.slice(0, limit), more: newer.length > limit };
    }
    const end = before === undefined ? all.length : all.findIndex(({ id }) => id === before);
    const start = Math.max(0, end - limit);
    return { posts: all.slice(start, end), more: start > 0 };
  }

  search(
    query: string,
    options: {
      room?: string | undefined;
      before?: PostId | undefined;
      limit?: number | undefined;
    } = {},
  ): FoundPage {
    this.calls.push(["search", query, options]);
    const { limit = 50 } = options;
    const found = [...this.history.values()].flat().filter(({ text }) => text.includes(query));
    const posts = found.slice(-limit);
    return { posts, more: posts.length < found.length, unsearched: this.unsearched };
  }

  markRead(room: string, id: PostId): void {
    this.calls.push(["markRead", room, id]);
    const name = normalRoomName(room);
    this.readUpTo.set(name, id);
    this.notify({ type: "read", room: name, upTo: id });
  }

  setting(key: string): string | null {
    return this.settings.get(key) ?? null;
  }

  saveSetting(key: string, value: string | null): void {
    if (value === null) this.settings.delete(key);
    else this.settings.set(key, value);
  }

  info(id: PostId): PostInfo {
    const found = [...this.history.values()].flat().find((each) => each.id === id);
    if (found === undefined) throw new ChatError("no-such-post", "no such post");
    const none = { holders: [], members: 1, state: null, reason: null };
    return { post: found, ...none, arrivedMs: noonMs, ...this.infoMore };
  }

  exportTo(path: string): Promise<number> {
    this.calls.push(["exportTo", path]);
    return Promise.resolve(3);
  }

  importFrom(): Promise<Imported> {
    return Promise.resolve({ added: 0, known: 0, refused: 0 });
  }

  close(): Promise<void> {
    this.closed = true;
    this.#wake?.();
    this.#toldWake?.();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #requireOpen(room: string): void {
    if (!this.open.includes(normalRoomName(room))) {
      throw new ChatError("not-joined", `${room} is not open`);
    }
  }
}
