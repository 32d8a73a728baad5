/**
 * The rules of an engine's actions, checked from outside: by the simulator at every step, by
 * the shell in debug mode.
 *
 * - `append` stands last in its list, and the next inputs begin with its answer.
 * - A post is appended before any `acknowledge` or `notify` names it; a failed one never is.
 * - Nothing is done for a connection that was never open, or closed before this step.
 * - Every command is acknowledged once.
 */

import type { PostId } from "../wire/ids.ts";
import type { Action, Arrival } from "./action.ts";
import type { ConnectionId, Input } from "./input.ts";
import type { ShownPost } from "./notice.ts";

/** Ids remembered, so that a long debug run does not grow. */
const rememberedMax = 100_000;

/** Follows one engine and throws at the first broken rule. */
export class OrderCheck {
  readonly #open = new Set<ConnectionId>();
  readonly #asked = new Set<number>();
  readonly #stored = new Set<PostId>();
  #pending: readonly Arrival[] | null = null;

  /**
   * Checks one step.
   *
   * @param inputs What the step was given.
   * @param actions What it returned.
   * @throws {Error} If a rule is broken; the message names it.
   */
  check(inputs: readonly Input[], actions: readonly Action[]): void {
    for (const input of inputs) this.#onInput(input);
    for (const [i, action] of actions.entries()) {
      if (action.type === "append" && i !== actions.length - 1) {
        throw new Error("Actions after an append, before its answer");
      }
      this.#onAction(action);
    }
    for (const input of inputs) {
      if (input.type === "disconnected") this.#open.delete(input.connection);
    }
  }

  #onInput(input: Input): void {
    if (this.#pending !== null) {
      if (input.type === "appended") {
        for (const { post } of this.#pending) this.#remember(post.id);
      } else if (input.type !== "appendFailed") {
        throw new Error(`${input.type} in place of the answer to an append`);
      }
      this.#pending = null;
    }
    if (input.type === "connected") this.#open.add(input.connection);
    if (input.type === "command") this.#asked.add(input.ref);
  }

  #onAction(action: Action): void {
    switch (action.type) {
      case "append":
        this.#pending = action.arrivals;
        return;
      case "write":
        return this.#needOpen(action.connection, "write");
      case "close":
        this.#needOpen(action.connection, "close");
        this.#open.delete(action.connection);
        return;
      case "acknowledge":
        if (!this.#asked.delete(action.ref)) {
          throw new Error(`Command ${action.ref} acknowledged twice or never given`);
        }
        if (action.outcome.ok && action.outcome.id !== null) this.#needStored(action.outcome.id);
        return;
      case "notify":
        if (action.notice.type === "message" && !isReshown(action.notice.post)) {
          this.#needStored(action.notice.post.id);
        }
        return;
    }
  }

  #needOpen(connection: ConnectionId, what: string): void {
    if (!this.#open.has(connection)) throw new Error(`A ${what} for closed link ${connection}`);
  }

  #needStored(id: PostId): void {
    if (!this.#stored.has(id)) throw new Error(`Post ${id} is told of before it is stored`);
  }

  #remember(id: PostId): void {
    this.#stored.add(id);
    if (this.#stored.size <= rememberedMax) return;
    const [oldest] = this.#stored;
    this.#stored.delete(oldest!);
  }
}

/**
 * In a room with a founder what was stored long ago, perhaps in another run, may be shown only now:
 * it counts again, or its key has come.
 */
function isReshown({ room, origin, late }: ShownPost): boolean {
  return room.startsWith("~") && origin === "history" && late;
}
