/**
 * The NDJSON interface, outwards: one function per shape of PROTOCOL.md. Names and order of
 * the fields are a contract; nothing here is translated except sentences for people.
 */

import type { Chat, PostInfo } from "../peer/chat.ts";
import type { ErrorCode } from "../peer/errors.ts";
import type { InviteInfo } from "../peer/invites.ts";
import type { PeerState, Person, RoomSummary } from "../peer/listing.ts";
import type { MessageRequest, Notice, RoomName, ShownPost } from "../peer/notice.ts";
import { defaultLimits } from "../wire/limits.ts";
import { screenLimits } from "./screen_limits.ts";

/**
 * The first line: who this is and where it can be reached.
 *
 * @param web The link that opens the page, if there is one.
 */
export function readyEvent({ me, name, listen }: Chat, web: string | null): string {
  return JSON.stringify({ v: 1, type: "ready", peer: me, name, listen, web });
}

/** A post; also an element of the answer to `history`. */
export function messageEvent(post: ShownPost): string {
  return JSON.stringify({
    v: 1,
    type: "message",
    id: post.id,
    kind: post.kind,
    room: post.room,
    from: post.from,
    name: post.name,
    text: post.text,
    time: post.time.ms,
    seq: post.seq,
    origin: post.origin,
    private: post.private,
    reply: post.reply,
    // Told where the time alone does not say the place among the posts of one millisecond.
    ...post.time.counter > 0 ? { counter: post.time.counter } : {},
    ...post.clockAhead ? { clockAhead: true } : {},
    ...post.late ? { late: true } : {},
    ...post.withdrawn ? { withdrawn: true } : {},
  });
}

/**
 * Anything else that happened.
 *
 * @param notice What happened; not a post.
 * @param sentence For a person, where the shape has a text.
 */
export function noticeEvent(
  notice: Exclude<Notice, { readonly type: "message" | "away" | "charge" }>,
  sentence: string,
): string {
  switch (notice.type) {
    case "peer": {
      const { type, event, peer, address, direction, reason } = notice;
      return JSON.stringify({ type, event, peer, address, direction, reason });
    }
    case "presence": {
      const { type, event, room, from, name } = notice;
      return JSON.stringify({ type, event, room, from, name });
    }
    case "receipt": {
      const { type, id, room, have, members } = notice;
      return JSON.stringify({ type, id, room, have, members });
    }
    case "delivery": {
      const { type, id, room, state, reason } = notice;
      return JSON.stringify({ type, id, room, state, reason });
    }
    case "withdrawn": {
      const { type, id, room, from } = notice;
      return JSON.stringify({ type, id, room, from });
    }
    case "gap": {
      const { type, room, from, name, missing, asking } = notice;
      return JSON.stringify({ type, room, from, name, missing, asking });
    }
    case "fork": {
      const { type, room, from, name, seq, ids } = notice;
      return JSON.stringify({ type, room, from, name, seq, ids });
    }
    case "request":
      return JSON.stringify({ type: notice.type, ...requestFields(notice) });
    case "progress": {
      const { type, room, fetched, total } = notice;
      return JSON.stringify({ type, room, fetched, total });
    }
    case "read": {
      const { type, room, upTo } = notice;
      return JSON.stringify({ type, room, upTo });
    }
    case "room": {
      const { type, event, room } = notice;
      return JSON.stringify({ type, event, room });
    }
    case "renamed":
      return codeEvent("renamed", sentence, notice.room);
    case "notice": {
      const { type, code, room } = notice;
      if (code === "let-in") {
        return JSON.stringify({ type, code, text: sentence, room, peer: notice.peer });
      }
      if (code === "not-let-in") {
        const { peer, reason } = notice;
        return JSON.stringify({ type, code, text: sentence, room, peer, reason });
      }
      return codeEvent(code, sentence, room);
    }
  }
}

function requestFields({ from, name, text, id }: MessageRequest): Record<string, string> {
  return { from, name, text, id };
}

/** An element of the answer to `requests`. */
export function requestData(request: MessageRequest): string {
  return JSON.stringify(requestFields(request));
}

/** An element of the answer to `invites`. */
export function madeInviteData(invite: InviteInfo): string {
  const { id, by, byName, time, expiresMs, count, used, end } = invite;
  return JSON.stringify({
    id,
    from: by,
    name: byName,
    time: time.ms,
    expires: expiresMs,
    count,
    used,
    ended: end,
  });
}

/** A sentence for a person, with a code that programs may act upon. */
export function codeEvent(code: string, text: string, room: RoomName | null): string {
  return JSON.stringify({ type: "notice", code, text: short(text), room });
}

/** A line of input that was not understood, or trouble without a command. */
export function errorEvent(code: ErrorCode, message: string, line: number | null): string {
  return JSON.stringify({ type: "error", code, message: short(message), line });
}

/**
 * The answer to a command that was carried out.
 *
 * @param ref The command's, as JSON.
 * @param data As JSON.
 */
export function resultOk(ref: string, data: string): string {
  return `{"type":"result","ref":${ref},"ok":true,"error":null,"data":${data}}`;
}

/** The answer to a command that was refused. */
export function resultRefused(ref: string, code: ErrorCode, message: string): string {
  const error = JSON.stringify({ code, message: short(message) });
  return `{"type":"result","ref":${ref},"ok":false,"error":${error},"data":null}`;
}

/** A sentence that repeats what a program has sent would not fit a line where that nearly did. */
function short(sentence: string): string {
  const { sentenceCharactersMax } = screenLimits;
  const kept = sentence.length > sentenceCharactersMax
    ? `${sentence.slice(0, sentenceCharactersMax)}…`
    : sentence;
  return kept.toWellFormed();
}

/** An element of the answer to `who`. */
export function personData({ from, name, self, away, seenMsAgo, mark, blocked }: Person): string {
  return JSON.stringify({
    from,
    name,
    self,
    away,
    ...seenMsAgo === null ? {} : { seenMsAgo: rounded(seenMsAgo) },
    ...mark === null ? {} : { mark },
    ...blocked ? { blocked } : {},
  });
}

/** An element of the answer to `rooms`. */
export function roomData(summary: RoomSummary): string {
  const { room, kind, title, topic, present, neighbours, readUpTo, unread, role, closed, members } =
    summary;
  // The title of a public room is its name.
  const called = kind === "public"
    ? {}
    : kind === "direct"
    ? { title }
    : kind === "owned"
    ? { title, role, closed }
    : { title, role, closed, private: true, members };
  return JSON.stringify({ room, topic, present, neighbours, readUpTo, unread, ...called });
}

/** An element of the answer to `peers`. */
export function peerData(link: PeerState): string {
  const { peer, name, address, direction, state, rttMs, lastError, nextTryMs } = link;
  return JSON.stringify({
    peer,
    name,
    address,
    direction,
    state,
    rttMs: rounded(rttMs),
    lastError,
    nextTryMs: rounded(nextTryMs),
  });
}

/**
 * The answer to `info`.
 *
 * @param holders As a JSON array, cut to what a line holds.
 */
export function infoData(
  { post, members, arrivedMs, state, reason }: PostInfo,
  holders: string,
): string {
  // How far it has come is known of own posts only.
  const reached = state === null ? {} : { state, reason };
  const rest = JSON.stringify({ members, arrived: arrivedMs, ...reached });
  return `{"message":${messageEvent(post)},"holders":${holders},${rest.slice(1)}`;
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

const encoder = new TextEncoder();
/** What an answer needs beside its list and its `ref`. */
const frameBytes = 256;

/**
 * How many of a list's elements go into one line.
 *
 * @param elements As JSON, the most wanted first.
 * @param ref The command's, as JSON.
 */
export function fitting(elements: readonly string[], ref: string): number {
  let room = defaultLimits.jsonLineBytesMax - frameBytes - encoder.encode(ref).length;
  let count = 0;
  for (const element of elements) {
    room -= encoder.encode(element).length + 1;
    if (room < 0) break;
    count++;
  }
  return count;
}
