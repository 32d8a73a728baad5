/**
 * LabeledExtract and LabeledExpand (RFC 9180, section 4) over HKDF-SHA256: HKDF whose every use
 * says which suite and which step it is for.
 */

import { concat } from "../concat.ts";
import type { CryptoSuite } from "../crypto_suite.ts";
import { hkdfExpand } from "../hkdf.ts";

const encoder = new TextEncoder();
const version = encoder.encode("HPKE-v1");
const noSalt = new Uint8Array(0);

/** The two functions for one `suite_id`. */
export class LabeledKdf {
  readonly #crypto: CryptoSuite;
  readonly #suiteId: Uint8Array;

  /**
   * @param crypto Where the work is done.
   * @param suiteId Of a KEM or of all of HPKE.
   */
  constructor(crypto: CryptoSuite, suiteId: Uint8Array) {
    this.#crypto = crypto;
    this.#suiteId = suiteId;
  }

  /** LabeledExtract(salt, label, ikm): 32 bytes. */
  extract(salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
    const labeled = concat(version, this.#suiteId, encoder.encode(label), ikm);
    // An empty HMAC key and one of 32 zeros are the same: RFC 5869, section 2.2.
    return this.#crypto.hmacSha256(salt, labeled);
  }

  /** LabeledExtract without salt. */
  extractFresh(label: string, ikm: Uint8Array): Uint8Array {
    return this.extract(noSalt, label, ikm);
  }

  /** LabeledExpand(prk, label, info, L). */
  expand(prk: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array {
    const head = Uint8Array.of(length >> 8, length & 0xff);
    const labeled = concat(head, version, this.#suiteId, encoder.encode(label), info);
    return hkdfExpand((key, data) => this.#crypto.hmacSha256(key, data), prk, labeled, length);
  }
}
