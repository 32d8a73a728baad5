/**
 * The `Chat` handle on a running peer: commands go through the shell into the engine,
 * questions are answered from the engine and the store. It decides nothing itself.
 */

import { looksLikeInvite } from "../discovery/address.ts";
import type { Acquaintance, Chat, FoundPage, PostInfo, TimelinePage } from "../peer/chat.ts";
import type { Engine } from "../peer/engine.ts";
import { ChatError } from "../peer/errors.ts";
import { directRoom, showLetter, type StoredLetter } from "../peer/letter.ts";
import type { PowerDeed } from "../peer/input.ts";
import type { InviteInfo } from "../peer/invites.ts";
import type { NetReport } from "../peer/net_report.ts";
import type {
  MessageRequest,
  Notice,
  OpenRoom,
  PeerState,
  Person,
  RoomAct,
  RoomName,
  RoomStanding,
  RoomSummary,
  ShownPost,
} from "../peer/notice.ts";
import { safetyNumber } from "../peer/safety_number.ts";
import { showPost } from "../peer/shown.ts";
import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { comparePosts, postKind } from "../wire/post.ts";
import { directPeer } from "../peer/engine_direct.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import { badField, bytesIn, peerIdIn, postIdIn, stringIn } from "./chat_input.ts";
import { ChatSettings } from "./chat_settings.ts";
import type { Dialer } from "./dialer.ts";
import type { LanSearch } from "./finders/lan_search.ts";
import type { Listening } from "./listening.ts";
import type { NoticeStream } from "./notice_stream.ts";
import type { Shell } from "./shell.ts";
import { noteDamage } from "./store/rescue.ts";
import type { SqliteStore } from "./store/sqlite_store.ts";
import type { StoredPost } from "./store/store.ts";
import { StoreError } from "./store/store_error.ts";

/** What a handle holds together. */
export interface ChatParts {
  readonly me: PeerId;
  readonly engine: Engine;
  readonly shell: Shell;
  readonly store: SqliteStore;
  readonly crypto: CryptoSuite;
  readonly dialer: Dialer;
  readonly listening: Listening;
  readonly lan: LanSearch;
  readonly notices: NoticeStream;
  readonly limits: Limits;
  /** Closes the store and gives the folder free. */
  readonly release: () => void;
  /** Takes lines of diagnostics. */
  readonly log: (line: string) => void;
}

/** Posts of a page if no limit is given. */
const timelineDefault = 50;

/**
 * Readers beside the first one. Each may hold `noticesMax` notices, so many would cost memory;
 * the page needs one, and a program some.
 */
const noticeReadersMax = 16;

/** How long the engine may take to say goodbye; it answers within one step unless it is stuck. */
const quitMs = 2_000;

/** A running peer as its users see it. */
export class ChatHandle implements Chat {
  /** What the handle holds together; for whoever puts the peer together. */
  readonly parts: ChatParts;
  readonly #settings: ChatSettings;
  #closing: Promise<void> | null = null;
  #searchPrivate: typeof import("./private_rooms.ts").searchPrivate | null = null;

  /** @param parts Owned by the handle from now on. */
  constructor(parts: ChatParts) {
    this.parts = parts;
    this.#settings = new ChatSettings(parts.store, parts.limits);
  }

  /** {@inheritDoc Chat.me} */
  get me(): PeerId {
    return this.parts.me;
  }

  /** {@inheritDoc Chat.name} */
  get name(): string {
    return this.parts.engine.name;
  }

  /** {@inheritDoc Chat.listen} */
  get listen(): readonly string[] {
    return this.parts.listening.addresses;
  }

  /** {@inheritDoc Chat.notices} */
  get notices(): AsyncIterable<Notice> {
    return this.parts.notices;
  }

  /** {@inheritDoc Chat.subscribe} */
  subscribe(): AsyncIterable<Notice> {
    this.#requireOpen();
    try {
      return this.parts.notices.subscribe(noticeReadersMax);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ChatError("not-available", error.message);
    }
  }

  /** {@inheritDoc Chat.undelivered} */
  get undelivered(): number {
    return this.parts.engine.undelivered;
  }

  /** {@inheritDoc Chat.say} */
  async say(
    room: string,
    text: string,
    options: {
      readonly kind?: "text" | "action" | "topic" | undefined;
      readonly reply?: PostId | null | undefined;
    } = {},
  ): Promise<PostId> {
    const { kind = "text", reply = null } = options;
    if (!["text", "action", "topic"].includes(kind)) throw badField("kind", kind);
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

  /** {@inheritDoc Chat.direct} */
  async direct(
    to: PeerId,
    text: string,
    options: {
      readonly kind?: "text" | "action" | undefined;
      readonly reply?: PostId | null | undefined;
    } = {},
  ): Promise<PostId> {
    const { kind = "text", reply = null } = options;
    if (!["text", "action"].includes(kind)) throw badField("kind", kind);
    const id = await this.parts.shell.command({
      type: "direct",
      to: peerIdIn("to", to),
      text: stringIn("text", text),
      kind,
      reply: reply === null ? null : postIdIn("reply", reply),
    });
    return made(id, "direct");
  }

  /** {@inheritDoc Chat.accept} */
  async accept(peer: PeerId): Promise<void> {
    await this.parts.shell.command({ type: "accept", peer: peerIdIn("peer", peer) });
  }

  /** {@inheritDoc Chat.block} */
  async block(peer: PeerId): Promise<void> {
    await this.parts.shell.command({ type: "block", peer: peerIdIn("peer", peer), on: true });
  }

  /** {@inheritDoc Chat.unblock} */
  async unblock(peer: PeerId): Promise<void> {
    await this.parts.shell.command({ type: "block", peer: peerIdIn("peer", peer), on: false });
  }

  /** {@inheritDoc Chat.safetyNumber} */
  safetyNumber(peer: PeerId): string {
    return safetyNumber(this.me, peerIdIn("peer", peer), this.parts.crypto);
  }

  /** {@inheritDoc Chat.verify} */
  async verify(peer: PeerId, on: boolean): Promise<void> {
    await this.parts.shell.command({ type: "verify", peer: peerIdIn("peer", peer), on });
  }

  /** {@inheritDoc Chat.petname} */
  async petname(peer: PeerId, name: string | null): Promise<void> {
    const given = name === null ? null : stringIn("name", name);
    const command = { type: "petname", peer: peerIdIn("peer", peer), name: given } as const;
    await this.parts.shell.command(command);
  }

  /** {@inheritDoc Chat.requests} */
  requests(): readonly MessageRequest[] {
    return this.parts.engine.requests();
  }

  /** {@inheritDoc Chat.withdraw} */
  async withdraw(id: PostId): Promise<PostId> {
    const target = postIdIn("id", id);
    return made(await this.parts.shell.command({ type: "withdraw", id: target }), "withdraw");
  }

  /** {@inheritDoc Chat.join} */
  async join(room: string): Promise<void> {
    const wasOpen = this.#openName(room) !== null;
    const name = await this.openRoom(room);
    if (!wasOpen && name !== null) this.#told("open", name);
  }

  /** Opens a room without telling the faces: those that begin look for themselves. */
  async openRoom(room: string): Promise<RoomName | null> {
    await this.parts.shell.command({ type: "join", room: stringIn("room", room) });
    // A chat with one person is kept by its letters.
    if (directPeer(room) !== null) return this.#openName(room);
    const id = this.parts.engine.roomId(room);
    const name = id === null ? null : this.parts.engine.roomName(id);
    if (id !== null && name !== null) this.#guard(() => this.#remember(id, name));
    return name;
  }

  #remember(id: RoomId, name: RoomName): void {
    this.parts.store.rememberRoom(id, name);
    if (name.startsWith("~")) this.parts.store.setOpen(id, true);
  }

  /** Loads what only private rooms need; owed before any is opened. */
  async withPrivate(): Promise<void> {
    const { engine, store } = this.parts;
    const { bringPrivate, searchPrivate } = await import("./private_rooms.ts");
    this.#guard(() => bringPrivate(engine, store));
    this.#searchPrivate = searchPrivate;
  }

  /** {@inheritDoc Chat.createRoom} */
  async createRoom(
    name: string,
    options: {
      readonly kind?: "owned" | "private" | undefined;
      readonly history?: boolean | undefined;
    } = {},
  ): Promise<RoomName> {
    const { kind = "owned", history = false } = options;
    if (kind !== "owned" && kind !== "private") throw badField("kind", kind);
    if (typeof history !== "boolean") throw badField("history", history);
    if (kind === "private") await this.withPrivate();
    const command = { type: "found", name: stringIn("name", name), kind, history } as const;
    const founding = made(await this.parts.shell.command(command), "createRoom");
    return this.#guard(() => {
      const stored = this.parts.store.stored(founding);
      if (stored === null) throw noSuchPost(founding);
      const room = `~${stored.post.room}`;
      this.parts.store.rememberRoom(stored.post.room, room);
      this.parts.store.setOpen(stored.post.room, true);
      this.#told("open", room);
      return room;
    });
  }

  /** {@inheritDoc Chat.announce} */
  async announce(room: string, text: string): Promise<PostId> {
    const deed = { act: "announce", text: stringIn("text", text) } as const;
    return await this.#power(room, deed);
  }

  /** {@inheritDoc Chat.admin} */
  async admin(room: string, peer: PeerId, on: boolean): Promise<PostId> {
    return await this.#power(room, {
      act: on ? "admin" : "no-admin",
      peer: peerIdIn("peer", peer),
    });
  }

  /** {@inheritDoc Chat.remove} */
  async remove(room: string, peer: PeerId): Promise<PostId> {
    return await this.#power(room, { act: "remove", peer: peerIdIn("peer", peer) });
  }

  /** {@inheritDoc Chat.readmit} */
  async readmit(room: string, peer: PeerId): Promise<PostId> {
    return await this.#power(room, { act: "readmit", peer: peerIdIn("peer", peer) });
  }

  /** {@inheritDoc Chat.closeRoom} */
  async closeRoom(room: string): Promise<PostId> {
    return await this.#power(room, { act: "close" });
  }

  /** {@inheritDoc Chat.roomLog} */
  roomLog(room: string): readonly RoomAct[] {
    return this.#guard(() => this.parts.engine.roomLog(stringIn("room", room)));
  }

  /** {@inheritDoc Chat.standing} */
  standing(room: string): RoomStanding {
    return this.#guard(() => this.parts.engine.standing(stringIn("room", room)));
  }

  async #power(room: string, deed: PowerDeed): Promise<PostId> {
    if (directPeer(stringIn("room", room)) !== null) {
      throw new ChatError("nobody-in-charge", "Nobody is in charge of a chat with one person");
    }
    return made(await this.parts.shell.command({ type: "power", room, deed }), deed.act);
  }

  /** {@inheritDoc Chat.more} */
  async more(room: string): Promise<void> {
    await this.parts.shell.command({ type: "more", room: stringIn("room", room) });
  }

  /** {@inheritDoc Chat.leave} */
  async leave(room: string): Promise<void> {
    const name = this.#openName(room);
    const id = this.parts.engine.roomId(room);
    await this.parts.shell.command({ type: "leave", room });
    if (id !== null && name?.startsWith("~")) {
      this.#guard(() => this.parts.store.setOpen(id, false));
    }
    if (name !== null) this.#told("close", name);
  }

  /** How a room or chat is called that is open; `null` if it is not. */
  #openName(room: string): RoomName | null {
    const { engine } = this.parts;
    const peer = directPeer(stringIn("room", room));
    if (peer !== null) return engine.isChatting(peer) ? directRoom(peer) : null;
    const id = engine.roomId(room);
    return id === null ? null : engine.roomName(id);
  }

  #told(event: "open" | "close", room: RoomName): void {
    this.parts.notices.push({ type: "room", event, room });
  }

  /** {@inheritDoc Chat.rename} */
  async rename(name: string): Promise<void> {
    await this.parts.shell.command({ type: "rename", name: stringIn("name", name) });
  }

  /** {@inheritDoc Chat.away} */
  async away(reason: string | null): Promise<void> {
    const given = reason === null ? null : stringIn("reason", reason);
    await this.parts.shell.command({ type: "away", reason: given });
  }

  /** {@inheritDoc Chat.connect} */
  async connect(address: string): Promise<RoomName | null> {
    const given = stringIn("address", address);
    const { shell } = this.parts;
    if (!looksLikeInvite(given.trim())) {
      await shell.command({ type: "connect", address: given });
      return null;
    }
    const { readInvite } = await import("../peer/invitation.ts");
    const { peer, room, addresses, expiresMs, ticket } = readInvite(
      given,
      this.me,
      shell.now.wallMs,
    );
    if (ticket === null) {
      // The room first: once the link is up, it is a common one.
      await this.join(room);
      await shell.command({ type: "accept-invite", peer, addresses, ticket: null });
      return this.#openName(room);
    }
    await this.withPrivate();
    const id = room.slice(1) as RoomId;
    if (this.parts.engine.isPrivate(id)) await this.join(room);
    const taken = { room: id, seed: ticket.seed, expiresMs };
    await shell.command({ type: "accept-invite", peer, addresses, ticket: taken });
    return this.#openName(room);
  }

  /** {@inheritDoc Chat.invite} */
  async invite(
    room: string,
    options: {
      readonly expiresMs?: number | null | undefined;
      readonly count?: number | undefined;
    } = {},
  ): Promise<string> {
    this.#requireOpen();
    if (directPeer(stringIn("room", room)) !== null) {
      throw new ChatError("not-available", "A chat with one person has no invites");
    }
    const id = this.#openRoom(room);
    const { makeInvite } = await import("./make_invite.ts");
    return await makeInvite(this.parts, id, options);
  }

  /** {@inheritDoc Chat.invites} */
  invites(room: string): readonly InviteInfo[] {
    const { engine, shell } = this.parts;
    return this.#guard(() => engine.invites(this.#privateRoom(room), shell.now));
  }

  /** {@inheritDoc Chat.revokeInvite} */
  async revokeInvite(room: string, invite: PostId): Promise<PostId> {
    const id = this.#privateRoom(room);
    const command = {
      type: "revoke-invite",
      room: id,
      invite: postIdIn("invite", invite),
    } as const;
    return made(await this.parts.shell.command(command), "revokeInvite");
  }

  #privateRoom(room: string): RoomId {
    const id = this.#openRoom(room);
    if (this.parts.engine.isPrivate(id)) return id;
    throw new ChatError(
      "not-available",
      "Only invites to private rooms are counted and can be taken back",
    );
  }

  /** {@inheritDoc Chat.disconnect} */
  async disconnect(target: string): Promise<void> {
    await this.parts.shell.command({ type: "disconnect", target: stringIn("target", target) });
  }

  /** {@inheritDoc Chat.reconnect} */
  async reconnect(target?: string): Promise<void> {
    const given = target === undefined ? null : stringIn("target", target);
    await this.parts.shell.command({ type: "reconnect", target: given });
  }

  /** {@inheritDoc Chat.listenOn} */
  async listenOn(port: number | null): Promise<readonly string[]> {
    this.#requireOpen();
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

  /** {@inheritDoc Chat.rooms} */
  rooms(): readonly RoomSummary[] {
    return this.parts.engine.rooms().map((room) => ({ ...room, ...this.#readState(room) }));
  }

  /** {@inheritDoc Chat.title} */
  title(room: RoomName): string {
    return this.parts.engine.title(room);
  }

  /** {@inheritDoc Chat.who} */
  who(room: string): readonly Person[] {
    return this.parts.engine.who(stringIn("room", room), this.parts.shell.now);
  }

  /** {@inheritDoc Chat.whois} */
  whois(query: string): readonly Acquaintance[] {
    return this.parts.engine.whois(stringIn("query", query));
  }

  /** {@inheritDoc Chat.peers} */
  peers(): readonly PeerState[] {
    return this.parts.engine.peers(this.parts.shell.now);
  }

  /** {@inheritDoc Chat.net} */
  net(): NetReport {
    return this.parts.engine.net();
  }

  /** {@inheritDoc Chat.timeline} */
  timeline(
    room: string,
    options: {
      readonly before?: PostId | undefined;
      readonly after?: PostId | undefined;
      readonly limit?: number | undefined;
    } = {},
  ): TimelinePage {
    const { before, after, limit = timelineDefault } = options;
    if (before !== undefined && after !== undefined) throw badField("after beside before", after);
    if (!Number.isSafeInteger(limit) || limit < 1) throw badField("limit", limit);
    const peer = directPeer(stringIn("room", room));
    if (peer !== null) return this.#letters(peer, { before, after, limit });
    const id = this.#openRoom(room);
    return this.#guard(() => {
      const { store } = this.parts;
      for (const [field, place] of [["before", before], ["after", after]] as const) {
        if (place === undefined) continue;
        if (store.stored(postIdIn(field, place))?.post.room !== id) throw noSuchPost(place, room);
      }
      const { rows, more } = after === undefined
        ? store.timeline(id, before ?? null, limit)
        : store.timelineAfter(id, after, limit);
      return { posts: this.#shownOf(rows), more };
    });
  }

  /** {@inheritDoc Chat.search} */
  search(
    query: string,
    options: {
      readonly room?: string | undefined;
      readonly before?: PostId | undefined;
      readonly limit?: number | undefined;
    } = {},
  ): FoundPage {
    const { room, before, limit = timelineDefault } = options;
    const { searchBytesMax, searchPostsMax } = this.parts.limits;
    bytesIn("query", stringIn("query", query), searchBytesMax);
    if (query.trim() === "") throw badField("query", "nothing");
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > searchPostsMax) {
      throw badField("limit", limit);
    }
    const peer = room === undefined ? null : directPeer(stringIn("room", room));
    const id = room === undefined || peer !== null ? null : this.#openRoom(room);
    return this.#guard(() => {
      const { engine, store } = this.parts;
      if (before !== undefined) {
        const place = postIdIn("before", before);
        if (store.stored(place) === null && store.letter(place) === null) throw noSuchPost(before);
      }
      const none = { rows: [], more: false, unsearched: 0 };
      const posts = peer === null ? store.search(query, id, before ?? null, limit) : none;
      const letters = id === null ? store.searchLetters(query, peer, before ?? null, limit) : none;
      const veiled = peer === null ? this.#foundPrivately(query, id, before ?? null, limit) : none;
      const found = [
        ...this.#shownOf([...posts.rows, ...veiled.rows]),
        ...letters.rows.filter((letter) => !engine.isBlocked(letter.peer))
          .map((letter) => this.#showLetter(letter)),
      ].sort(comparePosts);
      return {
        posts: found.slice(-limit),
        more: posts.more || found.length > limit,
        unsearched: posts.unsearched + letters.unsearched + veiled.unsearched,
      };
    });
  }

  #foundPrivately(
    query: string,
    room: RoomId | null,
    before: PostId | null,
    limit: number,
  ): { readonly rows: StoredPost[]; readonly unsearched: number } {
    const place = before === null
      ? null
      : this.parts.store.stored(before)?.post ?? this.parts.store.letter(before);
    const isBefore = ({ post }: StoredPost) => place === null || comparePosts(post, place) < 0;
    return this.#searchPrivate?.(this.parts, query, room, isBefore, limit) ??
      { rows: [], unsearched: 0 };
  }

  /** {@inheritDoc Chat.markRead} */
  markRead(room: string, id: PostId): void {
    const peer = directPeer(stringIn("room", room));
    if (peer !== null) return this.#markLetterRead(peer, postIdIn("id", id));
    const open = this.#openRoom(room);
    const upTo = postIdIn("id", id);
    const moved = this.#guard(() => this.parts.store.markRead(open, upTo));
    if (moved === null) throw noSuchPost(upTo, room);
    const name = this.parts.engine.roomName(open);
    if (moved && name !== null) this.parts.notices.push({ type: "read", room: name, upTo });
  }

  /** {@inheritDoc Chat.setting} */
  setting(key: string): string | null {
    return this.#guard(() => this.#settings.get(key));
  }

  /** {@inheritDoc Chat.saveSetting} */
  saveSetting(key: string, value: string | null): void {
    this.#guard(() => this.#settings.save(key, value));
  }

  /** {@inheritDoc Chat.info} */
  info(id: PostId): PostInfo {
    return this.#guard(() => {
      const { engine, shell, store } = this.parts;
      const stored = store.stored(postIdIn("id", id));
      const post = stored === null ? null : this.#show(stored);
      if (stored === null || post === null) throw noSuchPost(id);
      const receipt = engine.receipt(id, shell.now);
      const holders = (receipt?.holders ?? []).map((peer) => ({ peer, name: engine.nameOf(peer) }));
      const { members = 0, state = null, reason = null } = receipt ?? {};
      return { post, holders, members, state, reason, arrivedMs: stored.arrivedMs };
    });
  }

  /** {@inheritDoc Chat.exportTo} */
  async exportTo(path: string): Promise<number> {
    this.#requireOpen();
    const { exportPosts } = await import("./export.ts");
    const { engine, store } = this.parts;
    return await exportPosts(stringIn("path", path), store, {
      nameOf: (peer) => engine.nameOf(peer),
      read: (post) => engine.read(post),
    });
  }

  /** {@inheritDoc Chat.importFrom} */
  async importFrom(path: string): Promise<{ readonly added: number; readonly known: number }> {
    this.#requireOpen();
    const { importPosts } = await import("./import.ts");
    const { crypto, shell, store } = this.parts;
    return await importPosts(stringIn("path", path), {
      crypto,
      store,
      take: (posts) => shell.command({ type: "import", posts }),
    });
  }

  /** {@inheritDoc Chat.close} */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
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
    const { listening, lan, dialer, notices } = this.parts;
    this.#closing ??= Promise.resolve();
    listening.close();
    lan.close();
    dialer.close();
    this.#release();
    notices.end(error);
  }

  async #close(): Promise<void> {
    const { shell, listening, lan, dialer, notices } = this.parts;
    const freed = Promise.all([listening.close(), lan.close()]);
    dialer.close();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), quitMs));
    // A peer that has failed or was closed already has nobody to say goodbye to.
    await Promise.race([shell.command({ type: "quit" }).catch(() => null), late]);
    clearTimeout(timer);
    await Promise.all([shell.stop(), freed]);
    this.#release();
    notices.end();
  }

  #release(): void {
    try {
      this.parts.release();
    } catch (error) {
      this.parts.log(`close: ${error instanceof Error ? error.message : error}`);
    }
  }

  #letters(
    peer: PeerId,
    { before, after, limit }: {
      readonly before: PostId | undefined;
      readonly after: PostId | undefined;
      readonly limit: number;
    },
  ): TimelinePage {
    return this.#guard(() => {
      const { store, engine } = this.parts;
      for (const [field, place] of [["before", before], ["after", after]] as const) {
        if (place === undefined) continue;
        if (store.letter(postIdIn(field, place))?.peer !== peer) {
          throw noSuchPost(place, directRoom(peer));
        }
      }
      if (engine.isBlocked(peer)) return { posts: [], more: false };
      const { rows, more } = after === undefined
        ? store.letters(peer, before ?? null, limit)
        : store.lettersAfter(peer, after, limit);
      return { posts: rows.map((letter) => this.#showLetter(letter)), more };
    });
  }

  #markLetterRead(peer: PeerId, upTo: PostId): void {
    const room = directRoom(peer);
    const moved = this.#guard(() => {
      const { store } = this.parts;
      return store.letter(upTo)?.peer === peer ? store.markLetterRead(peer, upTo) : null;
    });
    if (moved === null) throw noSuchPost(upTo, room);
    if (moved) this.parts.notices.push({ type: "read", room, upTo });
  }

  #showLetter(letter: StoredLetter): ShownPost {
    const { engine, shell } = this.parts;
    return showLetter(letter, this.me, {
      name: letter.isMine ? engine.name : engine.nameOf(letter.peer),
      origin: letter.isMine ? "own" : "history",
      clockAhead: engine.isClockAhead(letter.time, shell.now),
      late: false,
    });
  }

  #show({ post, origin, withdrawn }: StoredPost): ShownPost | null {
    const { engine, shell, store } = this.parts;
    if (post.kind === postKind.sealed) {
      const letter = store.letter(post.id);
      return letter === null ? null : this.#showLetter(letter);
    }
    if (engine.isBlocked(post.author)) return null;
    const { counts, hidden } = engine.shownAs(post);
    const body = counts ? engine.read(post) : null;
    if (body === null) return null;
    return showPost(post, body, {
      room: engine.roomName(post.room) ?? store.roomName(post.room) ?? `~${post.room}`,
      name: post.author === this.me ? engine.name : engine.nameOf(post.author),
      origin: origin === "own" ? "own" : "history",
      withdrawn: withdrawn || hidden,
      clockAhead: engine.isClockAhead(post.time, shell.now),
      late: false,
      isPrivate: engine.isPrivate(post.room),
    });
  }

  #shownOf(rows: readonly StoredPost[]): ShownPost[] {
    return rows.map((row) => this.#show(row)).filter((post) => post !== null);
  }

  /** A list of rooms is worth having even where the disk fails. */
  #readState({ id, room }: OpenRoom): Pick<RoomSummary, "readUpTo" | "unread"> {
    try {
      const { store, limits } = this.parts;
      const peer = directPeer(room);
      return this.#guard(() =>
        peer === null
          ? { readUpTo: store.readUpTo(id), unread: store.unread(id, this.me, limits.unreadMax) }
          : {
            readUpTo: store.letterReadUpTo(peer),
            unread: store.unreadLetters(peer, limits.unreadMax),
          }
      );
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      return { readUpTo: null, unread: 0 };
    }
  }

  #openRoom(room: string): RoomId {
    const id = this.parts.engine.roomId(stringIn("room", room));
    if (id !== null) return id;
    throw new ChatError("not-joined", `Room ${JSON.stringify(room)} is not open; join it first`);
  }

  #requireOpen(): void {
    if (this.#closing !== null) throw new ChatError("closed", "This peer is closed");
  }

  /** Reads from the store; its errors become those of the handle. */
  #guard<T>(read: () => T): T {
    this.#requireOpen();
    try {
      return read();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      noteDamage(error);
      throw new ChatError(error.code === "disk-full" ? "disk-full" : "disk-error", error.message);
    }
  }
}

/** The post that a command has made. */
function made(id: PostId | null, command: string): PostId {
  if (id === null) throw new ChatError("not-available", `${command} has made no post`);
  return id;
}

function noSuchPost(id: PostId, room?: string): ChatError {
  const where = room === undefined ? "here" : `here in the room ${JSON.stringify(room)}`;
  return new ChatError("no-such-post", `No post ${id} is stored ${where}`);
}
