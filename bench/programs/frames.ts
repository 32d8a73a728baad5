/**
 * How long frames of the full screen take over a stored history. Its arguments are a data
 * folder and how many frames; it prints the time of the first, cold, and of the others, each
 * with a new line of somebody and a key.
 */

import process from "node:process";
import { openChat } from "../../mod.ts";
import type { ShownPost } from "../../peer/notice.ts";
import { Preferences } from "../../ui/preferences.ts";
import type { ScreenDevice } from "../../ui/screen/device.ts";
import { FullScreen } from "../../ui/screen/full_screen.ts";
import type { PeerId, PostId } from "../../wire/ids.ts";

const [data = "", count = "200"] = Deno.args;
await using chat = await openChat({ data, listen: false });

let writtenAtMs = 0;
const device: ScreenDevice = {
  size: () => ({ columns: 80, rows: 24 }),
  enter: () => {},
  write: () => {
    writtenAtMs = performance.now();
    return Promise.resolve();
  },
  restore: () => {},
  suspend: () => {},
  list: () => [],
  now: () => Date.now(),
};
const screen = new FullScreen({
  chat,
  preferences: new Preferences({ lang: "en", color: null }, {
    variable: () => undefined,
    language: "en",
  }),
  device,
  after: () => () => {},
  quit: () => {},
  onFault: (error) => {
    throw error;
  },
});

// As whoever was here before has left it: read to the end.
const base = chat.timeline("lobby", { limit: 1 }).posts[0]!;
chat.markRead("lobby", base.id);

/** Processor time, which a busy machine does not stretch. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const startMs = performance.now();
const startCpuMs = cpuMs();
screen.start([]);
const firstCpuMs = cpuMs() - startCpuMs;
const firstMs = writtenAtMs - startMs;

const key = new TextEncoder().encode("x");
const further: number[] = [];
for (let i = 0; i < Number(count); i++) {
  // Lets the frame before it be written.
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  const post: ShownPost = {
    ...base,
    id: i.toString(16).padStart(64, "0") as PostId,
    from: "b".repeat(64) as PeerId,
    name: "bo",
    text: `line ${i} 你好 with some words in it`,
    time: { ms: base.time.ms + 1 + i, counter: 0 },
    origin: "live",
  };
  const beginMs = performance.now();
  screen.notice({ type: "message", post });
  screen.keys(key);
  further.push(writtenAtMs - beginMs);
}
screen.close();
console.log(JSON.stringify({ type: "frames", firstMs, firstCpuMs, further }));
