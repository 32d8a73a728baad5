/**
 * Floods the local network with names of peers that are none, and with packets that are broken,
 * until it is killed. Writes a line after each round of as many names as its argument says.
 */

import { createSocket } from "node:dgram";
import multicastDns from "multicast-dns";
import { recordsOf } from "../../io/finders/dns_sd.ts";

const names = Number(Deno.args[0]);
/** Between two bursts: 10,000 names take about 3 s. */
const burst = 20;
const pauseMs = 4;

const socket = createSocket({ type: "udp4", reuseAddr: true });
const dns = multicastDns({ socket, bind: "0.0.0.0", multicast: false });
await new Promise<void>((resolve) => dns.on("ready", resolve));
socket.on("message", () => {});
dns.on("warning", () => {});

const broken = [
  new Uint8Array(0),
  new Uint8Array(3),
  // Counts of records that are not there, and a name that points at itself.
  new Uint8Array(12).fill(0xff),
  Uint8Array.of(0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, 2),
];

for (let i = 0;; i++) {
  const told = { label: `forged-${i}`, port: 1 + (i % 60_000), hosts: [] };
  await new Promise<void>((resolve) => dns.respond(recordsOf(told), () => resolve()));
  const bytes = broken[i % broken.length]!;
  await new Promise<void>((resolve) => socket.send(bytes, 5353, "224.0.0.251", () => resolve()));
  if (i % burst === 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  if ((i + 1) % names === 0) console.log(`round ${(i + 1) / names}`);
}
