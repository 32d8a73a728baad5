/** What links between posts cost: the store is asked only where a run begins. */

import { assertEquals } from "@std/assert";
import { Chains, type Held } from "../../peer/chains.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { Author } from "./author.ts";

const crypto = seededCrypto(161);

/** A log whose posts name one another, and how often the store was asked for it. */
class Log {
  readonly author = new Author(crypto);
  readonly posts: Post[] = [];
  asked = 0;

  readonly held: Held = {
    holds: (_key, seq) => seq >= 1 && seq <= this.posts.length,
    has: () => {
      this.asked++;
      return true;
    },
    previousOf: () => {
      this.asked++;
      return [];
    },
  };

  next(): Post {
    const seq = this.posts.length + 1;
    const post = this.author.text(seq, "x", { previous: this.posts.at(-1)?.id ?? null });
    this.posts.push(post);
    return post;
  }
}

Deno.test("chainRunsMax: logs that take turns cost no look at the store, but for those beyond it", () => {
  const limits = { ...defaultLimits, chainRunsMax: 3 };
  const asked = (logCount: number) => {
    const chains = new Chains(limits);
    const logs = Array.from({ length: logCount }, () => new Log());
    for (let turn = 0; turn < 5; turn++) {
      for (const log of logs) chains.onStored(log.next(), log.held);
    }
    assertEquals(chains.size, Math.min(logCount, limits.chainRunsMax));
    return logs.map((log) => log.asked);
  };
  assertEquals(asked(3), [0, 0, 0]);
  assertEquals(asked(4), [4, 4, 4, 4]);
});
