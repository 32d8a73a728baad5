/**
 * The NDJSON interface, inwards: from a line to a typed command, or to the reason why it is
 * none. Pure. Unknown fields are ignored, so that a later version may add some.
 */

import { ChatError, type ErrorCode } from "../peer/errors.ts";
import { directRoom } from "../peer/letter.ts";
import { parseId, type PeerId, type PostId } from "../wire/ids.ts";
import { defaultLimits } from "../wire/limits.ts";
import type { Catalogue } from "./catalogue.ts";
import { nearest } from "./nearest.ts";
import { Refusal } from "./refusal.ts";
import { screenLimits } from "./screen_limits.ts";

/** A command of a program. */
export type JsonCommand =
  | {
    readonly type: "say";
    readonly room: string;
    readonly text: string;
    readonly reply: PostId | null;
  }
  | { readonly type: "join" | "part" | "who" | "invites"; readonly room: string }
  | {
    readonly type: "invite";
    readonly room: string;
    /** `null`: any number. */
    readonly count: number | null;
    /** In milliseconds since 1970; `null`: for ever; not given: for a week. */
    readonly expires: number | null | undefined;
  }
  | { readonly type: "revoke"; readonly room: string; readonly id: PostId }
  /** `address`: or an invite. */
  | { readonly type: "connect"; readonly address: string }
  /** `target`: the field `address` or `peer`. */
  | { readonly type: "disconnect"; readonly target: string }
  | { readonly type: "peers" | "rooms" | "requests" | "quit" }
  | { readonly type: "info" | "withdraw"; readonly id: PostId }
  | { readonly type: "read"; readonly room: string; readonly id: PostId }
  | {
    readonly type: "search";
    readonly query: string;
    readonly room: string | null;
    readonly before: PostId | null;
    readonly limit: number;
  }
  | { readonly type: "accept" | "block" | "unblock"; readonly from: PeerId }
  | {
    readonly type: "history";
    readonly room: string;
    readonly before: PostId | null;
    readonly after: PostId | null;
    readonly limit: number;
  }
  /** `room`: where it is said, as if one had gone there; `null`: where one is. */
  | { readonly type: "command"; readonly line: string; readonly room: string | null };

/** What a line is. */
export type JsonLine =
  /** `ref` is JSON, to be put into the answer. */
  | { readonly type: "command"; readonly ref: string; readonly command: JsonCommand }
  /** Has a `ref` and gets a `result`. */
  | {
    readonly type: "refused";
    readonly ref: string;
    readonly code: ErrorCode;
    readonly message: string;
  }
  /** Is no command at all and gets an `error`. */
  | { readonly type: "malformed"; readonly code: ErrorCode; readonly message: string };

const types: readonly JsonCommand["type"][] = [
  "say",
  "join",
  "part",
  "who",
  "connect",
  "disconnect",
  "invite",
  "invites",
  "revoke",
  "accept",
  "block",
  "unblock",
  "requests",
  "peers",
  "rooms",
  "history",
  "search",
  "read",
  "info",
  "withdraw",
  "command",
  "quit",
];

/**
 * Reads a line.
 *
 * @param line Without its line end.
 * @param catalogue For the reasons.
 */
export function parseJsonLine(line: string, catalogue: Catalogue): JsonLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    return { type: "malformed", code: "bad-json", message: catalogue.jsonMalformed(why) };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const kind = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
    return { type: "malformed", code: "bad-json", message: catalogue.jsonNotObject(kind) };
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const ref = refOf(fields.ref);
  if (ref === null) {
    const message = catalogue.jsonRef(screenLimits.refBytesMax);
    return { type: "malformed", code: "bad-field", message };
  }
  if (typeof fields.type !== "string") {
    const reason = { code: "bad-command", message: catalogue.jsonNoType } as const;
    return fields.ref === undefined
      ? { type: "malformed", ...reason }
      : { type: "refused", ref, ...reason };
  }
  try {
    return { type: "command", ref, command: commandOf(fields.type, fields, catalogue) };
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return { type: "refused", ref, code: error.code, message: error.message };
  }
}

/** A `ref` as JSON; `null` if it is too long, or could not be written again as it came. */
function refOf(ref: unknown): string | null {
  if (ref === undefined) return "null";
  try {
    const json = JSON.stringify(ref, keptNumber);
    // Each of these is at most 3 bytes of UTF-8.
    if (json.length * 3 <= screenLimits.refBytesMax) return json;
    return new TextEncoder().encode(json).length <= screenLimits.refBytesMax ? json : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Passes values on; throws for a number whose last digits are lost already. */
function keptNumber(_key: string, value: unknown): unknown {
  if (typeof value !== "number" || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  throw new RangeError("beyond the safe integers");
}

function commandOf(
  type: string,
  fields: Readonly<Record<string, unknown>>,
  catalogue: Catalogue,
): JsonCommand {
  const wrong = (field: string, form: string) =>
    new Refusal("bad-field", catalogue.jsonField(field, form));
  const text = (field: string): string => {
    const value = fields[field];
    if (typeof value !== "string") throw wrong(field, catalogue.formText);
    return value;
  };
  const id = (field: string): PostId | null => {
    const value = fields[field] ?? null;
    if (value === null) return null;
    const parsed = typeof value === "string" ? parseId<PostId>(value) : null;
    if (parsed === null) throw wrong(field, catalogue.formIdOrNull);
    return parsed;
  };
  const limit = (): number => {
    const value = fields.limit ?? screenLimits.historyDefault;
    if (!isCount(value, screenLimits.historyMax)) {
      throw wrong("limit", catalogue.formCount(screenLimits.historyMax));
    }
    return value;
  };
  const named = <I extends PeerId | PostId>(field: string): I => {
    const value = fields[field];
    const parsed = typeof value === "string" ? parseId<I>(value) : null;
    if (parsed === null) throw wrong(field, catalogue.formId);
    return parsed;
  };
  switch (type) {
    case "say":
      return { type, room: text("room"), text: text("text"), reply: id("reply") };
    case "direct": {
      const to = named<PeerId>("to");
      return { type: "say", room: directRoom(to), text: text("text"), reply: id("reply") };
    }
    case "accept":
    case "block":
    case "unblock":
      return { type, from: named("from") };
    case "join":
    case "part":
    case "who":
    case "invites":
      return { type, room: text("room") };
    case "invite": {
      const [count, expires] = [fields.count ?? null, fields.expires];
      const isTime = (value: unknown): value is number | null | undefined =>
        (value ?? null) === null || Number.isSafeInteger(value);
      if (!isTime(expires)) throw wrong("expires", catalogue.formTimeOrNull);
      const { inviteCountMax } = defaultLimits;
      if (count !== null && !isCount(count, inviteCountMax)) {
        throw wrong("count", catalogue.formCount(inviteCountMax));
      }
      return { type, room: text("room"), count, expires };
    }
    case "revoke":
    case "read":
      return { type, room: text("room"), id: named("id") };
    case "connect":
      return { type, address: text("address") };
    case "disconnect":
      if ((fields.peer ?? fields.address ?? null) === null) {
        throw new Refusal("bad-field", catalogue.jsonEither("address", "peer"));
      }
      return { type, target: text((fields.peer ?? null) === null ? "address" : "peer") };
    case "peers":
    case "rooms":
    case "requests":
    case "quit":
      return { type };
    case "history":
      return { type, room: text("room"), before: id("before"), after: id("after"), limit: limit() };
    case "search": {
      const room = (fields.room ?? null) === null ? null : text("room");
      return { type, query: text("query"), room, before: id("before"), limit: limit() };
    }
    case "info":
    case "withdraw":
      return { type, id: named("id") };
    case "command":
      return {
        type,
        line: text("line"),
        room: (fields.room ?? null) === null ? null : text("room"),
      };
  }
  const shown = type.length > 40 ? `${type.slice(0, 40)}…` : type;
  throw new Refusal("bad-command", catalogue.jsonUnknownType(shown, nearest(type, types)));
}

function isCount(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}
