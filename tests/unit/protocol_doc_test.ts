/**
 * Keeps PROTOCOL.md true where a machine can tell: every number, code, tag and limit of the
 * code stands in it, and the bytes of its examples are computed anew. Lists that exist only as
 * types are read from the source.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import { signRecord } from "../../wire/address_record.ts";
import { signLinkKey } from "../../wire/identity_binding.ts";
import { type LogId, type PeerId, toId } from "../../wire/ids.ts";
import { wireLimits } from "../../wire/limits_wire.ts";
import { markOf } from "../../wire/mark.ts";
import { BriefReader, BriefWriter } from "../../wire/brief_link.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { postKind, signPost } from "../../wire/post.ts";
import { encodeBody } from "../../wire/post_body.ts";
import { encodePreamble, encodeRefusal } from "../../wire/preamble.ts";
import { signPresence } from "../../wire/presence.ts";
import { publicRoomId } from "../../wire/text.ts";
import { relayed } from "../samples.ts";
import { projectFolder } from "./house_source.ts";

const read = (path: string) => Deno.readTextFileSync(new URL(path, projectFolder));
const protocol = read("PROTOCOL.md");

/** The first group of each match. */
function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1]!);
}

/** A part of the page, from its heading to the next one of that level or above. */
function section(heading: string): string {
  const level = heading.indexOf(" ");
  const start = protocol.indexOf(`\n${heading}\n`);
  assert(start >= 0, `PROTOCOL.md has no "${heading}"`);
  const rest = protocol.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`\n#{1,${level}} `));
  return end < 0 ? rest : rest.slice(0, end);
}

/** The first cells of a table's rows, without backquotes. */
function firstCells(text: string): string[] {
  return all(text, /^\| `?([^|`]+?)`? +\|/gm).filter((cell) => !/^-+$/.test(cell)).slice(1);
}

Deno.test("PROTOCOL.md: every message has its number and its elements", () => {
  const source = read("wire/message_encode.ts");
  const numbers = /const messageNumber = \{([^}]*)\}/.exec(source)![1]!;
  const counts = new Map(
    [
      ...read("wire/message_decode.ts").matchAll(
        /\[messageNumber(?:\.|\[")([\w-]+)(?:"\])?, (\d+)\]/g,
      ),
    ].map(
      (match) => [match[1]!, Number(match[2])],
    ),
  );
  const text = section("## Messages");
  const rules = text.slice(text.indexOf("```cddl"), text.lastIndexOf("```"));
  for (const [, name, number] of numbers.matchAll(/"?([\w-]+)"?: (\d+)/g)) {
    const rule = new RegExp(`^${name} +(= \\[${number}[,\\]][^=]*)`, "m").exec(rules)?.[1];
    assert(rule !== undefined, `no rule for ${name}`);
    assertEquals(elements(rule), counts.get(name!), `elements of ${name}`);
    assert(new RegExp(`^\\| ${number} +\\| \`${name}\` `, "m").test(text), `no row for ${name}`);
  }
  const reasons = /goodbyeReasons: readonly GoodbyeReason\[\] = \[([^\]]*)\]/.exec(source)![1]!;
  for (const [i, reason] of all(reasons, /"(\w+)"/g).entries()) {
    assertStringIncludes(text, `${i} \`${reason}\``);
  }
});

/** How many elements the array of a CDDL rule has. */
function elements(rule: string): number {
  let depth = 0;
  let count = 1;
  for (const character of rule.slice(rule.indexOf("["))) {
    if (character === "[") depth++;
    if (character === "," && depth === 1) count++;
    if (character === "]" && --depth === 0) return count;
  }
  throw new Error(`no end: ${rule}`);
}

Deno.test("PROTOCOL.md: every kind of post has its number", () => {
  const text = section("### Kinds");
  for (const [kind, number] of Object.entries(postKind)) {
    assert(new RegExp(`^\\| ${number} +\\| ${kind} `, "m").test(text), `no row for ${kind}`);
  }
});

Deno.test("PROTOCOL.md: the limits of the wire are listed with their values", () => {
  const text = section("## Limits");
  assertEquals(firstCells(text).sort(), Object.keys(wireLimits).sort());
  for (const [name, value] of Object.entries(wireLimits)) {
    const row = new RegExp(`^\\| \`${name}\` +\\| ${value.toLocaleString("en")} +\\|`, "m");
    assert(row.test(text), `${name} is ${value}`);
  }
});

Deno.test("PROTOCOL.md: the list of error codes is the closed list", () => {
  const codes = all(read("peer/errors.ts"), /^ {2}\| "([\w-]+)"/gm);
  assert(codes.length > 0);
  assertEquals(firstCells(section("### Error codes")), codes);
});

Deno.test("PROTOCOL.md: every code of a notice is named", () => {
  const notices = all(read("peer/notice.ts"), /readonly code: "([\w-]+)"/g);
  const remarks = all(/type RemarkCode =[^;]*/.exec(read("ui/face.ts"))![0], /"([\w-]+)"/g);
  const ndjson = ["ndjson", "ndjson_events", "ndjson_perform"].map((name) => read(`ui/${name}.ts`));
  const said = all(ndjson.join(""), /codeEvent\("([\w-]+)"/g);
  const text = /Codes of `notice`:[^]*?\n\n/.exec(protocol)![0];
  const named = all(text, /`([\w-]+)`/g).filter((code) => code !== "notice");
  assertEquals(named.sort(), [...new Set([...notices, ...remarks, ...said])].sort());
});

Deno.test("PROTOCOL.md: every domain tag is named", () => {
  const sources = [
    "post",
    "presence",
    "address_record",
    "identity_binding",
    "text",
    "sealed",
    "owned_room",
    "redemption",
  ].map((
    name,
  ) => read(`wire/${name}.ts`));
  const tags = all(sources.join(""), /(starling\/1 [\w ]+)\\0/g);
  assertEquals(tags.length, 13);
  for (const tag of tags) assertStringIncludes(protocol, tag);
});

Deno.test("PROTOCOL.md: the worked bytes are right", () => {
  const crypto = nodeCrypto();
  const hex = (bytes: Uint8Array) => bytes.toHex();
  const text = section("## Worked bytes").replace(/\n(?=[0-9a-f])/g, "");
  const [secret = "", , , , linkKey = ""] = all(text, /`([0-9a-f]{24,})`/g);
  const secretKey = Uint8Array.fromHex(secret);
  const publicKey = crypto.ed25519PublicKey(secretKey);
  const author = toId<PeerId>(publicKey);
  const room = publicRoomId("lobby", crypto);
  const log = "0102030405060708" as LogId;
  const ms = 1_795_132_800_000;
  const versions = { lowest: 1, highest: 1 };
  const place = { room, author, log, seq: 1, previous: null, time: { ms, counter: 0 }, heads: [] };
  const body = encodeBody({ kind: "text", text: "hello", reply: null });
  const post = signPost({ ...body, ...place }, secretKey, crypto);
  const word = { room, author, state: "here", name: "ann", reason: "" } as const;
  const presence = signPresence({ ...word, time: { ms, counter: 1 } }, secretKey, crypto);
  const addresses = ["192.0.2.1:9797"];
  const record = signRecord({ author, timeMs: ms, port: 9797, addresses }, secretKey, crypto);
  const envelope = { signed: record.signed, signature: record.signature };
  const observed = "192.0.2.7:40000";
  const entries = [{ author, log, top: 1, topId: post.id, above: [[3, 5]] as const }];
  const next = { ...place, seq: 2, previous: post.id, time: { ms: ms + 1_000, counter: 0 } };
  const second = signPost({ ...body, ...next, heads: [post.id] }, secretKey, crypto);
  const writer = new BriefWriter();
  const brief = [post, second].map((each) =>
    writer.write({ post: each, hops: 1, wide: false }, new BriefReader())
  );
  const worked = [
    author,
    hex(encodePreamble(versions)),
    hex(encodeRefusal(versions)),
    hex(signLinkKey(secretKey, Uint8Array.fromHex(linkKey), crypto)),
    room,
    hex(post.signed),
    hex(post.signature),
    post.id,
    hex(presence.signed),
    hex(presence.signature),
    hex(record.signed),
    hex(record.signature),
    hex(encodeMessage({ type: "hello", wallMs: ms, record: envelope, observed })),
    hex(encodeMessage({ type: "join", room })),
    hex(encodeMessage({ type: "frontier", room, entries, last: true })),
    hex(encodeMessage({ type: "neighbour", room, others: 3 })),
    hex(encodeMessage({ type: "ihave", room, marks: [markOf(post.id)] })),
    hex(encodeMessage({ type: "posts", room, posts: [relayed(post, 3, true)] })),
    hex(second.signed),
    hex(encodeMessage({ type: "brief", anew: false, posts: brief })),
  ];

  for (const bytes of worked) assertStringIncludes(text, bytes);
});
