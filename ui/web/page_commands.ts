/**
 * What a page may ask beside the NDJSON interface: for how long posts are kept, who is in charge
 * of a room and what they announced last, another topic or none, how far own posts have got,
 * squares to be photographed, and links with their errors in the words of its language.
 */

import type { Chat } from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import type { NamedPeer } from "../../peer/listing.ts";
import { parseId, type PostId } from "../../wire/ids.ts";
import type { Catalogue } from "../catalogue.ts";
import { fitting, peerData } from "../ndjson_events.ts";
import { plainReason } from "../notice_text.ts";
import { Refusal } from "../refusal.ts";

/** Fields of a command as far as somebody looks at them. */
export type Fields = Readonly<Record<string, unknown>>;

/** The setting of io/retention.ts, and more days than anybody needs. */
const keepKey = "keep-days";
const daysMax = 100_000_000;
/** Letters of a text to be drawn: as many as an invite has, with room. A QR code ends at 4,296. */
const qrLengthMax = 2_048;
/** Characters of the last announcement: one line of a wide screen. */
const announcedMax = 160;
/** Posts that are asked about at once: as many as a page shows. */
const ticksMax = 500;

const types = ["keep", "charge", "topic", "qr", "ticks", "peers"] as const;
type PageCommand = typeof types[number];

/** Whether a command is one of this file. */
export function isPageCommand(type: unknown): type is PageCommand {
  return (types as readonly unknown[]).includes(type);
}

/**
 * Carries out a command of a page.
 *
 * @returns The `data` of its answer, as JSON.
 * @throws {ChatError} If it is refused.
 */
export async function pageCommand(
  fields: Fields & { readonly type: PageCommand },
  chat: Chat,
  catalogue: Catalogue,
): Promise<string> {
  const wrong = (field: string, form: string) =>
    new Refusal("bad-field", catalogue.jsonField(field, form));
  switch (fields.type) {
    case "keep": {
      const { days } = fields;
      const isCount = Number.isSafeInteger(days) && (days as number) > 0;
      if (days !== undefined && days !== null && !isCount) {
        throw wrong("days", catalogue.formCount(daysMax));
      }
      if (days !== undefined) chat.saveSetting(keepKey, days === null ? null : String(days));
      const kept = chat.setting(keepKey);
      return JSON.stringify({ days: kept === null ? null : Number(kept) });
    }
    case "charge":
      if (typeof fields.room !== "string") throw wrong("room", catalogue.formText);
      return chargeData(chat, fields.room);
    case "topic":
      if (typeof fields.room !== "string") throw wrong("room", catalogue.formText);
      if (typeof fields.text !== "string") throw wrong("text", catalogue.formText);
      await chat.say(fields.room, fields.text, { kind: "topic" });
      return "{}";
    case "qr": {
      const { text } = fields;
      if (typeof text !== "string" || text.length > qrLengthMax) {
        throw wrong("text", catalogue.formText);
      }
      return JSON.stringify({ rows: await squares(text) });
    }
    case "peers": {
      const links = chat.peers().map(({ lastError, ...link }) =>
        peerData({
          ...link,
          lastError: lastError === null ? null : plainReason(lastError, catalogue),
        })
      );
      return `[${links.slice(0, fitting(links, ""))}]`;
    }
    case "ticks": {
      const ids = Array.isArray(fields.ids) ? fields.ids.map(idOf) : [];
      if (ids.length === 0 || ids.length > ticksMax || ids.includes(null)) {
        throw wrong("ids", catalogue.formId);
      }
      return JSON.stringify({ ticks: ids.flatMap((id) => tickData(chat, id!)) });
    }
  }
}

function idOf(value: unknown): PostId | null {
  return typeof value === "string" ? parseId<PostId>(value) : null;
}

/** How far a post has got; nothing of one that is not here any more. */
function tickData(chat: Chat, id: PostId): object[] {
  try {
    const { holders, members, state, reason } = chat.info(id);
    return [{ id, have: holders.length, members, state, reason }];
  } catch (error) {
    if (error instanceof ChatError && error.code === "no-such-post") return [];
    throw error;
  }
}

/** Who is in charge of a room, who was removed, and what was announced last. */
function chargeData(chat: Chat, room: string): string {
  const { founder, admins, removed } = chat.standing(room);
  const announced = chat.roomLog(room).findLast(({ act, id }) =>
    act === "announce" && firstLine(chat, id) !== ""
  );
  const rest = JSON.stringify({
    founder,
    admins,
    announced: announced === undefined ? null : {
      id: announced.id,
      by: announced.by,
      name: announced.byName,
      text: firstLine(chat, announced.id),
    },
  });
  // Of too many those who were removed last.
  const elements = removed.map((each: NamedPeer) => JSON.stringify(each));
  const shown = elements.slice(elements.length - fitting(elements.toReversed(), rest));
  return `{"removed":[${shown}],${rest.slice(1)}`;
}

/** The first line of a post; nothing of one that is hidden or gone. */
function firstLine(chat: Chat, id: Parameters<Chat["info"]>[0]): string {
  try {
    const { text } = chat.info(id).post;
    const [line = ""] = text.split("\n", 1);
    const start = [...line].slice(0, announcedMax).join("");
    return start === text ? start : `${start}…`;
  } catch (error) {
    if (error instanceof ChatError) return "";
    throw error;
  }
}

/** The dark squares of a QR code, row by row, as ones. */
async function squares(text: string): Promise<string[]> {
  const { encode } = await import("uqr");
  return encode(text, { border: 0 }).data.map((row) =>
    row.map((isDark) => isDark ? "1" : "0").join("")
  );
}
