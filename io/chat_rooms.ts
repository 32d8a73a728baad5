/**
 * The rooms and chats of a running peer: opened by name, founded, entered by an invite, left; what
 * those in charge do in them, and invites to others. What is allowed the engine decides.
 */

import { directPeer } from "../peer/engine_direct.ts";
import { ChatError } from "../peer/errors.ts";
import type { PowerDeed } from "../peer/input.ts";
import type { InviteInfo } from "../peer/invites.ts";
import { directRoom } from "../peer/letter.ts";
import type { RoomName } from "../peer/notice.ts";
import { notOpen } from "../peer/refusal.ts";
import type { PostId, RoomId } from "../wire/ids.ts";
import { badField, postIdIn, stringIn } from "./chat_input.ts";
import { type ChatLife, type ChatParts, made, noSuchPost } from "./chat_life.ts";
import type { InviteOptions } from "./make_invite.ts";

/** Opens, founds and leaves rooms; keeps which are open, and tells the faces. */
export class ChatRooms {
  #searchPrivate: typeof import("./private_rooms.ts").searchPrivate | null = null;

  /**
   * @param parts Where commands go, and where it is kept what was open.
   * @param life Of the handle that this is for.
   */
  constructor(private readonly parts: ChatParts, private readonly life: ChatLife) {}

  /** Searches private rooms; `null` as long as none was ever here. */
  get searchPrivate(): typeof import("./private_rooms.ts").searchPrivate | null {
    return this.#searchPrivate;
  }

  /** `Chat.join` */
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
    if (id !== null && name !== null) this.life.guard(() => this.#remember(id, name));
    return name;
  }

  /** `Chat.leave` */
  async leave(room: string): Promise<void> {
    const name = this.#openName(room);
    const id = this.parts.engine.roomId(room);
    await this.parts.shell.command({ type: "leave", room });
    if (id !== null && name?.startsWith("~")) {
      this.life.guard(() => this.parts.store.kept.setOpen(id, false));
    }
    if (name !== null) this.#told("close", name);
  }

  /** `Chat.createRoom` */
  async createRoom(
    name: string,
    options: {
      readonly kind?: "owned" | "private" | undefined;
      readonly history?: boolean | undefined;
    } = {},
  ): Promise<RoomName> {
    const { kind = "owned", history = false } = options;
    if (kind !== "owned" && kind !== "private") {
      throw badField("kind", kind, 'give "owned" or "private"');
    }
    if (typeof history !== "boolean") throw badField("history", history, "give true or false");
    if (kind === "private") await this.withPrivate();
    const command = { type: "found", name: stringIn("name", name), kind, history } as const;
    const founding = made(await this.parts.shell.command(command), "createRoom");
    return this.life.guard(() => {
      const stored = this.parts.store.stored(founding);
      if (stored === null) throw noSuchPost(founding);
      const room = `~${stored.post.room}`;
      this.parts.store.kept.rememberRoom(stored.post.room, room);
      this.parts.store.kept.setOpen(stored.post.room, true);
      this.#told("open", room);
      return room;
    });
  }

  /** What somebody in charge does in an owned or private room. */
  async power(room: string, deed: PowerDeed): Promise<PostId> {
    if (directPeer(stringIn("room", room)) !== null) {
      throw new ChatError("nobody-in-charge", "Nobody is in charge of a chat with one person");
    }
    return made(await this.parts.shell.command({ type: "power", room, deed }), deed.act);
  }

  #remember(id: RoomId, name: RoomName): void {
    this.parts.store.kept.rememberRoom(id, name);
    if (name.startsWith("~")) this.parts.store.kept.setOpen(id, true);
  }

  /** Loads what only private rooms need; owed before any is opened. */
  async withPrivate(): Promise<void> {
    const { engine, store } = this.parts;
    const { bringPrivate, searchPrivate } = await import("./private_rooms.ts");
    this.life.guard(() => bringPrivate(engine, store));
    this.#searchPrivate = searchPrivate;
  }

  /** Takes an invite: opens its room, or asks to be let in; then dials where it says. */
  async takeInvite(invite: string): Promise<RoomName | null> {
    const { shell, me } = this.parts;
    const { readInvite } = await import("../peer/invitation.ts");
    const { peer, room, addresses, expiresMs, ticket } = readInvite(invite, me, shell.now.wallMs);
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

  /** `Chat.invite` */
  async invite(room: string, options: InviteOptions = {}): Promise<string> {
    this.life.requireOpen();
    if (directPeer(stringIn("room", room)) !== null) {
      throw new ChatError("not-available", "A chat with one person has no invites");
    }
    const id = this.idOf(room);
    const { makeInvite } = await import("./make_invite.ts");
    return await makeInvite(this.parts, id, options);
  }

  /** `Chat.invites` */
  invites(room: string): readonly InviteInfo[] {
    const { engine, shell } = this.parts;
    return this.life.guard(() => engine.invites(this.#privateRoom(room), shell.now));
  }

  /** `Chat.revokeInvite` */
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
    const id = this.idOf(room);
    if (this.parts.engine.isPrivate(id)) return id;
    throw new ChatError(
      "not-available",
      "Only invites to private rooms are counted and can be taken back",
    );
  }

  /**
   * The id of an open room.
   *
   * @throws {ChatError} `not-joined`.
   */
  idOf(room: string): RoomId {
    const id = this.parts.engine.roomId(stringIn("room", room));
    if (id !== null) return id;
    throw notOpen(room);
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
}
