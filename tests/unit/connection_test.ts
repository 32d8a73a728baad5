import { assert, assertEquals, assertLess } from "@std/assert";
import { Connection, type ConnectionEvents, type Socket } from "../../io/connection.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { within } from "../within.ts";

/** What a connection reported, with waiting for it instead of sleeping. */
class Recorder implements ConnectionEvents {
  readonly arrays: Uint8Array[] = [];
  readonly log: string[] = [];
  #changed = Promise.withResolvers<void>();

  get bytes(): number {
    return this.arrays.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  get text(): string {
    return this.arrays.map((bytes) => new TextDecoder().decode(bytes)).join("");
  }

  received(_: number, bytes: Uint8Array): void {
    this.arrays.push(bytes);
    this.#tell();
  }

  drained(): void {
    this.log.push("drained");
    this.#tell();
  }

  disconnected(_: number, reason: string): void {
    this.log.push(`disconnected: ${reason}`);
    this.#tell();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await within(this.#changed.promise);
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** Both ends of a socket over the loopback: ours in a connection, the other one bare. */
async function pair(limits: Partial<Limits> = {}, wrap = (socket: Socket): Socket => socket) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [other, mine] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  listener.close();
  const recorder = new Recorder();
  const connection = new Connection(1, wrap(mine), recorder, { ...defaultLimits, ...limits });
  return { connection, recorder, other };
}

async function readAll(socket: Deno.TcpConn): Promise<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  const parts: Uint8Array[] = [];
  for (let count; (count = await within(socket.read(buffer))) !== null;) {
    parts.push(buffer.slice(0, count));
  }
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** The real socket with one of its methods replaced. */
function altered(socket: Socket, changed: Partial<Socket>): Socket {
  return {
    read: (buffer) => socket.read(buffer),
    write: (bytes) => socket.write(bytes),
    closeWrite: () => socket.closeWrite(),
    close: () => socket.close(),
    setNoDelay: (on) => socket.setNoDelay(on),
    ...changed,
  };
}

/** Bytes of which each place is recognisable. */
function pattern(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
}

Deno.test("Connection hands over what comes and never touches it again", async () => {
  const { connection, recorder, other } = await pair();
  for (const word of ["one", "two", "three"]) {
    const before = recorder.bytes;
    await other.write(new TextEncoder().encode(word));
    await recorder.until(() => recorder.bytes === before + word.length);
  }
  assertEquals(recorder.text, "onetwothree");
  connection.abort();
  other.close();
  await connection.closed;
});

Deno.test("Connection holds little memory for little bytes", async () => {
  const { connection, recorder, other } = await pair();
  await other.write(new Uint8Array(10));
  await recorder.until(() => recorder.bytes === 10);
  assertEquals(recorder.arrays[0]!.buffer.byteLength, 10);
  connection.abort();
  other.close();
});

Deno.test("Connection reads in large pieces while bytes flow and in small ones afterwards", async () => {
  const sizes: number[] = [];
  const { connection, recorder, other } = await pair({}, (socket) =>
    altered(socket, {
      read: (buffer) => {
        sizes.push(buffer.length);
        return socket.read(buffer);
      },
    }));
  const sent = pattern(300_000);
  for (let at = 0; at < sent.length;) at += await other.write(sent.subarray(at));
  await recorder.until(() => recorder.bytes === sent.length);
  assertEquals(sizes[0], 1024);
  assert(sizes.includes(65_536));
  assertEquals(sizes.at(-1), 1024);
  assertEquals(
    new Uint8Array(
      await new Blob(recorder.arrays as Uint8Array<ArrayBuffer>[]).arrayBuffer(),
    ),
    sent,
  );
  connection.abort();
  other.close();
});

Deno.test("Connection writes everything in order although each write takes a part only", async () => {
  const { connection, recorder, other } = await pair(
    {},
    (socket) => altered(socket, { write: (bytes) => socket.write(bytes.subarray(0, 7_001)) }),
  );
  const sent = pattern(200_000);
  const reading = readAll(other);
  for (let at = 0; at < sent.length; at += 333) connection.write(sent.slice(at, at + 333));
  connection.close();
  assertEquals(await reading, sent);
  other.close();
  await within(connection.closed);
  assertEquals(recorder.log, []);
});

Deno.test("Connection puts small arrays together and writes large ones as they are", async () => {
  const writes: number[] = [];
  const { connection, other } = await pair({}, (socket) =>
    altered(socket, {
      write: (bytes) => {
        writes.push(bytes.length);
        return socket.write(bytes);
      },
    }));
  const reading = readAll(other);
  connection.write(new Uint8Array(1));
  for (let i = 0; i < 100; i++) connection.write(new Uint8Array(10));
  connection.write(new Uint8Array(20_000));
  connection.close();
  assertEquals((await reading).length, 21_001);
  assertEquals(writes, [1, 1_000, 20_000]);
  other.close();
  await connection.closed;
});

Deno.test("Connection has nothing wait for an acknowledgement (TCP_NODELAY)", async () => {
  const set: (boolean | undefined)[] = [];
  const { connection, other } = await pair({}, (socket) =>
    altered(socket, {
      setNoDelay: (on) => {
        set.push(on);
        throw new Deno.errors.BadResource("already gone");
      },
    }));
  assertEquals(set, [true]);
  connection.abort();
  other.close();
});

Deno.test("Connection reports drained once per low water mark, when all is taken", async () => {
  const { connection, recorder, other } = await pair({ writeLowWaterBytes: 1_000 });
  connection.write(new Uint8Array(999));
  await within(other.read(new Uint8Array(2_000)));
  assertEquals(recorder.log, []);
  connection.write(new Uint8Array(1));
  await recorder.until(() => recorder.log.length === 1);
  assertEquals(recorder.log, ["drained"]);
  connection.abort();
  other.close();
});

Deno.test("Connection reports no drained while the other side does not read", async () => {
  const { connection, recorder, other } = await pair();
  const size = 16 * 1024 * 1024;
  connection.write(new Uint8Array(size));
  await other.write(new Uint8Array(1));
  await recorder.until(() => recorder.bytes === 1);
  assertEquals(recorder.log, []);
  const buffer = new Uint8Array(1024 * 1024);
  for (let got = 0; got < size;) got += await within(other.read(buffer)) ?? size;
  await recorder.until(() => recorder.log.length === 1);
  assertEquals(recorder.log, ["drained"]);
  connection.abort();
  other.close();
});

Deno.test("Connection.close lets the last words arrive over unread bytes of the other side", async () => {
  const { connection, recorder, other } = await pair();
  connection.pause();
  await other.write(new Uint8Array(50_000));
  connection.write(new TextEncoder().encode("goodbye"));
  connection.close();
  assertEquals(new TextDecoder().decode(await readAll(other)), "goodbye");
  other.close();
  await within(connection.closed);
  assertEquals(recorder.log, []);
});

Deno.test("Connection.close gives up on a reader that does not read", async () => {
  const { connection, recorder, other } = await pair({ closeMs: 50 });
  connection.write(new Uint8Array(64 * 1024 * 1024));
  connection.close();
  await within(connection.closed);
  assertEquals(recorder.log, []);
  other.close();
});

Deno.test("Connection.close swallows no flood of the other side", async () => {
  const { connection, other } = await pair({ closeMs: 600_000 });
  const flood = (async () => {
    try {
      for (;;) await other.write(new Uint8Array(65_536));
    } catch {
      // The connection was closed over what we sent, as it should be.
    }
  })();
  connection.close();
  await within(connection.closed);
  await within(flood);
  other.close();
});

Deno.test("Connection ignores what is written after close", async () => {
  const { connection, other } = await pair();
  connection.close();
  connection.write(new Uint8Array(1));
  connection.close();
  assertEquals((await readAll(other)).length, 0);
  other.close();
  await within(connection.closed);
});

Deno.test("Connection reports the end of the other side after its bytes", async () => {
  const { connection, recorder, other } = await pair();
  await other.write(new TextEncoder().encode("last"));
  other.close();
  await recorder.until(() => recorder.log.length === 1);
  assertEquals(recorder.text, "last");
  assertEquals(recorder.log, ["disconnected: closed by the other side"]);
  await within(connection.closed);
});

Deno.test("Connection survives a reset while it reads and writes", async () => {
  const { connection, recorder, other } = await pair();
  connection.write(new Uint8Array(1_000));
  await within(other.read(new Uint8Array(1)));
  // Closing over unread bytes makes the system send a reset.
  other.close();
  connection.write(new Uint8Array(10));
  await recorder.until(() => recorder.log.length === 1);
  assertEquals(recorder.log, ["disconnected: connection reset"]);
  connection.write(new Uint8Array(10));
  connection.close();
  await within(connection.closed);
  assertEquals(recorder.log.length, 1);
});

Deno.test("Connection.pause leaves bytes with the sender until resume", async () => {
  const { connection, recorder, other } = await pair();
  connection.pause();
  const size = 32 * 1024 * 1024;
  let taken = false;
  const sending = (async () => {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size;) at += await other.write(bytes.subarray(at));
    taken = true;
  })();
  // The read under way when it was paused still brings its bytes, and nothing after.
  await recorder.until(() => recorder.bytes > 0);
  assertLess(recorder.bytes, 65_537);
  assertEquals(taken, false);
  connection.resume();
  await recorder.until(() => recorder.bytes === size);
  await sending;
  connection.abort();
  other.close();
});
