/**
 * The page's server: one listening socket on 127.0.0.1, the page's files, and WebSockets.
 *
 * It reads requests itself, because the runtime's own server holds half-sent heads for long,
 * has no limit on how many, takes messages of 64 MiB, and upgrades before one can look (all
 * measured). Each connection carries one request: a browser asks for four files and is done.
 */

import { createHash } from "node:crypto";
import { ChatError } from "../../peer/errors.ts";
import { Listener } from "../listener.ts";
import { judge, pageProtocol } from "./gate.ts";
import { answerHead, headEnd, parseHead, type Status, statusLine } from "./http_head.ts";
import type { PageLimits } from "./page_limits.ts";
import { type PageReader, PageSocket, type Stream } from "./page_socket.ts";
import type { PageToken } from "./page_token.ts";

/** A file of the page. */
export interface PageFile {
  /** With its character set. */
  readonly type: string;
  readonly text: string;
}

/** Port of the page if none was asked for, or the next free one. */
const defaultPort = 9780;
const defaultPortsTried = 100;

/** What a page server needs. */
export interface PageServing {
  readonly token: PageToken;
  /** By target, as in `/page.js`. */
  readonly files: ReadonlyMap<string, PageFile>;
  readonly limits: PageLimits;
  /** Somebody with the token has opened the page. */
  readonly opened: (socket: PageSocket) => PageReader;
  /** Takes lines of diagnostics. */
  readonly log: (line: string) => void;
}

/** A connection that is no WebSocket yet. */
export interface Guest extends Stream {
  /** Ends our half, so that an answer arrives before the connection is gone. */
  closeWrite(): Promise<void>;
}

/** The server; made open or closed, so that a test can give it connections of its own. */
export class PageServer {
  readonly #serving: PageServing;
  #listener: Listener | null = null;
  #port = 0;
  #sockets = new Set<PageSocket>();
  /** Those that are no WebSocket, oldest first. */
  readonly #guests = new Set<Guest>();
  #connections = 0;

  /** @param serving What it serves. */
  constructor(serving: PageServing) {
    this.#serving = serving;
  }

  /**
   * Listens.
   *
   * @param port `null` for the default one or the next free; 0 for any.
   * @throws {ChatError} `port-taken` or `bad-port`.
   */
  listen(port: number | null): void {
    const first = port ?? defaultPort;
    const last = port === null ? first + defaultPortsTried - 1 : first;
    const listener = openListener(first, last, {
      mayAccept: () => true,
      accepted: (connection) => this.#accept(connection),
      troubled: (reason) => this.#serving.log(`page: cannot accept: ${reason}`),
    });
    this.#listener = listener;
    this.#port = listener.port;
  }

  /** Where it listens; 0 before that. */
  get port(): number {
    return this.#port;
  }

  /** What opens the page. The token stands where no request carries it. */
  get link(): string {
    return `http://127.0.0.1:${this.#port}/#token=${this.#serving.token.text}`;
  }

  /** Connections that it holds, WebSockets included. */
  get connections(): number {
    return this.#connections;
  }

  /** Closes all connections and listens no more. */
  async close(): Promise<void> {
    this.#listener?.close();
    await this.#listener?.closed;
    for (const guest of this.#guests) shut(guest);
    for (const socket of this.#sockets) socket.close(1001, "stopped");
  }

  #accept(connection: Deno.TcpConn): void {
    this.serve(connection, this.#port).catch((error) => {
      this.#serving.log(`page: ${error instanceof Error ? error.stack : error}`);
    });
  }

  /**
   * Serves one connection to its end.
   *
   * @param guest Just accepted.
   * @param port Where.
   */
  async serve(guest: Guest, port: number): Promise<void> {
    const { limits } = this.#serving;
    this.#connections++;
    this.#guests.add(guest);
    if (this.#guests.size > limits.connectionsMax) {
      const [oldest] = this.#guests;
      this.#guests.delete(oldest!);
      shut(oldest!);
    }
    try {
      const head = await this.#readHead(guest);
      if (head === null) return;
      if (typeof head === "number") return await this.#refuse(guest, head);
      await this.#answer(guest, head.bytes, head.rest, port);
    } finally {
      this.#guests.delete(guest);
      this.#connections--;
      shut(guest);
    }
  }

  /** The head and what came behind it, a status to refuse with, or `null` if nobody is there. */
  async #readHead(
    guest: Guest,
  ): Promise<{ readonly bytes: Uint8Array; readonly rest: Uint8Array } | Status | null> {
    const { headBytesMax, headMs } = this.#serving.limits;
    const bytes = new Uint8Array(headBytesMax);
    let length = 0;
    const late = deadline(headMs);
    try {
      for (;;) {
        const read = guest.read(bytes.subarray(length)).catch(() => null);
        const count = await Promise.race([read, late.passed]);
        if (count === "late") return length === 0 ? null : 408;
        if (count === null) return null;
        const end = headEnd(bytes.subarray(0, length += count));
        if (end >= 0) return { bytes: bytes.subarray(0, end), rest: bytes.slice(end, length) };
        if (length === headBytesMax) return 431;
      }
    } finally {
      late.cancel();
    }
  }

  async #answer(guest: Guest, head: Uint8Array, rest: Uint8Array, port: number): Promise<void> {
    const { token, files, limits } = this.#serving;
    const request = parseHead(head);
    if (request === null) return await this.#refuse(guest, 400);
    const verdict = judge(request, {
      port,
      matches: (candidate) => token.matches(candidate),
      has: (target) => files.has(target),
      mayUpgrade: this.#sockets.size < limits.socketsMax,
    });
    switch (verdict.type) {
      case "refuse":
        return await this.#refuse(guest, verdict.status);
      case "file": {
        const { type, text } = files.get(verdict.target)!;
        return await this.#send(guest, 200, type, text, port);
      }
      case "socket":
        return await this.#upgrade(guest, verdict.key, rest);
    }
  }

  async #refuse(guest: Guest, status: Status): Promise<void> {
    await this.#send(guest, status, "text/plain; charset=utf-8", `${statusLine(status)}\n`, null);
  }

  async #send(
    guest: Guest,
    status: Status,
    type: string,
    text: string,
    port: number | null,
  ): Promise<void> {
    const body = new TextEncoder().encode(text);
    const head = answerHead(status, {
      "Content-Type": type,
      "Content-Length": String(body.length),
      ...status === 405 ? { Allow: "GET" } : {},
      ...safetyHeaders(port),
    });
    const late = deadline(this.#serving.limits.answerMs);
    try {
      await Promise.race([finish(guest, head, body), late.passed]);
    } finally {
      late.cancel();
    }
  }

  async #upgrade(guest: Guest, key: string, rest: Uint8Array): Promise<void> {
    const head = answerHead(101, {
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Accept": acceptKey(key),
      "Sec-WebSocket-Protocol": pageProtocol,
    });
    const socket = new PageSocket(guest, this.#serving.limits);
    this.#guests.delete(guest);
    this.#sockets.add(socket);
    try {
      await writeAll(guest, head);
      await socket.run(this.#serving.opened(socket), rest);
    } finally {
      this.#sockets.delete(socket);
    }
  }
}

/** RFC 6455, section 4.2.2, step 5.4. */
function acceptKey(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/**
 * What a browser is told with each answer: run nothing but our own files, show this page in no
 * other, keep nothing, guess nothing, tell nobody.
 */
function safetyHeaders(port: number | null): Record<string, string> {
  const connect = port === null ? "" : `connect-src 'self' ws://127.0.0.1:${port}; `;
  return {
    "Content-Security-Policy": `default-src 'none'; ${connect}script-src 'self'; ` +
      `style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; ` +
      `frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Connection": "close",
  };
}

/** Writes an answer, ends our half and lets the other side end its own. */
async function finish(guest: Guest, head: Uint8Array, body: Uint8Array): Promise<void> {
  try {
    await writeAll(guest, head);
    await writeAll(guest, body);
    await guest.closeWrite();
    // Closed with bytes unread, the connection would be reset and the answer lost.
    const buffer = new Uint8Array(1024);
    for (let left = 64; left > 0 && await guest.read(buffer) !== null;) left--;
  } catch {
    // The browser has gone before.
  }
}

async function writeAll(stream: Stream, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await stream.write(bytes.subarray(written));
  }
}

function shut(stream: Stream): void {
  try {
    stream.close();
  } catch {
    // It was closed already.
  }
}

function deadline(ms: number): { readonly passed: Promise<"late">; readonly cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<"late">((resolve) => timer = setTimeout(() => resolve("late"), ms));
  return { passed, cancel: () => clearTimeout(timer) };
}

function openListener(
  first: number,
  last: number,
  events: Parameters<typeof Listener.open>[1],
): Listener {
  for (let port = first; port <= last; port++) {
    try {
      return Listener.open({ host: "127.0.0.1", port }, events);
    } catch (error) {
      if (!(error instanceof ChatError && error.code === "port-taken")) throw error;
    }
  }
  throw new ChatError(
    "port-taken",
    first === last
      ? `Cannot serve the page on port ${first}: it is taken by another program; ` +
        `choose another with --web=PORT, or 0 for any`
      : `Cannot serve the page: ports ${first} to ${last} are all taken; ` +
        `choose one with --web=PORT, or 0 for any`,
  );
}
