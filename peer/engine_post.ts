/** How an engine makes posts of its own: a place in the log, a stamp, a signature, the batch. */

import { type LogId, logIdBytes, toId } from "../wire/ids.ts";
import { type Post, signPost } from "../wire/post.ts";
import { encodeBody, type PostBody } from "../wire/post_body.ts";
import type { PostHead } from "../wire/sealed.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import { ChatError } from "./errors.ts";
import type { Now } from "./input.ts";
import type { Kept } from "./letter.ts";

/** A body that depends on the place that its post has. */
export interface PlacedBody {
  readonly kind: number;
  /** Makes the body's bytes from all that is signed before them. */
  readonly encode: (head: PostHead) => Uint8Array;
}

/**
 * Signs a post and puts it into the batch.
 *
 * @param body What it says, or how that is made once its place is known.
 * @param ref The command to answer when it is stored; `null` for none.
 * @param kept What is stored beside it.
 * @throws {ChatError} If the disk cannot be written at present.
 */
export function post(
  state: EngineState,
  open: OpenRoom,
  body: PostBody | PlacedBody,
  ref: number | null,
  now: Now,
  kept?: Kept,
): Post {
  needDisk(state);
  const made = "encode" in body ? body : bodyOf(body);
  if (open.isPrivate) state.private?.prepare(open.room.id, made.kind, now);
  if (state.clock.runsAhead(now.wallMs)) {
    state.clock.restart();
    startLog(state, "clock");
  }
  const { seq, previous, heads } = open.room.takePlace();
  const place = {
    room: open.room.id,
    author: state.me,
    log: state.log,
    seq,
    previous,
    time: state.clock.stamp(now.wallMs),
    heads,
  };
  const head = { ...place, kind: made.kind };
  const plain = made.encode(head);
  const sealed = open.isPrivate ? state.private?.veil(head, plain) ?? plain : plain;
  const signed = signPost({ ...head, body: sealed }, state.secretKey, state.crypto);
  open.room.fillPlace(signed.id);
  const arrival = { post: signed, origin: "own" } as const;
  state.batch.add(kept === undefined ? arrival : { ...arrival, kept }, null, 0);
  if (ref !== null) state.batch.refs.push({ ref, post: signed });
  return signed;
}

function bodyOf(says: PostBody): PlacedBody {
  const { kind, body } = encodeBody(says);
  return { kind, encode: () => body };
}

/** Refuses what could not be stored. */
export function needDisk(state: EngineState): void {
  if (state.probeMs === null) return;
  throw new ChatError("disk-error", "The disk cannot be written; nothing was sent, try again");
}

/** Numbers own posts anew in every room, under a fresh log id. */
export function startLog(state: EngineState, reason: "restored" | "clock"): void {
  state.log = toId<LogId>(state.crypto.randomBytes(logIdBytes));
  state.batch.newLog = state.log;
  for (const { room } of state.rooms.values()) room.startLog(state.log);
  state.notify({ type: "notice", room: null, code: "new-log", reason });
}
