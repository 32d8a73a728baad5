/**
 * Invites to private rooms in an engine: making them, taking them back, and letting in who shows
 * one (the guest's side is in redeeming.ts). Which invites hold is decided in invites.ts from the
 * posts of the room; who is a member, by private rooms.
 *
 * Whoever asks is answered after the addition is on disk, never before: what the welcome promises
 * must survive a loss of power.
 */

import { encodeCbor } from "../wire/cbor.ts";
import { fromId, type PeerId, type PostId, type RoomId } from "../wire/ids.ts";
import { encodeInviteDeed, type InviteDeed } from "../wire/invite_post.ts";
import type { InviteRefusal } from "../wire/message.ts";
import { postKind } from "../wire/post.ts";
import { decodePrivateAct } from "../wire/private_acts.ts";
import { openRequest, requestTagOf, sealWelcome } from "../wire/redemption.ts";
import type { Arrival } from "./action.ts";
import { Bucket } from "./bucket.ts";
import { post } from "./engine_post.ts";
import { needOpen } from "./engine_power.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import { ChatError } from "./errors.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { InviteDesk, InviteMessage } from "./invite_desk.ts";
import {
  atTime,
  type InviteInfo,
  judgeInvite,
  type MadeInvite,
  type TakenInvite,
} from "./invites.ts";
import { KnownInvites } from "./known_invites.ts";
import type { PrivateRooms } from "./private_rooms.ts";
import { Redeeming } from "./redeeming.ts";
import { notOpen } from "./refusal.ts";
import type { Ruling } from "./ruling.ts";
import type { Session } from "./session.ts";

type Redeem = Extract<InviteMessage, { readonly type: "redeem" }>;

/** A guest whose addition goes to the disk. */
interface Waiting {
  readonly connection: ConnectionId;
  readonly guest: PeerId;
  readonly room: RoomId;
  readonly sealing: Uint8Array;
  /** That of the request. */
  readonly tag: Uint8Array;
  /** The invite that is used up by it; `null` for who is a member already. */
  readonly invite: PostId | null;
}

/** Invites of one engine. */
export class EngineInvites implements InviteDesk {
  readonly #state: EngineState;
  readonly #private: PrivateRooms;
  readonly #redeeming: Redeeming;
  readonly #known: KnownInvites;
  /** How often each link may still ask. */
  readonly #asks = new Map<ConnectionId, Bucket>();
  #waiting: Waiting[] = [];

  /** @param rooms The private rooms of the same engine. */
  constructor(state: EngineState, rooms: PrivateRooms) {
    this.#state = state;
    this.#private = rooms;
    this.#redeeming = new Redeeming(state, rooms);
    this.#known = new KnownInvites(state);
  }

  /** {@inheritDoc InviteDesk.deadlineMs} */
  get deadlineMs(): number {
    return this.#redeeming.deadlineMs;
  }

  /** {@inheritDoc InviteDesk.sizes} */
  get sizes(): InviteDesk["sizes"] {
    const { size: taking } = this.#redeeming;
    return { taking, known: this.#known.size, waiting: this.#waiting.length };
  }

  /** {@inheritDoc InviteDesk.make} */
  make(
    room: RoomId,
    { key, expiresMs, count }: Omit<Extract<InviteDeed, { deed: "make" }>, "deed">,
    ref: number,
    now: Now,
  ): void {
    const { open, ruling } = this.#needMember(room);
    const { me, limits } = this.#state;
    const mine = this.#known.of(open, ruling, now)
      .filter(({ author, end }) => author === me && end === null);
    if (mine.length >= limits.ownInvitesMax) {
      throw new ChatError(
        "not-available",
        `${mine.length} invites of yours hold already; take some back with /invite --revoke`,
      );
    }
    this.#post(open, { deed: "make", key, expiresMs, count }, ref, now);
  }

  /** {@inheritDoc InviteDesk.revoke} */
  revoke(room: RoomId, id: PostId, ref: number, now: Now): void {
    const { open, ruling } = this.#needMember(room);
    const { me } = this.#state;
    const invite = this.#known.of(open, ruling, now).find((each) => each.id === id);
    if (invite === undefined) {
      throw new ChatError("no-such-post", `No invite ${id} is known in this room`);
    }
    if (invite.author !== me && ruling.rank(me) >= ruling.rank(invite.author)) {
      throw new ChatError(
        "not-in-charge",
        "That invite is somebody else's, who does not stand below you: the founder can take it back",
      );
    }
    this.#post(open, { deed: "revoke", invite: id }, ref, now);
  }

  /** {@inheritDoc InviteDesk.list} */
  list(room: RoomId, now: Now): InviteInfo[] {
    const open = this.#state.rooms.get(room);
    const ruling = open?.charge?.ruling ?? null;
    if (open === undefined || ruling === null) return [];
    return this.#known.of(open, ruling, now).map((invite) => {
      const { id, author, time, expiresMs, count, used, end } = invite;
      const byName = this.#state.nameOf(author);
      return { id, by: author, byName, time, expiresMs, count, used, end };
    });
  }

  /** {@inheritDoc InviteDesk.take} */
  take(invite: TakenInvite, now: Now): void {
    this.#redeeming.take(invite, now);
  }

  /** {@inheritDoc InviteDesk.onUp} */
  onUp(session: Session, now: Now): void {
    this.#redeeming.onUp(session, now);
  }

  /** {@inheritDoc InviteDesk.onLinkLost} */
  onLinkLost(connection: ConnectionId): void {
    this.#asks.delete(connection);
    this.#redeeming.onLinkLost(connection);
  }

  /** {@inheritDoc InviteDesk.onMessage} */
  onMessage(session: Session, message: InviteMessage, now: Now): void {
    if (message.type === "redeem") return this.#onRedeem(session, message, now);
    if (message.type === "welcome") return this.#redeeming.onWelcome(session, message, now);
    this.#redeeming.onRefused(session, message, now);
  }

  /** {@inheritDoc InviteDesk.onStored} */
  onStored(arrivals: readonly Arrival[]): void {
    this.#known.onStored(arrivals);
    const stored = this.#waiting;
    this.#waiting = [];
    for (const each of stored) this.#welcome(each);
    this.#redeeming.tellLetIn();
  }

  /** {@inheritDoc InviteDesk.onAppendFailed} */
  onAppendFailed(): void {
    const failed = this.#waiting;
    this.#waiting = [];
    for (const { connection, tag } of failed) {
      const session = this.#state.links.session(connection);
      if (session !== undefined) this.#refuse(session, tag, "later");
    }
  }

  /** {@inheritDoc InviteDesk.onTime} */
  onTime(now: Now): void {
    this.#redeeming.onTime(now);
  }

  #onRedeem(session: Session, redeem: Redeem, now: Now): void {
    const { limits, probeMs } = this.#state;
    const { connection } = session.link;
    let asks = this.#asks.get(connection);
    if (asks === undefined) {
      asks = new Bucket(limits.redeemsBurst, limits.redeemsPerSecond);
      this.#asks.set(connection, asks);
    }
    if (!asks.take(1, now.monoMs)) return this.#refuse(session, redeem.tag, "later");
    const meant = this.#meant(session, redeem, now);
    if (meant === null) return this.#refuse(session, redeem.tag, "unknown");
    if (probeMs !== null) return this.#refuse(session, redeem.tag, "later");
    const { open, ruling, invites } = meant;
    // What this person has just decided is acknowledged as done once it is on the disk.
    if (this.#decides(open)) return this.#refuse(session, redeem.tag, "later");
    const place = {
      handshakeHash: session.channel.handshakeHash,
      guest: session.peer,
      room: open.room.id,
    };
    const { crypto, me } = this.#state;
    const asked = openRequest(invites[0]!.key, place, redeem, crypto);
    if (asked === null) return this.#refuse(session, redeem.tag, "unknown");
    const pending = ({ id }: MadeInvite) =>
      this.#waiting.filter(({ invite }) => invite === id).length;
    const isKnown = ruling.isIn(session.peer) ||
      this.#waiting.some(({ room, guest }) => room === open.room.id && guest === session.peer);
    const judged = isKnown ? null : judgeInvite({ invites, me, pending }, ruling);
    if (typeof judged === "string") return this.#refuse(session, redeem.tag, judged);
    const removal = ruling.membership?.removalOf(session.peer) ?? null;
    if (!isKnown && removal !== null && removal.author !== session.peer) {
      return this.#refuse(session, redeem.tag, "removed");
    }
    try {
      const guest = {
        peer: session.peer,
        sealing: asked.sealing,
        sealingSignature: asked.signature,
        invite: judged?.key ?? null,
      };
      this.#private.addMember(open.room.id, guest, now);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      return this.#refuse(session, redeem.tag, "later");
    }
    this.#waiting.push({
      connection,
      guest: session.peer,
      room: open.room.id,
      sealing: asked.sealing,
      tag: redeem.tag.slice(),
      invite: judged?.id ?? null,
    });
    // Who is a member may have nothing to be added to: then no append is owed.
    if (this.#state.batch.arrivals.length === 0) this.onStored([]);
  }

  /** Whether an own post that may end invites is on its way to the disk. */
  #decides({ room }: OpenRoom): boolean {
    const { batch, me } = this.#state;
    return batch.arrivals.some(({ post: { room: id, author, kind, body } }) => {
      if (id !== room.id || author !== me) return false;
      if (kind === postKind.invite || kind === postKind.close) return true;
      return kind === postKind.membership && decodePrivateAct(kind, body)?.act !== "add";
    });
  }

  /** The room and the invites whose key made a request. */
  #meant(session: Session, { salt, tag }: Redeem, now: Now): {
    readonly open: OpenRoom;
    readonly ruling: Ruling;
    readonly invites: readonly MadeInvite[];
  } | null {
    const { crypto, me, rooms, clock } = this.#state;
    const place = { handshakeHash: session.channel.handshakeHash, guest: session.peer };
    const wanted = tag.toHex();
    for (const open of rooms.values()) {
      const ruling = open.isPrivate ? open.charge?.ruling ?? null : null;
      if (ruling === null || !ruling.isIn(me)) continue;
      for (const invites of this.#known.byKey(open, ruling).values()) {
        // Nobody gains by guessing at times: whoever can make a tag that is nearly right has the key.
        const right = requestTagOf(invites[0]!.key, place, salt, crypto).toHex();
        if (right !== wanted) continue;
        const wallMs = clock.correctedMs(now.wallMs);
        return { open, ruling, invites: invites.map((each) => atTime(each, wallMs)) };
      }
    }
    return null;
  }

  #welcome({ connection, guest, room, sealing, tag }: Waiting): void {
    const { me, crypto, links } = this.#state;
    const session = links.session(connection);
    const key = this.#private.secretOf(room);
    if (session === undefined || key === null) return;
    const place = { handshakeHash: session.channel.handshakeHash, guest, room, member: me };
    const content = encodeCbor([key.secret, fromId(key.founder), key.history]);
    const sealed = sealWelcome(place, sealing, content, crypto);
    if (sealed === null) return this.#refuse(session, tag, "unknown");
    session.send({ type: "welcome", tag, ...sealed });
    links.touch(session);
  }

  #refuse(session: Session, tag: Uint8Array, reason: InviteRefusal): void {
    session.send({ type: "refused", tag, reason });
    this.#state.links.touch(session);
  }

  #needMember(room: RoomId): { readonly open: OpenRoom; readonly ruling: Ruling } {
    const open = this.#state.rooms.get(room);
    const ruling = open?.charge?.ruling ?? null;
    if (open === undefined) throw notOpen(`~${room}`);
    if (ruling === null || !ruling.isIn(this.#state.me)) {
      throw new ChatError(
        "not-a-member",
        "You are not known to be a member of this room yet, or no longer",
      );
    }
    needOpen(ruling);
    return { open, ruling };
  }

  #post(open: OpenRoom, deed: InviteDeed, ref: number, now: Now): void {
    const body = encodeInviteDeed(deed);
    post(this.#state, open, { kind: postKind.invite, encode: () => body }, ref, now);
  }
}
