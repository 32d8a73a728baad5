/**
 * What must hold at every step, whatever goes wrong around a peer. A broken rule throws, with
 * the peer's name in front.
 *
 * - The order of actions (peer/order_check.ts).
 * - A post that was stored is shown once, in the step after; one that was stored in an earlier
 *   run is never shown as new again; what was acknowledged is on disk.
 * - What its author has taken back is not readable in the end.
 * - Nobody numbers a post twice, whatever crash lies in between, unless an old copy was restored.
 * - Only what somebody has signed and stored is stored by others, and only what a peer has
 *   stored is sent on by it.
 * - Who is told that somebody holds a post is told the truth.
 * - No collection of the engine outgrows its limit.
 * - A wake that changes nothing sets a later deadline.
 */

import type { Action, Outcome } from "../../peer/action.ts";
import type { Command, Input, Now } from "../../peer/input.ts";
import type { Notice } from "../../peer/notice.ts";
import { OrderCheck } from "../../peer/order_check.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import { idBytes, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { decodeMessages } from "../../wire/message_decode.ts";
import { comparePosts, decodePost, type Post } from "../../wire/post.ts";
import { isShown } from "../../io/store/store.ts";
import { frameFinder } from "../frame_kinds.ts";
import { epochMs, type VirtualPeer } from "./virtual_peer.ts";

type Append = Extract<Action, { type: "append" }>;

/** Commands that are acknowledged with a post. */
const postMakers: readonly Command["type"][] = [
  "say",
  "direct",
  "withdraw",
  "found",
  "power",
  "make-invite",
  "revoke-invite",
];

/** How far ahead of a right clock a post may pull another's, and some seconds more. */
const stampErrorMsMax = 90_000;

const noRoom = toId<RoomId>(new Uint8Array(idBytes));
const holdsPosts = frameFinder(
  { type: "posts", room: noRoom, posts: [] },
  { type: "page", room: noRoom, request: 0, posts: [], last: true },
);

/** Who wrote what to whom. */
interface Letter {
  readonly from: VirtualPeer;
  readonly to: PeerId;
  readonly text: string;
}

/** What is known of one run of one peer. */
interface RunRecord {
  readonly order: OrderCheck;
  readonly shown: Set<PostId>;
  /** Posts whose text stands on the screen, with their rooms. */
  readonly readable: Map<PostId, string>;
  /** What was on disk at the start. */
  readonly before: ReadonlySet<PostId>;
  /** The append whose answer comes next, and which of its posts a screen must be told of. */
  pending: Append | null;
  due: Set<PostId>;
}

/** Looks on at all peers. */
export class Safety {
  readonly #crypto: CryptoSuite;
  readonly #limits: Limits;
  readonly #hasStrangers: boolean;
  readonly #runs = new Map<VirtualPeer, RunRecord>();
  readonly #onDisk = new Map<VirtualPeer, Set<PostId>>();
  readonly #acknowledged = new Map<VirtualPeer, Set<PostId>>();
  /** Posts that somebody has signed and stored, or that a stranger has signed. */
  readonly #published = new Set<PostId>();
  /** The newest own post of each numbering. */
  readonly #places = new Map<string, Post>();
  /** The post that each peer has stored last of its own. */
  readonly #newestOwn = new Map<VirtualPeer, { post: Post; storedMs: number }>();
  /** Letters that were acknowledged. */
  readonly #letters = new Map<PostId, Letter>();
  /** Who has ever had each post on disk. */
  readonly #holders = new Map<PostId, Set<VirtualPeer>>();
  /** Who has ever gone on from an old copy. */
  readonly #restored = new Set<VirtualPeer>();
  /** The greatest size that each limit has met. */
  readonly reached = new Map<keyof Limits, number>();

  /** @param hasStrangers Whether somebody takes part who may lie. */
  constructor(crypto: CryptoSuite, limits: Limits, hasStrangers: boolean) {
    this.#hasStrangers = hasStrangers;
    this.#crypto = crypto;
    this.#limits = limits;
  }

  /** How many posts have been acknowledged to their authors. */
  get acknowledgements(): number {
    return [...this.#acknowledged.values()].reduce((sum, ids) => sum + ids.size, 0);
  }

  /** A post of a stranger, signed as it should be: whoever gets it may keep it. */
  publish(post: Post): void {
    this.#published.add(post.id);
  }

  /** A program has been started. */
  started(peer: VirtualPeer): void {
    const onDisk = [...this.#onDisk.get(peer) ?? []].filter((id) => peer.store.has(id));
    this.#onDisk.set(peer, new Set(onDisk));
    this.#runs.set(peer, {
      order: new OrderCheck(),
      shown: new Set(),
      readable: new Map(),
      before: new Set(onDisk),
      pending: null,
      due: new Set(),
    });
    this.checkAcknowledged(peer);
  }

  /**
   * Somebody goes on from an old copy: what was written since is lost unless others have it, and
   * a place may be taken a second time.
   */
  restored(peer: VirtualPeer): void {
    this.#restored.add(peer);
    this.#acknowledged.delete(peer);
  }

  /** All that was acknowledged to a person is on that person's disk. */
  checkAcknowledged(peer: VirtualPeer): void {
    for (const id of this.#acknowledged.get(peer) ?? []) {
      if (!peer.store.has(id)) this.#fail(peer, `acknowledged post ${id} is lost`);
    }
  }

  /** What its author has taken back can be read nowhere. */
  checkWithdrawn(peer: VirtualPeer): void {
    for (const id of this.#runs.get(peer)!.readable.keys()) {
      if (peer.store.stored(id)?.withdrawn) this.#fail(peer, `still shows withdrawn post ${id}`);
    }
  }

  /** What two people wrote to each other is readable by the two, word for word, and by nobody else. */
  checkLetters(peer: VirtualPeer): void {
    for (const [id, { from, to, text }] of this.#letters) {
      const isTheirs = peer === from || peer.id === to;
      const letter = peer.store.letter(id);
      if (!isTheirs && letter !== null) this.#fail(peer, `can read letter ${id}`);
      if (!isTheirs || !peer.store.has(id)) continue;
      // An old copy lacks the newer keys, and what its owner had written since.
      if (this.#restored.has(peer)) continue;
      if (letter?.content.text !== text) this.#fail(peer, `cannot read letter ${id}`);
    }
  }

  /** With a clock that is right, the newest own post says when it was written. */
  checkStamp(peer: VirtualPeer, saidMs: number): void {
    const { post, storedMs } = this.#newestOwn.get(peer)!;
    const aheadMs = post.time.ms - epochMs - storedMs;
    if (storedMs < saidMs || Math.abs(aheadMs) <= stampErrorMsMax) return;
    this.#fail(peer, `stamps a post ${aheadMs} ms from the time at which it was written`);
  }

  /** A step is about to be taken: what must be told of in it? */
  stepping(peer: VirtualPeer, inputs: readonly Input[]): void {
    const record = this.#runs.get(peer)!;
    record.due.clear();
    if (inputs[0]?.type !== "appended") return;
    for (const { post } of record.pending?.arrivals ?? []) {
      const isOpen = peer.run!.engine.roomName(post.room) !== null;
      // Whether a post of a private room counts and can be read is seen by others (private_checks.ts).
      const isPrivate = peer.run!.engine.isPrivate(post.room);
      if (isOpen && isShown(post.kind) && !isPrivate) record.due.add(post.id);
    }
  }

  /** A step has been taken. */
  stepped(
    peer: VirtualPeer,
    inputs: readonly Input[],
    actions: readonly Action[],
    now: Now,
  ): void {
    const record = this.#runs.get(peer)!;
    record.pending = null;
    try {
      record.order.check(inputs, actions);
    } catch (error) {
      this.#fail(peer, error instanceof Error ? error.message : `${error}`);
    }
    for (const action of actions) {
      if (action.type === "append") this.#onAppend(peer, record, action);
      if (action.type === "notify") this.#onNotice(peer, record, action.notice);
    }
    for (const id of record.due) this.#fail(peer, `stored post ${id} is not shown`);
    this.#checkSizes(peer);
    this.#checkDeadline(peer, inputs, actions, now);
  }

  /** An append has been performed. */
  stored(peer: VirtualPeer, append: Append): void {
    for (const { post, origin } of append.arrivals) {
      this.#onDisk.get(peer)!.add(post.id);
      const holders = this.#holders.get(post.id) ?? new Set();
      this.#holders.set(post.id, holders.add(peer));
      if (origin !== "own") continue;
      this.#newestOwn.set(peer, { post, storedMs: peer.queue.nowMs });
      this.#published.add(post.id);
      const place = `${post.author} ${post.room} ${post.log}`;
      this.#checkPlace(peer, post, this.#places.get(place));
      this.#places.set(place, post);
    }
  }

  /** A person has been told how a command went. */
  answered(peer: VirtualPeer, command: Command, outcome: Outcome): void {
    const makesPost = postMakers.includes(command.type);
    if (!outcome.ok) return;
    if (makesPost !== (outcome.id !== null)) {
      this.#fail(peer, `${command.type} is acknowledged with ${outcome.id}`);
    }
    if (command.type === "leave") this.#closeRoom(peer, command.room);
    if (outcome.id === null) return;
    let ids = this.#acknowledged.get(peer);
    if (ids === undefined) this.#acknowledged.set(peer, ids = new Set());
    ids.add(outcome.id);
    if (!peer.store.has(outcome.id)) this.#fail(peer, `${outcome.id} is acknowledged unstored`);
    if (command.type === "direct") this.#letters.set(outcome.id, { from: peer, ...command });
  }

  /** A frame leaves: whatever posts are in it have been stored here. */
  sealed(peer: VirtualPeer, messages: Uint8Array): void {
    if (!holdsPosts(messages)) return;
    for (const message of decodeMessages(messages)) {
      if (message.type !== "posts" && message.type !== "page") continue;
      for (const envelope of message.posts) {
        const { id, room } = decodePost(envelope, this.#crypto);
        if (!peer.store.has(id)) this.#fail(peer, `sends post ${id}, which it has not stored`);
        if (room !== message.room) this.#fail(peer, `sends post ${id} for another room`);
      }
    }
  }

  #closeRoom(peer: VirtualPeer, room: string): void {
    const { readable } = this.#runs.get(peer)!;
    for (const [id, where] of readable) if (where === room) readable.delete(id);
  }

  #onAppend(peer: VirtualPeer, record: RunRecord, append: Append): void {
    record.pending = append;
    for (const { post, origin } of append.arrivals) {
      if (peer.store.has(post.id)) this.#fail(peer, `stores post ${post.id} a second time`);
      if ((post.author === peer.id) !== (origin === "own") && origin === "own") {
        this.#fail(peer, `stores a post of another as its own`);
      }
      if (origin !== "own" && !this.#published.has(post.id)) {
        this.#fail(peer, `stores post ${post.id}, which nobody has signed`);
      }
    }
  }

  #onNotice(peer: VirtualPeer, record: RunRecord, notice: Notice): void {
    if (notice.type === "withdrawn") {
      record.readable.delete(notice.id);
      // What somebody in charge has taken from the screens comes back if that is undone.
      if (notice.by !== undefined) record.shown.delete(notice.id);
    }
    if (notice.type === "receipt") this.#checkReceipt(peer, notice.id, notice.have);
    if (notice.type !== "message") return;
    const { post } = notice;
    if (!post.withdrawn) record.readable.set(post.id, post.room);
    else if (post.text !== "") this.#fail(peer, `shows the text of withdrawn post ${post.id}`);
    if (record.shown.has(post.id)) this.#fail(peer, `shows post ${post.id} a second time`);
    // What could not be read before is shown once somebody has sealed its key to us.
    if (record.before.has(post.id) && !post.room.startsWith("~")) {
      this.#fail(peer, `shows post ${post.id}, which was stored before this run`);
    }
    if (!peer.store.has(post.id)) this.#fail(peer, `shows post ${post.id}, which is not stored`);
    record.shown.add(post.id);
    record.due.delete(post.id);
  }

  /** Strangers lie about what they hold; between honest peers a receipt is the truth. */
  #checkReceipt(peer: VirtualPeer, id: PostId, have: number): void {
    const others = [...this.#holders.get(id) ?? []].filter((holder) => holder !== peer).length;
    // Of a place that was taken twice nobody can say which of its posts somebody means.
    if (have <= others || this.#hasStrangers || this.#restored.has(peer)) return;
    this.#fail(peer, `is told that ${have} others hold post ${id}, and ${others} do`);
  }

  #checkPlace(peer: VirtualPeer, post: Post, last: Post | undefined): void {
    if (this.#restored.has(peer)) return;
    if (post.seq !== (last?.seq ?? 0) + 1 || post.previous !== (last?.id ?? null)) {
      this.#fail(peer, `numbers a post ${post.seq} after ${last?.seq ?? "none"}`);
    }
    if (last !== undefined && comparePosts(last, post) >= 0) {
      this.#fail(peer, `stamps post ${post.seq} no later than the one before`);
    }
  }

  #checkSizes(peer: VirtualPeer): void {
    const { sizes } = peer.run!.engine;
    for (const key in sizes) {
      const name = key as keyof Limits;
      const size = sizes[name]!;
      if (size > (this.reached.get(name) ?? 0)) this.reached.set(name, size);
      const most = this.#limits[name] ?? defaultLimits[name];
      if (typeof most === "number" && size > most) {
        this.#fail(peer, `${name} is ${most}, and ${size} are held`);
      }
    }
  }

  #checkDeadline(
    peer: VirtualPeer,
    inputs: readonly Input[],
    actions: readonly Action[],
    now: Now,
  ): void {
    const idle = actions.length === 0 && inputs.every(({ type }) => type === "wake");
    const { deadlineMs } = peer.run!.engine;
    if (!idle || deadlineMs > now.monoMs) return;
    this.#fail(peer, `wants a wake for ${deadlineMs - now.monoMs} ms at once again`);
  }

  #fail(peer: VirtualPeer, problem: string): never {
    throw new Error(`${peer.name}: ${problem}`);
  }
}
