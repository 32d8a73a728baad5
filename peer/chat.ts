/**
 * The handle through which a screen, a bot or a test uses one running peer. `io` implements
 * it, `ui` receives one, `mod.ts` hands it to programs.
 */

import type { PeerId, PostId } from "../wire/ids.ts";
import type { InviteInfo } from "./invites.ts";
import type { PeerState, Person, RoomAct, RoomStanding, RoomSummary } from "./listing.ts";
import type { NetReport } from "./net_report.ts";
import type {
  DeliveryState,
  MessageRequest,
  Notice,
  RoomName,
  ShownPost,
  UndeliveredReason,
} from "./notice.ts";

/** A slice of a room's history. */
export interface TimelinePage {
  /** Oldest first, in the one order of every screen. */
  readonly posts: readonly ShownPost[];
  /** Whether there are older ones, or newer ones where `after` was asked for. */
  readonly more: boolean;
}

/** What a search has found. */
export interface FoundPage extends TimelinePage {
  /** Posts that it did not look through, because they came only now and are many. */
  readonly unsearched: number;
}

/** What is known of one post. */
export interface PostInfo {
  /** The post itself. */
  readonly post: ShownPost;
  /** For own posts: those who are known to hold it. */
  readonly holders: readonly { readonly peer: PeerId; readonly name: string }[];
  /** For own posts: how many others are known in the room. */
  readonly members: number;
  /** For own posts: how far it has come; `null` for those of others. */
  readonly state: DeliveryState | null;
  /** Why nobody is known to have it, for `undelivered`. */
  readonly reason: UndeliveredReason | null;
  /** When it was stored here, in milliseconds since 1970. */
  readonly arrivedMs: number;
}

/** Somebody whose name or key was asked for. */
export interface Acquaintance {
  /** The person's key. */
  readonly peer: PeerId;
  /** How the person is called here: the petname, or else the newest own name. */
  readonly name: string;
  /** The newest name that the person gave itself; empty if none is known. */
  readonly ownName: string;
  /** As in {@linkcode Person}. */
  readonly mark: Person["mark"];
  /** Nothing of this person is shown. */
  readonly blocked: boolean;
  /** Public rooms in which this person is here now. */
  readonly rooms: readonly string[];
  /** The address of a direct link, if there is one. */
  readonly address: string | null;
  /** Posts of this key contradict one another: it is used in two places at once, or was stolen. */
  readonly forked: boolean;
}

/** What came of a file of posts. */
export interface Imported {
  /** New posts. */
  readonly added: number;
  /** Posts that were held before. */
  readonly known: number;
  /** Posts that were removed here once, or that are more of one key than is kept. */
  readonly refused: number;
}

/** One running peer. Every method throws or rejects with `ChatError` and nothing else. */
export interface Chat extends AsyncDisposable {
  /** This peer's public key. */
  readonly me: PeerId;
  /** This peer's name. */
  readonly name: string;
  /** Addresses that can be typed after --peer, loopback first; empty if nothing listens. */
  readonly listen: readonly string[];
  /** All that happens, in order, from the start; for one reader. Ends after `close`. */
  readonly notices: AsyncIterable<Notice>;
  /**
   * What happens from now on, for one more reader beside that of `notices`. Each has a queue
   * of its own, and the network waits for the slowest: leave the loop to end the reading.
   */
  subscribe(): AsyncIterable<Notice>;
  /** Posts whose delivery to at least one other member is still awaited, of this run. */
  readonly undelivered: number;

  /** Posts a text, an action or a topic; resolves when it is durable on this disk. */
  say(
    room: string,
    text: string,
    options?: {
      readonly kind?: "text" | "action" | "topic" | undefined;
      readonly reply?: PostId | null | undefined;
    },
  ): Promise<PostId>;
  /**
   * Writes to one person, sealed, in a room that both share; resolves when it is durable on this
   * disk. It is `say` in the room `@` and the person's key.
   *
   * Rejects with `no-key` if there is no common room, or nothing was heard of the person there.
   */
  direct(
    to: PeerId,
    text: string,
    options?: {
      readonly kind?: "text" | "action" | undefined;
      readonly reply?: PostId | null | undefined;
    },
  ): Promise<PostId>;
  /** Shows what somebody writes; the timeline of `@` and the key has what was written so far. */
  accept(peer: PeerId): Promise<void>;
  /** Shows nothing of somebody any more, in any room. */
  block(peer: PeerId): Promise<void>;
  /** Shows somebody again, with what came meanwhile. */
  unblock(peer: PeerId): Promise<void>;
  /**
   * What to compare with somebody, over a way that nobody else controls: 12 groups of 5 digits, the
   * same for both.
   */
  safetyNumber(peer: PeerId): string;
  /** Marks somebody as compared, or takes that back. */
  verify(peer: PeerId, on: boolean): Promise<void>;
  /** Calls somebody otherwise here; `null` for the person's own name. */
  petname(peer: PeerId, name: string | null): Promise<void>;
  /** Takes an own post back; resolves with the id of the post that says so. */
  withdraw(id: PostId): Promise<PostId>;
  /**
   * Founds a room of which this person is in charge, and opens it; resolves with how it is called
   * everywhere, `~` and its id. Everybody who knows that can join and read an owned room, the
   * default; a private one is carried and read by its members only.
   *
   * @param options `history`: whoever is added to a private room reads what was said before, too.
   */
  createRoom(
    name: string,
    options?: {
      readonly kind?: "owned" | "private" | undefined;
      readonly history?: boolean | undefined;
    },
  ): Promise<RoomName>;
  /** Says something as somebody in charge of an owned room. */
  announce(room: string, text: string): Promise<PostId>;
  /** Names an admin of an owned room, or ends that; the founder alone can. */
  admin(room: string, peer: PeerId, on: boolean): Promise<PostId>;
  /**
   * Shows nothing more of somebody in an owned room, to anybody; who is removed from a private room
   * gets nothing more of it. Of oneself, in a private room: leaves it for good.
   */
  remove(room: string, peer: PeerId): Promise<PostId>;
  /** Undoes that. */
  readmit(room: string, peer: PeerId): Promise<PostId>;
  /** Closes an owned room for good: what was said stays, and nothing more is. */
  closeRoom(room: string): Promise<PostId>;
  /** What those in charge of an owned room did, oldest first. */
  roomLog(room: string): readonly RoomAct[];
  /** Who is in charge of an owned room, and who was removed from it. */
  standing(room: string): RoomStanding;
  /** Opens a public room, an owned one by `~` and its id, or with `@` and a key a direct chat. */
  join(room: string): Promise<void>;
  /** Fetches what is held back of a room because it is more than its authors may in a day. */
  more(room: string): Promise<void>;
  /** Closes a room; what is stored stays. */
  leave(room: string): Promise<void>;
  /** Changes the name, in all rooms. */
  rename(name: string): Promise<void>;
  /** Away with a reason (may be empty), or here again with `null`. */
  away(reason: string | null): Promise<void>;
  /**
   * Dials an address, or takes an invite: dials where it says, and opens its room. Resolves once
   * what was given parses, with the room of the invite; how it went comes as a notice. A private
   * room opens when a member lets this peer in (`let-in`); until then there is no room (`null`).
   */
  connect(address: string): Promise<RoomName | null>;
  /**
   * An invite to an open room, for somebody who is to find this peer: one word to be typed after
   * --peer. It names this peer's key and addresses. To a public room it is no secret, and nobody
   * counts who comes; to a private one whoever has it is let in, as a post in the room says.
   *
   * @param options `expiresMs`: until when, in milliseconds since 1970, `null` for ever; by default
   * for a week. `count`: how many people may come to a private room by it, by default any number;
   * a counted one is honoured by this peer alone, another by any member.
   */
  invite(
    room: string,
    options?: {
      readonly expiresMs?: number | null | undefined;
      readonly count?: number | undefined;
    },
  ): Promise<string>;
  /** Invites that were made in an open private room and are known, oldest first. */
  invites(room: string): readonly InviteInfo[];
  /** Takes an invite to a private room back; resolves with the post that says so. */
  revokeInvite(room: string, invite: PostId): Promise<PostId>;
  /** Closes the links to a peer id or address and stops dialling it. */
  disconnect(target: string): Promise<void>;
  /** Dials at once what waits. */
  reconnect(target?: string): Promise<void>;
  /** Listens on another port, or with `null` no more; resolves with {@linkcode Chat.listen}. */
  listenOn(port: number | null): Promise<readonly string[]>;

  /** Direct chats, the latest last, then open rooms in the order of joining. */
  rooms(): readonly RoomSummary[];
  /** How an open room is called by people; empty if that is not known. */
  title(room: RoomName): string;
  /** Who is in a room, this peer first, then by name. */
  who(room: string): readonly Person[];
  /** People by name (any case), key or start of a key. */
  whois(query: string): readonly Acquaintance[];
  /** Those who have written and wait for `accept` or `block`, the longest waiting first. */
  requests(): readonly MessageRequest[];
  /** Links and addresses. */
  peers(): readonly PeerState[];
  /** How this peer is connected, for whom it does not work. */
  net(): NetReport;
  /** A page of a room's history before a post, or the first after one, or the newest. */
  timeline(
    room: string,
    options?: {
      readonly before?: PostId | undefined;
      readonly after?: PostId | undefined;
      readonly limit?: number | undefined;
    },
  ): TimelinePage;
  /**
   * Posts that hold every word of a question, in any order and also inside of longer words;
   * the newest, or the newest before a post. In all rooms that are stored, or in one open room.
   */
  search(
    query: string,
    options?: {
      readonly room?: string | undefined;
      readonly before?: PostId | undefined;
      readonly limit?: number | undefined;
    },
  ): FoundPage;
  /** Says that a room has been read up to a post; the marker only moves forward. */
  markRead(room: string, id: PostId): void;
  /** A small text that a face has kept, or `null`. */
  setting(key: string): string | null;
  /** Keeps a small text for the faces of this profile; `null` forgets it. */
  saveSetting(key: string, value: string | null): void;
  /** What is known of a post. */
  info(id: PostId): PostInfo;

  /** Writes all stored history as NDJSON; resolves with the number of posts. */
  exportTo(path: string): Promise<number>;
  /** Takes in such a file. */
  importFrom(path: string): Promise<Imported>;

  /**
   * Says goodbye, flushes and closes. May be called twice. Afterwards commands and what is read
   * from the disk fail with `closed`; what is in memory is answered as it stood.
   */
  close(): Promise<void>;
}
