/** Another network is noticed, and nothing else; what a peer then tells of itself. */

import { assert, assertEquals } from "@std/assert";
import type { Interface } from "../../io/addresses.ts";
import { NetworkWatch } from "../../io/network_watch.ts";
import { openChat } from "../../io/open_chat.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { processorMs } from "../processor_ms.ts";
import { within } from "../within.ts";

const lo: Interface = { name: "lo", family: "IPv4", address: "127.0.0.1" };
const home: Interface = { name: "wlan0", family: "IPv4", address: "192.168.1.5" };
const six: Interface = { name: "wlan0", family: "IPv6", address: "2a00::5" };
const office: Interface = { name: "wlan0", family: "IPv4", address: "10.1.2.3" };
const docker: Interface = { name: "docker0", family: "IPv4", address: "172.17.0.1" };

/** A machine whose interfaces and clock a test sets, and that counts the looks at them. */
class Machine {
  addresses: readonly Interface[] = [lo, home, six];
  clockMs = 0;
  looks = 0;
  looksAtClock = 0;
  changes = 0;
  #stirred = Promise.withResolvers<void>();

  readonly interfaces = (): readonly Interface[] => {
    this.looks++;
    return this.addresses;
  };

  readonly wallMs = (): number => {
    this.looksAtClock++;
    this.#stirred.resolve();
    this.#stirred = Promise.withResolvers();
    return this.clockMs;
  };

  changed(): void {
    this.changes++;
  }

  /** Waits until the watch has done something with what it saw. */
  async looked(): Promise<void> {
    const until = this.looksAtClock + 2;
    while (this.looksAtClock < until) await within(this.#stirred.promise);
  }
}

const often = { networkPollMs: 1, clockJumpMs: 10_000 };

Deno.test("NetworkWatch tells of other addresses once, and of nothing else", async () => {
  const machine = new Machine();
  const watch = new NetworkWatch(often, machine, machine);
  try {
    const table: [interfaces: Interface[], changes: number][] = [
      [[lo, home, six], 0],
      [[six, home, lo], 0],
      [[lo, home, six, docker], 0],
      [[lo, office], 1],
      [[lo], 2],
      [[lo, home], 3],
      [[lo, home, six], 4],
    ];
    for (const [interfaces, changes] of table) {
      machine.addresses = interfaces;
      await machine.looked();
      assertEquals(machine.changes, changes, JSON.stringify(interfaces));
    }
  } finally {
    watch.close();
  }
});

Deno.test("NetworkWatch tells of a sleep, also where it may not look at the interfaces", {
  permissions: { sys: false },
}, async () => {
  const machine = new Machine();
  const watch = new NetworkWatch(often, machine, machine);
  try {
    const latestMs = often.networkPollMs + often.clockJumpMs;
    for (const [aheadMs, changes] of [[latestMs, 0], [-60_000, 0], [latestMs + 1, 1], [0, 1]]) {
      machine.clockMs += aheadMs!;
      await machine.looked();
      assertEquals(machine.changes, changes!, `${aheadMs}`);
    }
    assertEquals(machine.looks, 0);
  } finally {
    watch.close();
  }
});

Deno.test("NetworkWatch looks often enough to be of use, and seldom enough to cost nothing", () => {
  const { networkPollMs, deadMs } = defaultLimits;
  assert(networkPollMs < deadMs / 2, "a dead link would be noticed sooner without it");
  const started = processorMs();
  for (let i = 0; i < 10; i++) Deno.networkInterfaces();
  assert((processorMs() - started) / 10 < networkPollMs / 100);
});

Deno.test("openChat tells its new addresses when the machine is on another network", async () => {
  const real = Deno.networkInterfaces;
  const replace = (value: typeof Deno.networkInterfaces) =>
    Object.defineProperty(Deno, "networkInterfaces", { value, configurable: true, writable: true });
  let addresses = [lo, home];
  const told = Promise.withResolvers<void>();
  let looks = 0;
  replace(
    (() => {
      // The watch sees the new ones, and the listener after it.
      if (addresses.includes(office) && ++looks === 3) told.resolve();
      return addresses;
    }) as typeof Deno.networkInterfaces,
  );
  try {
    const limits = { networkPollMs: 1 };
    await using chat = await openChat({
      ephemeral: true,
      listen: { port: 0 },
      name: "ann",
      limits,
    });
    const port = chat.listen[0]!.split(":")[1];
    assertEquals(chat.listen, [`127.0.0.1:${port}`, `192.168.1.5:${port}`]);
    addresses = [lo, office];
    await within(told.promise);
    assertEquals(chat.listen, [`127.0.0.1:${port}`, `10.1.2.3:${port}`]);
  } finally {
    replace(real);
  }
});
