/**
 * Invites to private rooms that an engine knows of, as they follow from the stored posts and from
 * who belongs to the room (invites.ts). What was computed is kept until one of these changes: a
 * stranger who asks in vain must not cost more than a look at each key.
 */

import type { RoomId } from "../wire/ids.ts";
import { comparePosts, decodePost, type Post, postKind } from "../wire/post.ts";
import type { Arrival } from "./action.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { Now } from "./input.ts";
import { atTime, type MadeInvite, type RoomFacts, timelessInvites } from "./invites.ts";
import type { Ruling } from "./ruling.ts";

/** Invites by their public key in hex, not looked at by the clock; one key may be several authors'. */
export type InvitesByKey = ReadonlyMap<string, readonly MadeInvite[]>;

/** Invites of all private rooms that are open. */
export class KnownInvites {
  readonly #state: EngineState;
  /** Posts about invites, as the store has them. */
  readonly #posts = new Map<RoomId, readonly Post[]>();
  readonly #made = new Map<RoomId, { readonly ruling: Ruling; readonly byKey: InvitesByKey }>();

  /** Nothing read yet. */
  constructor(state: EngineState) {
    this.#state = state;
  }

  /** Posts that are in mind, of the room with the most. */
  get size(): number {
    return Math.max(0, ...[...this.#posts.values()].map((posts) => posts.length));
  }

  /** Posts are on disk. */
  onStored(arrivals: readonly Arrival[]): void {
    for (const { post } of arrivals) {
      if (post.kind !== postKind.invite) continue;
      this.#posts.delete(post.room);
      this.#made.delete(post.room);
    }
  }

  /** All of a room, oldest first. */
  of(open: OpenRoom, ruling: Ruling, now: Now): MadeInvite[] {
    const wallMs = this.#state.clock.correctedMs(now.wallMs);
    return [...this.byKey(open, ruling).values()].flat()
      .map((invite) => atTime(invite, wallMs))
      .sort(comparePosts);
  }

  /** The same by their keys. */
  byKey({ room: { id } }: OpenRoom, ruling: Ruling): InvitesByKey {
    const known = this.#made.get(id);
    if (known?.ruling === ruling) return known.byKey;
    const { reader, crypto, limits } = this.#state;
    const posts = this.#posts.get(id) ??
      reader.inviteDeeds(id, limits.inviteDeedsMax).map((stored) => decodePost(stored, crypto));
    this.#posts.set(id, posts);
    const byKey = new Map<string, MadeInvite[]>();
    for (const invite of timelessInvites(posts, factsOf(ruling))) {
      const name = invite.key.toHex();
      byKey.set(name, [...byKey.get(name) ?? [], invite]);
    }
    this.#made.set(id, { ruling, byKey });
    return byKey;
  }
}

/** What the posts about membership say, as invites want it. */
function factsOf(ruling: Ruling): RoomFacts {
  const uses = ruling.acts.flatMap(({ author, deed }) =>
    deed.act === "add" && deed.invite !== null
      ? [{ author, peer: deed.peer, key: deed.invite.toHex() }]
      : []
  );
  const removal = ruling.acts.findLast(({ author, deed }) =>
    deed.act === "remove" && deed.peer !== author
  );
  return {
    isIn: ruling.isIn,
    rank: ruling.rank,
    counts: ruling.counts,
    uses,
    removed: removal?.time ?? null,
  };
}
