/** Performs the slash commands of rooms that somebody is in charge of. */

import { ChatError } from "../peer/errors.ts";
import type { RoomAct } from "../peer/listing.ts";
import type { PeerId, PostId } from "../wire/ids.ts";
import type { SlashCommand } from "./commands.ts";
import type { Performance } from "./performance.ts";
import { personFirst, personNamed } from "./person_choice.ts";
import { roomLabel, startOf } from "./post_line.ts";
import { Refusal } from "./refusal.ts";
import { screenLimits } from "./screen_limits.ts";
import { currentRoom, type Setting } from "./setting.ts";

/** The commands of this file. */
export type OwnedCommand = Extract<
  SlashCommand,
  { readonly name: "room" | "announce" | "admin" | "remove" | "readmit" | "close" | "log" }
>;

/**
 * Performs a command of somebody in charge.
 *
 * @throws {ChatError} With one line for a person, if it was refused.
 */
export async function performOwned(
  command: OwnedCommand,
  setting: Setting,
): Promise<Performance> {
  const { chat, catalogue } = setting;
  if (command.name === "room") return await found(command, setting);
  const room = currentRoom(setting);
  switch (command.name) {
    case "announce":
      await chat.announce(room, command.text);
      return { lines: [] };
    case "admin": {
      const { peer, rest } = personFirst(command.rest, setting);
      if (rest !== "" && rest !== "off") throw new Refusal("bad-command", catalogue.owned.adminHow);
      await chat.admin(room, peer, rest === "");
      return { lines: [] };
    }
    case "remove":
      await chat.remove(room, whomToRemove(command.who, room, setting));
      return { lines: [] };
    case "readmit":
      await chat.readmit(room, personNamed(command.who, setting).peer);
      return { lines: [] };
    case "close": {
      if (!command.sure) {
        // Where nobody can close anything, that is what is to be said.
        chat.roomLog(room);
        return { lines: [catalogue.owned.closeHow(roomLabel(room, setting.conversation.names))] };
      }
      await chat.closeRoom(room);
      return { lines: [] };
    }
    case "log":
      return { lines: logLines(room, setting) };
  }
}

async function found(
  { room: name, kind, history }: Extract<OwnedCommand, { readonly name: "room" }>,
  { chat, conversation, catalogue }: Setting,
): Promise<Performance> {
  const room = await chat.createRoom(name, { kind, history });
  conversation.room = room;
  const label = roomLabel(room, conversation.names);
  const { created, createdPrivate } = catalogue.owned;
  const say = kind === "private" ? createdPrivate : created;
  return { lines: [say(label, room)], opened: room };
}

/** Oneself one removes from private rooms alone, and that is leaving. */
function whomToRemove(typed: string, room: string, setting: Setting): PeerId {
  const { chat } = setting;
  const found = chat.whois(typed);
  const isOwn = found.length > 0 && found.every(({ peer }) => peer === chat.me);
  const isPrivate = chat.rooms().some((each) => each.room === room && each.kind === "private");
  return isOwn && isPrivate ? chat.me : personNamed(typed, setting).peer;
}

/** Every act of power that counts, oldest first. */
function logLines(room: string, setting: Setting): string[] {
  const { chat, catalogue } = setting;
  const acts = chat.roomLog(room).slice(-screenLimits.historyMax);
  if (acts.length === 0) return [catalogue.owned.logEmpty];
  return acts.map((act) => `${catalogue.dateTime(act.time.ms)} ${actText(act, room, setting)}`);
}

function actText(act: RoomAct, room: string, { chat, conversation, catalogue }: Setting): string {
  const { names } = conversation;
  const { owned } = catalogue;
  const by = names.shown(act.by, act.byName);
  const name = act.peer === null ? "" : names.shown(act.peer, act.name);
  const label = roomLabel(room, names);
  switch (act.act) {
    case "found":
      return owned.logFounded(by, label);
    case "admin":
      return owned.adminNamed(by, name, label);
    case "no-admin":
      return owned.adminEnded(by, name, label);
    case "remove":
      return owned.removed(by, name, label);
    case "readmit":
      return owned.readmitted(by, name, label);
    case "add":
      return owned.added(by, name, label);
    case "leave":
      return owned.left(by, label);
    case "close":
      return owned.closed(by, label);
    case "topic":
      return owned.logTopic(by, textOf(act.id, chat));
    case "announce":
      return owned.logAnnounced(by, textOf(act.id, chat));
    case "hide":
      return owned.logHid(by);
  }
}

/** The start of a post; nothing of one that is hidden or gone. */
function textOf(id: PostId, chat: Setting["chat"]): string {
  try {
    return startOf(chat.info(id).post.text);
  } catch (error) {
    if (error instanceof ChatError) return "";
    throw error;
  }
}
