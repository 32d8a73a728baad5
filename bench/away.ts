/**
 * Away and back: a peer that has nothing meets one that has 100,000 posts of 100 bytes, over loopback.
 * Posts a second from the link to the last of them, over this machine's own verify rate; how much
 * memory either side grows by; and how late live posts come meanwhile, over a calm minute of the
 * same two peers.
 */

import { number, Process, type Said } from "./process.ts";
import { median, type Row } from "./report.ts";

const posts = 100_000;
const program = "bench/programs/away_peer.ts";

interface Measured {
  readonly perSecond: number;
  readonly grownMiB: number;
  /** The part of it that is no page of a file. */
  readonly anonymousMiB: number;
  readonly calmMs: number;
  readonly busyMs: number;
}

async function measure(): Promise<Measured> {
  const folder = await Deno.makeTempDir();
  const options = (name: string, peers: readonly string[]) =>
    JSON.stringify({ data: `${folder}/${name}`, name, peers });
  try {
    await using ann = new Process(program, options("ann", []));
    const { address } = await ann.nextOf("ready");
    const filled = ann.nextOf("filled");
    await ann.write(`fill ${posts}`);
    await filled;
    const calmMs = await calm(ann, options("cy", [address]));
    await using bo = new Process(program, options("bo", []));
    await bo.nextOf("ready");
    const before = [ann, bo].map((each) => [each.residentMiB(), each.anonymousMiB()] as const);
    let [grownMiB, anonymousMiB] = [0, 0];
    const watch = setInterval(() => {
      for (const [i, each] of [ann, bo].entries()) {
        const [resident, anonymous] = before[i]!;
        const grown = each.residentMiB() - resident;
        if (grown > grownMiB) [grownMiB, anonymousMiB] = [grown, each.anonymousMiB() - anonymous];
      }
    }, 100);
    const delays = collect(bo);
    await ann.write(`talk ${50}`);
    const up = bo.nextOf("up");
    const done = bo.next((said) => said.type === "history" && said.count === posts);
    await bo.write(`connect ${address}`);
    const startMs = (await up).atMs;
    const endMs = (await done).atMs;
    clearInterval(watch);
    return {
      perSecond: posts / (endMs - startMs) * 1_000,
      grownMiB,
      anonymousMiB,
      calmMs,
      busyMs: late(delays),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** How late live posts come to a peer that has everything. */
async function calm(ann: Process, options: string): Promise<number> {
  await using cy = new Process(program, options);
  await cy.next((said) => said.type === "history" && said.count === posts);
  const delays = collect(cy);
  await ann.write(`talk ${50}`);
  while (delays.length < 200) await cy.nextOf("live");
  await ann.write("hush");
  return late(delays);
}

function collect(peer: Process): number[] {
  const delays: number[] = [];
  const listen = async () => {
    for (;;) {
      const { atMs, saidMs }: Said = await peer.nextOf("live");
      delays.push(atMs - saidMs);
    }
  };
  listen();
  return delays;
}

/** The 99th percentile. */
function late(delays: readonly number[]): number {
  return delays.toSorted((a, b) => a - b)[Math.floor(delays.length * 0.99)] ?? NaN;
}

/** Measures three times, in turn with the verify rate. */
export async function away(rounds = 3): Promise<Row[]> {
  const all: Measured[] = [];
  const verifies: number[] = [];
  for (let i = 0; i < rounds; i++) {
    verifies.push(await number("bench/programs/verify_rate.ts"));
    all.push(await measure());
  }
  const of = (pick: (each: Measured, i: number) => number) => median(all.map(pick));
  const rate = of(({ perSecond }) => perSecond);
  return [
    {
      name: "back-fill of 100,000 posts: posts/s ÷ verify rate",
      value: of(({ perSecond }, i) => perSecond / verifies[i]!),
      floor: 0.5,
      goal: 0.8,
      higher: true,
      detail: `${rate.toFixed(0)}/s of ${median(verifies).toFixed(0)}/s`,
    },
    {
      name: "memory growth of either side meanwhile, MiB",
      value: of(({ grownMiB }) => grownMiB),
      floor: 64,
      goal: 32,
      higher: false,
      detail: `resident, as the kernel counts it; ${
        of(({ anonymousMiB }) => anonymousMiB).toFixed(0)
      } MiB of it are no pages of files`,
    },
    {
      name: "live posts meanwhile: p99 ÷ calm",
      value: of(({ busyMs, calmMs }) => busyMs / calmMs),
      floor: 2,
      goal: 1.5,
      higher: false,
      detail: `${of(({ busyMs }) => busyMs).toFixed(1)} ms of ${
        of(({ calmMs }) => calmMs).toFixed(1)
      } ms`,
    },
  ];
}
