import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Dialer } from "../../io/dialer.ts";
import { defaultPort, Listener, type ListenerEvents, type ListenPlace } from "../../io/listener.ts";
import { ChatError } from "../../peer/errors.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { within } from "../within.ts";

/** A listener that counts what it accepts and hands it out one by one. */
class Door implements ListenerEvents {
  readonly listener: Listener;
  readonly addresses: string[] = [];
  readonly troubles: string[] = [];
  readonly sockets: Deno.TcpConn[] = [];
  capacity = Infinity;
  #came = Promise.withResolvers<void>();

  constructor(place: ListenPlace) {
    this.listener = Listener.open(place, this);
  }

  mayAccept(): boolean {
    return this.sockets.length < this.capacity;
  }

  accepted(socket: Deno.TcpConn, address: string): void {
    this.sockets.push(socket);
    this.addresses.push(address);
    this.#came.resolve();
    this.#came = Promise.withResolvers();
  }

  troubled(reason: string): void {
    this.troubles.push(reason);
  }

  async until(count: number): Promise<void> {
    while (this.sockets.length < count) await within(this.#came.promise);
  }

  async close(): Promise<void> {
    this.listener.close();
    for (const socket of this.sockets) socket.close();
    await within(this.listener.closed);
  }
}

function dial(port: number, hostname = "127.0.0.1"): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname, port });
}

/** Runs code with `Deno.listen` replaced, as on a machine that is otherwise. */
async function withListen(
  fake: (options: Deno.TcpListenOptions) => Deno.TcpListener,
  run: () => void | Promise<void>,
): Promise<void> {
  const real = Deno.listen;
  Object.defineProperty(Deno, "listen", { value: fake, configurable: true, writable: true });
  try {
    await run();
  } finally {
    Object.defineProperty(Deno, "listen", { value: real, configurable: true, writable: true });
  }
}

Deno.test("Listener.open accepts IPv4 and IPv6 on one port and tells plain addresses", async () => {
  const door = new Door({ port: 0 });
  assert(door.listener.port > 0);
  const four = await dial(door.listener.port);
  await door.until(1);
  assertEquals(door.addresses, [`127.0.0.1:${four.localAddr.port}`]);
  four.close();
  if (door.listener.host === "::") {
    const six = await dial(door.listener.port, "::1");
    await door.until(2);
    assertEquals(door.addresses[1], `[::1]:${six.localAddr.port}`);
    six.close();
  }
  await door.close();
});

Deno.test("Listener.open falls back to IPv4 where IPv6 is off", async () => {
  const real = Deno.listen;
  await withListen((options) => {
    if (options.hostname === "::") {
      throw new Error("Address family not supported by protocol (os error 97)");
    }
    return real(options);
  }, async () => {
    const door = new Door({ port: 0 });
    assertEquals(door.listener.host, "0.0.0.0");
    await door.close();
  });
});

Deno.test("Listener.open takes the next free port only if no port was asked for", async () => {
  const real = Deno.listen;
  const asked: (number | undefined)[] = [];
  await withListen((options) => {
    asked.push(options.port);
    if ((options.port ?? 0) < defaultPort + 3) throw new Deno.errors.AddrInUse("taken");
    return real({ ...options, port: 0 });
  }, async () => {
    const door = new Door({ port: null });
    assertEquals(asked, [0, 1, 2, 3].map((n) => defaultPort + n));
    await door.close();
  });
});

Deno.test("Listener.open refuses a port that was asked for and is taken", async () => {
  const door = new Door({ port: 0 });
  const { port } = door.listener;
  const error = assertThrows(() => new Door({ port }), ChatError, `port ${port}`);
  assertEquals(error.code, "port-taken");
  await door.close();
});

Deno.test("Listener.open refuses an address of another machine", () => {
  const error = assertThrows(() => new Door({ host: "192.0.2.77", port: 0 }), ChatError);
  assertEquals(error.code, "bad-port");
  assertMatch(error.message, /^Cannot listen on 192\.0\.2\.77:0: [^.]+\. Choose another port or/);
});

Deno.test("Listener listens on the one address that was asked for", async () => {
  const door = new Door({ host: "127.0.0.1", port: 0 });
  assertEquals(door.listener.host, "127.0.0.1");
  const socket = await dial(door.listener.port);
  await door.until(1);
  socket.close();
  await door.close();
});

Deno.test("Listener accepts no more than its owner wants, and goes on when poked", async () => {
  const door = new Door({ host: "127.0.0.1", port: 0 });
  door.capacity = 2;
  const sockets = await Promise.all([1, 2, 3].map(() => dial(door.listener.port)));
  await door.until(2);
  // The third is connected by the system; a fourth proves that the loop had its turn.
  sockets.push(await dial(door.listener.port));
  assertEquals(door.sockets.length, 2);
  door.capacity = 3;
  door.listener.poke();
  await door.until(3);
  assertEquals(door.sockets.length, 3);
  for (const socket of sockets) socket.close();
  await door.close();
});

Deno.test("Listener lives through failures of accept and tells of them once", async () => {
  const real = Deno.listen;
  let failures = 4;
  await withListen((options) => {
    const listener = real(options);
    const accept = listener.accept.bind(listener);
    listener.accept = () =>
      failures-- > 0 ? Promise.reject(new Error("Too many open files (os error 24)")) : accept();
    return listener;
  }, async () => {
    const door = new Door({ host: "127.0.0.1", port: 0 });
    const socket = await dial(door.listener.port);
    await door.until(1);
    assertEquals(door.troubles, ["this machine allows no more open files"]);
    socket.close();
    await door.close();
  });
});

Deno.test("Listener.close ends the loop while it waits, and frees the port", async () => {
  const door = new Door({ host: "127.0.0.1", port: 0 });
  door.capacity = 0;
  const { port } = door.listener;
  await door.close();
  const again = new Door({ host: "127.0.0.1", port });
  await again.close();
  again.listener.close();
});

Deno.test("Dialer.dial opens a socket to an address and to a name", async () => {
  const door = new Door({ host: "127.0.0.1", port: 0 });
  const dialer = new Dialer(defaultLimits);
  for (const host of ["127.0.0.1", "localhost"]) {
    const dialled = await dialer.dial(`${host}:${door.listener.port}`);
    assert(dialled.ok);
    dialled.socket.close();
  }
  await door.until(2);
  await door.close();
});

Deno.test("Dialer.dial says in plain words why there is no link", async () => {
  const door = new Door({ host: "127.0.0.1", port: 0 });
  const { port } = door.listener;
  await door.close();
  const dialer = new Dialer(defaultLimits);
  assertEquals(await dialer.dial(`127.0.0.1:${port}`), {
    ok: false,
    reason: "connection refused: nothing listens there",
  });
  assertEquals(await dialer.dial("nobody.invalid:1"), { ok: false, reason: "unknown host" });
});

Deno.test("Dialer.dial reaches one listener by IPv6, IPv4, IPv4 within IPv6, and name", async () => {
  const door = new Door({ port: 0 });
  const dialer = new Dialer(defaultLimits);
  const hosts = ["127.0.0.1", "[::ffff:127.0.0.1]", "localhost"];
  if (door.listener.host === "::") hosts.push("[::1]", "[0:0:0:0:0:0:0:1]");
  for (const [index, host] of hosts.entries()) {
    const dialled = await within(dialer.dial(`${host}:${door.listener.port}`));
    assert(dialled.ok, `${host}: ${dialled.ok || dialled.reason}`);
    await door.until(index + 1);
    const { port } = dialled.socket.localAddr;
    const from = host.startsWith("[") && !host.includes("ffff") ? "[::1]" : "127.0.0.1";
    if (host !== "localhost") assertEquals(door.addresses[index], `${from}:${port}`, host);
    dialled.socket.close();
  }
  await door.close();
});

Deno.test("Dialer.dial gives up in time, and at once when it is closed", async () => {
  const real = Deno.connect;
  const hanging = ({ signal }: { signal: AbortSignal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  Object.defineProperty(Deno, "connect", { value: hanging, configurable: true, writable: true });
  try {
    const quick = new Dialer({ ...defaultLimits, dialMs: 20 });
    assertEquals(await within(quick.dial("192.0.2.1:1")), {
      ok: false,
      reason: "no answer within 0.02 s",
    });
    const slow = new Dialer({ ...defaultLimits, dialMs: 600_000 });
    const dialled = slow.dial("192.0.2.1:1");
    slow.close();
    assertEquals((await within(dialled)).ok, false);
    assertEquals((await within(slow.dial("192.0.2.1:1"))).ok, false);
  } finally {
    Object.defineProperty(Deno, "connect", { value: real, configurable: true, writable: true });
  }
});
