import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type PageLimits, pageLimits } from "../../io/web/page_limits.ts";
import { type Guest, PageServer } from "../../io/web/page_server.ts";
import type { PageReader, PageSocket } from "../../io/web/page_socket.ts";
import { PageToken } from "../../io/web/page_token.ts";
import { clientFrame } from "../client_frame.ts";
import { within } from "../within.ts";

const port = 9780;

/** A connection without a network: a test writes the one side and reads the other. */
class FakeGuest implements Guest {
  closed = false;
  /** While false, `write` takes nothing. */
  takes = true;
  readonly #input: Uint8Array[] = [];
  #ended = false;
  #wake: (() => void) | null = null;
  readonly #output: number[] = [];

  send(text: string | Uint8Array): void {
    this.#input.push(typeof text === "string" ? new TextEncoder().encode(text) : text);
    this.#wake?.();
  }

  /** The other side closes its half. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    for (;;) {
      if (this.closed) throw new Deno.errors.BadResource("closed");
      const next = this.#input.shift();
      if (next !== undefined) {
        const part = next.subarray(0, buffer.length);
        buffer.set(part);
        if (part.length < next.length) this.#input.unshift(next.subarray(part.length));
        return part.length;
      }
      if (this.#ended) return null;
      const waiting = Promise.withResolvers<void>();
      this.#wake = waiting.resolve;
      await waiting.promise;
    }
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.closed) return Promise.reject(new Deno.errors.BrokenPipe("closed"));
    if (!this.takes) return new Promise(() => {});
    this.#output.push(...bytes);
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
    this.#wake?.();
  }

  /** All that came out. */
  get output(): string {
    return new TextDecoder().decode(new Uint8Array(this.#output));
  }
}

interface Stage {
  readonly server: PageServer;
  readonly token: PageToken;
  readonly sockets: PageSocket[];
  readonly texts: string[];
}

function stage(
  limits: Partial<PageLimits> = {},
  take: (text: string) => Promise<void> | undefined = () => undefined,
): Stage {
  const token = new PageToken();
  const sockets: PageSocket[] = [];
  const texts: string[] = [];
  const opened = (socket: PageSocket): PageReader => {
    sockets.push(socket);
    return {
      text: (text) => {
        texts.push(text);
        return take(text);
      },
      gone: () => sockets.splice(sockets.indexOf(socket), 1),
    };
  };
  const files = new Map([["/", { type: "text/html; charset=utf-8", text: "<p>page" }]]);
  const serving = { token, files, limits: { ...pageLimits, ...limits }, opened, log: () => {} };
  return { server: new PageServer(serving), token, sockets, texts };
}

function upgradeHead(token: string): string {
  return [
    "GET /socket HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    `Origin: http://127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    `Sec-WebSocket-Protocol: starling.1, token.${token}`,
    "",
    "",
  ].join("\r\n");
}

const pageHead = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
const statusOf = (guest: FakeGuest) => Number(/^HTTP\/1\.1 (\d+) /.exec(guest.output)?.[1]);

Deno.test("PageServer gives a file with every header that keeps the page to itself", async () => {
  const { server } = stage();
  const guest = new FakeGuest();
  guest.send(pageHead);
  await within(server.serve(guest, port));
  const [head = "", body] = guest.output.split("\r\n\r\n");
  assertEquals([statusOf(guest), body, guest.closed, server.connections], [
    200,
    "<p>page",
    true,
    0,
  ]);
  const policy = /^Content-Security-Policy: (.*)$/m.exec(head)?.[1]?.trim() ?? "";
  assertEquals(
    policy,
    "default-src 'none'; connect-src 'self' ws://127.0.0.1:9780; script-src 'self'; " +
      "style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
  for (
    const line of [
      "X-Content-Type-Options: nosniff",
      "X-Frame-Options: DENY",
      "Referrer-Policy: no-referrer",
      "Cache-Control: no-store",
      "Cross-Origin-Resource-Policy: same-origin",
      "Cross-Origin-Opener-Policy: same-origin",
    ]
  ) assertStringIncludes(head, line);
  assert(!/unsafe|\*/.test(policy));
});

Deno.test("PageServer answers a wrong request with its status and nothing else", async () => {
  const cases: readonly (readonly [string, number])[] = [
    ["GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421],
    [`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: null\r\n\r\n`, 403],
    [upgradeHead("wrong"), 401],
    [`GET /x HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`, 404],
    [`POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 9\r\n\r\n`, 405],
    [`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 9\r\n\r\n`, 413],
    ["nonsense\r\n\r\n", 400],
    [`GET / HTTP/1.1\r\nX: ${"x".repeat(9_000)}`, 431],
  ];
  for (const [request, status] of cases) {
    const { server, token } = stage();
    const guest = new FakeGuest();
    guest.send(request);
    await within(server.serve(guest, port));
    assertEquals(statusOf(guest), status, request.slice(0, 60));
    assert(!guest.output.includes(token.text) && !guest.output.includes("<p>page"));
  }
});

Deno.test("PageServer waits for a head no longer than it may, and not at all for a silent one", async () => {
  const { server } = stage({ headMs: 20 });
  const slow = new FakeGuest();
  slow.send("GET / HTTP/1.1\r\nHost:");
  await within(server.serve(slow, port));
  assertEquals([statusOf(slow), slow.closed], [408, true]);
  const silent = new FakeGuest();
  await within(server.serve(silent, port));
  assertEquals([silent.output, silent.closed, server.connections], ["", true, 0]);
});

Deno.test("PageServer: 1,000 silent connections cost a bounded number and keep nobody out", async () => {
  const { server, token, sockets } = stage({ headMs: 600_000 });
  const silent = Array.from({ length: 1_000 }, () => new FakeGuest());
  const served = silent.map((guest) => server.serve(guest, port));
  const guest = new FakeGuest();
  guest.send(pageHead);
  await within(server.serve(guest, port));
  assertEquals(statusOf(guest), 200);
  const left = silent.filter(({ closed }) => !closed);
  assert(left.length <= pageLimits.connectionsMax, String(left.length));
  const person = new FakeGuest();
  person.send(upgradeHead(token.text));
  const running = server.serve(person, port);
  person.send(clientFrame("hello"));
  await within(waitFor(() => sockets.length === 1));
  for (const each of [...left, person]) each.close();
  await within(Promise.all([...served, running]));
  assertEquals(server.connections, 0);
});

Deno.test("PageServer: who takes no answer is let go in time", async () => {
  const { server } = stage({ answerMs: 20 });
  const guest = new FakeGuest();
  guest.takes = false;
  guest.send(pageHead);
  await within(server.serve(guest, port));
  assert(guest.closed);
});

Deno.test("PageServer upgrades with the token, reads one message after the other, and closes", async () => {
  const gate = Promise.withResolvers<void>();
  const { server, token, sockets, texts } = stage({}, () => gate.promise);
  const guest = new FakeGuest();
  guest.send(upgradeHead(token.text));
  const running = server.serve(guest, port);
  guest.send(clientFrame("one"));
  guest.send(clientFrame("two"));
  await within(waitFor(() => texts.length === 1));
  assertStringIncludes(guest.output, "HTTP/1.1 101 ");
  assertStringIncludes(guest.output, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
  assertStringIncludes(guest.output, "Sec-WebSocket-Protocol: starling.1\r\n");
  assert(!guest.output.includes(token.text));
  assertEquals(texts, ["one"], "the next waits until the first is taken");
  gate.resolve();
  await within(waitFor(() => texts.length === 2));
  sockets[0]!.send("answer");
  guest.send(clientFrame("", { opcode: 8 }));
  await within(running);
  assertStringIncludes(guest.output, "answer");
  assertEquals([guest.closed, sockets.length, server.connections], [true, 0, 0]);
});

Deno.test("PageServer lets in no more pages than it may", async () => {
  const { server, token } = stage({ socketsMax: 2 });
  const open = [new FakeGuest(), new FakeGuest(), new FakeGuest()];
  const running = open.map((guest) => {
    guest.send(upgradeHead(token.text));
    return server.serve(guest, port);
  });
  await within(running[2]!);
  assertEquals(open.map(statusOf), [101, 101, 503]);
  await server.close();
  for (const guest of open) guest.end();
  await within(Promise.all(running));
});

Deno.test("PageServer cuts a page that sends too much, takes too little, or gives no sign", async () => {
  const tooMuch = stage({ messageBytesMax: 100 });
  const big = new FakeGuest();
  big.send(upgradeHead(tooMuch.token.text));
  const bigRun = tooMuch.server.serve(big, port);
  big.send(clientFrame("x".repeat(101)));
  await within(bigRun);
  assertEquals([tooMuch.texts, big.closed], [[], true]);

  const tooLittle = stage({ queuedBytesMax: 1_000 });
  const slow = new FakeGuest();
  slow.send(upgradeHead(tooLittle.token.text));
  const slowRun = tooLittle.server.serve(slow, port);
  slow.send(clientFrame("hello"));
  await within(waitFor(() => tooLittle.texts.length === 1));
  slow.takes = false;
  for (let n = 0; n < 3; n++) tooLittle.sockets[0]?.send("x".repeat(500));
  await within(slowRun);
  assert(slow.closed);

  const silent = stage({ pingMs: 5, deadMs: 20 });
  const dead = new FakeGuest();
  dead.send(upgradeHead(silent.token.text));
  await within(silent.server.serve(dead, port));
  assert(dead.closed);
});

/** Resolves when something holds that the turns of the loop bring about. */
async function waitFor(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise<void>((resolve) => setImmediate(resolve));
}
