/**
 * A mesh under load in which somebody is killed and started again all the time. In the end
 * everybody holds the same in the same order, nothing acknowledged is lost, and nobody was
 * shown anything twice, not even in two runs.
 */

import { assertEquals } from "@std/assert";
import { randomBelow } from "../rng.ts";
import { type Member, Mesh, type MeshOptions } from "./mesh.ts";

/** What a churn is made of. */
export interface Churn {
  readonly seed: number;
  readonly peers: number;
  /** In each somebody else is killed, and started again when all the others have spoken. */
  readonly rounds: number;
  /** What each says in a round. */
  readonly texts: number;
  /** How soon after the last round all must hold the same. */
  readonly settleMs: number;
}

/** Redials at once: what is tried here is not the waiting times. */
const hastyDials = { dialBackoffMs: [200, 500, 1_000] };
/** Members that are never killed. */
const stay = 3;

/**
 * Runs a churn and checks what is left of it.
 *
 * @param churn How much of it.
 * @param options How the peers are linked.
 * @param onCalm Called when nobody is killed any more, before all must come to hold the same.
 */
export async function meshChurn(
  churn: Churn,
  options: MeshOptions = {},
  onCalm: (mesh: Mesh) => void = () => {},
): Promise<void> {
  await using mesh = await Mesh.start(churn.peers, churn.seed, { limits: hastyDials, ...options });
  for (let round = 0; round < churn.rounds; round++) {
    const victim = mesh.members[stay + randomBelow(mesh.rng, churn.peers - stay)]!;
    const others = mesh.members.filter((member) => member !== victim);
    const last = randomBelow(mesh.rng, churn.texts);
    await Promise.all([
      ...others.map((member) => talk(member, churn.texts)),
      talk(victim, last).then(() => killWhileSpeaking(victim)),
    ]);
    await victim.start();
  }
  onCalm(mesh);
  await mesh.settled(churn.settleMs);
  await check(mesh);
  const runs = mesh.members.reduce((sum, member) => sum + member.runs, 0);
  assertEquals(runs, churn.peers + churn.rounds);
}

/** Checks that all members hold the same, each shown once. */
export async function check(mesh: Mesh): Promise<void> {
  const [order = [], ...others] = await Promise.all(mesh.members.map((each) => each.history()));
  assertEquals(new Set(order).size, order.length, "a post stands twice in the history");
  for (const other of others) assertEquals(other.join("\n"), order.join("\n"));
  const all = new Set(order);
  for (const member of mesh.members) {
    const lost = [...member.said].filter(([id]) => !all.has(id));
    assertEquals(lost, [], `acknowledged by ${member.index} and lost`);
    const shown = new Set(member.shown);
    assertEquals(member.shown.length, shown.size, `${member.index} has shown a post twice`);
    // Who was killed may have stored a post and not lived to show it.
    if (member.runs === 1) assertEquals(shown, all);
  }
}

async function talk(member: Member, texts: number): Promise<void> {
  for (let i = 0; i < texts; i++) await member.say();
}

/** Kills somebody who has said something that may or may not be acknowledged. */
async function killWhileSpeaking(victim: Member): Promise<void> {
  const cut = victim.say().catch(() => {});
  await victim.kill();
  await cut;
}
