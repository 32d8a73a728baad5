/** The proxy of the other tests: it does what it says, and the same again for the same seed. */

import { assertEquals, assertGreater, assertLess, assertNotEquals } from "@std/assert";
import { randomBytes, seededRng } from "../rng.ts";
import { within } from "../within.ts";
import { type Fate, type Faults, FaultyProxy, noFaults } from "./faulty_proxy.ts";
import { connect, FakeServer, readToEnd, writeAll } from "./raw_socket.ts";

const sent = randomBytes(seededRng(1), 200_000);

/** Certain to happen within what the tests send. */
const certain = (fate: Fate): Faults => ({
  ...noFaults,
  fateChance: 1,
  fates: [fate],
  fateBytesMax: 50_000,
});

/** What a server got, and whether it was cut off or told of an end. */
interface Got {
  readonly bytes: Uint8Array;
  readonly end: "end" | "reset";
}

/** Resolves with all that comes over a socket, and how it ended. */
async function drain(conn: Deno.TcpConn): Promise<Got> {
  const pieces: Uint8Array[] = [];
  const buffer = new Uint8Array(65_536);
  const joined = () => Uint8Array.from(pieces.flatMap((piece) => [...piece]));
  for (;;) {
    try {
      const count = await conn.read(buffer);
      if (count === null) return { bytes: joined(), end: "end" };
      pieces.push(buffer.slice(0, count));
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
      return { bytes: joined(), end: "reset" };
    }
  }
}

/** Sends {@linkcode sent} through a proxy; what came out, and what came back to the sender. */
async function through(seed: number, faults: Faults): Promise<{
  got: Got;
  back: Uint8Array;
  proxy: FaultyProxy;
}> {
  const { promise, resolve } = Promise.withResolvers<Got>();
  await using server = new FakeServer(async (conn) => {
    await writeAll(conn, Uint8Array.of(1));
    const got = await drain(conn);
    // The other direction may outlive this one.
    await writeAll(conn, new TextEncoder().encode("thanks"));
    resolve(got);
  });
  await using proxy = await FaultyProxy.start(server.address, seed, faults);
  using conn = await connect(proxy.address);
  // What is reset before it is accepted never comes to the server at all.
  await conn.read(new Uint8Array(1));
  await writeAll(conn, sent);
  await conn.closeWrite().catch(() => {});
  const [got, back] = await Promise.all([within(promise), readToEnd(conn)]);
  return { got, back, proxy };
}

Deno.test("FaultyProxy: without faults all bytes and both ends pass", async () => {
  const { got, back, proxy } = await through(1, noFaults);
  assertEquals([got.bytes, got.end], [sent, "end"]);
  assertEquals(new TextDecoder().decode(back), "thanks");
  assertEquals([proxy.links, proxy.bytes], [1, sent.length + 7]);
});

Deno.test("FaultyProxy: delayed and split bytes come completely and in order", async () => {
  const { got, proxy } = await through(2, { ...noFaults, delayMsMax: 2, pieceBytesMax: 3_000 });
  assertEquals(got.bytes, sent);
  assertGreater(proxy.happened.delay, 10);
  assertGreater(proxy.happened.split, 10);
});

Deno.test("FaultyProxy: a corrupted stream differs in one bit", async () => {
  const { got, proxy } = await through(3, certain("corrupt"));
  assertEquals(got.bytes.length, sent.length);
  const wrong = sent.map((byte, i) => byte ^ got.bytes[i]!).filter((bits) => bits !== 0);
  assertEquals(wrong.length, 1);
  assertEquals(Math.log2(wrong[0]!) % 1, 0);
  assertEquals(proxy.happened.corrupt, 1);
});

Deno.test("FaultyProxy: a reset is one for both sides", async () => {
  const { got, proxy } = await through(4, certain("reset"));
  assertEquals(got.end, "reset");
  // The system may drop what was on its way when the reset came.
  assertLess(got.bytes.length, 50_000);
  assertEquals(proxy.happened.reset, 1);
});

Deno.test("FaultyProxy: after a half-close the other direction still carries", async () => {
  // A seed of which only one direction has its turn.
  const { got, back, proxy } = await through(5, { ...certain("half-close"), fateChance: 0.5 });
  assertEquals([got.end, got.bytes], ["end", sent.slice(0, got.bytes.length)]);
  assertLess(got.bytes.length, 50_000);
  assertEquals(new TextDecoder().decode(back), "thanks");
  assertEquals(proxy.happened["half-close"], 1);
});

Deno.test("FaultyProxy: the same seed spoils the same byte, another seed another", async () => {
  const spoilt = async (seed: number) => {
    const { got } = await through(seed, certain("corrupt"));
    return sent.findIndex((byte, i) => byte !== got.bytes[i]);
  };
  assertEquals(await spoilt(6), await spoilt(6));
  assertNotEquals(await spoilt(6), await spoilt(7));
});

Deno.test("FaultyProxy: once calm, nothing is spoilt any more", async () => {
  const { promise, resolve } = Promise.withResolvers<Got>();
  await using server = new FakeServer(async (conn) => resolve(await drain(conn)));
  await using proxy = await FaultyProxy.start(server.address, 8, certain("reset"));
  using conn = await connect(proxy.address);
  proxy.calm();
  await writeAll(conn, sent);
  await conn.closeWrite();
  assertEquals((await within(promise)).bytes, sent);
  assertEquals(proxy.happened.reset, 0);
});
