/** What slash commands work on, and how they find the room and the post that are meant. */

import type { Chat } from "../peer/chat.ts";
import type { RoomName } from "../peer/notice.ts";
import type { PostId } from "../wire/ids.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Conversation, PostChoice } from "./conversation.ts";
import type { Preferences } from "./preferences.ts";
import { roomLabel } from "./post_line.ts";
import { Refusal } from "./refusal.ts";

/** What commands work on. */
export interface Setting {
  /** The peer. */
  readonly chat: Chat;
  /** The current room and the posts shown; changed by /join and /part. */
  readonly conversation: Conversation;
  /** For the sentences: that of `preferences` when the command was given. */
  readonly catalogue: Catalogue;
  /** How many a line may take, if it stands on a terminal; `null`: any number. */
  readonly columns: number | null;
  /** Changed by /lang. */
  readonly preferences: Preferences;
}

/**
 * The room that texts go to.
 *
 * @throws {ChatError} If none is open.
 */
export function currentRoom({ conversation, catalogue }: Setting): RoomName {
  if (conversation.room === null) throw new Refusal("not-joined", catalogue.noRoom);
  return conversation.room;
}

/**
 * The open room that is meant by `~` and the name of a room with a founder, with its tag or without;
 * what was typed if it is none, or several.
 */
export function ownedRoom(typed: string, { chat, conversation }: Setting): string {
  if (!typed.startsWith("~")) return typed;
  const found = chat.rooms().filter(({ room, kind, title }) =>
    kind === "owned" && [`~${title}`, roomLabel(room, conversation.names)].includes(typed)
  );
  return found.length === 1 ? found[0]!.room : typed;
}

/**
 * The post that was chosen.
 *
 * @param choice From {@linkcode Conversation.find} or {@linkcode Conversation.last}.
 * @param typed What it was chosen by, for the message.
 * @throws {ChatError} If there is none.
 */
export function chosen(
  choice: PostChoice,
  typed: string | null,
  catalogue: Catalogue,
): { readonly id: PostId; readonly room: RoomName | null } {
  if (!("problem" in choice)) return choice;
  const target = typed ?? "";
  const sentence = {
    "none-shown": () => catalogue.noneShown,
    "none-at-all": () => catalogue.noneAtAll(target),
    "no-such-number": () => catalogue.noSuchNumber(target),
    "no-such-id": () => catalogue.noSuchId(target),
    "ambiguous-id": () => catalogue.ambiguousId(target),
  }[choice.problem]();
  throw new Refusal("no-such-post", sentence);
}
