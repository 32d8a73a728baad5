import { assert, assertEquals } from "@std/assert";
import { type Gate, judge, type Verdict } from "../../io/web/gate.ts";
import { headEnd, parseHead, type RequestHead } from "../../io/web/http_head.ts";
import { PageToken } from "../../io/web/page_token.ts";

const token = new PageToken();
const gate: Gate = {
  port: 9780,
  matches: (candidate) => token.matches(candidate),
  has: (target) => ["/", "/page.js"].includes(target),
  mayUpgrade: true,
};

/** A head with the headers that have a value. */
function head(
  method: string,
  target: string,
  headers: Readonly<Record<string, string | null>>,
): RequestHead {
  const given = Object.entries(headers).filter((each): each is [string, string] =>
    each[1] !== null
  );
  return { method, target, headers: new Map(given) };
}

const upgrade = {
  connection: "keep-alive, Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** What must come of a request, by the order of the checks. */
function expected(
  host: string | null,
  origin: string | null,
  given: string | null,
  method: string,
  target: string,
): Verdict {
  const refuse = (status: Extract<Verdict, { type: "refuse" }>["status"]): Verdict => ({
    type: "refuse",
    status,
  });
  if (host !== "127.0.0.1:9780") return refuse(421);
  const isOurs = origin === "http://127.0.0.1:9780";
  if (target === "/socket") {
    if (!isOurs) return refuse(403);
    if (given !== token.text) return refuse(401);
    return method === "GET" ? { type: "socket", key: upgrade["sec-websocket-key"] } : refuse(405);
  }
  if (origin !== null && !isOurs) return refuse(403);
  if (target !== "/" && target !== "/page.js") return refuse(404);
  return method === "GET" ? { type: "file", target } : refuse(405);
}

Deno.test("judge() lets in exactly our own page, of the whole table of requests", () => {
  const hosts = [
    ...["127.0.0.1:9780", null, "", "localhost:9780", "127.0.0.1", "127.0.0.1:9781"],
    ...["evil.example:9780", "127.0.0.1:9780.evil.example", "[::1]:9780", "127.0.0.1:09780"],
  ];
  const origins = [
    ...["http://127.0.0.1:9780", null, "null", "", "http://localhost:9780"],
    ...["https://127.0.0.1:9780", "http://evil.example", "http://127.0.0.1:9780.evil.example"],
    ...["http://127.0.0.1", "HTTP://127.0.0.1:9780", "http://127.0.0.1:9780/"],
  ];
  const tokens = [
    token.text,
    null,
    "",
    new PageToken().text,
    token.text.slice(1),
    `${token.text}A`,
  ];
  const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE"];
  const targets = ["/socket", "/", "/page.js", "/page.js?x", "/../mod.ts", "//", "/socket/"];
  let count = 0;
  let entered = 0;
  for (const host of hosts) {
    for (const origin of origins) {
      for (const given of tokens) {
        for (const method of methods) {
          for (const target of targets) {
            const protocol = given === null ? "starling.1" : `starling.1, token.${given}`;
            const request = head(method, target, {
              host,
              origin,
              "sec-websocket-protocol": protocol,
              ...upgrade,
            });
            const verdict = judge(request, gate);
            const words = JSON.stringify([host, origin, given, method, target]);
            assertEquals(verdict, expected(host, origin, given, method, target), words);
            if (verdict.type === "socket") entered++;
            count++;
          }
        }
      }
    }
  }
  assertEquals([count, entered], [10 * 11 * 6 * 8 * 7, 1]);
});

Deno.test("judge() wants a whole upgrade, of this version, without a body, and a free place", () => {
  const right = {
    host: "127.0.0.1:9780",
    origin: "http://127.0.0.1:9780",
    "sec-websocket-protocol": `starling.1, token.${token.text}`,
    ...upgrade,
  };
  const status = (headers: Readonly<Record<string, string | null>>, more: Partial<Gate> = {}) => {
    const verdict = judge(head("GET", "/socket", { ...right, ...headers }), { ...gate, ...more });
    return verdict.type === "refuse" ? verdict.status : verdict.type;
  };
  assertEquals(status({}), "socket");
  assertEquals(status({}, { mayUpgrade: false }), 503);
  assertEquals(status({ connection: "keep-alive" }), 426);
  assertEquals(status({ upgrade: "h2c" }), 426);
  assertEquals(status({ "sec-websocket-version": "8" }), 426);
  assertEquals(status({ "sec-websocket-key": "short" }), 400);
  assertEquals(status({ "sec-websocket-protocol": `starling.2, token.${token.text}` }), 426);
  assertEquals(status({ "content-length": "5" }), 413);
  assertEquals(status({ "transfer-encoding": "chunked" }), 413);
  const file = head("GET", "/", { host: right.host, "content-length": "64000000" });
  assertEquals(judge(file, gate), { type: "refuse", status: 413 });
});

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("parseHead() reads what browsers send", () => {
  const request = parseHead(bytes("GET /page.js?a=%20b HTTP/1.1\r\nHost:  x:1 \r\nX-y: \r\n\r\n"));
  assertEquals(request, {
    method: "GET",
    target: "/page.js?a=%20b",
    headers: new Map([["host", "x:1"], ["x-y", ""]]),
  });
});

Deno.test("parseHead() refuses whatever could be understood in two ways", () => {
  const lines = [
    ...["GET / HTTP/1.0\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "get / HTTP/1.1\r\n\r\n"],
    ...["GET http://x/ HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\nHost: x\r\n\r\n"],
    ...["GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
    ...["GET / HTTP/1.1\r\nOrigin: a\r\norigin: a\r\n\r\n"],
    ...["GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\n folded\r\n\r\n"],
    ...["GET / HTTP/1.1\r\nHost\r\n\r\n", "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n"],
    ...["GET / HTTP/1.1\r\nX: é\r\n\r\n", "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n"],
    "\r\n\r\n",
  ];
  for (const line of lines) assertEquals(parseHead(bytes(line)), null, JSON.stringify(line));
});

Deno.test("headEnd() finds the end of a head in any portion", () => {
  const text = "GET / HTTP/1.1\r\nHost: x\r\n\r\nrest";
  const end = text.indexOf("rest");
  for (let length = 0; length <= text.length; length++) {
    assertEquals(headEnd(bytes(text.slice(0, length))), length < end ? -1 : end, String(length));
  }
});

Deno.test("PageToken has 256 bits and matches itself alone", () => {
  assertEquals(token.text.length, 43);
  assert(token.matches(token.text));
  for (const other of ["", token.text.slice(0, -1), token.text.toUpperCase(), `${token.text} `]) {
    assert(!token.matches(other));
  }
  assert(new Set(Array.from({ length: 100 }, () => new PageToken().text)).size === 100);
});
