/**
 * Who holds what, across runs of this program: read from the disk when it is first asked for,
 * and written a while after it has changed. What is lost in a crash in between is told again by
 * whoever said it.
 */

import { MalformedError } from "../wire/cbor.ts";
import type { SignedPost } from "../wire/post.ts";
import { decodeReceipt, type SignedReceipt, verifyReceipt } from "../wire/receipt.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { Now } from "./input.ts";
import { logKey } from "./log_key.ts";

/** Reads what was known of a room when this peer was here last, once. */
export function recall(state: EngineState, { room, receipts }: OpenRoom, now: Now): void {
  if (receipts.isRead) return;
  receipts.isRead = true;
  const kept = state.reader.receipts(room.id);
  for (const envelope of kept.words) {
    const word = readKept(state, envelope);
    if (word?.room !== room.id) continue;
    receipts.onWord(word, (peer) => state.known.has(peer));
    room.onHeard(word.author, Math.min(word.time.ms, state.clock.networkMs(now.wallMs)));
  }
  for (const holder of kept.holders) {
    // After damage a log may be ours no longer.
    if (room.held.rangesOf(logKey(state.me, holder.log)).length === 0) continue;
    state.receipts.resume(room.id, holder);
  }
  receipts.takeChanged();
}

/** A row that has rotten must not be shown to anybody, who would take us for its forger. */
function readKept(state: EngineState, envelope: SignedPost): SignedReceipt | null {
  try {
    const word = decodeReceipt(envelope);
    return verifyReceipt(word, state.crypto) ? word : null;
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/** Something has changed that is to be kept. */
export function noteKept(state: EngineState, { receipts }: OpenRoom, now: Now): void {
  receipts.keepMs = Math.min(receipts.keepMs, now.monoMs + state.limits.receiptKeepMs);
}

/** Writes what has changed since the last time. */
export function keepReceipts(state: EngineState, { room, receipts }: OpenRoom): void {
  if (receipts.keepMs === Infinity) return;
  receipts.keepMs = Infinity;
  const holders = state.receipts.takeChanged(room.id);
  const change = { ...receipts.takeChanged(), holders };
  if (change.words.length + change.gone.length + holders.length === 0) return;
  state.act({ type: "keepReceipts", room: room.id, change });
}
