/**
 * What two peers tell each other first, and anew when it has changed: their clocks, where they can
 * be dialled, and, in tags that say nothing to others, which private rooms they know. Records of
 * others, which come by walks and from members, are read here, too.
 */

import { mayLearn } from "../discovery/scope.ts";
import {
  decodeRecord,
  isNumericAddress,
  isStaleRecord,
  type SignedRecord,
  signRecord,
  verifyRecord,
} from "../wire/address_record.ts";
import { linkTagsBytes, type RecordEntry, tagBytes } from "../wire/message_entries.ts";
import { NewerFormatError, type SignedPost } from "../wire/post.ts";
import { envelope } from "./engine_presence.ts";
import type { EngineState } from "./engine_state.ts";
import type { Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import type { RoomRecord } from "./member_record.ts";
import type { Session } from "./session.ts";

/** Greets a new neighbour. */
export function greet(state: EngineState, session: Session, now: Now): void {
  session.send({
    type: "hello",
    wallMs: now.wallMs,
    record: ownRecord(state, now),
    observed: session.link.address,
  });
  session.ping(now.monoMs);
  for (const [room, { isPrivate }] of state.rooms) {
    if (!isPrivate) session.send({ type: "join", room });
  }
  sendTags(state, session);
}

/**
 * Shows what we know of private rooms, to those alone who know the same: the real tags among
 * random ones, in an order that says nothing, and as many of them on every link.
 */
export function sendTags(state: EngineState, session: Session): void {
  const round = session.tagRounds++;
  const tags = state.private?.tagsFor(session, round) ?? [];
  const sum = new Uint8Array(linkTagsBytes);
  const all = [...tags, ...chunks(state.crypto.randomBytes(linkTagsBytes), tagBytes)]
    .slice(0, linkTagsBytes / tagBytes)
    .map((tag) => tag.toHex()).sort();
  sum.setFromHex(all.join(""));
  session.send({ type: "tags", round, tags: sum });
  state.links.touch(session);
}

function chunks(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from(
    { length: bytes.length / size },
    (_, i) => bytes.subarray(i * size, (i + 1) * size),
  );
}

/** Where we can be dialled, signed, and anew when that has changed; `null` if we cannot. */
export function ownRecord(state: EngineState, now: Now): SignedPost | null {
  const { port, limits } = state;
  const addresses = state.addresses.filter(isNumericAddress).slice(0, limits.addressesMax);
  if (port === null) return null;
  const timeMs = state.clock.networkMs(now.wallMs);
  const old = state.ownRecord;
  const same = old !== null && old.port === port && old.addresses.join() === addresses.join();
  if (!same || timeMs - old.timeMs > limits.recordRenewMs || timeMs < old.timeMs) {
    const fields = { author: state.me, timeMs, port, addresses: [...addresses] };
    state.ownRecord = signRecord(fields, state.secretKey, state.crypto);
  }
  return envelope(state.ownRecord!);
}

/**
 * Takes the record of a neighbour's hello.
 *
 * @returns What a wrong signature means for the link.
 */
export function onHelloRecord(
  state: EngineState,
  session: Session,
  sent: SignedPost | null,
  now: Now,
): LinkEvent[] {
  if (sent === null) return [];
  const read = readRecord(state, session, { ...sent, hint: null }, now);
  if (read === "invalid") return state.links.onInvalid(session, now);
  if (read !== null && read.peer === session.peer) session.record = read;
  return [];
}

/**
 * Reads a record.
 *
 * @returns What may be used and passed on; `null` for what may not: one of ours, one that is too
 * old or ahead, or one of a later format.
 * @throws {MalformedError} If it is none, which costs the sender its link.
 */
export function readRecord(
  state: EngineState,
  session: Session,
  entry: RecordEntry,
  now: Now,
): RoomRecord | "invalid" | null {
  let record: SignedRecord;
  try {
    record = decodeRecord(entry);
  } catch (error) {
    if (error instanceof NewerFormatError) return null;
    throw error;
  }
  if (
    record.author === state.me ||
    isStaleRecord(record, state.clock.networkMs(now.wallMs), state.limits)
  ) {
    return null;
  }
  if (!verifyRecord(record, state.crypto)) return "invalid";
  const own = record.author === session.peer;
  const hint = own ? observed(session, record.port) : entry.hint;
  const { remote } = session.link;
  const addresses = [...new Set([...(hint === null ? [] : [hint]), ...record.addresses])]
    .filter((each) => mayLearn(each, remote));
  const { signed, signature } = record;
  return { peer: record.author, addresses, signed, signature, hint };
}

/** Where we see a neighbour: what we dialled, or its host with the port that it names. */
function observed({ link }: Session, port: number): string | null {
  if (link.direction === "out") return link.remote;
  const host = link.remote.slice(0, link.remote.lastIndexOf(":"));
  return `${host}:${port}`;
}
