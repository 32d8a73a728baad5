/**
 * Our HPKE and that of `@hpke/core` open what the other has sealed, and refuse the same. A program
 * of its own, because its packages have no place in the lock file of the product, which every
 * first start fetches. It prints how many cases agreed, and ends with 1 at the first that does not.
 */

import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { nodeCrypto } from "../../io/crypto.ts";
import { openBase, sealBase } from "../../wire/hpke/hpke.ts";

const cases = 100;
const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
});
const crypto = nodeCrypto();

/** Plain memory: the other library takes no view of a shared buffer. */
function buffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function demand(holds: boolean, what: string): void {
  if (holds) return;
  console.error(`disagreement: ${what}`);
  Deno.exit(1);
}

async function compare(round: number): Promise<void> {
  const pair = crypto.generateX25519();
  const [info, aad, text] = [7 * round, 3 * round, 11 * round].map((length) =>
    crypto.randomBytes(length)
  ) as [Uint8Array, Uint8Array, Uint8Array];
  const recipientKey = await suite.kem.importKey("raw", buffer(pair.secretKey), false);
  const recipientPublicKey = await suite.kem.importKey("raw", buffer(pair.publicKey), true);
  const both = { info: buffer(info) };

  const ours = sealBase(pair.publicKey, info, aad, text, crypto)!;
  const read = (ciphertext: Uint8Array) =>
    suite.open(
      { recipientKey, enc: buffer(ours.enc), ...both },
      buffer(ciphertext),
      buffer(aad),
    );
  const plain = new Uint8Array(await read(ours.ciphertext));
  demand(plain.toHex() === text.toHex(), `what we sealed, round ${round}`);

  const theirs = await suite.seal({ recipientPublicKey, ...both }, buffer(text), buffer(aad));
  const [enc, sealed] = [new Uint8Array(theirs.enc), new Uint8Array(theirs.ct)];
  const opened = openBase(enc, pair, info, aad, sealed, crypto);
  demand(opened?.toHex() === text.toHex(), `what they sealed, round ${round}`);

  const at = round % sealed.length;
  for (const box of [ours.ciphertext, sealed]) box[at]! ^= 1 << (round % 8);
  demand(openBase(enc, pair, info, aad, sealed, crypto) === null, `a flipped bit, round ${round}`);
  const refused = await read(ours.ciphertext).then(() => false, () => true);
  demand(refused, `a flipped bit there, round ${round}`);
}

for (let round = 0; round < cases; round++) await compare(round);
console.log(`${cases} cases agree`);
