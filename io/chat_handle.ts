/**
 * The `Chat` handle on a running peer: commands go through the shell into the engine,
 * questions are answered from the engine and the store. It decides nothing itself.
 *
 * What takes more than a call has a room of its own: chat_rooms.ts opens rooms, chat_history.ts
 * reads what was said, chat_life.ts ends it all.
 */

import { looksLikeInvite } from "../discovery/address.ts";
import type {
  Acquaintance,
  Chat,
  FoundPage,
  Imported,
  PostInfo,
  TimelinePage,
} from "../peer/chat.ts";
import { directPeer } from "../peer/engine_direct.ts";
import { ChatError } from "../peer/errors.ts";
import type { InviteInfo } from "../peer/invites.ts";
import type { PeerState, Person, RoomAct, RoomStanding, RoomSummary } from "../peer/listing.ts";
import type { NetReport } from "../peer/net_report.ts";
import type { MessageRequest, Notice, RoomName } from "../peer/notice.ts";
import { safetyNumber } from "../peer/safety_number.ts";
import type { PeerId, PostId } from "../wire/ids.ts";
import { ChatHistory } from "./chat_history.ts";
import { badField, peerIdIn, postIdIn, stringIn } from "./chat_input.ts";
import { ChatLife, type ChatParts, made } from "./chat_life.ts";
import { ChatRooms } from "./chat_rooms.ts";
import { ChatSettings } from "./chat_settings.ts";

/**
 * Readers beside the first one. Each may hold `noticesMax` notices, so many would cost memory;
 * the page needs one, and a program some.
 */
const noticeReadersMax = 16;

/**
 * A running peer as its users see it. What is said of a method stands where {@linkcode Chat}
 * declares it; every start reads this file, so it is not said twice.
 */
export class ChatHandle implements Chat {
  /** What the handle holds together; for whoever puts the peer together. */
  readonly parts: ChatParts;
  readonly #life: ChatLife;
  readonly #rooms: ChatRooms;
  readonly #history: ChatHistory;
  readonly #settings: ChatSettings;

  /** @param parts Owned by the handle from now on. */
  constructor(parts: ChatParts) {
    this.parts = parts;
    this.#life = new ChatLife(parts);
    this.#rooms = new ChatRooms(parts, this.#life);
    this.#history = new ChatHistory(parts, this.#life, this.#rooms);
    this.#settings = new ChatSettings(parts.store, parts.limits);
  }

  get me(): PeerId {
    return this.parts.me;
  }

  get name(): string {
    return this.parts.engine.name;
  }

  get listen(): readonly string[] {
    return this.parts.listening.addresses;
  }

  get notices(): AsyncIterable<Notice> {
    return this.parts.notices;
  }

  subscribe(): AsyncIterable<Notice> {
    this.#life.requireOpen();
    try {
      return this.parts.notices.subscribe(noticeReadersMax);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ChatError("not-available", error.message);
    }
  }

  get undelivered(): number {
    return this.parts.engine.undelivered;
  }

  async say(
    room: string,
    text: string,
    options: Parameters<Chat["say"]>[2] = {},
  ): Promise<PostId> {
    const { kind = "text", reply = null } = options;
    if (!["text", "action", "topic"].includes(kind)) {
      throw badField("kind", kind, 'give "text", "action" or "topic"');
    }
    const peer = directPeer(stringIn("room", room));
    if (peer !== null) {
      if (kind === "topic") {
        throw new ChatError("not-available", "A chat with one person has no topic");
      }
      return await this.direct(peer, text, { kind, reply });
    }
    const id = await this.parts.shell.command({
      type: "say",
      room: stringIn("room", room),
      text: stringIn("text", text),
      kind,
      reply: reply === null ? null : postIdIn("reply", reply),
    });
    return made(id, "say");
  }

  async direct(
    to: PeerId,
    text: string,
    options: Parameters<Chat["direct"]>[2] = {},
  ): Promise<PostId> {
    const { kind = "text", reply = null } = options;
    if (!["text", "action"].includes(kind)) {
      throw badField("kind", kind, 'give "text" or "action"');
    }
    const id = await this.parts.shell.command({
      type: "direct",
      to: peerIdIn("to", to),
      text: stringIn("text", text),
      kind,
      reply: reply === null ? null : postIdIn("reply", reply),
    });
    return made(id, "direct");
  }

  async accept(peer: PeerId): Promise<void> {
    await this.parts.shell.command({ type: "accept", peer: peerIdIn("peer", peer) });
  }

  async block(peer: PeerId): Promise<void> {
    await this.parts.shell.command({ type: "block", peer: peerIdIn("peer", peer), on: true });
  }

  async unblock(peer: PeerId): Promise<void> {
    await this.parts.shell.command({ type: "block", peer: peerIdIn("peer", peer), on: false });
  }

  safetyNumber(peer: PeerId): string {
    return safetyNumber(this.me, peerIdIn("peer", peer), this.parts.crypto);
  }

  async verify(peer: PeerId, on: boolean): Promise<void> {
    await this.parts.shell.command({ type: "verify", peer: peerIdIn("peer", peer), on });
  }

  async petname(peer: PeerId, name: string | null): Promise<void> {
    const given = name === null ? null : stringIn("name", name);
    const command = { type: "petname", peer: peerIdIn("peer", peer), name: given } as const;
    await this.parts.shell.command(command);
  }

  requests(): readonly MessageRequest[] {
    return this.parts.engine.requests();
  }

  async withdraw(id: PostId): Promise<PostId> {
    const target = postIdIn("id", id);
    return made(await this.parts.shell.command({ type: "withdraw", id: target }), "withdraw");
  }

  join(room: string): Promise<void> {
    return this.#rooms.join(room);
  }

  /** Opens a room without telling the faces: those that begin look for themselves. */
  openRoom(room: string): Promise<RoomName | null> {
    return this.#rooms.openRoom(room);
  }

  /** Loads what only private rooms need; owed before any is opened. */
  withPrivate(): Promise<void> {
    return this.#rooms.withPrivate();
  }

  createRoom(name: string, options?: Parameters<Chat["createRoom"]>[1]): Promise<RoomName> {
    return this.#rooms.createRoom(name, options);
  }

  async announce(room: string, text: string): Promise<PostId> {
    const deed = { act: "announce", text: stringIn("text", text) } as const;
    return await this.#rooms.power(room, deed);
  }

  async admin(room: string, peer: PeerId, on: boolean): Promise<PostId> {
    return await this.#rooms.power(room, {
      act: on ? "admin" : "no-admin",
      peer: peerIdIn("peer", peer),
    });
  }

  async remove(room: string, peer: PeerId): Promise<PostId> {
    return await this.#rooms.power(room, { act: "remove", peer: peerIdIn("peer", peer) });
  }

  async readmit(room: string, peer: PeerId): Promise<PostId> {
    return await this.#rooms.power(room, { act: "readmit", peer: peerIdIn("peer", peer) });
  }

  async closeRoom(room: string): Promise<PostId> {
    return await this.#rooms.power(room, { act: "close" });
  }

  roomLog(room: string): readonly RoomAct[] {
    return this.#life.guard(() => this.parts.engine.roomLog(stringIn("room", room)));
  }

  standing(room: string): RoomStanding {
    return this.#life.guard(() => this.parts.engine.standing(stringIn("room", room)));
  }

  async more(room: string): Promise<void> {
    await this.parts.shell.command({ type: "more", room: stringIn("room", room) });
  }

  leave(room: string): Promise<void> {
    return this.#rooms.leave(room);
  }

  async rename(name: string): Promise<void> {
    await this.parts.shell.command({ type: "rename", name: stringIn("name", name) });
  }

  async away(reason: string | null): Promise<void> {
    const given = reason === null ? null : stringIn("reason", reason);
    await this.parts.shell.command({ type: "away", reason: given });
  }

  async connect(address: string): Promise<RoomName | null> {
    const given = stringIn("address", address);
    if (looksLikeInvite(given.trim())) return await this.#rooms.takeInvite(given);
    await this.parts.shell.command({ type: "connect", address: given });
    return null;
  }

  invite(room: string, options?: Parameters<Chat["invite"]>[1]): Promise<string> {
    return this.#rooms.invite(room, options);
  }

  invites(room: string): readonly InviteInfo[] {
    return this.#rooms.invites(room);
  }

  revokeInvite(room: string, invite: PostId): Promise<PostId> {
    return this.#rooms.revokeInvite(room, invite);
  }

  async disconnect(target: string): Promise<void> {
    await this.parts.shell.command({ type: "disconnect", target: stringIn("target", target) });
  }

  async reconnect(target?: string): Promise<void> {
    const given = target === undefined ? null : stringIn("target", target);
    await this.parts.shell.command({ type: "reconnect", target: given });
  }

  async listenOn(port: number | null): Promise<readonly string[]> {
    this.#life.requireOpen();
    if (port === null) {
      await this.parts.listening.close();
    } else if (Number.isInteger(port) && port >= 0 && port <= 65_535) {
      this.parts.listening.open(port);
    } else {
      throw new ChatError(
        "bad-port",
        `Cannot listen on port ${port}: a port is a number from 0 (any) to 65535`,
      );
    }
    this.parts.lan.announce();
    const addresses = this.listen.join(", ");
    this.parts.notices.push({
      type: "notice",
      room: null,
      ...addresses === "" ? { code: "not-listening" } : { code: "listening", addresses },
    });
    return this.listen;
  }

  rooms(): readonly RoomSummary[] {
    return this.#history.rooms();
  }

  title(room: RoomName): string {
    return this.parts.engine.title(room);
  }

  who(room: string): readonly Person[] {
    return this.parts.engine.who(stringIn("room", room), this.parts.shell.now);
  }

  whois(query: string): readonly Acquaintance[] {
    return this.parts.engine.whois(stringIn("query", query));
  }

  peers(): readonly PeerState[] {
    return this.parts.engine.peers(this.parts.shell.now);
  }

  net(): NetReport {
    return this.parts.engine.net();
  }

  timeline(room: string, options?: Parameters<Chat["timeline"]>[1]): TimelinePage {
    return this.#history.timeline(room, options);
  }

  search(query: string, options?: Parameters<Chat["search"]>[1]): FoundPage {
    return this.#history.search(query, options);
  }

  markRead(room: string, id: PostId): void {
    this.#history.markRead(room, id);
  }

  setting(key: string): string | null {
    return this.#life.guard(() => this.#settings.get(key));
  }

  saveSetting(key: string, value: string | null): void {
    this.#life.guard(() => this.#settings.save(key, value));
  }

  info(id: PostId): PostInfo {
    return this.#history.info(id);
  }

  async exportTo(path: string): Promise<number> {
    this.#life.requireOpen();
    const { exportPosts } = await import("./export.ts");
    const { engine, store } = this.parts;
    return await exportPosts(stringIn("path", path), store, {
      nameOf: (peer) => engine.nameOf(peer),
      read: (post) => engine.read(post),
    });
  }

  async importFrom(path: string): Promise<Imported> {
    this.#life.requireOpen();
    const { importPosts } = await import("./import.ts");
    const { crypto, shell, store } = this.parts;
    return await importPosts(stringIn("path", path), {
      crypto,
      store,
      take: (posts) => shell.command({ type: "import", posts }),
    });
  }

  close(): Promise<void> {
    return this.#life.close();
  }

  /** Closes; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * The engine has failed: the shell has closed everything, the rest ends here.
   *
   * @param error What the reader of the notices gets.
   */
  fail(error: ChatError): void {
    this.#life.fail(error);
  }
}
