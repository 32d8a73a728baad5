/**
 * What the membership of one room (membership.ts) wants done: words to the other ends of links,
 * links that carry gossip from now on or no longer, and members to be dialled. How a word is
 * written and how somebody is dialled is its owner's business.
 */

import type { PeerId } from "../wire/ids.ts";
import type { LinkNumber } from "./active_view.ts";
import type { MemberRecord } from "./passive_view.ts";

/** What membership wants done, in order. */
export type MembershipStep<R extends MemberRecord> =
  | { readonly type: "neighbour"; readonly link: LinkNumber; readonly others: number }
  | { readonly type: "rest"; readonly link: LinkNumber }
  | {
    readonly type: "walk";
    readonly link: LinkNumber;
    readonly hopsLeft: number;
    readonly record: R;
  }
  | { readonly type: "members"; readonly link: LinkNumber; readonly ask: boolean }
  | {
    /** Gossip goes over this link from now on. */ readonly type: "up";
    readonly link: LinkNumber;
    /** The other end has hardly any other neighbour: it may know nobody. */
    readonly needy: boolean;
  }
  | { readonly type: "down"; readonly link: LinkNumber }
  | {
    /** A link to this member is wanted. */ readonly type: "dial";
    readonly record: R;
    /** There is no other neighbour. */
    readonly urgent: boolean;
  }
  | { /** It is not wanted any longer. */ readonly type: "withdraw"; readonly peer: PeerId };
