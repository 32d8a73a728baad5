/**
 * Ten readers of one peer in one process: arguments are the address, how many posts make a
 * portion, and how many of the readers stop reading at once. Prints a line each time the
 * others have another portion. They read what is gossiped and ask for nothing.
 */

import { RawLink } from "../../tests/integration/raw_link.ts";

const [address = "", portion = "", stalled = ""] = Deno.args;
const readers = 10;
const reading = readers - Number(stalled);
const counts: number[] = [];
let portions = 0;
for (let i = 0; i < readers; i++) {
  const link = await RawLink.dial(address);
  // The peer says what it holds as soon as it knows that this reader is in the room.
  const { promise: known, resolve } = Promise.withResolvers<void>();
  link.onMessage = (message) => {
    if (message.type === "digest") resolve();
    if (message.type !== "posts" || i >= reading) return;
    counts[i] = (counts[i] ?? 0) + message.posts.length;
    if (counts.length < reading) return;
    if (Math.min(...counts) < (portions + 1) * Number(portion)) return;
    portions++;
    console.log(JSON.stringify({ type: "portion" }));
  };
  await link.enter();
  void link.listen();
  await known;
  if (i >= reading) link.stopReading();
}
console.log(JSON.stringify({ type: "ready" }));
await Deno.stdin.read(new Uint8Array(1));
