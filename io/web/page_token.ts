/**
 * The secret that opens the page: 256 bits, made anew at each start and kept in memory only.
 * Whoever has it is the person; whoever has not, another user of this machine or a page of
 * another origin, gets nothing but the page's own code.
 */

import type { Buffer } from "node:buffer";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const tokenBytes = 32;

/** One token. */
export class PageToken {
  /** 43 letters of base64url: fit for a fragment and for the name of a sub-protocol. */
  readonly text: string = randomBytes(tokenBytes).toString("base64url");
  readonly #hash: Buffer = hash(this.text);

  /**
   * Compares in constant time. Both sides are hashed first, so that neither the length nor
   * the first wrong letter shows in how long it takes.
   */
  matches(candidate: string): boolean {
    return timingSafeEqual(this.#hash, hash(candidate));
  }
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
