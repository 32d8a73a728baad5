/**
 * Ten readers of one peer in one process: arguments are the address, how many posts to wait
 * for, and how many of the readers stop reading at once. Prints a line when the others have
 * all posts. They read what is gossiped and ask for nothing.
 */

import { RawLink } from "../../tests/integration/raw_link.ts";

const [address = "", posts = "", stalled = ""] = Deno.args;
const readers = 10;
let done = 0;
const { promise, resolve } = Promise.withResolvers<void>();
for (let i = 0; i < readers; i++) {
  const link = await RawLink.dial(address);
  await link.enter();
  if (i < Number(stalled)) continue;
  let count = 0;
  link.onMessage = (message) => {
    if (message.type !== "posts") return;
    count += message.posts.length;
    if (count < Number(posts)) return;
    count = -Infinity;
    if (++done === readers - Number(stalled)) resolve();
  };
  void link.listen();
}
await promise;
console.log(JSON.stringify({ type: "done", atMs: performance.timeOrigin + performance.now() }));
await Deno.stdin.read(new Uint8Array(1));
