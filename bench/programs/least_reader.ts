/**
 * The reading half of the least that a post takes (bench/latency.ts), to compare with: opens
 * what comes, verifies it, writes it to a file and says when. Its argument is a JSON object.
 */

import { nodeCrypto } from "../../io/crypto.ts";

/** How the two halves agree. */
export interface LeastOptions {
  /** Where to write. */
  readonly file: string;
  /** Whose signature it is, and the key of the link, in hex. */
  readonly publicKey: string;
  readonly key: string;
  /** Bytes of a message without its signature. */
  readonly messageBytes: number;
}

const options: LeastOptions = JSON.parse(Deno.args[0] ?? "{}");
const crypto = nodeCrypto();
const publicKey = Uint8Array.fromHex(options.publicKey);
const key = Uint8Array.fromHex(options.key);
const nothing = new Uint8Array(0);
const file = Deno.openSync(options.file, { write: true, create: true });
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(JSON.stringify({ type: "ready", port: listener.addr.port }));
const conn = await listener.accept();
const buffer = new Uint8Array(1_024);
for (let count; (count = await conn.read(buffer)) !== null;) {
  const post = crypto.open(key, new Uint8Array(12), nothing, buffer.subarray(0, count));
  const message = post?.subarray(0, options.messageBytes) ?? nothing;
  const signature = post?.subarray(options.messageBytes) ?? nothing;
  if (post === null || !crypto.verify(publicKey, message, signature)) throw new Error("not right");
  file.writeSync(post);
  console.log(JSON.stringify({ type: "heard", atMs: performance.timeOrigin + performance.now() }));
}
