/** Dialling an address and taking an invite, and how that went. */

import type { Deeds } from "./deeds.ts";
import type { History } from "./history.ts";
import type { Line } from "./line.ts";
import type { Model } from "./model.ts";

/** How long a new link is waited for, and how often it is looked at. */
const connectMs = { all: 10_000, each: 250 };

/** How a new link went. */
export type Linking =
  /** `room`: where an invite leads. `waits`: nobody has let this person in yet. */
  | {
    readonly type: "linked";
    /** The key: what its owner is called may become known later. */
    readonly peer: string;
    readonly room: string | null;
    readonly waits: boolean;
  }
  | { readonly type: "failed"; readonly reason: string }
  /** Whoever made the invite lets nobody in by it; the reason is a sentence. */
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "slow" };

/** What is being dialled, short enough for a sentence: an invite by its beginning. */
export function shortly(address: string): string {
  return /^starling:/i.test(address) ? `${address.slice(0, 16)}…` : address;
}

export class Dialling {
  /** Who has said last that nobody is let in by an invite, and why. */
  refused = { by: "", reason: "" };

  constructor(
    private readonly model: Model,
    private readonly history: History,
    private readonly deeds: Deeds,
  ) {}

  /**
   * Dials an address, or takes an invite, and waits for how it goes, not for ever.
   *
   * @throws {Refusal} If it is neither, or an invite that does not hold.
   */
  async to(address: string): Promise<Linking> {
    const { link } = this.model;
    const known = new Set<string>();
    const peers = async () => await link.ask({ type: "peers" }) as unknown as Line[];
    for (const { peer, state } of await peers()) if (state === "up") known.add(peer);
    // An invite leads to one person, at several addresses.
    const answer = await link.ask({ type: "connect", address });
    const invite = answer.addresses === undefined ? null : answer;
    const asked: readonly string[] = invite?.addresses ?? [address];
    // A private room opens by itself, once somebody there has let this person in.
    if (invite !== null && invite.room !== null) await this.deeds.join(invite.room);
    const waits = invite !== null && invite.room === null;
    const before = new Set(this.model.rooms.keys());
    this.refused = { by: "", reason: "" };
    let linked: Extract<Linking, { readonly type: "linked" }> | null = null;
    for (let waited = 0; waited < connectMs.all; waited += connectMs.each) {
      await new Promise((resolve) => setTimeout(resolve, connectMs.each));
      const list = await peers();
      this.model.peers = list;
      const mine = list.filter((each) =>
        asked.includes(each.address) || (invite !== null && each.peer === invite.peer)
      );
      const fresh = list.find(({ peer, state }) => state === "up" && !known.has(peer));
      const up = mine.find(({ state }) => state === "up") ?? (invite === null ? fresh : undefined);
      if (up !== undefined) {
        this.model.nameOf(up.peer, up.name);
        linked = { type: "linked", peer: up.peer, room: invite?.room ?? null, waits };
        if (!waits) return linked;
        const { by, reason } = this.refused;
        if (by === invite?.peer) return { type: "refused", reason };
        const room = [...this.model.rooms.values()].find((each) =>
          each.members !== null && !before.has(each.name)
        );
        if (room === undefined) continue;
        this.history.go(room.name);
        return { ...linked, room: room.name, waits: false };
      }
      // Where somebody else answers is not tried again.
      if (mine.length === 0 && invite !== null) {
        return { type: "failed", reason: this.model.words.notInviter };
      }
      const failed = mine.filter(({ state, lastError }) => state === "waiting" && lastError);
      if (failed.length > 0 && failed.length === mine.length) {
        const reasons = failed.map((each) => `${each.address}: ${each.lastError}`);
        return {
          type: "failed",
          reason: invite === null ? failed[0]!.lastError : reasons.join("; "),
        };
      }
    }
    return linked ?? { type: "slow" };
  }
}
