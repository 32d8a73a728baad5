/** Performs the slash commands about single people: to write to them, to let them in or not. */

import { directRoom } from "../peer/letter.ts";
import type { SlashCommand } from "./commands.ts";
import { nameProblem } from "./name_check.ts";
import type { Performance } from "./performance.ts";
import { personFirst, personNamed } from "./person_choice.ts";
import { Refusal } from "./refusal.ts";
import { screenLimits } from "./screen_limits.ts";
import type { Setting } from "./setting.ts";

/** The commands of this file. */
export type PrivateCommand = Extract<
  SlashCommand,
  {
    readonly name:
      | "msg"
      | "query"
      | "requests"
      | "accept"
      | "verify"
      | "petname"
      | "block"
      | "unblock";
  }
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
    case "verify":
      return await verify(command.rest, setting);
    case "petname":
      return await petname(command.rest, setting);
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

/** The digits to compare, or what came of comparing them. */
async function verify(typed: string, setting: Setting): Promise<Performance> {
  const { chat, catalogue } = setting;
  const words = catalogue.privately;
  const { peer, name, rest } = personFirst(typed, setting);
  if (rest === "yes" || rest === "no") {
    await chat.verify(peer, rest === "yes");
    return { lines: [rest === "yes" ? words.verified(name) : words.notVerified(name)] };
  }
  const number = chat.safetyNumber(peer);
  if (rest === "qr") {
    const { renderUnicodeCompact } = await import("uqr");
    return { lines: [words.safetyNumber(name), ...renderUnicodeCompact(number).split("\n")] };
  }
  if (rest !== "") throw new Refusal("bad-command", words.verifyHow(name));
  const groups = number.split(" ");
  const rows = [0, 4, 8].map((from) => `  ${groups.slice(from, from + 4).join(" ")}`);
  const [person] = chat.whois(peer);
  const state = person?.mark === "verified" ? words.isVerified(name) : words.verifyHow(name);
  return { lines: [words.safetyNumber(name), ...rows, state] };
}

async function petname(typed: string, setting: Setting): Promise<Performance> {
  const { chat, catalogue } = setting;
  const [, who = typed, text] = /^(.*?)\s*=\s*(.*)$/.exec(typed) ?? [];
  const { peer, name } = personNamed(who.trim(), setting);
  if (text === undefined) {
    const [person] = chat.whois(peer);
    return { lines: [catalogue.privately.ownName(name, person?.ownName ?? "")] };
  }
  const given = text === "" ? null : text;
  const problem = given === null ? null : await nameProblem(given, catalogue);
  if (problem !== null) throw new Refusal(problem.code, problem.message);
  await chat.petname(peer, given);
  const [person] = chat.whois(peer);
  const now = setting.conversation.names.shown(peer, person?.name ?? "");
  return { lines: [catalogue.privately.called(name, now)] };
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
