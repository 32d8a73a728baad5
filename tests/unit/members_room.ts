/** One membership of a room, with all that it wants done. */

import { Membership } from "../../discovery/membership.ts";
import type { MembershipStep } from "../../discovery/membership_step.ts";
import type { MemberRecord } from "../../discovery/passive_view.ts";
import type { PeerId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { numberedPeer } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";

/** As ever, but for a view that can be written down. */
export const limits: Limits = { ...defaultLimits, activeMax: 8 };

/** Whose membership it is. */
export const me = numberedPeer(1_000);

/** The peer of a link; both have one number here. */
export const peerOf = (link: number): PeerId => numberedPeer(link);

/** Where the peer of a link can be dialled. */
export const recordOf = (link: number): MemberRecord => ({
  peer: peerOf(link),
  addresses: [`10.0.0.${link}:9797`],
});

/** The numbers from 1. */
export const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

export type Step = MembershipStep<MemberRecord>;
export type StepOf<T extends Step["type"]> = Extract<Step, { type: T }>;

/** One membership; whatever it wants is kept. */
export class MembersRoom {
  readonly members: Membership<MemberRecord>;
  /** Links over which posts go at once. */
  readonly branches = new Set<number>();

  constructor(seed = 1) {
    const rng = seededRng(seed);
    this.members = new Membership(
      me,
      limits,
      () => rng.next(),
      (link) => this.branches.has(link),
      0,
    );
  }

  get steps(): Step[] {
    return this.members.takeSteps();
  }

  /** What it wants of one kind since the last look; the rest is forgotten. */
  only<T extends Step["type"]>(type: T): StepOf<T>[] {
    return this.steps.filter((step): step is StepOf<T> => step.type === type);
  }

  /** The other end of a link has the room open, too; `own` if this side has dialled. */
  share(link: number, nowMs = 0, own = false, returns = false): void {
    this.members.onShared(link, peerOf(link), own, returns, nowMs);
  }

  /** Links become neighbours that have so many others. */
  fill(links: readonly number[], others: number, own = false): this {
    for (const link of links) {
      this.share(link, 0, own);
      this.members.onNeighbour(link, others, recordOf(link), 0);
    }
    this.members.takeSteps();
    return this;
  }
}
