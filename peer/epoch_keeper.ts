/**
 * Keeps the epochs of the private rooms that are open: opens them, and sees to it that they are made
 * and sealed in time (which one is written under is decided in epochs.ts, and their posts are
 * written in epoch_writer.ts).
 *
 * Whoever has something to say and finds no epoch that all members have makes one, or seals it to
 * them, at once: words do not wait. Otherwise
 * a member makes one when there has been none for 10 to 20 s, and as long as a member is without
 * the present secret one of the others seals it to him after such a time; in a room with shared
 * history also the earlier ones, which whoever added him did not know. Who removes or adds
 * somebody does both at once.
 */

import { MalformedError } from "../wire/cbor.ts";
import { decodeEpoch, openSeal } from "../wire/epoch.ts";
import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import { decodePost, type Post, postKind } from "../wire/post.ts";
import { secretBytes } from "../wire/private_room.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import { EpochWriter, type Wanted } from "./epoch_writer.ts";
import { type Choice, Epochs } from "./epochs.ts";
import type { Now } from "./input.ts";
import type { Ruling } from "./ruling.ts";
import type { Vault } from "./vault.ts";

interface Kept {
  readonly epochs: Epochs;
  /** When something is to be made or sealed to write under, on the monotonic clock. */
  dueMs: number;
  /** When to look who lacks earlier epochs. */
  shareMs: number;
}

/** The epochs of all open private rooms. */
export class EpochKeeper {
  readonly #state: EngineState;
  readonly #vault: Vault;
  readonly #writer: EpochWriter;
  readonly #rooms = new Map<RoomId, Kept>();

  constructor(state: EngineState, vault: Vault) {
    this.#state = state;
    this.#vault = vault;
    this.#writer = new EpochWriter(state, vault);
  }

  /** When something is due, on the monotonic clock. */
  get deadlineMs(): number {
    let earliest = Infinity;
    for (const { dueMs, shareMs } of this.#rooms.values()) {
      earliest = Math.min(earliest, dueMs, shareMs);
    }
    return earliest;
  }

  /** Epochs of the room with the most. */
  get size(): number {
    return Math.max(0, ...[...this.#rooms.values()].map(({ epochs }) => epochs.size));
  }

  /** Reads the epochs of a room from the store. */
  load(open: OpenRoom): void {
    const { id } = open.room;
    const { me, limits } = this.#state;
    const { dueMs, shareMs } = this.#rooms.get(id) ?? { dueMs: Infinity, shareMs: Infinity };
    this.#rooms.set(id, { epochs: new Epochs(me, limits), dueMs, shareMs });
    for (const author of open.charge?.ruling?.membership?.known ?? []) this.loadOf(open, author);
    for (const { post } of this.#state.batch.arrivals) if (post.room === id) this.#take(post);
  }

  /** Reads the epochs that one member has made or sealed. */
  loadOf(open: OpenRoom, author: PeerId): void {
    const { reader, crypto } = this.#state;
    for (const stored of reader.acts(open.room.id, author)) {
      this.#take(decodePost(stored, crypto));
    }
  }

  /** A room is closed. */
  forget(room: RoomId): void {
    this.#rooms.delete(room);
  }

  /** A post is on disk; says which epochs can be read from now on. */
  onPost(stored: Post): PostId[] {
    return this.#take(stored).filter((id) => this.#open(stored.room, id));
  }

  /** Opens what can be opened of a room; says which epochs can be read from now on. */
  openAll(room: RoomId): PostId[] {
    const ids = this.#rooms.get(room)?.epochs.ids ?? [];
    return [...ids].filter((id) => this.#open(room, id));
  }

  /** Notes what a post says of epochs; returns those that it names. */
  #take(stored: Post): PostId[] {
    const kept = this.#rooms.get(stored.room);
    const body = kept === undefined || stored.kind !== postKind.epoch ? null : read(stored);
    if (kept === undefined || body === null) return [];
    if (body.commitment !== null) kept.epochs.begin(stored, body.commitment);
    for (const seal of body.seals) kept.epochs.take(stored, seal.epoch ?? stored.id, seal);
    return [...new Set([stored.id, ...body.seals.map(({ epoch }) => epoch ?? stored.id)])];
  }

  #open(room: RoomId, id: PostId): boolean {
    const kept = this.#rooms.get(room);
    const { direct, crypto } = this.#state;
    if (kept === undefined || direct === null) return false;
    if (this.#vault.epochSecret(room, id) !== undefined) return false;
    const { commitment, seals } = kept.epochs.ownSeals(id);
    for (const { post, seal } of seals) {
      const secret = openSeal(post, seal, commitment, direct.keys.all, crypto);
      if (secret === null) continue;
      this.#vault.learn(room, id, secret);
      kept.epochs.onKnown();
      // If that fails it is opened again at the next start.
      this.#state.act({ type: "keepEpoch", room, epoch: id, secret });
      return true;
    }
    return false;
  }

  /** The epoch to write under; `null` if there is none. */
  current(open: OpenRoom): PostId | null {
    return this.#choice(open).id;
  }

  #choice(open: OpenRoom): Choice {
    const { id } = open.room;
    const ruling = open.charge?.ruling ?? null;
    const isKnown = (epoch: PostId) => this.#vault.epochSecret(id, epoch) !== undefined;
    const epochs = ruling === null ? undefined : this.#rooms.get(id)?.epochs;
    return epochs?.choice(ruling!, isKnown) ?? { id: null, lacking: [] };
  }

  /** Makes an epoch, sealed to all members whose keys are known. */
  begin(open: OpenRoom, ruling: Ruling, now: Now): PostId {
    const { crypto, me } = this.#state;
    const { id: room } = open.room;
    const secret = crypto.randomBytes(secretBytes);
    const others = [...ruling.membership?.members ?? []].filter((peer) => peer !== me);
    const wanted = others.map((peer) => ({ peer, epoch: null }));
    const { sealsMax } = this.#state.limits;
    const first = this.#writer.write(open, ruling, wanted.slice(0, sealsMax), secret, now);
    this.#vault.learn(room, first.id, secret);
    this.#take(first);
    const rest = wanted.slice(sealsMax).map(({ peer }) => ({ peer, epoch: first.id }));
    this.#sealAll(open, ruling, rest, now);
    this.review(open, now);
    return first.id;
  }

  /**
   * Lets a new member read: what is said from now on, or in a room with shared history all. Where
   * nothing was said under the present epoch yet it is sealed to one more, else a new one begins.
   */
  welcome(open: OpenRoom, ruling: Ruling, peer: PeerId, now: Now): void {
    const { id } = open.room;
    const present = this.current(open);
    const isShared = this.#isShared(open);
    if (!isShared && present !== null && this.#isSpokenUnder(id, present)) {
      this.begin(open, ruling, now);
      return;
    }
    const shared = isShared ? this.#vault.epochsOf(id) : [];
    const epochs = new Set([...present === null ? [] : [present], ...shared]);
    const lacked = [...epochs].filter((epoch) =>
      this.#rooms.get(id)?.epochs.lacking(epoch, ruling).includes(peer)
    );
    this.#sealAll(open, ruling, lacked.map((epoch) => ({ peer, epoch })), now);
  }

  #isSpokenUnder(room: RoomId, epoch: PostId): boolean {
    const { reader, limits, crypto } = this.#state;
    const newest = reader.newest(room, limits.actsReviewedMax);
    const isSpoken = newest.some((stored) => {
      const post = decodePost(stored, crypto);
      return post.kind !== postKind.profile && this.#vault.epochOf(post) === epoch;
    });
    // Perhaps before all these.
    return isSpoken || newest.length === limits.actsReviewedMax;
  }

  #sealAll(open: OpenRoom, ruling: Ruling, wanted: readonly Wanted[], now: Now): void {
    const { sealsMax } = this.#state.limits;
    for (let i = 0; i < wanted.length; i += sealsMax) {
      this.#take(this.#writer.write(open, ruling, wanted.slice(i, i + sealsMax), null, now));
    }
  }

  /** Looks whether something is to be made or sealed in a room, and when. */
  review(open: OpenRoom, now: Now): void {
    const kept = this.#rooms.get(open.room.id);
    if (kept === undefined) return;
    const { limits, rng } = this.#state;
    const dueMs = () => now.monoMs + limits.epochWaitMs * (1 + rng.next());
    if (!this.#isNeedy(open)) kept.dueMs = Infinity;
    else if (kept.dueMs === Infinity) kept.dueMs = dueMs();
    // Who lacks what is not looked for each time that a post has come: that takes long.
    if (this.#isShared(open) && kept.shareMs === Infinity) kept.shareMs = dueMs();
  }

  /**
   * Sees to it that all members can read what is written now. After a removal the only epoch left
   * may be an old one that most members lack; and who came since must not read what was said
   * under it before.
   */
  renew(open: OpenRoom, ruling: Ruling, now: Now): void {
    const { id } = open.room;
    const { id: present } = this.#choice(open);
    const lacking = this.#sealable(open, ruling);
    if (present !== null && lacking.length === 0) return;
    if (present === null || (!this.#isShared(open) && this.#isSpokenUnder(id, present))) {
      this.begin(open, ruling, now);
    } else this.#sealAll(open, ruling, lacking.map((peer) => ({ peer, epoch: present })), now);
  }

  /** Whoever is added may read what was said before. */
  #isShared({ room }: OpenRoom): boolean {
    return this.#vault.secretOf(room.id)?.history ?? false;
  }

  /**
   * Seals what members lack of the epochs known here, in a room with shared history. One post at a
   * time: others do the same, and nobody who makes many epochs makes others write many posts.
   */
  #share(open: OpenRoom, ruling: Ruling, now: Now): void {
    const { id } = open.room;
    const usable = new Map<PeerId, boolean>();
    const wanted: Wanted[] = [];
    for (const lack of this.#rooms.get(id)?.epochs.lacks(this.#vault.epochsOf(id), ruling) ?? []) {
      const { peer } = lack;
      if (!usable.has(peer)) usable.set(peer, this.#writer.canSealTo(peer, ruling));
      if (usable.get(peer)) wanted.push(lack);
      if (wanted.length === this.#state.limits.sealsMax) break;
    }
    this.#sealAll(open, ruling, wanted, now);
  }

  /** Members to whom the present epoch can be sealed and was not. */
  #sealable(open: OpenRoom, ruling: Ruling): PeerId[] {
    return this.#choice(open).lacking.filter((peer) => this.#writer.canSealTo(peer, ruling));
  }

  #isNeedy(open: OpenRoom): boolean {
    const ruling = open.charge?.ruling ?? null;
    if (ruling === null || !this.#maySeal(ruling)) return false;
    return this.current(open) === null || this.#sealable(open, ruling).length > 0;
  }

  #maySeal({ closed, isIn }: Ruling): boolean {
    return closed === null && isIn(this.#state.me);
  }

  /** Does what is due. */
  onTime(now: Now): void {
    for (const [room, kept] of this.#rooms) {
      const [isDue, isShareDue] = [kept.dueMs <= now.monoMs, kept.shareMs <= now.monoMs];
      if (isDue) kept.dueMs = Infinity;
      if (isShareDue) kept.shareMs = Infinity;
      const open = this.#state.rooms.get(room);
      const ruling = open?.charge?.ruling ?? null;
      if (open === undefined || ruling === null || this.#state.probeMs !== null) continue;
      if (isDue && this.#isNeedy(open)) this.renew(open, ruling, now);
      if (isShareDue && this.#maySeal(ruling)) this.#share(open, ruling, now);
    }
  }
}

function read(stored: Post): ReturnType<typeof decodeEpoch> | null {
  try {
    return decodeEpoch(stored.body);
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}
