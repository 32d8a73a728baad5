/**
 * What it means that a room has somebody in charge: the acts that posts are read as, and the
 * rulings that follow from them. What is right in an owned room is decided in charge.ts, in a
 * private one in members.ts.
 */

import type { PeerId, PostId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Act } from "../wire/owned_room.ts";
import type { LogicalTime, Post } from "../wire/post.ts";
import type { PrivateAct, SealingProof } from "../wire/private_acts.ts";

/** Where a post stands, and whose it is. */
export type Standing = Pick<Post, "id" | "author" | "log" | "seq" | "time" | "kind">;

/** What somebody does to the room or to a post in it. */
export type Deed =
  | Act
  | PrivateAct
  | { readonly act: "topic" | "announce" }
  | { readonly act: "hide"; readonly target: PostId };

/** A post that does something. */
export interface ActPost extends Standing {
  readonly deed: Deed;
}

/** What is right in a room, as far as its posts are known. */
export interface Ruling {
  readonly founder: PeerId;
  readonly name: string;
  /** Acts that count, in the one order; topics and hidden posts included. */
  readonly acts: readonly ActPost[];
  /** After this nothing counts any more. */
  readonly closed: { readonly time: LogicalTime; readonly id: PostId; readonly by: PeerId } | null;
  /** 0 for the founder, from 1 for admins, infinite for others. */
  rank(peer: PeerId): number;
  /** Whether a post in this place is by somebody in charge, who still was. */
  isInCharge(post: Standing): boolean;
  /** Whether a post is to be read as said in the room. */
  counts(post: Standing): boolean;
  /** Whether somebody above the author has hidden a post. */
  hides(post: Pick<Standing, "id" | "author">): boolean;
  /** Whether somebody is in the room: not removed, or admitted again. */
  isIn(peer: PeerId): boolean;
  /** The rank of who has removed somebody last. */
  removedBy(peer: PeerId): number;
  /** Who belongs to a private room; `null` in one that is everybody's. */
  readonly membership: MembershipRuling | null;
}

/** Who belongs to a private room, as far as its posts are known. */
export interface MembershipRuling {
  /** The founder, and whoever was added and is in. */
  readonly members: ReadonlySet<PeerId>;
  /** Whoever was a member at any time. */
  readonly known: ReadonlySet<PeerId>;
  /** The act by which somebody was put out, or has left, last; `null` if there is none. */
  removalOf(peer: PeerId): ActPost | null;
  /** What to seal to somebody with, as the last addition says. */
  sealingOf(peer: PeerId): Uint8Array | null;
  /** The same with proof; `null` for who was never added, which the founder was not. */
  proofOf(peer: PeerId): SealingProof | null;
}

/** How the acts of one room are read and judged. */
export interface Ruler {
  /** What a post does; `null` for one that does nothing here, or that cannot be read. */
  deed(post: Post): Deed | null;
  /** Whether a post proves that its author has founded the room. */
  founds(post: Post, deed: Deed): boolean;
  /** What is right, given the founding post and acts in any order. */
  rule(founding: ActPost, acts: readonly ActPost[], limits: Limits): Ruling;
  /** Whether an act of somebody whose acts may count is worth keeping; by default all are. */
  weighs?(act: ActPost, founder: PeerId, acts: readonly ActPost[]): boolean;
  /** Those whose acts may count. */
  authors(founder: PeerId, acts: readonly ActPost[]): Set<PeerId>;
  /** Of too many acts those to be left aside, at least one; by default the last. */
  surplus?(founding: ActPost, acts: readonly ActPost[], limits: Limits): readonly ActPost[];
}
