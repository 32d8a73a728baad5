/**
 * Private rooms in an engine: founding and adopting them, adding members, and what follows when
 * acts and epochs have come. It puts together who may hear of a room (private_links.ts), the
 * epochs (epoch_keeper.ts) and the secrets (vault.ts).
 */

import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import { type Post, postKind } from "../wire/post.ts";
import { encodePrivateAct, isProven, type PrivateAct } from "../wire/private_acts.ts";
import { isVeiled, privateRoomId, secretBytes, veilBody, veilName } from "../wire/private_room.ts";
import type { PostHead } from "../wire/sealed.ts";
import { checkRoomName, normalRoomName } from "../wire/text.ts";
import type { Arrival } from "./action.ts";
import { needDirect } from "./engine_direct.ts";
import { needDisk, post } from "./engine_post.ts";
import { marksOf, needOpen } from "./engine_power.ts";
import { introduce, openNew } from "./engine_rooms.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import { called } from "./engine_trust.ts";
import { EpochKeeper } from "./epoch_keeper.ts";
import { ChatError } from "./errors.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { Kept } from "./letter.ts";
import type { LinkEvent } from "./link_event.ts";
import { privateRuler } from "./members.ts";
import { PrivateLinks } from "./private_links.ts";
import type { PrivateMessage, PrivateRooms } from "./private_rooms.ts";
import { notOpen, refusal } from "./refusal.ts";
import { reveal } from "./reveal.ts";
import type { Guest, PrivateRecord, RoomSecret } from "./room_secret.ts";
import type { Ruler, Ruling } from "./ruling.ts";
import type { Session } from "./session.ts";
import { Vault } from "./vault.ts";

/** The private rooms of one engine. */
export class PrivateEngine implements PrivateRooms {
  readonly #state: EngineState;
  readonly #vault: Vault;
  readonly #keeper: EpochKeeper;
  readonly #links: PrivateLinks;

  /** @param records What was kept of private rooms; none of them is open yet. */
  constructor(state: EngineState, records: readonly PrivateRecord[]) {
    this.#state = state;
    this.#vault = new Vault(records, state.crypto, state.limits);
    this.#keeper = new EpochKeeper(state, this.#vault);
    this.#links = new PrivateLinks(state, this.#vault);
  }

  /** {@inheritDoc PrivateRooms.deadlineMs} */
  get deadlineMs(): number {
    return Math.min(this.#keeper.deadlineMs, this.#links.deadlineMs);
  }

  /** {@inheritDoc PrivateRooms.sizes} */
  get sizes(): PrivateRooms["sizes"] {
    const { rooms, epochs } = this.#vault.sizes;
    return {
      open: this.#links.size,
      kept: rooms,
      epochs: Math.max(epochs, this.#keeper.size),
    };
  }

  /** {@inheritDoc PrivateRooms.has} */
  has(room: RoomId): boolean {
    return this.#vault.secretOf(room) !== undefined;
  }

  /** {@inheritDoc PrivateRooms.secretOf} */
  secretOf(room: RoomId): RoomSecret | null {
    return this.#vault.secretOf(room) ?? null;
  }

  /** {@inheritDoc PrivateRooms.rulerOf} */
  rulerOf(room: RoomId): Ruler | null {
    const kept = this.#vault.secretOf(room);
    return kept === undefined ? null : privateRuler(room, kept.secret, this.#state.crypto);
  }

  /** {@inheritDoc PrivateRooms.create} */
  create(typed: string, history: boolean, ref: number, now: Now): void {
    const state = this.#state;
    needDisk(state);
    const { sealer } = needDirect(state);
    const name = normalRoomName(typed);
    const problem = checkRoomName(name);
    if (problem !== null) throw refusal("room-name", problem, typed);
    const secret = state.crypto.randomBytes(secretBytes);
    const room = privateRoomId(state.me, secret, state.crypto);
    const kept = { secret, founder: state.me, history };
    const open = this.#open(room, kept, now);
    const nameBox = veilName(name, state.me, secret, state.crypto);
    const { sealing } = sealer.profileKeys;
    const act: PrivateAct = { act: "found-private", nameBox, sealing, history };
    // What follows is encrypted already, under an epoch that only a member can make.
    open.charge?.take(this.#act(open, act, ref, now, { type: "room", ...kept }));
    this.prepare(room, postKind.profile, now);
    introduce(state, open, now);
  }

  /** {@inheritDoc PrivateRooms.adopt} */
  adopt(secret: RoomSecret, now: Now): RoomId {
    const room = privateRoomId(secret.founder, secret.secret, this.#state.crypto);
    needDirect(this.#state);
    if (this.#state.rooms.has(room)) return room;
    const isNew = !this.has(room);
    this.#open(room, secret, now);
    if (isNew) this.#state.act({ type: "keepRoom", room, secret });
    return room;
  }

  #open(room: RoomId, secret: RoomSecret, now: Now): OpenRoom {
    const state = this.#state;
    if (!this.has(room)) {
      if (!this.#vault.hasPlace) {
        const { privateKeptMax } = state.limits;
        throw new ChatError("too-many-rooms", `${privateKeptMax} private rooms are kept already`);
      }
    }
    needPlace(this.#links.size, state.limits.privateRoomsMax);
    this.#vault.keep(room, secret);
    return openNew(state, room, `~${room}`, "private", now);
  }

  #act(open: OpenRoom, act: PrivateAct, ref: number | null, now: Now, kept?: Kept): Post {
    const { kind, body } = encodePrivateAct(act);
    return post(this.#state, open, { kind, encode: () => body }, ref, now, kept);
  }

  /** {@inheritDoc PrivateRooms.addMember} */
  addMember(room: RoomId, guest: Guest, now: Now): void {
    const { state, open, ruling } = this.#needMember(room);
    const { peer, invite } = guest;
    const proof = { sealing: guest.sealing, signature: guest.sealingSignature };
    if (!isProven(proof, peer, state.crypto)) {
      throw new ChatError("no-key", `The sealing key of ${called(state, peer)} is not its own`);
    }
    if (!needDirect(state).sealer.isUsable(proof.sealing)) {
      throw new ChatError("no-key", `Nothing can be sealed with the key of ${called(state, peer)}`);
    }
    if (ruling.isIn(peer)) return this.#keeper.welcome(open, ruling, peer, now);
    if (ruling.removedBy(peer) < ruling.rank(state.me)) {
      throw new ChatError(
        "not-in-charge",
        `${called(state, peer)} was removed by somebody above you, who alone can undo it`,
      );
    }
    if ((ruling.membership?.members.size ?? 0) >= state.limits.membersMax) {
      throw new ChatError("not-available", `${state.limits.membersMax} members, and no more`);
    }
    needDisk(state);
    const logs = marksOf(state, open, peer);
    this.#act(open, { act: "add", peer, logs, proof, invite }, null, now);
  }

  /** {@inheritDoc PrivateRooms.power} */
  power(room: RoomId, act: "leave" | "readmit", peer: PeerId, ref: number, now: Now): void {
    const { state, open, ruling } = this.#needMember(room);
    needDisk(state);
    const logs = marksOf(state, open, peer);
    if (act === "leave") {
      if (ruling.founder === state.me) {
        throw new ChatError(
          "not-available",
          "Whoever founded a room stays in it; close it instead",
        );
      }
      this.#act(open, { act: "remove", peer: state.me, logs }, ref, now);
      return;
    }
    const proof = ruling.membership?.proofOf(peer) ?? null;
    if (proof === null) {
      throw new ChatError(
        "not-a-member",
        `${called(state, peer)} was never a member of this room; invite first`,
      );
    }
    this.#act(open, { act: "add", peer, logs, proof, invite: null }, ref, now);
  }

  #needMember(
    room: RoomId,
  ): { readonly state: EngineState; readonly open: OpenRoom; readonly ruling: Ruling } {
    const state = this.#state;
    const open = state.rooms.get(room);
    if (open === undefined) throw notOpen(`~${room}`);
    const ruling = open.charge?.ruling ?? null;
    if (ruling !== null) needOpen(ruling);
    if (ruling === null || !ruling.isIn(state.me)) {
      throw new ChatError(
        "not-a-member",
        "You are not known to be a member of this room yet, or no longer",
      );
    }
    return { state, open, ruling };
  }

  /** {@inheritDoc PrivateRooms.bodyOf} */
  bodyOf(stored: Post): Uint8Array | null {
    return this.has(stored.room) ? this.#vault.bodyOf(stored) : stored.body;
  }

  /** {@inheritDoc PrivateRooms.prepare} */
  prepare(room: RoomId, kind: number, now: Now): void {
    if (!isVeiled(kind) || !this.has(room)) return;
    const { open, ruling } = this.#needMember(room);
    this.#keeper.renew(open, ruling, now);
  }

  /** {@inheritDoc PrivateRooms.veil} */
  veil(head: PostHead, plain: Uint8Array): Uint8Array {
    if (!isVeiled(head.kind) || !this.has(head.room)) return plain;
    const open = this.#state.rooms.get(head.room);
    const epoch = open === undefined ? null : this.#keeper.current(open);
    const secret = epoch === null ? undefined : this.#vault.epochSecret(head.room, epoch);
    if (epoch === null || secret === undefined) throw new Error("No epoch was prepared");
    return veilBody(head, plain, epoch, secret, this.#state.crypto);
  }

  /** {@inheritDoc PrivateRooms.mayWrite} */
  mayWrite(room: RoomId): boolean {
    const open = this.#state.rooms.get(room);
    return open !== undefined && this.#keeper.current(open) !== null &&
      (open.charge?.ruling?.isIn(this.#state.me) ?? false) && open.charge?.ruling?.closed === null;
  }

  /** {@inheritDoc PrivateRooms.tagsFor} */
  tagsFor(session: Session, round: number): Uint8Array[] {
    return this.#links.tagsFor(session, round);
  }

  /** {@inheritDoc PrivateRooms.needPlace} */
  needPlace(): void {
    needPlace(this.#links.size, this.#state.limits.privateRoomsMax);
  }

  /** {@inheritDoc PrivateRooms.onOpened} */
  onOpened(room: RoomId, now: Now): void {
    this.#links.onOpened(room, now);
    const open = this.#state.rooms.get(room);
    if (open !== undefined) this.#keeper.review(open, now);
  }

  /** {@inheritDoc PrivateRooms.onClosed} */
  onClosed(room: RoomId, now: Now): void {
    this.#links.onClosed(room, now);
    this.#keeper.forget(room);
  }

  /** {@inheritDoc PrivateRooms.onMessage} */
  onMessage(session: Session, message: PrivateMessage, now: Now): LinkEvent[] {
    return this.#links.onMessage(session, message, now);
  }

  /** {@inheritDoc PrivateRooms.onLinkLost} */
  onLinkLost(connection: ConnectionId): void {
    this.#links.onLinkLost(connection);
  }

  /** {@inheritDoc PrivateRooms.isByMember} */
  isByMember(
    { room, author }: Post,
    named: ReadonlySet<PeerId> | undefined = this.#state.rooms.get(room)?.charge?.officers,
  ): boolean {
    // Also who was named in an act that does not count: others have perhaps stored his posts
    // before they could know that, and whoever refuses them would ask for them for ever.
    return named?.has(author) || author === this.#vault.secretOf(room)?.founder;
  }

  /** {@inheritDoc PrivateRooms.onStored} */
  onStored(arrivals: readonly Arrival[], now: Now): void {
    // What comes together with its key is shown as it is stored.
    const arrived = new Set(arrivals.map(({ post }) => post.id));
    const isShown = (post: Post) => !arrived.has(post.id);
    for (const { post } of arrivals) {
      if (post.kind !== postKind.epoch || !this.has(post.room)) continue;
      this.#onReadable(post.room, this.#keeper.onPost(post), isShown, now);
    }
  }

  #onReadable(
    room: RoomId,
    epochs: readonly PostId[],
    isShown: (post: Post) => boolean,
    now: Now,
  ): void {
    const open = this.#state.rooms.get(room);
    if (open === undefined) return;
    if (epochs.length > 0) {
      const isOf = new Set(epochs);
      const isFresh = (post: Post) => isOf.has(this.#vault.epochOf(post)!) && isShown(post);
      reveal(this.#state, open, isFresh, now);
    }
    this.#keeper.review(open, now);
    if (this.mayWrite(room) && this.#state.probeMs === null) introduce(this.#state, open, now);
  }

  /** {@inheritDoc PrivateRooms.onRuling} */
  onRuling(
    room: RoomId,
    before: Ruling | null,
    after: Ruling,
    arrived: ReadonlySet<PostId>,
    now: Now,
  ): void {
    const state = this.#state;
    const open = state.rooms.get(room);
    if (open === undefined) return;
    const known = new Set(before?.acts.map(({ id }) => id));
    this.#know(after);
    // Who is known only now has perhaps made epochs that have come before.
    for (const peer of after.membership?.known ?? []) {
      if (!before?.membership?.known.has(peer)) this.#keeper.loadOf(open, peer);
    }
    this.#links.onRuling(open, before, after, now);
    for (const { id, author, deed } of after.acts) {
      if (known.has(id) || author !== state.me || !after.isIn(state.me)) continue;
      if (after.closed !== null || state.probeMs !== null) continue;
      if (deed.act === "add") this.#keeper.welcome(open, after, deed.peer, now);
      else if (deed.act === "remove") this.#keeper.renew(open, after, now);
    }
    // What counts only now is shown by whoever has asked for this.
    const isShown = (post: Post) => before?.counts(post) === true && !arrived.has(post.id);
    this.#onReadable(room, this.#keeper.openAll(room), isShown, now);
  }

  /** Members are no strangers; but whoever adds many pushes out nobody whom this person has named. */
  #know({ membership }: Ruling): void {
    const { me, known, limits } = this.#state;
    for (const peer of membership?.members ?? []) {
      if (known.size >= limits.knownKeysMax / 2) return;
      if (peer !== me && !known.has(peer)) this.#state.know(peer);
    }
  }

  /** {@inheritDoc PrivateRooms.onReloaded} */
  onReloaded(room: RoomId): void {
    const open = this.#state.rooms.get(room);
    if (open === undefined || !this.has(room)) return;
    const ruling = open.charge?.ruling ?? null;
    if (ruling !== null) this.#know(ruling);
    this.#keeper.load(open);
    this.#keeper.openAll(room);
  }

  /** {@inheritDoc PrivateRooms.onTime} */
  onTime(now: Now): void {
    this.#keeper.onTime(now);
    this.#links.onTime(now);
  }
}

function needPlace(open: number, most: number): void {
  if (open < most) return;
  throw new ChatError("too-many-rooms", `${most} private rooms are open; /part one first`);
}
