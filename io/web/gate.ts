/**
 * Who gets in: from the head of a request to a verdict. Pure.
 *
 * A browser lets any page of the internet send requests to this port, names it rebinds
 * included; what tells them apart is what such a page cannot forge. `Host` must be exactly
 * ours (a rebound name is another host), `Origin` too where there is one, and the WebSocket,
 * which alone gives and takes anything of the person, needs the token. All before the upgrade.
 */

import type { RequestHead, Status } from "./http_head.ts";

/** The sub-protocol, with the version that page and peer must share. */
export const pageProtocol = "starling.1";

/** Where the WebSocket is. */
const socketTarget = "/socket";

/** In front of the token among the sub-protocols. */
const tokenPrefix = "token.";

/** What to do with a request. */
export type Verdict =
  | { readonly type: "refuse"; readonly status: Status }
  /** The file at this target. */
  | { readonly type: "file"; readonly target: string }
  /** `key`: the client's nonce, for the answer. */
  | { readonly type: "socket"; readonly key: string };

/** What the gate knows. */
export interface Gate {
  /** The port it listens on. */
  readonly port: number;
  /** Whether this is the token. */
  matches(candidate: string): boolean;
  /** Whether there is a file at a target. */
  has(target: string): boolean;
  /** Whether one more WebSocket is welcome. */
  readonly mayUpgrade: boolean;
}

/** Decides about a request. */
export function judge({ method, target, headers }: RequestHead, gate: Gate): Verdict {
  const refuse = (status: Status): Verdict => ({ type: "refuse", status });
  const host = `127.0.0.1:${gate.port}`;
  if (headers.get("host") !== host) return refuse(421);
  const origin = headers.get("origin");
  const isSocket = target === socketTarget;
  // A browser gives the origin with every upgrade, and leaves it out when it opens a page.
  if (origin === undefined ? isSocket : origin !== `http://${host}`) return refuse(403);
  if (isSocket) {
    const protocols = (headers.get("sec-websocket-protocol") ?? "").split(",")
      .map((each) => each.trim());
    const token = protocols.find((each) => each.startsWith(tokenPrefix)) ?? tokenPrefix;
    if (!gate.matches(token.slice(tokenPrefix.length))) return refuse(401);
    if (method !== "GET") return refuse(405);
    if (hasBody(headers)) return refuse(413);
    return upgrade(headers, protocols, gate);
  }
  if (!gate.has(target)) return refuse(404);
  if (method !== "GET") return refuse(405);
  if (hasBody(headers)) return refuse(413);
  return { type: "file", target };
}

function hasBody(headers: ReadonlyMap<string, string>): boolean {
  return headers.has("transfer-encoding") || (headers.get("content-length") ?? "0") !== "0";
}

/** The rest of RFC 6455, section 4.2.1. */
function upgrade(
  headers: ReadonlyMap<string, string>,
  protocols: readonly string[],
  gate: Gate,
): Verdict {
  const key = headers.get("sec-websocket-key") ?? "";
  const wants = (headers.get("connection") ?? "").toLowerCase().split(/,\s*/);
  const isUpgrade = headers.get("upgrade")?.toLowerCase() === "websocket" &&
    wants.includes("upgrade") && headers.get("sec-websocket-version") === "13";
  if (!isUpgrade) return { type: "refuse", status: 426 };
  if (!/^[A-Za-z0-9+/]{22}==$/.test(key)) return { type: "refuse", status: 400 };
  // A page of another version would not understand us, nor we it.
  if (!protocols.includes(pageProtocol)) return { type: "refuse", status: 426 };
  return gate.mayUpgrade ? { type: "socket", key } : { type: "refuse", status: 503 };
}
