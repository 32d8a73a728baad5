/** `/mute` and `/unmute`: rooms that call nobody on a terminal; kept in the profile. */

import type { Chat } from "../peer/chat.ts";
import type { RoomName } from "../peer/notice.ts";
import { normalRoomName } from "../wire/text.ts";
import { roomLabel } from "./post_line.ts";
import { Refusal } from "./refusal.ts";
import { currentRoom, ownedRoom, type Setting } from "./setting.ts";

const key = "muted";

/** The rooms that were muted, in this run or before. */
export function mutedRooms(chat: Pick<Chat, "setting">): RoomName[] {
  const kept = chat.setting(key);
  return kept === null || kept === "" ? [] : kept.split("\n");
}

/**
 * Mutes a room or ends that.
 *
 * @param typed The room; `null`: the current one.
 * @param on Whether it is to be muted.
 * @returns Sentences.
 * @throws {ChatError} For a room that is not open, or if the disk refuses.
 */
export function mute(typed: string | null, on: boolean, setting: Setting): string[] {
  const { chat, conversation, catalogue } = setting;
  const room = typed === null ? currentRoom(setting) : normalRoomName(ownedRoom(typed, setting));
  const isOpen = chat.rooms().some((open) => open.room === room);
  if (!isOpen && !(conversation.muted.has(room) && !on)) {
    throw new Refusal("not-joined", catalogue.notOpen(room));
  }
  const muted = new Set(conversation.muted);
  if (on) muted.add(room);
  else muted.delete(room);
  // Kept first: what the disk refuses is not done either. No room's name holds a newline.
  chat.saveSetting(key, muted.size === 0 ? null : [...muted].join("\n"));
  conversation.muted = muted;
  const label = roomLabel(room, conversation.names);
  return [on ? catalogue.set.muted(label) : catalogue.set.unmuted(label)];
}
