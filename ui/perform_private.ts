/** Performs the slash commands about single people: to write to them, to let them in or not. */

import { directRoom } from "../peer/letter.ts";
import type { SlashCommand } from "./commands.ts";
import type { Performance } from "./performance.ts";
import { personFirst, personNamed } from "./person_choice.ts";
import { screenLimits } from "./screen_limits.ts";
import type { Setting } from "./setting.ts";

/** The commands of this file. */
export type PrivateCommand = Extract<
  SlashCommand,
  { readonly name: "msg" | "query" | "requests" | "accept" | "block" | "unblock" }
>;

/**
 * Performs a command about a person.
 *
 * @throws {ChatError} With one line for a person, if it was refused.
 */
export async function performPrivate(
  command: PrivateCommand,
  setting: Setting,
): Promise<Performance> {
  switch (command.name) {
    case "msg":
      return await msg(command.rest, setting);
    case "query":
      return await query(command.who, setting);
    case "requests":
      return { lines: requestLines(setting) };
    case "accept":
      return await accept(command.who, setting);
    case "block": {
      const { peer, name } = personNamed(command.who, setting);
      await setting.chat.block(peer);
      return { lines: [setting.catalogue.privately.blocked(name)] };
    }
    case "unblock": {
      const { peer, name } = personNamed(command.who, setting);
      await setting.chat.unblock(peer);
      return { lines: [setting.catalogue.privately.unblocked(name)] };
    }
  }
}

async function msg(typed: string, setting: Setting): Promise<Performance> {
  const { peer, rest } = personFirst(typed, setting);
  // Without words the peer says what is missing.
  await setting.chat.direct(peer, rest);
  return { lines: [] };
}

async function query(typed: string, setting: Setting): Promise<Performance> {
  const { chat, conversation, catalogue } = setting;
  const { peer, name } = personNamed(typed, setting);
  const room = directRoom(peer);
  const isOpen = chat.rooms().some((open) => open.room === room);
  await chat.join(room);
  conversation.room = room;
  const lines = [catalogue.privately.chatWith(name)];
  return isOpen ? { lines } : { lines, opened: room };
}

function requestLines({ chat, conversation, catalogue }: Setting): string[] {
  const requests = chat.requests();
  if (requests.length === 0) return [catalogue.privately.noRequests];
  for (const { from, name } of requests) conversation.names.shown(from, name);
  return requests.map(({ from, name, text }) =>
    catalogue.privately.requestLine(conversation.names.shown(from, name), from, text)
  );
}

async function accept(typed: string, setting: Setting): Promise<Performance> {
  const { chat, catalogue } = setting;
  const { peer, name } = personNamed(typed, setting);
  await chat.accept(peer);
  // What has waited was not shown yet.
  const { posts } = chat.timeline(directRoom(peer), { limit: screenLimits.historyShown });
  return { lines: [catalogue.privately.accepted(name)], posts };
}
