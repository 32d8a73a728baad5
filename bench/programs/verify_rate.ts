/** Prints how many Ed25519 verifications per second this machine does just now. */

import { nodeCrypto } from "../../io/crypto.ts";

const crypto = nodeCrypto();
const { publicKey, secretKey } = crypto.generateEd25519();
const message = crypto.randomBytes(300);
const signature = crypto.sign(secretKey, message);
for (let i = 0; i < 5_000; i++) crypto.verify(publicKey, message, signature);
const count = 20_000;
const start = performance.now();
for (let i = 0; i < count; i++) crypto.verify(publicKey, message, signature);
console.log(count / (performance.now() - start) * 1_000);
