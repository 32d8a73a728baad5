/** Peers on machines of their own, whose network is cut in pieces and healed. */

import { assertEquals } from "@std/assert";
import { randomBelow } from "../rng.ts";
import { Mesh } from "./mesh.ts";
import { check } from "./mesh_churn.ts";
import { Namespaces } from "./namespaces.ts";
import { denoRun } from "./program.ts";

/** How long something may take that no cut is in the way of. */
const undisturbedMs = 30_000;

/** The machines of a side; they are numbered side by side. */
export type Sides = readonly (readonly number[])[];

/** So many sides of so many machines each. */
export function sidesOf(count: number, machines: number): Sides {
  return Array.from(
    { length: count },
    (_, side) => Array.from({ length: machines }, (_, i) => side * machines + i),
  );
}

/** Who is cut off from whom, and what is said. */
export interface Setting {
  readonly sides: Sides;
  /** Texts that each says before a cut and during it. */
  readonly texts: number;
  /** How long the network has stood before a cut: whose link breaks young is missed by nobody. */
  readonly standsMs: number;
}

const usual: Setting = { sides: sidesOf(2, 4), texts: 5, standsMs: 0 };

/** A cut and how it ends. */
export interface Cut {
  readonly make: (net: Namespaces, sides: Sides) => Promise<void>;
  readonly heal: (net: Namespaces, sides: Sides) => Promise<void>;
  /** How long it lasts. */
  readonly cutMs: number;
  /** How soon after its end all must hold the same. */
  readonly healMs: number;
}

/** Nothing passes between the sides. */
export const bothWays: Pick<Cut, "make" | "heal"> = {
  make: (net, sides) => net.partition(sides),
  heal: (net) => net.heal(),
};

/** What the first side sends to the second gets lost; the other way all passes. */
export const oneWay: Pick<Cut, "make" | "heal"> = {
  make: async (net, sides) => {
    const [from = [], to = []] = sides;
    const lost = from.map((index) => net.ip(index)).join(", ");
    const rules =
      "add table ip lost; add chain ip lost in { type filter hook input priority 0; }; " +
      `add rule ip lost in ip saddr { ${lost} } drop`;
    for (const index of to) await net.run(index, ["nft", rules]);
  },
  heal: async (net, sides) => {
    for (const index of sides[1] ?? []) await net.run(index, ["nft", "delete table ip lost"]);
  },
};

/** Runs cuts one after the other in one mesh, and checks what is left. */
export async function partitions(
  seed: number,
  cuts: readonly Cut[],
  setting: Setting = usual,
): Promise<void> {
  const { sides, texts, standsMs } = setting;
  const machines = sides.flat().length;
  const perSide = machines / sides.length;
  await using net = await Namespaces.create(machines);
  await using mesh = Mesh.empty(seed);
  for (let index = 0; index < machines; index++) {
    const args = ["--data", mesh.file(`${index}`), "--name", `peer-${index}`];
    // One of the own side and one of any, so that neither side falls apart by itself.
    const told = [
      index % perSide > 0 ? index - 1 : null,
      index > 0 ? randomBelow(mesh.rng, index) : null,
    ];
    for (const to of new Set(told)) {
      if (to !== null) args.push("--peer", mesh.members[to]!.address);
    }
    const command = [...net.prefix(index), ...denoRun];
    await mesh.add(args, `${net.ip(index)}:9797`, { command }).start();
  }
  await talk(mesh, Math.min(texts, usual.texts), 0);
  await mesh.settled(undisturbedMs);
  await time(standsMs);
  for (const cut of cuts) {
    const before = mesh.members.map((member) => member.said.size);
    await cut.make(net, sides);
    const overMs = performance.now() + cut.cutMs;
    await talk(mesh, texts, cut.cutMs * 0.8);
    for (const side of sides) {
      await mesh.settled(undisturbedMs, side.map((index) => mesh.members[index]!));
    }
    await time(overMs - performance.now());
    checkCut(mesh, before, setting);
    await cut.heal(net, sides);
    const tookMs = await mesh.settled(cut.healMs);
    const said = sides.map((side) => side.length * texts);
    console.log(`  cut for ${cut.cutMs} ms, ${said} posts said, equal ${tookMs} ms after it`);
  }
  await check(mesh);
}

/** Checks that nothing went from the first side to the second. */
function checkCut(mesh: Mesh, before: readonly number[], { sides, texts }: Setting): void {
  const [from = [], to = []] = sides.map((side) => side.map((index) => mesh.members[index]!));
  const lost = from.flatMap(({ index, said }) => [...said.keys()].slice(before[index]));
  assertEquals(lost.length, from.length * texts);
  for (const { holds } of to) assertEquals(lost.filter((id) => holds.has(id)), []);
}

/** All say so many texts, a few of them at once or spread over a time. */
async function talk(mesh: Mesh, texts: number, spreadMs: number): Promise<void> {
  const startMs = performance.now();
  for (let i = 0; i < texts; i++) {
    await Promise.all(mesh.members.map((member) => member.say()));
    if (texts > usual.texts) await time(startMs + (i + 1) / texts * spreadMs - performance.now());
  }
}

/** A cut is made of time: nobody waits for anything here but for its end. */
async function time(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
