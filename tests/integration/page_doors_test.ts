/** The page's door over real sockets: who knocks wrongly gets a status and costs next to nothing. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { clientFrame } from "../client_frame.ts";
import { within } from "../within.ts";
import { ephemeral, PeerProcess } from "./peer_process.ts";

/** What all the attacks together may add to the peer's memory. */
const addedBytesMax = 32 * 1024 * 1024;
const silent = 1_000;

/** A real socket to the page. */
class Knock implements Disposable {
  private constructor(private readonly connection: Deno.TcpConn) {}

  static async open(port: number): Promise<Knock> {
    return new Knock(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Writes; nothing happens if the other side has closed. */
  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    for (let sent = 0; sent < bytes.length;) {
      const count = await this.connection.write(bytes.subarray(sent)).catch(() => null);
      if (count === null) return;
      sent += count;
    }
  }

  /** All that comes until the end, or until it contains `mark`. */
  async answer(mark?: string): Promise<string> {
    const buffer = new Uint8Array(16_384);
    let text = "";
    for (;;) {
      const count = await this.connection.read(buffer).catch(() => null);
      if (count === null) return text;
      text += new TextDecoder().decode(buffer.subarray(0, count));
      if (mark !== undefined && text.includes(mark)) return text;
    }
  }

  [Symbol.dispose](): void {
    this.connection.close();
  }
}

function request(link: URL, token: string, headers: Record<string, string> = {}): string {
  const all: Record<string, string> = {
    Host: link.host,
    Origin: `http://${link.host}`,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": `starling.1, token.${token}`,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET /socket HTTP/1.1\r\n${lines.join("")}\r\n`;
}

async function memoryOf(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

async function statusOf(link: URL, text: string): Promise<number> {
  using knock = await Knock.open(Number(link.port));
  await knock.send(text);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await within(knock.answer()))?.[1]);
}

Deno.test("page: wrong requests are refused before anything is upgraded", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  const link = new URL(peer.lines[0]?.web);
  const token = link.hash.slice("#token=".length);
  const cases: readonly (readonly [string, number])[] = [
    [request(link, token, { Host: "localhost" }), 421],
    [request(link, token, { Host: `evil.example:${link.port}` }), 421],
    [request(link, token, { Origin: "http://evil.example" }), 403],
    [request(link, token, { Origin: "null" }), 403],
    [request(link, ""), 401],
    [request(link, token.replace(/^./, (first) => first === "_" ? "-" : "_")), 401],
    [request(link, token).replace("GET", "POST"), 405],
    [request(link, token).replace("/socket", "/deno.json"), 404],
    [`GET / HTTP/1.1\r\nHost: ${link.host}\r\nX: ${"x".repeat(9_000)}\r\n\r\n`, 431],
    ["\x16\x03\x01 hello from TLS\r\n\r\n", 400],
  ];
  for (const [text, status] of cases) assertEquals(await statusOf(link, text), status);
});

Deno.test("page: silent sockets, huge frames and floods of heads add at most 32 MiB", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  const link = new URL(peer.lines[0]?.web);
  const port = Number(link.port);
  const token = link.hash.slice("#token=".length);
  assertEquals(await statusOf(link, `GET /page.js HTTP/1.1\r\nHost: ${link.host}\r\n\r\n`), 200);
  const before = await memoryOf(peer.pid);
  const knocks: Knock[] = [];
  try {
    for (let n = 0; n < silent; n++) {
      const knock = await Knock.open(port);
      knocks.push(knock);
      await knock.send("GET / HTTP/1.1\r\nHost:");
    }
    // Meanwhile a person comes in, and is answered.
    using person = await Knock.open(port);
    await person.send(request(link, token));
    assert((await within(person.answer("\r\n\r\n"))).startsWith("HTTP/1.1 101 "));
    await person.send(clientFrame(JSON.stringify({ ref: 1, type: "hello", v: 1 })));
    await within(person.answer('"resumed":false'));
    // One frame of 64 MiB: refused by what it announces.
    using greedy = await Knock.open(port);
    await greedy.send(request(link, token));
    await within(greedy.answer("\r\n\r\n"));
    await greedy.send(new Uint8Array([0x81, 0xff, 0, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]));
    const block = new Uint8Array(1024 * 1024);
    const sending = (async () => {
      for (let n = 0; n < 64; n++) await greedy.send(block);
    })();
    // The code 1009: too big.
    assert((await within(greedy.answer())).includes("\x03\ufffd"));
    await within(sending);
    const added = await memoryOf(peer.pid) - before;
    console.log(`${(added / 1024 / 1024).toFixed(1)} MiB more`);
    assertLess(added, addedBytesMax);
    await person.send(
      clientFrame(JSON.stringify({ ref: 2, type: "say", room: "lobby", text: "x" })),
    );
    await within(person.answer('"ref":2,"ok":true'));
  } finally {
    for (const knock of knocks) knock[Symbol.dispose]();
  }
});
