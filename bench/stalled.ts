/** One reader of ten that stops reading: the rate of the others, and the sender's memory. */

import { Process } from "./process.ts";
import { median, type Row } from "./report.ts";

const posts = 20_000;
/** Below what a link may queue, so that no reader has to ask for history. */
const portion = 500;

interface Run {
  readonly perSecond: number;
  readonly growthMiB: number;
}

async function run(stalled: number): Promise<Run> {
  const folder = await Deno.makeTempDir();
  try {
    const options = { data: folder, name: "ann", peers: [], reportEvery: 1, limits: {} };
    await using ann = new Process("bench/programs/peer.ts", JSON.stringify(options));
    const { address } = await ann.nextOf("ready");
    await using readers = new Process(
      "bench/programs/readers.ts",
      ...[address, String(portion), String(stalled)],
    );
    await readers.nextOf("ready");
    let startMs = 0;
    let beforeMiB = 0;
    let peakMiB = 0;
    for (let said = 0; said < posts; said += portion) {
      // The first half warms both processes up; rate and memory count from there.
      if (said === posts / 2) {
        startMs = performance.now();
        beforeMiB = ann.residentMiB();
      }
      const heard = readers.nextOf("portion");
      await ann.write(`${portion} ${"x".repeat(100)}`);
      await heard;
      peakMiB = Math.max(peakMiB, ann.residentMiB());
    }
    const seconds = (performance.now() - startMs) / 1_000;
    return { perSecond: posts / 2 / seconds, growthMiB: peakMiB - beforeMiB };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Measures both in turn. */
export async function stalledReader(rounds = 5): Promise<Row[]> {
  const calm: Run[] = [];
  const stalled: Run[] = [];
  for (let i = 0; i < rounds; i++) {
    calm.push(await run(0));
    stalled.push(await run(1));
  }
  const rate = (runs: readonly Run[]) => median(runs.map((each) => each.perSecond));
  const extra = stalled.map((each, i) => each.growthMiB - (calm[i]?.growthMiB ?? NaN));
  return [
    {
      name: "rate of 9 readers beside a stalled one ÷ of 10",
      value: median(stalled.map((each, i) => each.perSecond / (calm[i]?.perSecond ?? NaN))),
      floor: 0.95,
      goal: 1,
      higher: true,
      detail: `${rate(stalled).toFixed(0)}/s of ${rate(calm).toFixed(0)}/s`,
    },
    {
      name: "memory of the sender with a stalled reader, beyond without (MiB)",
      value: median(extra),
      floor: 4,
      goal: 2,
      higher: false,
      detail: `peak while ${posts} posts are said`,
    },
  ];
}
