/** Bare sockets for tests: strangers that speak something else, say nothing, or are proxies. */

import { deadlineMs, within } from "../within.ts";

/** Splits `host:port` for `Deno.connect`. */
function parts(address: string): { hostname: string; port: number } {
  const [hostname = "", port = ""] = address.split(":");
  return { hostname, port: Number(port) };
}

/** Opens a socket to `host:port`. */
export async function connect(address: string): Promise<Deno.TcpConn> {
  const conn = await Deno.connect(parts(address));
  conn.setNoDelay(true);
  return conn;
}

/** Writes all bytes; nothing happens if the other side has gone. */
export async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length;) {
    offset += await conn.write(bytes.subarray(offset)).catch(() => bytes.length);
  }
}

/** All that comes until the other side closes; a reset counts as a close. */
export async function readToEnd(
  conn: Deno.TcpConn,
  withinMs: number = deadlineMs,
): Promise<Uint8Array> {
  const read = async () => {
    const bytes: number[] = [];
    const buffer = new Uint8Array(65_536);
    for (;;) {
      const count = await conn.read(buffer).catch(() => null);
      if (count === null) return Uint8Array.from(bytes);
      bytes.push(...buffer.subarray(0, count));
    }
  };
  return await within(read(), withinMs);
}

/** Opens a socket, says something, and gives all that is answered before it is closed. */
export async function converse(
  address: string,
  greeting: Uint8Array | string,
  withinMs: number = deadlineMs,
): Promise<Uint8Array> {
  using conn = await connect(address);
  await writeAll(
    conn,
    typeof greeting === "string" ? new TextEncoder().encode(greeting) : greeting,
  );
  return await readToEnd(conn, withinMs);
}

/** Something that listens and does one thing with each socket. */
export class FakeServer implements AsyncDisposable {
  readonly address: string;
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #jobs = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;
  /** How many sockets came. */
  accepted = 0;

  /**
   * @param serve Is given each socket, which is closed when it resolves.
   * @param port Where on loopback; 0 for any.
   */
  constructor(serve: (conn: Deno.TcpConn) => Promise<void>, port = 0) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.address = `127.0.0.1:${this.#listener.addr.port}`;
    this.#accepting = this.#acceptAll(serve);
  }

  async #acceptAll(serve: (conn: Deno.TcpConn) => Promise<void>): Promise<void> {
    for (;;) {
      const conn = await this.#listener.accept().catch(() => null);
      if (conn === null) return;
      this.accepted++;
      conn.setNoDelay(true);
      this.#open.add(conn);
      const job = serve(conn).catch(() => {}).finally(() => {
        this.#open.delete(conn);
        close(conn);
      });
      this.#jobs.add(job);
    }
  }

  /** Closes all open sockets and goes on listening. */
  cut(): void {
    for (const conn of this.#open) close(conn);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#accepting;
    await Promise.all(this.#jobs);
  }
}

/** Closes a socket, once more or not. */
export function close(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // It is closed already, which is all that is wanted.
  }
}

/** A server that passes everything on to `address`, changed by `carry`. */
export function proxyTo(
  address: string,
  carry: (bytes: Uint8Array, to: Deno.TcpConn) => Promise<void>,
): FakeServer {
  return new FakeServer(async (near) => {
    const far = await connect(address);
    const pump = async (from: Deno.TcpConn, to: Deno.TcpConn) => {
      const buffer = new Uint8Array(65_536);
      for (let count; (count = await from.read(buffer).catch(() => null)) !== null;) {
        await carry(buffer.slice(0, count), to);
      }
      close(from);
      close(to);
    };
    await Promise.allSettled([pump(near, far), pump(far, near)]);
  });
}
