/** Counts verifications: what a flood costs is told by them, on any machine. */

import type { CryptoSuite } from "../wire/crypto_suite.ts";

/** A suite, and how often it has verified a signature. */
export interface CountingCrypto {
  readonly crypto: CryptoSuite;
  readonly verified: number;
}

/** The suite that is given, counted. */
export function countingCrypto(crypto: CryptoSuite): CountingCrypto {
  let verified = 0;
  const verify: CryptoSuite["verify"] = (...given) => {
    verified++;
    return crypto.verify(...given);
  };
  return {
    crypto: { ...crypto, verify },
    get verified() {
      return verified;
    },
  };
}
