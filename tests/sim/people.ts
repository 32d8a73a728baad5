/** What people do while the simulation runs: mostly they talk. */

import type { Outcome } from "../../peer/action.ts";
import type { Command } from "../../peer/input.ts";
import type { PostId } from "../../wire/ids.ts";
import type { Dice } from "./dice.ts";
import type { EventQueue } from "./event_queue.ts";
import type { Plan } from "./plan.ts";
import type { VirtualPeer } from "./virtual_peer.ts";

/** Everybody at the keyboards. */
export class People {
  readonly #plan: Plan;
  readonly #queue: EventQueue;
  readonly #dice: Dice;
  readonly #peers: readonly VirtualPeer[];
  readonly #said = new Map<VirtualPeer, PostId[]>();
  #lines = 0;

  constructor(plan: Plan, queue: EventQueue, dice: Dice, peers: readonly VirtualPeer[]) {
    this.#plan = plan;
    this.#queue = queue;
    this.#dice = dice;
    this.#peers = peers;
  }

  /** Somebody does something now and then, until the storm is over. */
  start(): void {
    this.#queue.in(this.#dice.wait(this.#plan.talkMs), () => {
      if (this.#queue.nowMs >= this.#plan.stormMs) return;
      const running = this.#peers.filter((peer) => peer.run !== null);
      if (running.length > 0) this.#act(this.#dice.pick(running));
      this.start();
    });
  }

  /** A command has been answered. */
  answered(peer: VirtualPeer, command: Command, outcome: Outcome): void {
    if (command.type !== "say" && command.type !== "direct") return;
    if (!outcome.ok || outcome.id === null) return;
    const said = this.#said.get(peer) ?? [];
    this.#said.set(peer, said);
    said.push(outcome.id);
  }

  #act(peer: VirtualPeer): void {
    const dice = this.#dice;
    const kind = dice.next();
    if (kind < 0.72) return this.#talk(peer);
    if (kind < 0.8) return this.#write(peer);
    if (kind < 0.86) {
      const id = dice.pick(this.#said.get(peer) ?? []);
      if (id !== undefined) peer.command({ type: "withdraw", id });
    } else if (kind < 0.89) {
      peer.command({ type: "rename", name: `${peer.name}${dice.below(10)}` });
    } else if (kind < 0.92) {
      peer.command({ type: "away", reason: dice.pick([null, "", "tea"]) });
    } else if (kind < 0.97) {
      const room = dice.pick(this.#plan.rooms);
      if (room === this.#plan.rooms[0] || !peer.rooms.has(room)) return;
      peer.command({ type: dice.pick(["join", "leave"]), room });
    } else if (kind < 0.975) {
      peer.command({ type: "reconnect", target: null });
    } else if (kind < 0.98) {
      peer.run!.push({ type: "found", address: dice.pick(this.#peers).address, finder: "lan" });
    } else if (kind < 0.985) {
      peer.importFrom(dice.pick(this.#peers), dice.pick([...peer.rooms]));
    } else {
      this.#redial(peer);
    }
  }

  /** A line to one person alone; refused while the two know nothing of each other. */
  #write(peer: VirtualPeer): void {
    const to = this.#dice.pick(this.#peers);
    const kind = this.#dice.pick(["text", "action"] as const);
    const text = `letter ${++this.#lines} of ${peer.name} to ${to.name}`;
    peer.command({ type: "direct", to: to.id, kind, text, reply: null });
  }

  /** One line, or several at once as when somebody pastes. */
  #talk(peer: VirtualPeer): void {
    const dice = this.#dice;
    const count = dice.chance(0.1) ? dice.count(2, 12) : 1;
    for (let i = 0; i < count; i++) {
      const long = this.#plan.hasLongTexts && dice.chance(0.3);
      const tail = long ? ` ${"mouse ".repeat(dice.count(1, 2_700))}` : "";
      const known = this.#said.get(dice.pick(this.#peers)) ?? [];
      peer.command({
        type: "say",
        room: dice.pick([...peer.rooms]),
        kind: dice.pick(["text", "text", "text", "text", "text", "action", "topic"]),
        text: `line ${++this.#lines} of ${peer.name}${tail}`,
        reply: dice.chance(0.1) ? dice.pick(known) ?? null : null,
      });
    }
  }

  /** Ends a link by hand and makes it anew. */
  #redial(peer: VirtualPeer): void {
    const address = this.#dice.pick([...peer.wanted, ...peer.book]);
    if (address === undefined) return;
    peer.command({ type: "disconnect", target: address });
    peer.command({ type: "connect", address });
  }
}
