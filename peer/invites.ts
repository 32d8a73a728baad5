/**
 * Which invites to a private room hold: a function of its posts, of who belongs to the room by
 * them, and of the time. Nothing is counted or remembered beside the posts, so that a restart, a
 * copy of them elsewhere and another order of arrival give the same answers.
 *
 * An invite is one key by one author. It ends when its time is over, when as many have come by it
 * as may, when its author or somebody above takes it back, when its author is no member any more,
 * and when somebody is removed by another after it was made: who was removed may know it and would
 * come back under a fresh key. A counted invite is honoured by its author alone, who knows all that
 * have come by it; so two people cannot take the last place at once.
 *
 * It leaves out what a member does who keeps to no rule: he may add whom he likes, and the rules of
 * membership (members.ts) are what bounds that.
 */

import { MalformedError } from "../wire/cbor.ts";
import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import { decodeInviteDeed, type InviteDeed } from "../wire/invite_post.ts";
import type { InviteRefusal } from "../wire/message.ts";
import { comparePosts, compareTimes, type LogicalTime, type Post, postKind } from "../wire/post.ts";
import type { Standing } from "./ruling.ts";

/** What the posts about membership say (members.ts). */
export interface RoomFacts {
  /** Whether somebody belongs to the room. */
  isIn(peer: PeerId): boolean;
  /** 0 for the founder, from 1 for admins, infinite for others. */
  rank(peer: PeerId): number;
  /** Whether a post is by somebody who belonged to the room then. */
  counts(post: Standing): boolean;
  /** Additions that count and name an invite. */
  readonly uses: readonly {
    readonly author: PeerId;
    readonly peer: PeerId;
    /** The public key of the invite, in hex. */
    readonly key: string;
  }[];
  /** When somebody was put out by another last; `null` if nobody ever was. */
  readonly removed: LogicalTime | null;
}

/** Why an invite does not hold. */
export type InviteEnd = "expired" | "used-up" | "revoked" | "removal";

/** An invite, as far as it is known. */
export interface MadeInvite {
  /** The post that made it. */
  readonly id: PostId;
  readonly author: PeerId;
  readonly time: LogicalTime;
  readonly key: Uint8Array;
  readonly expiresMs: number | null;
  readonly count: number | null;
  /** How many have come by it. */
  readonly used: number;
  /** `null` as long as it holds. */
  readonly end: InviteEnd | null;
}

/** An invite to a private room that is to be taken. */
export interface TakenInvite {
  /** Who made it. */
  readonly peer: PeerId;
  readonly room: RoomId;
  readonly seed: Uint8Array;
  /** Until when it holds, in milliseconds since 1970; `null`: for ever. */
  readonly expiresMs: number | null;
}

/** Why a person was not let in; `no-answer`: whoever was asked has not said anything. */
export type InviteFailure = InviteRefusal | "no-answer";

/** An invite that was made in a private room, as `/invite --list` shows it. */
export interface InviteInfo {
  /** Names it: the post that made it. */
  readonly id: PostId;
  /** Who made it. */
  readonly by: PeerId;
  /** The newest known name of who made it. */
  readonly byName: string;
  /** When, by the clock of who made it. */
  readonly time: LogicalTime;
  /** Until when it holds, in milliseconds since 1970; `null`: for ever. */
  readonly expiresMs: number | null;
  /** How many people may come by it; `null`: any number. */
  readonly count: number | null;
  /** How many have come by it. */
  readonly used: number;
  /** Why it does not hold any more; `null` as long as it does. */
  readonly end: InviteEnd | null;
}

type Make = Extract<InviteDeed, { readonly deed: "make" }>;

/**
 * Invites that were made in a room and count, oldest first, before anybody looks at a clock: none
 * of them has expired.
 *
 * @param posts All of kind `invite` that are held, in any order; the same one may come twice.
 * @param facts Who belongs to the room.
 */
export function timelessInvites(posts: Iterable<Post>, facts: RoomFacts): MadeInvite[] {
  const made = new Map<string, { readonly post: Post; readonly deed: Make }>();
  const taken = new Map<PostId, PeerId[]>();
  for (const post of [...posts].sort(comparePosts)) {
    const deed = deedOf(post);
    if (deed === null || !facts.counts(post)) continue;
    if (deed.deed === "revoke") {
      taken.set(deed.invite, [...taken.get(deed.invite) ?? [], post.author]);
      continue;
    }
    // A second post about one key by one author changes nothing.
    const name = post.author + deed.key.toHex();
    if (!made.has(name)) made.set(name, { post, deed });
  }
  const uses = usesIn(facts);
  return [...made.values()].map(({ post, deed }) => {
    const { id, author, time } = post;
    const { key, expiresMs, count } = deed;
    // A counted invite is used by its author, another by anybody.
    const used = uses.get(key.toHex() + (count === null ? "" : author))?.size ?? 0;
    const isTaken = (taken.get(id) ?? []).some((by) =>
      by === author || facts.rank(by) < facts.rank(author)
    );
    const end = isTaken || !facts.isIn(author)
      ? "revoked"
      : facts.removed !== null && compareTimes(facts.removed, time) > 0
      ? "removal"
      : count !== null && used >= count
      ? "used-up"
      : null;
    return { id, author, time, key, expiresMs, count, used, end };
  });
}

/** What has become of an invite by now. */
export function atTime(invite: MadeInvite, wallMs: number): MadeInvite {
  const { end, expiresMs } = invite;
  const isOver = expiresMs !== null && expiresMs < wallMs && (end === null || end === "used-up");
  return isOver ? { ...invite, end: "expired" } : invite;
}

/** Who has come by each key, by key alone and by key and author. */
function usesIn({ uses }: RoomFacts): Map<string, Set<PeerId>> {
  const guests = new Map<string, Set<PeerId>>();
  for (const { author, peer, key } of uses) {
    for (const name of [key, key + author]) {
      const set = guests.get(name) ?? new Set();
      guests.set(name, set.add(peer));
    }
  }
  return guests;
}

function deedOf(post: Post): InviteDeed | null {
  if (post.kind !== postKind.invite) return null;
  try {
    return decodeInviteDeed(post.body);
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/** A guest who has shown to have the seed of an invite. */
export interface InviteCase {
  /** Invites with that key, of whichever author. */
  readonly invites: readonly MadeInvite[];
  /** Who is to let the guest in. */
  readonly me: PeerId;
  /** Uses that are decided and not stored yet. */
  readonly pending: (invite: MadeInvite) => number;
}

/**
 * Whether a guest is let in.
 *
 * @returns The invite that holds, or why none does.
 */
export function judgeInvite(
  { invites, me, pending }: InviteCase,
  facts: Pick<RoomFacts, "isIn">,
): MadeInvite | InviteRefusal {
  if (!facts.isIn(me) || invites.length === 0) return "unknown";
  let reason: InviteRefusal = "unknown";
  for (const invite of invites) {
    const { end, count, author, used } = invite;
    if (end !== null) reason = end === "removal" ? "revoked" : end;
    else if (count === null) return invite;
    else if (author !== me) reason = "not-maker";
    else if (used + pending(invite) >= count) reason = "used-up";
    else return invite;
  }
  return reason;
}
