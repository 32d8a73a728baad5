/**
 * Who has what was said here: the tick behind each own line, as it is looked up for a line that
 * comes onto the screen and as notices change it.
 */

import type { Chat } from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import type { Notice } from "../../peer/notice.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Names } from "../names.ts";
import { answeredStart } from "../quotes.ts";
import type { PostEntry } from "./entries.ts";

/** Looks up what an entry shows beside its post: what it answers, and who has it. */
export function complete(entry: PostEntry, chat: Chat, names: Names, catalogue: Catalogue): void {
  const { post } = entry;
  entry.isComplete = true;
  if (post.reply !== null) entry.quote = answeredStart(post.reply, chat, names, catalogue);
  if (post.from !== chat.me || entry.tick !== null) return;
  try {
    const { state, reason, holders, members } = chat.info(post.id);
    entry.reason = reason;
    entry.tick = members > 0 && holders.length >= members ? "held" : tickOf(state);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
  }
}

/** Takes over what a notice says of an entry's post. */
export function deliver(
  entry: PostEntry,
  notice: Extract<Notice, { type: "receipt" | "delivery" }>,
): void {
  if (notice.type === "receipt") {
    const { have, members } = notice;
    if (have > 0) entry.reason = null;
    if (have > 0) entry.tick = have >= members ? "held" : "handed";
  } else if (entry.tick !== "held" || notice.state === "undelivered") {
    entry.tick = tickOf(notice.state);
    entry.reason = notice.reason;
  }
}

/** Two ticks are for what all members hold; that one of them does is one. */
function tickOf(state: "stored" | "handed" | "held" | "undelivered" | null): PostEntry["tick"] {
  return state === "held" ? "handed" : state;
}
