/** The watching thread of hang_watch.ts. */

import { replayCommand, saveCase } from "./corpus.ts";
import type { WatchOrder } from "./hang_watch.ts";

/** How long the counter of inputs may stand still: collecting garbage takes a part of this. */
const stillMsMax = 20_000;
const lookMs = 1_000;

declare const self: { onmessage: ((event: MessageEvent<WatchOrder>) => void) | null };

self.onmessage = ({ data: { target, memory } }) => {
  const head = new Int32Array(memory, 0, 2);
  let seen = -1;
  let stillMs = 0;
  setInterval(() => {
    const [count = 0, length = 0] = head;
    stillMs = count === seen ? stillMs + lookMs : 0;
    seen = count;
    if (stillMs === stillMsMax) report(target, new Uint8Array(memory.slice(8, 8 + length)));
  }, lookMs);
};

function report(target: string, input: Uint8Array): void {
  const path = saveCase(target, [input], "an input that does not come back");
  console.error(`FAILED ${target}: an input does not come back within ${stillMsMax} ms`);
  console.error(`repeat it: ${replayCommand(target, path)}`);
  // The thread that hangs would outlive any gentler end. Without the permission to end a
  // process this throws, and the run stands until whoever began it gives up.
  Deno.kill(Deno.pid, "SIGKILL");
}
