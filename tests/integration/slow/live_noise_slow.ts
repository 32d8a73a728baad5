/** Many thousands of attacks on a live socket: no exit, and friends notice nothing. */

import { assertEquals, assertLess } from "@std/assert";
import { encodePreamble, spokenVersions } from "../../../wire/preamble.ts";
import { allMeet, ephemeral, PeerProcess } from "../peer_process.ts";
import { RawLink } from "../raw_link.ts";
import { connect, writeAll } from "../raw_socket.ts";

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
const preamble = encodePreamble(spokenVersions);

/** One connection that is wrong from its first bytes on, or from its handshake on. */
async function knock(address: string, i: number): Promise<void> {
  using conn = await connect(address);
  const start = i % 2 ? [...preamble, 0, 32] : [];
  await writeAll(conn, new Uint8Array([...start, ...random(1 + i % 300)]));
  await conn.closeWrite().catch(() => {});
  await conn.read(new Uint8Array(64)).catch(() => null);
}

/** One link that is right until it sends something wrong. */
async function misbehave(address: string, i: number): Promise<void> {
  using link = await RawLink.dial(address);
  const listening = link.listen();
  const bytes = random(1 + i % 2_000);
  await (i % 2 ? link.sendBytes(bytes) : link.sendRaw(bytes)).catch(() => {});
  await link.closeWrite().catch(() => {});
  await listening;
}

/** How long texts take from one peer to the other while something goes on, in milliseconds. */
async function talk(a: PeerProcess, b: PeerProcess, until: Promise<void>): Promise<number[]> {
  const tookMs: number[] = [];
  let over = false;
  until.finally(() => over = true);
  for (let i = 0; !over || i < 50; i++) {
    const startMs = performance.now();
    const heard = b.next((line) => line.text === `text ${i}`);
    await a.say(`text ${i}`);
    await heard;
    tookMs.push(performance.now() - startMs);
  }
  return tookMs.toSorted((x, y) => x - y);
}

const attacks = [["20,000 wrong handshakes", knock, 20_000], [
  "5,000 wrong frames",
  misbehave,
  5_000,
]] as const;
for (const [what, attack, count] of attacks) {
  Deno.test(`${what}: friends talk on`, async () => {
    await using a = await PeerProcess.start(ephemeral("a"));
    await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
    await allMeet(a, b);
    let next = 0;
    const attacker = async () => {
      while (next < count) await attack(a.address, next++);
    };
    const all = Promise.all(Array.from({ length: 8 }, attacker)).then(() => {});
    const tookMs = await talk(a, b, all);
    const p99 = tookMs[Math.floor(tookMs.length * 0.99)]!;
    console.log(
      `${tookMs.length} texts meanwhile, p50 ${tookMs[tookMs.length >> 1]} ms, p99 ${p99} ms`,
    );
    assertLess(p99, 200);
    assertEquals(b.lines.filter(({ event }) => event === "down"), []);
    assertEquals((await a.kill("SIGTERM")).code, 0);
  });
}
