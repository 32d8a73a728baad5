/** The mesh of mesh_churn.ts with a faulty proxy in each link. */

import { assertEquals, assertGreater } from "@std/assert";
import { type Fate, type Faults, FaultyProxy } from "./faulty_proxy.ts";
import { freePort } from "./free_port.ts";
import { type Churn, meshChurn } from "./mesh_churn.ts";

/** Everything at once, often enough that hardly a link lives through it. */
const faults: Faults = {
  delayMsMax: 3,
  pieceBytesMax: 4_000,
  fateChance: 0.5,
  fates: ["reset", "half-close", "corrupt"],
  fateBytesMax: 100_000,
};

/** Only Linux has all of 127.0.0.0/8 on its loopback by itself. */
export const hasManyLoopbacks = Deno.build.os === "linux";

/** Runs a churn through faulty proxies, which carry everything as it is in the end. */
export async function faultyChurn(churn: Churn): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const proxies: FaultyProxy[] = [];
  const route = async (address: string) => {
    const proxy = await FaultyProxy.start(address, churn.seed + proxies.length, faults);
    proxies.push(stack.use(proxy));
    return proxy.address;
  };
  // Nobody dials loopback at a port of its own because others told of it, so that with one port
  // for all there is no way round the proxies.
  const port = freePort();
  const listen = (index: number) => `127.0.0.${2 + index}:${port}`;
  await meshChurn(churn, { listen, route }, (mesh) => {
    const known = new Set(proxies.map(({ address }) => address));
    const lines = mesh.members.flatMap((member) => member.process.lines);
    const dialled = lines.filter((line) => line.type === "peer" && line.direction === "out");
    assertEquals(dialled.filter(({ address }) => !known.has(address)), [], "a way round a proxy");
    for (const proxy of proxies) proxy.calm();
  });
  const sum = (count: (proxy: FaultyProxy) => number) =>
    proxies.reduce((total, proxy) => total + count(proxy), 0);
  const fates: Fate[] = ["reset", "half-close", "corrupt"];
  const happened = fates.map((fate) => [fate, sum((proxy) => proxy.happened[fate])] as const);
  assertEquals(happened.filter(([, count]) => count === 0), [], "a fault never happened");
  assertGreater(sum((proxy) => proxy.links), proxies.length);
  assertGreater(sum((proxy) => proxy.happened.delay), 1_000);
  console.log(`  ${sum((proxy) => proxy.links)} links, ${happened.join(" ")}`);
}
