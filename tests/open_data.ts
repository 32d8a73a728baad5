/** Data folders for tests, opened as a start does that asks for no passphrase. */

import { type DataFolder, type DataOptions, takeData } from "../io/data_folder.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { Limits } from "../wire/limits.ts";

/** Chooses, locks and opens an identity with its history; throws `DataError`. */
export async function openData(
  options: DataOptions,
  crypto: CryptoSuite,
  limits: Limits,
): Promise<DataFolder> {
  return await takeData(options, crypto, limits).open();
}
