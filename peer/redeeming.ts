/**
 * Invites to private rooms that this person has taken: asking to be let in over each link until
 * somebody does, and what becomes of it. What is asked tells nothing to whoever is no member
 * (wire/redemption.ts), so that it need not be known beforehand who is one.
 *
 * Only the maker's word ends it: any other member may be behind, or lie. Nothing of it is kept on
 * disk; a peer that ends before it was let in must be given the invite again.
 */

import { decodeCbor, MalformedError } from "../wire/cbor.ts";
import type { KeyPair } from "../wire/crypto_suite.ts";
import { idBytes, type PeerId, toId } from "../wire/ids.ts";
import { byteString } from "../wire/post.ts";
import { proveSealing } from "../wire/private_acts.ts";
import { privateRoomId, secretBytes } from "../wire/private_room.ts";
import { inviteKeys, makeRequest, openWelcome } from "../wire/redemption.ts";
import { needDirect } from "./engine_direct.ts";
import type { EngineState } from "./engine_state.ts";
import { ChatError } from "./errors.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { InviteMessage } from "./invite_desk.ts";
import type { InviteFailure, TakenInvite } from "./invites.ts";
import type { PrivateRooms } from "./private_rooms.ts";
import type { RoomSecret } from "./room_secret.ts";
import type { Session } from "./session.ts";

/** Where one invite was asked for. */
interface Asked {
  /** The tag of the last request, in hex. */
  readonly tag: string;
  /** When it is asked again; infinite where the answer was final. */
  againMs: number;
  /** When silence is told of; infinite where something was said. */
  answerMs: number;
}

/** An invite that is being taken. */
interface Taking extends Omit<TakenInvite, "seed"> {
  readonly keys: KeyPair;
  /** Who has let us in; what was said of members and keys may still be on its way. */
  by: PeerId | null;
  readonly asked: Map<ConnectionId, Asked>;
  /** What was told to the person, so that it is told once. */
  readonly told: Set<string>;
}

/** Invites that this person has taken. */
export class Redeeming {
  readonly #state: EngineState;
  readonly #private: PrivateRooms;
  #taking: Taking[] = [];

  /** @param rooms Where a room goes that was opened to this person. */
  constructor(state: EngineState, rooms: PrivateRooms) {
    this.#state = state;
    this.#private = rooms;
  }

  /** How many there are. */
  get size(): number {
    return this.#taking.length;
  }

  /** When {@linkcode Redeeming.onTime} has something to do, on the monotonic clock. */
  get deadlineMs(): number {
    let earliest = Infinity;
    for (const { asked } of this.#taking) {
      for (const { againMs, answerMs } of asked.values()) {
        earliest = Math.min(earliest, againMs, answerMs);
      }
    }
    return earliest;
  }

  /** {@inheritDoc InviteDesk.take} */
  take({ peer, room, seed, expiresMs }: TakenInvite, now: Now): void {
    const { crypto, links, limits } = this.#state;
    needDirect(this.#state);
    const keys = inviteKeys(seed, crypto);
    const name = keys.publicKey.toHex();
    const others = this.#taking.filter((each) => each.keys.publicKey.toHex() !== name);
    const told = new Set<string>();
    const taking: Taking = { peer, room, keys, expiresMs, by: null, asked: new Map(), told };
    this.#taking = [...others, taking].slice(-limits.takingMax);
    for (const session of links.sessions) this.#ask(taking, session, now);
  }

  /** {@inheritDoc InviteDesk.onUp} */
  onUp(session: Session, now: Now): void {
    for (const taking of this.#taking) this.#ask(taking, session, now);
  }

  /** {@inheritDoc InviteDesk.onLinkLost} */
  onLinkLost(connection: ConnectionId): void {
    for (const { asked } of this.#taking) asked.delete(connection);
  }

  /** Somebody has let us in. */
  onWelcome(
    session: Session,
    welcome: Extract<InviteMessage, { readonly type: "welcome" }>,
    now: Now,
  ): void {
    const taking = this.#asking(session, welcome.tag);
    const { crypto, me, direct } = this.#state;
    if (taking === null || direct === null) return;
    const { room } = taking;
    const { handshakeHash } = session.channel;
    const place = { handshakeHash, guest: me, member: session.peer, room };
    const content = openWelcome(place, direct.keys.all, welcome, crypto);
    const secret = content === null ? null : secretIn(content);
    // Nobody can pass another room off as this one: its id commits to both.
    if (
      secret === null || privateRoomId(secret.founder, secret.secret, crypto) !== room
    ) return;
    try {
      this.#private.adopt(secret, now);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      return this.#end(taking, session.peer, "later");
    }
    taking.by = session.peer;
    taking.asked.clear();
    this.tellLetIn();
  }

  /** Tells of rooms in which this person can speak from now on. */
  tellLetIn(): void {
    for (const taking of this.#taking) {
      const { by: peer, room } = taking;
      if (peer === null || !this.#private.mayWrite(room)) continue;
      this.#forget(taking);
      const name = this.#state.nameOf(peer);
      const called = this.#state.rooms.get(room)?.room.name ?? `~${room}`;
      this.#state.notify({ type: "room", event: "open", room: called });
      this.#state.notify({ type: "notice", room: called, code: "let-in", peer, name });
    }
  }

  /** Somebody has not. */
  onRefused(
    session: Session,
    { tag, reason }: Extract<InviteMessage, { readonly type: "refused" }>,
    now: Now,
  ): void {
    const taking = this.#asking(session, tag);
    const asked = taking?.asked.get(session.link.connection);
    if (taking === null || asked === undefined) return;
    asked.answerMs = Infinity;
    const isMaker = session.peer === taking.peer;
    if (reason === "later") {
      asked.againMs = now.monoMs + this.#state.limits.redeemAgainMs;
      return this.#tell(taking, session.peer, reason);
    }
    if (isMaker) return this.#end(taking, session.peer, reason);
    // A stranger knows nothing, and says so.
    if (reason !== "unknown") this.#tell(taking, session.peer, reason);
  }

  /** Asks again, tells of silence, and gives up what has expired. */
  onTime(now: Now): void {
    const { links, clock } = this.#state;
    const wallMs = clock.correctedMs(now.wallMs);
    for (const taking of this.#taking) {
      if (taking.by === null && taking.expiresMs !== null && taking.expiresMs < wallMs) {
        this.#end(taking, taking.peer, "expired");
        continue;
      }
      for (const [connection, asked] of taking.asked) {
        const session = links.session(connection);
        if (session === undefined) continue;
        if (asked.againMs <= now.monoMs) this.#ask(taking, session, now);
        if (asked.answerMs > now.monoMs) continue;
        asked.answerMs = Infinity;
        if (session.peer === taking.peer) this.#tell(taking, session.peer, "no-answer");
      }
    }
  }

  #ask(taking: Taking, session: Session, now: Now): void {
    const { crypto, me, secretKey, direct, limits, links } = this.#state;
    if (direct === null || taking.by !== null) return;
    const { handshakeHash } = session.channel;
    const place = { handshakeHash, guest: me, room: taking.room };
    const proof = proveSealing(direct.sealer.profileKeys.sealing, secretKey, crypto);
    const request = makeRequest(taking.keys, place, proof, crypto);
    taking.asked.set(session.link.connection, {
      tag: request.tag.toHex(),
      againMs: Infinity,
      answerMs: now.monoMs + limits.redeemAnswerMs,
    });
    session.send({ type: "redeem", ...request });
    links.touch(session);
  }

  /** What was asked over a link under a tag. */
  #asking(session: Session, tag: Uint8Array): Taking | null {
    const wanted = tag.toHex();
    return this.#taking.find(({ asked }) => asked.get(session.link.connection)?.tag === wanted) ??
      null;
  }

  #tell(taking: Taking, peer: PeerId, reason: InviteFailure): void {
    const news = `${peer} ${reason}`;
    if (taking.told.has(news)) return;
    // Whoever makes a key for each lie must not fill the screen.
    const isFull = taking.told.size >= this.#state.limits.redeemTellingsMax;
    if (isFull && peer !== taking.peer) return;
    taking.told.add(news);
    const name = this.#state.nameOf(peer);
    const byMaker = peer === taking.peer;
    this.#state.notify({
      type: "notice",
      room: null,
      code: "not-let-in",
      peer,
      name,
      reason,
      byMaker,
    });
  }

  #end(taking: Taking, peer: PeerId, reason: InviteFailure): void {
    this.#tell(taking, peer, reason);
    this.#forget(taking);
  }

  #forget(taking: Taking): void {
    this.#taking = this.#taking.filter((each) => each !== taking);
  }
}

/** What a welcome opens; `null` if it is of another form. */
function secretIn(content: Uint8Array): RoomSecret | null {
  try {
    const value = decodeCbor(content);
    if (!Array.isArray(value)) return null;
    const [secret, founder, history] = value;
    if (typeof history !== "boolean") return null;
    return {
      secret: byteString(secret, secretBytes),
      founder: toId<PeerId>(byteString(founder, idBytes)),
      history,
    };
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}
