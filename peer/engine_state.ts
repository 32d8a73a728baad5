/**
 * What an engine consists of: its machines, which do not know each other, and the open
 * rooms. The `engine_*` files compose them; no machine reaches into this.
 */

import type { Membership } from "../discovery/membership.ts";
import type { SignedRecord } from "../wire/address_record.ts";
import { MalformedError } from "../wire/cbor.ts";
import type { ChannelFactory } from "../wire/channel.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { LogId, PeerId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Post } from "../wire/post.ts";
import { decodeBody, type PostBody } from "../wire/post_body.ts";
import type { SignedPresence } from "../wire/presence.ts";
import { Acquaintances } from "./acquaintances.ts";
import type { Action } from "./action.ts";
import { Batch } from "./batch.ts";
import { Broadcast } from "./broadcast.ts";
import { Budgets } from "./budgets.ts";
import { Chains } from "./chains.ts";
import type { Charge } from "./charge.ts";
import type { HeldRanges } from "./claims.ts";
import { Clock } from "./clock.ts";
import { Deliveries } from "./deliveries.ts";
import { Digest } from "./digest.ts";
import { Direct, type DirectOptions } from "./direct.ts";
import { Forks } from "./forks.ts";
import { Gaps } from "./gaps.ts";
import { HeldBack } from "./held_back.ts";
import { HistoryFetch } from "./history_fetch.ts";
import { HistorySeek } from "./history_seek.ts";
import { HistoryServe } from "./history_serve.ts";
import { HistoryTell } from "./history_tell.ts";
import type { Now } from "./input.ts";
import type { InviteDesk } from "./invite_desk.ts";
import type { PersonRecord } from "./letter.ts";
import { Links } from "./links.ts";
import type { RoomRecord } from "./member_record.ts";
import type { DropReason } from "./net_report.ts";
import type { Notice, ShownPost } from "./notice.ts";
import { People } from "./people.ts";
import type { PostReader, Rng } from "./ports.ts";
import { RoomPresence } from "./presence.ts";
import type { PrivateRooms } from "./private_rooms.ts";
import { Progress } from "./progress.ts";
import { ReceiptRows } from "./receipt_rows.ts";
import { Receipts } from "./receipts.ts";
import { Room } from "./room.ts";
import type { Seen } from "./seen.ts";
import { showPost } from "./shown.ts";

/** What an engine is made from. */
export interface EngineOptions {
  /** Who this peer is. */
  readonly identity: { readonly peer: PeerId; readonly secretKey: Uint8Array };
  /** How it is called at first. */
  readonly name: string;
  /** The log under which own posts are numbered. */
  readonly log: LogId;
  /** Opens secure links. */
  readonly channels: ChannelFactory;
  readonly crypto: CryptoSuite;
  readonly rng: Rng;
  /** The stored posts. */
  readonly reader: PostReader;
  readonly limits: Limits;
  /** What was decided about people. */
  readonly people?: Iterable<readonly [PeerId, PersonRecord]>;
  /** Keys and stored letters; without them the peer takes no direct messages. */
  readonly direct?: DirectOptions;
  /**
   * Until when a peer says nothing of itself, on the monotonic clock, as long as nobody is linked
   * and its user says nothing: a start need not wait for what is signed then. By default it
   * speaks at once.
   */
  readonly silentUntilMs?: number;
}

/** An open room with the machines that belong to it alone. */
export interface OpenRoom {
  readonly room: Room;
  readonly presence: RoomPresence;
  /** Who is a neighbour in it. */
  readonly members: Membership<RoomRecord>;
  /** Places at which two posts stand. */
  readonly forks: Forks;
  /** What is held, in hashes. */
  readonly digest: Digest;
  /** How far history has come in. */
  readonly progress: Progress;
  /** Of whom more is to be had than a day allows. */
  readonly heldBack: HeldBack;
  /** Whether posts link to one another. */
  readonly chains: Chains;
  /** What is missing between posts. */
  readonly gaps: Gaps;
  /** What members say that they hold. */
  readonly receipts: ReceiptRows;
  /** What history may slip in above, so that nobody would see it. */
  readonly seen: Seen;
  /** What was dropped, by reason. */
  readonly drops: Map<DropReason, number>;
  /** Who is in charge, in an owned or private room; `null` in one that is everybody's. */
  charge: Charge | null;
  /** Only its members carry it. */
  readonly isPrivate: boolean;
  /** How our last stored profile there calls us; `null` if there is none. */
  called: string | null;
  /** The sealing key that it tells, in hex; `null` for none. */
  toldKey: string | null;
  /** When it was opened in the silence of a start, by the wall clock; `null` once we have spoken. */
  silentSinceMs: number | null;
  /** Our own last word in it. */
  own: SignedPresence | null;
  /** When the next word is due, on the monotonic clock. */
  ownDueMs: number;
}

/** The state of one engine. */
export class EngineState {
  readonly me: PeerId;
  readonly secretKey: Uint8Array;
  readonly crypto: CryptoSuite;
  readonly reader: PostReader;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly people: People;
  readonly links: Links;
  readonly broadcast: Broadcast;
  readonly fetch: HistoryFetch;
  readonly seek: HistorySeek;
  readonly serve: HistoryServe;
  readonly tell: HistoryTell;
  readonly receipts: Receipts;
  readonly deliveries: Deliveries;
  readonly budgets: Budgets;
  /** Until when rooms are opened without a word, on the monotonic clock; `-Infinity` afterwards. */
  silentUntilMs: number;
  /** What this person has decided about others. */
  readonly decided: Acquaintances;
  /** Direct messages; `null` for a peer without keys for them. */
  readonly direct: Direct | null;
  /** Private rooms; `null` as long as there was none. */
  private: PrivateRooms | null = null;
  /** Invites to them; with them. */
  invites: InviteDesk | null = null;
  /** Keys that a person has named, by an address to dial or by writing to them. */
  readonly known = new Set<PeerId>();
  readonly rng: Rng;
  readonly rooms = new Map<RoomId, OpenRoom>();
  /** Who is in charge of a room that is not open and was asked about last. */
  closedCharge: { readonly room: RoomId; readonly charge: Charge } | null = null;
  name: string;
  away: string | null = null;
  log: LogId;
  port: number | null = null;
  addresses: readonly string[] = [];
  /** Our own last record, while it says where we are. */
  ownRecord: SignedRecord | null = null;
  actions: Action[] = [];
  batch = new Batch();
  /** When the disk is probed again, while it cannot be written. */
  probeMs: number | null = null;
  quitting = false;
  /** Before this nobody is told again that own posts go out by history. */
  pacedToldMs = -Infinity;
  /** As if the last refused link had been told of then, at one per `refusedNoticeMs`. */
  refusedToldMs = -Infinity;
  /** When somebody else last said something that came as it was said. */
  liveMs = -Infinity;
  /** Before this nobody is told again that posts wait for their first holder. */
  undeliveredToldMs = -Infinity;

  constructor(options: EngineOptions) {
    const { limits } = options;
    this.me = options.identity.peer;
    this.rng = options.rng;
    this.secretKey = options.identity.secretKey;
    this.crypto = options.crypto;
    this.reader = options.reader;
    this.limits = limits;
    this.name = options.name;
    this.silentUntilMs = options.silentUntilMs ?? -Infinity;
    this.log = options.log;
    this.clock = new Clock(limits);
    this.people = new People(limits, (peer) => this.known.has(peer));
    this.links = new Links(
      this.me,
      options.channels,
      limits,
      () => options.rng.next(),
      (peer) => this.known.has(peer),
      (action) => this.act(action),
    );
    this.broadcast = new Broadcast(limits);
    this.fetch = new HistoryFetch(limits, (room) => this.rangesMax(room));
    this.seek = new HistorySeek(limits);
    this.serve = new HistoryServe(limits, options.reader);
    this.tell = new HistoryTell(limits);
    this.receipts = new Receipts(limits, (peer) => this.known.has(peer));
    this.deliveries = new Deliveries(limits);
    this.budgets = new Budgets(limits);
    this.decided = new Acquaintances(options.people ?? [], limits);
    for (const [peer, { accepted, verified }] of this.decided.all) {
      if (accepted || verified) this.know(peer);
    }
    const { direct } = options;
    const isKnown = (peer: PeerId) => this.known.has(peer);
    this.direct = direct === undefined
      ? null
      : new Direct(this.me, direct, this.crypto, limits, isKnown);
    const last = options.reader.lastTime(this.me);
    if (last !== null) this.clock.resume(last);
  }

  /** What is held of a log. */
  readonly held: HeldRanges = (room, key) => this.rooms.get(room)?.room.held.rangesOf(key) ?? [];

  /**
   * In how many pieces a log of a room may be held. Acts of a private room come without what was
   * said between them, so that each may be a piece of its own.
   */
  rangesMax(room: RoomId): number {
    const { rangesPerLogMax, actsMax } = this.limits;
    return rangesPerLogMax + (this.private?.has(room) ? actsMax : 0);
  }

  /** Adds an action to this step's list. */
  act(action: Action): void {
    this.actions.push(action);
  }

  /** Tells the screens. */
  notify(notice: Notice): void {
    this.actions.push({ type: "notify", notice });
  }

  /** A person has named a key: by an address to dial, or by writing to it. */
  know(peer: PeerId): void {
    this.known.delete(peer);
    this.known.add(peer);
    if (this.known.size > this.limits.knownKeysMax) {
      this.known.delete(this.known.values().next().value!);
    }
  }

  /** How a peer is called here: by us, or else by itself; empty if no name is known. */
  nameOf(peer: PeerId): string {
    if (peer === this.me) return this.name;
    const { petname, verifiedName } = this.decided.of(peer);
    return petname ?? (this.people.nameOf(peer) || (verifiedName ?? ""));
  }

  /**
   * What a post says, decrypted if it stands in a private room. What cannot be read is carried
   * like a post of an unknown kind.
   */
  read(post: Post): PostBody | null {
    try {
      const plain = this.private === null ? post.body : this.private.bodyOf(post);
      return plain === null ? null : decodeBody(post.kind, plain);
    } catch (error) {
      if (error instanceof MalformedError) return null;
      throw error;
    }
  }

  /** A post with the names that people read. */
  show(
    post: Post,
    body: PostBody,
    { origin, withdrawn, late }: Pick<ShownPost, "origin" | "withdrawn" | "late">,
    now: Now,
  ): ShownPost | null {
    return showPost(post, body, {
      room: this.rooms.get(post.room)?.room.name ?? `~${post.room}`,
      name: this.nameOf(post.author),
      isPrivate: this.private?.has(post.room) ?? false,
      origin,
      withdrawn,
      late,
      clockAhead: this.clock.isAhead(post.time, now.wallMs),
    });
  }
}
