import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Socket } from "../../io/connection.ts";
import { Dialer } from "../../io/dialer.ts";
import { Shell, type ShellPorts, type SteppedEngine } from "../../io/shell.ts";
import { StoreError } from "../../io/store/store_error.ts";
import type { Action } from "../../peer/action.ts";
import { ChatError } from "../../peer/errors.ts";
import type { Input, Now } from "../../peer/input.ts";
import { nobodyYet } from "../../peer/letter.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import type { PeerId, PostId, RoomId } from "../../wire/ids.ts";
import { within } from "../within.ts";

const somePost = "ab".repeat(32) as PostId;
const somePeer = "cd".repeat(32) as PeerId;

/** An engine that does what the test says and keeps what it was given. */
class FakeEngine implements SteppedEngine {
  deadlineMs = Infinity;
  handshakes = 0;
  inbound = 0;
  readonly steps: Input[][] = [];
  readonly #changed: (() => void)[] = [];

  /** @param answer The actions for one input. */
  constructor(readonly answer: (input: Input, now: Now) => Action[] = () => []) {}

  get inputs(): Input[] {
    return this.steps.flat();
  }

  step(inputs: readonly Input[], now: Now): Action[] {
    this.steps.push([...inputs]);
    for (const changed of this.#changed.splice(0)) queueMicrotask(changed);
    return inputs.flatMap((input) => this.answer(input, now));
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await within(new Promise<void>((resolve) => this.#changed.push(resolve)));
    }
  }
}

const noChange = { words: [], gone: [], holders: [] };

/** A machine that writes down what it is asked for. */
function fakePorts(over: Partial<ShellPorts> = {}): ShellPorts & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    append: () => void lines.push("append"),
    remember: (address) => void lines.push(`remember ${address}`),
    unreachable: (address) => void lines.push(`unreachable ${address}`),
    forget: (address) => void lines.push(`forget ${address}`),
    rememberName: (name) => void lines.push(`name ${name}`),
    rememberPerson: (peer) => void lines.push(`person ${peer.slice(0, 2)}`),
    rememberKeys: (keys) => void lines.push(`keys ${keys.length}`),
    keepReceipts: (room) => void lines.push(`receipts ${room.slice(0, 2)}`),
    keepRoom: () => void lines.push("room"),
    keepEpoch: () => void lines.push("epoch"),
    dial: () => Promise.resolve({ ok: false, reason: "nobody" }),
    notify: (notice) => void lines.push(`notice ${notice.type}`),
    holds: () => false,
    turned: () => {},
    log: (line) => void lines.push(`log ${line}`),
    failed: (error) => void lines.push(`failed ${error}`),
    ...over,
  };
}

/** A socket whose other end is the test. */
class FakeSocket implements Socket {
  readonly written: number[] = [];
  closed = false;
  reads = 0;
  #pending: PromiseWithResolvers<number | null> | null = null;
  #buffer: Uint8Array = new Uint8Array(0);
  readonly #sent: (Uint8Array | null)[] = [];

  read(buffer: Uint8Array): Promise<number | null> {
    this.reads++;
    this.#buffer = buffer;
    this.#pending = Promise.withResolvers();
    const { promise } = this.#pending;
    this.#deliver();
    return promise;
  }

  /** What the other end sends; `null` ends it. */
  send(bytes: Uint8Array | null): void {
    this.#sent.push(bytes);
    this.#deliver();
  }

  write(bytes: Uint8Array): Promise<number> {
    this.written.push(...bytes);
    return Promise.resolve(bytes.length);
  }

  setNoDelay(): void {}

  closeWrite(): Promise<void> {
    this.send(null);
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
    this.#pending?.reject(new Deno.errors.Interrupted("closed"));
    this.#pending = null;
  }

  #deliver(): void {
    const [next] = this.#sent;
    if (next === undefined || this.#pending === null) return;
    const count = next === null ? null : Math.min(next.length, this.#buffer.length);
    if (next === null || count === next.length) this.#sent.shift();
    else this.#sent[0] = next.subarray(count!);
    if (next !== null) this.#buffer.set(next.subarray(0, count!));
    this.#pending.resolve(count);
    this.#pending = null;
  }
}

function makeShell(
  engine: FakeEngine,
  ports: ShellPorts = fakePorts(),
  limits: Partial<Limits> = {},
): Shell {
  return new Shell(engine, ports, { ...defaultLimits, ...limits });
}

function bytesIn(inputs: readonly Input[]): number {
  return inputs.reduce((sum, each) => sum + (each.type === "received" ? each.bytes.length : 0), 0);
}

const received = (engine: FakeEngine) => bytesIn(engine.inputs);
const types = (inputs: readonly Input[]) => inputs.map((input) => input.type);

function acknowledge(input: Input): Action[] {
  return input.type === "command"
    ? [{ type: "acknowledge", ref: input.ref, outcome: { ok: true, id: somePost } }]
    : [];
}

Deno.test("Shell.command resolves with what the engine acknowledges", async () => {
  const shell = makeShell(new FakeEngine(acknowledge));
  assertEquals(await within(shell.command({ type: "join", room: "lobby" })), somePost);
  await shell.stop();
});

Deno.test("Shell.command rejects with the engine's code", async () => {
  const shell = makeShell(
    new FakeEngine((input) =>
      input.type === "command"
        ? [{
          type: "acknowledge",
          ref: input.ref,
          outcome: { ok: false, code: "not-joined", message: "no" },
        }]
        : []
    ),
  );
  const error = await assertRejects(
    () => within(shell.command({ type: "leave", room: "x" })),
    ChatError,
  );
  assertEquals(error.code, "not-joined");
  await shell.stop();
});

Deno.test("Shell never calls the engine from within a caller", async () => {
  const engine = new FakeEngine(acknowledge);
  const shell = makeShell(engine);
  const answers = [1, 2, 3].map((n) => shell.command({ type: "join", room: `${n}` }));
  assertEquals(engine.steps.length, 0);
  await within(Promise.all(answers));
  assertEquals(engine.steps.map(types), [["command", "command", "command"]]);
  await shell.stop();
});

Deno.test("Shell answers an append at once, before anything else, and in order", async () => {
  const ports = fakePorts();
  const engine = new FakeEngine((input) => {
    if (input.type === "command") {
      return [{ type: "rememberName", name: "bo" }, { type: "append", arrivals: [], newLog: null }];
    }
    return [{ type: "acknowledge", ref: 1, outcome: { ok: true, id: null } }];
  });
  const shell = makeShell(engine, ports);
  await within(shell.command({ type: "join", room: "lobby" }));
  assertEquals(engine.steps.map(types), [["command"], ["appended"]]);
  assertEquals(ports.lines, ["name bo", "append"]);
  await shell.stop();
});

Deno.test("Shell turns a failed append into an input and a log line", async () => {
  for (const code of ["disk-full", "disk-error", "damaged"] as const) {
    const ports = fakePorts({
      append: () => {
        throw new StoreError(code, "/data/db", "it says so");
      },
    });
    const engine = new FakeEngine((input) =>
      input.type === "command" ? [{ type: "append", arrivals: [], newLog: null }] : []
    );
    const shell = makeShell(engine, ports);
    shell.command({ type: "join", room: "lobby" }).catch(() => {});
    await engine.until(() => engine.steps.length === 2);
    assertEquals(engine.steps[1], [{
      type: "appendFailed",
      code: code === "disk-full" ? "disk-full" : "disk-error",
      detail: "it says so",
    }]);
    assertEquals(ports.lines.length, 1);
    await shell.stop();
  }
});

Deno.test("Shell does not call a dial failed that was given up because this peer leaves", async () => {
  const dialler = new Dialer(defaultLimits);
  dialler.close();
  const ports = fakePorts({ dial: (address) => dialler.dial(address) });
  const engine = new FakeEngine((input) =>
    input.type === "command"
      ? [{ type: "dial", address: "127.0.0.1:1" }, ...acknowledge(input)]
      : []
  );
  const shell = makeShell(engine, ports);
  assertEquals(await dialler.dial("127.0.0.1:1"), { ok: false, reason: null });
  for (let i = 0; i < 2; i++) await within(shell.command({ type: "join", room: "lobby" }));
  assertEquals(engine.steps.flat().map(({ type }) => type), ["command", "command"]);
  await shell.stop();
});

Deno.test("Shell goes on when an address or a name cannot be kept", async () => {
  const fails = () => {
    throw new Error("disk");
  };
  const ports = fakePorts({
    remember: fails,
    unreachable: fails,
    forget: fails,
    rememberName: fails,
    rememberPerson: fails,
    rememberKeys: fails,
    keepReceipts: fails,
  });
  const engine = new FakeEngine((input) => [
    { type: "remember", address: "10.0.0.1:1", peer: somePeer },
    { type: "unreachable", address: "10.0.0.1:1" },
    { type: "forget", address: "10.0.0.1:1" },
    { type: "rememberName", name: "bo" },
    { type: "rememberPerson", peer: "b".repeat(64) as PeerId, person: nobodyYet },
    { type: "rememberKeys", keys: [] },
    { type: "keepReceipts", room: "c".repeat(64) as RoomId, change: noChange },
    ...acknowledge(input),
  ]);
  const shell = makeShell(engine, ports);
  await within(shell.command({ type: "join", room: "lobby" }));
  assertEquals(ports.lines, new Array(7).fill("log store: disk"));
  await shell.stop();
});

Deno.test("Shell tells the engine of sockets and closes them when it says so", async () => {
  const engine = new FakeEngine((input) =>
    input.type === "received"
      ? [
        { type: "write", connection: input.connection, bytes: new Uint8Array([7]) },
        { type: "close", connection: input.connection, reason: "enough" },
        { type: "write", connection: input.connection, bytes: new Uint8Array([8]) },
      ]
      : []
  );
  const shell = makeShell(engine);
  const socket = new FakeSocket();
  shell.adopt(socket, "in", "10.0.0.1:1");
  socket.send(new Uint8Array([1, 2]));
  await engine.until(() => types(engine.inputs).includes("received"));
  await shell.stop();
  assertEquals(socket.written, [7]);
  assert(socket.closed);
  assertEquals(types(engine.inputs), ["connected", "received"]);
});

Deno.test("Shell reports the end of a socket after its bytes", async () => {
  const engine = new FakeEngine();
  const shell = makeShell(engine);
  const socket = new FakeSocket();
  shell.adopt(socket, "out", "10.0.0.1:1");
  socket.send(new Uint8Array(3));
  socket.send(null);
  await engine.until(() => types(engine.inputs).includes("disconnected"));
  assertEquals(types(engine.inputs), ["connected", "received", "disconnected"]);
  await shell.stop();
});

Deno.test("Shell dials and tells how it went", async () => {
  const socket = new FakeSocket();
  const ports = fakePorts({
    dial: (address) =>
      Promise.resolve(
        address === "10.0.0.1:1"
          ? { ok: true, socket: socket as unknown as Deno.TcpConn, remote: "10.0.0.7:1" }
          : { ok: false, reason: "nobody" },
      ),
  });
  const engine = new FakeEngine((input) =>
    input.type === "found" ? [{ type: "dial", address: input.address }] : []
  );
  const shell = makeShell(engine, ports);
  shell.found("10.0.0.1:1", "book");
  shell.found("10.0.0.2:1", "book");
  await engine.until(() => engine.inputs.length === 4);
  assertEquals(engine.inputs.slice(2), [
    { type: "dialFailed", address: "10.0.0.2:1", reason: "nobody" },
    {
      type: "connected",
      connection: 1,
      direction: "out",
      address: "10.0.0.1:1",
      remote: "10.0.0.7:1",
    },
  ]);
  await shell.stop();
});

Deno.test("Shell stops reading whoever is ahead of the engine, and reads on", async () => {
  const engine = new FakeEngine();
  const shell = makeShell(engine, fakePorts(), { readAheadBytesMax: 4_096, stepBytesMax: 512 });
  const socket = new FakeSocket();
  shell.adopt(socket, "in", "10.0.0.1:1");
  socket.send(new Uint8Array(100_000));
  await engine.until(() => received(engine) === 100_000);
  for (const step of engine.steps) assert(bytesIn(step) <= 512);
  await shell.stop();
});

Deno.test("Shell reads nothing while notices wait, and reads on when told", async () => {
  let holds = true;
  const engine = new FakeEngine(acknowledge);
  const shell = makeShell(engine, fakePorts({ holds: () => holds }));
  const socket = new FakeSocket();
  shell.adopt(socket, "in", "10.0.0.1:1");
  socket.send(new Uint8Array(10_000));
  await within(shell.command({ type: "join", room: "lobby" }));
  await within(shell.command({ type: "join", room: "lobby" }));
  // The read under way when the notices began to wait is the last one.
  assertEquals(socket.reads, 1);
  assertEquals(shell.mayAccept, false);
  holds = false;
  shell.readOn();
  await engine.until(() => received(engine) === 10_000);
  assertEquals(shell.mayAccept, true);
  await shell.stop();
});

Deno.test("Shell.mayAccept keeps to the limits, counting what the engine has not seen yet", async () => {
  const engine = new FakeEngine();
  const shell = makeShell(engine, fakePorts(), { handshakesMax: 2, connectionsInMax: 10 });
  shell.adopt(new FakeSocket(), "out", "10.0.0.1:1");
  shell.adopt(new FakeSocket(), "in", "10.0.0.2:1");
  assert(shell.mayAccept);
  shell.adopt(new FakeSocket(), "in", "10.0.0.3:1");
  assert(!shell.mayAccept);
  await engine.until(() => engine.inputs.length === 3);
  assert(shell.mayAccept);
  engine.inbound = 10;
  assert(!shell.mayAccept);
  engine.inbound = 9;
  engine.handshakes = 2;
  assert(!shell.mayAccept);
  await shell.stop();
});

Deno.test("Shell wakes the engine at its deadline", async () => {
  const engine = new FakeEngine((input, now) => {
    if (input.type === "found") engine.deadlineMs = now.monoMs + 20;
    if (input.type === "wake" && now.monoMs >= engine.deadlineMs) engine.deadlineMs = Infinity;
    return [];
  });
  const shell = makeShell(engine);
  shell.found("10.0.0.1:1", "test");
  await engine.until(() => engine.deadlineMs === Infinity && engine.steps.length > 1);
  assert(types(engine.inputs).includes("wake"));
  await shell.stop();
});

Deno.test("Shell lets sockets in between steps that take long, and callers that never pause", async () => {
  const engine = new FakeEngine((input) => {
    const endMs = performance.now() + 5;
    while (performance.now() < endMs);
    return acknowledge(input);
  });
  const shell = makeShell(engine);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [other, mine] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  shell.adopt(mine, "in", "127.0.0.1:1");
  await within(shell.command({ type: "join", room: "lobby" }));
  await other.write(new Uint8Array([1]));
  let steps = 0;
  while (received(engine) === 0) {
    // With a plain setImmediate between steps it took 30 to 60 of them.
    assert(++steps < 15, "the socket was not read");
    await shell.command({ type: "join", room: "lobby" });
  }
  other.close();
  await shell.stop();
  listener.close();
});

Deno.test("Shell closes everything when the engine fails, and says so once", async () => {
  const ports = fakePorts();
  const engine = new FakeEngine((input) => {
    if (input.type === "found") throw new Error("a bug");
    return [];
  });
  const shell = makeShell(engine, ports);
  const socket = new FakeSocket();
  shell.adopt(socket, "in", "10.0.0.1:1");
  const answer = shell.command({ type: "join", room: "lobby" });
  shell.found("10.0.0.1:1", "test");
  const error = await assertRejects(() => within(answer), ChatError);
  assertEquals(error.code, "closed");
  assertEquals(ports.lines, ["failed Error: a bug"]);
  assert(socket.closed);
  const late = await assertRejects(() => shell.command({ type: "quit" }), ChatError);
  assertEquals(late.code, "closed");
  await shell.stop();
  assertEquals(ports.lines.length, 1);
});

Deno.test("Shell.stop refuses what waits and closes sockets that come late", async () => {
  const engine = new FakeEngine();
  const shell = makeShell(engine);
  const answer = shell.command({ type: "join", room: "lobby" });
  const refused = assertRejects(() => answer, ChatError);
  await shell.stop();
  await within(refused);
  assertEquals(engine.steps.length, 0);
  const socket = new FakeSocket();
  shell.adopt(socket, "out", "10.0.0.1:1");
  assert(socket.closed);
});
