/**
 * Performs slash commands on a chat: the same for line mode and for `command` of the NDJSON
 * interface. What comes back are sentences and posts; each face shows them in its way.
 */

import { looksLikeInvite } from "../discovery/address.ts";
import { ChatError } from "../peer/errors.ts";
import { normalRoomName } from "../wire/text.ts";
import { type Catalogue, helpOf, loadCatalogues } from "./catalogue.ts";
import { type ParsedLine, parseLine, type SlashCommand } from "./commands.ts";
import { typedPath } from "./environment.ts";
import { mute } from "./mute_command.ts";
import { nameProblem } from "./name_check.ts";
import { infoLines, roomLines, whoisLines, whoLines } from "./listings.ts";
import { netLines, peerLines } from "./net_listing.ts";
import { Refusal } from "./refusal.ts";
import type { Performance } from "./performance.ts";
import { roomLabel } from "./post_line.ts";
import { screenLimits } from "./screen_limits.ts";
import { setLanguage, setPreference } from "./set_command.ts";
import { chosen, currentRoom, ownedRoom, type Setting } from "./setting.ts";

/** A line that is no text. */
export type CommandLine = Exclude<ParsedLine, { readonly type: "text" }>;

/**
 * Performs what a line asks for.
 *
 * @param line A command, or what was mistyped for one.
 * @param setting Its conversation follows: /join and /part move it to another room.
 * @throws {ChatError} With one line for a person, if it was refused.
 */
export function perform(line: CommandLine, setting: Setting): Promise<Performance> {
  return line.type === "command" ? run(line.command, setting) : refuse(line, setting.catalogue);
}

async function refuse(
  line: Exclude<CommandLine, { readonly type: "command" }>,
  catalogue: Catalogue,
): Promise<never> {
  if (line.type === "unknown") {
    throw new Refusal("bad-command", catalogue.unknownCommand(line.word, line.near));
  }
  const [form, does] = (await helpOf(catalogue.language)).commands[line.name];
  throw new Refusal("bad-command", catalogue.misusedCommand(form, does));
}

async function run(command: SlashCommand, setting: Setting): Promise<Performance> {
  const { chat, conversation, catalogue } = setting;
  switch (command.name) {
    case "help":
      return await help(command.about, catalogue);
    case "join":
      return await join(command.room, setting);
    case "part":
      return await part(command.room, setting);
    case "rooms":
      return { lines: roomLines(setting) };
    case "who":
      return { lines: whoLines(command.room, setting) };
    case "whois":
      return { lines: whoisLines(command.query, setting) };
    case "me":
      await chat.say(currentRoom(setting), command.text, { kind: "action" });
      return { lines: [] };
    case "nick":
      return await nick(command.nick, setting);
    case "topic":
      return await topic(command.text, setting);
    case "reply":
      return await reply(command.nth, command.text, setting);
    case "delete": {
      const own = () => conversation.last(({ from }) => from === chat.me);
      const choice = command.target === null ? own() : conversation.find(command.target);
      const { id } = chosen(choice, command.target, catalogue);
      await chat.withdraw(id);
      conversation.withdrawn(id);
      return { lines: [] };
    }
    case "msg":
    case "query":
    case "requests":
    case "accept":
    case "verify":
    case "petname":
    case "block":
    case "unblock": {
      const { performPrivate } = await import("./perform_private.ts");
      return await performPrivate(command, setting);
    }
    case "room":
    case "announce":
    case "admin":
    case "remove":
    case "readmit":
    case "close":
    case "log": {
      const { performOwned } = await import("./perform_owned.ts");
      return await performOwned(command, setting);
    }
    case "peers":
      return { lines: await peerLines(setting) };
    case "net":
      return { lines: await netLines(setting) };
    case "connect":
      if (looksLikeInvite(command.address.trim())) {
        return await (await import("./invite_command.ts")).take(command.address, setting);
      }
      await chat.connect(command.address);
      return { lines: [dialled(command.address, setting)] };
    case "invite":
      return await (await import("./invite_command.ts")).invite(command.rest, setting);
    case "disconnect":
      return await disconnect(command.target, setting);
    case "reconnect":
      await chat.reconnect(command.target ?? undefined);
      return { lines: [catalogue.reconnecting] };
    case "listen":
      return await listen(command.port, setting);
    case "last":
      return last(command.count, setting);
    case "search":
      return search(command.query, setting);
    case "more": {
      const room = command.room ?? currentRoom(setting);
      await chat.more(room);
      return { lines: [catalogue.fetchingMore(roomLabel(room, conversation.names))] };
    }
    case "info":
      return { lines: infoLines(command.target, setting) };
    case "away":
      return await away(command.reason, setting);
    case "mute":
    case "unmute":
      return { lines: mute(command.room, command.name === "mute", setting) };
    case "lang":
      await loadCatalogues();
      return { lines: setLanguage(command.language, setting) };
    case "set":
      await loadCatalogues();
      return { lines: setPreference(command.key, command.value, setting) };
    case "clear":
      return { lines: [], wants: "clear" };
    case "export": {
      const path = typedPath(command.path);
      const posts = await chat.exportTo(path);
      return { lines: [catalogue.exported(posts, path)] };
    }
    case "quit":
      return { lines: [], wants: "quit" };
  }
}

async function help(about: string | null, catalogue: Catalogue): Promise<Performance> {
  const { commands, footer } = await helpOf(catalogue.language);
  const lineOf = ([form, does]: readonly [string, string]) => `${padded(form, 20)} ${does}`;
  if (about === null) return { lines: [...Object.values(commands).map(lineOf), footer] };
  const line = parseLine(`/${about}`);
  if (line.type === "unknown") return await refuse(line, catalogue);
  const name = line.type === "command" ? line.command.name : line.type === "misused" && line.name;
  if (!name) throw new Refusal("bad-command", catalogue.unknownCommand(about, null));
  return { lines: [lineOf(commands[name])] };
}

/** The text of a catalogue, filled up with spaces; Chinese characters take two columns each. */
function padded(text: string, columns: number): string {
  const wide = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return text.padEnd(columns - wide);
}

async function join(given: string, setting: Setting): Promise<Performance> {
  const { chat, conversation, catalogue } = setting;
  const typed = ownedRoom(given, setting);
  const room = normalRoomName(typed);
  if (chat.rooms().some((open) => open.room === room)) {
    conversation.room = room;
    return { lines: [catalogue.nowIn(roomLabel(room, conversation.names))] };
  }
  // As typed: the peer takes the `#` off, and taken off twice it would be another room.
  await chat.join(typed);
  conversation.room = room;
  return { lines: [catalogue.joined(roomLabel(room, conversation.names))], opened: room };
}

async function part(given: string | null, setting: Setting): Promise<Performance> {
  const { chat, conversation, catalogue } = setting;
  const typed = given === null ? null : ownedRoom(given, setting);
  const room = typed === null ? currentRoom(setting) : normalRoomName(typed);
  // Of a room that is closed the title is not known any more.
  const label = roomLabel(room, conversation.names);
  await chat.leave(typed ?? room);
  const lines = [
    room.startsWith("@") ? catalogue.privately.chatClosed(label.slice(1)) : catalogue.parted(label),
  ];
  if (conversation.room === room) {
    conversation.room = chat.rooms().at(-1)?.room ?? null;
    lines.push(
      conversation.room === null
        ? catalogue.noRooms
        : catalogue.nowIn(roomLabel(conversation.room, conversation.names)),
    );
  }
  return { lines };
}

async function nick(
  name: string,
  { chat, conversation, catalogue }: Setting,
): Promise<Performance> {
  const problem = await nameProblem(name, catalogue);
  if (problem !== null) throw new Refusal(problem.code, problem.message);
  await chat.rename(name);
  return { lines: [catalogue.youAre(conversation.names.shown(chat.me, chat.name))] };
}

async function topic(text: string | null, setting: Setting): Promise<Performance> {
  const room = currentRoom(setting);
  if (room.startsWith("@")) {
    throw new Refusal("not-available", setting.catalogue.privately.noTopic);
  }
  if (text !== null) {
    await setting.chat.say(room, text, { kind: "topic" });
    return { lines: [] };
  }
  const open = setting.chat.rooms().find((each) => each.room === room);
  return {
    lines: [setting.catalogue.topicIs(
      roomLabel(room, setting.conversation.names),
      open?.topic ?? "",
    )],
  };
}

/** A name is only looked for where nothing has that key or address: anybody can take any name. */
async function disconnect(target: string, setting: Setting): Promise<Performance> {
  const { chat, catalogue } = setting;
  try {
    await chat.disconnect(target);
  } catch (error) {
    if (!(error instanceof ChatError && error.code === "no-such-peer")) throw error;
    const linked = chat.whois(target).filter(({ address }) => address !== null);
    if (linked.length === 0) throw error;
    if (linked.length > 1) throw new Refusal("no-such-peer", catalogue.severalLinked(target));
    await chat.disconnect(linked[0]!.peer);
  }
  return { lines: [catalogue.disconnected(target)] };
}

async function reply(nth: string | null, text: string, setting: Setting): Promise<Performance> {
  const { chat, conversation, catalogue } = setting;
  const current = currentRoom(setting);
  const choice = nth === null
    ? conversation.last(({ from }) => from !== chat.me)
    : conversation.find(nth);
  const { id, room } = chosen(choice, nth, catalogue);
  await chat.say(room ?? current, text, { reply: id });
  return { lines: [] };
}

/** What `/connect` leads to: nothing where the link is there. */
function dialled(typed: string, { chat, conversation, catalogue }: Setting): string {
  const address = typed.trim();
  const link = chat.peers().find((each) => each.address === address && each.state === "up");
  return link === undefined || link.peer === null
    ? catalogue.dialling(address)
    : catalogue.linkedAlready(conversation.names.shown(link.peer, link.name), address);
}

async function listen(port: number | "off" | null, setting: Setting): Promise<Performance> {
  const { chat, catalogue } = setting;
  const addresses = port === null ? chat.listen : await chat.listenOn(port === "off" ? null : port);
  const all = addresses.join(", ");
  return { lines: [all === "" ? catalogue.notListening : catalogue.listening(all)] };
}

function last(count: number | null, setting: Setting): Performance {
  const room = currentRoom(setting);
  const limit = Math.min(count ?? screenLimits.historyShown, screenLimits.historyMax);
  const { posts } = setting.chat.timeline(room, { limit });
  return posts.length === 0
    ? { lines: [setting.catalogue.noHistory(roomLabel(room, setting.conversation.names))] }
    : { lines: [], posts };
}

function search(query: string, { chat, catalogue }: Setting): Performance {
  const { posts, more, unsearched } = chat.search(query, { limit: screenLimits.historyShown });
  const lines: string[] = [];
  if (posts.length === 0) lines.push(catalogue.foundNothing(query));
  if (more) lines.push(catalogue.foundMore(posts.length));
  if (unsearched > 0) lines.push(catalogue.searchUnfinished(unsearched));
  return { lines, posts, more };
}

async function away(reason: string | null, setting: Setting): Promise<Performance> {
  const { chat, conversation, catalogue } = setting;
  if (reason === null && conversation.away) {
    await chat.away(null);
    conversation.away = false;
    return { lines: [catalogue.hereAgain] };
  }
  await chat.away(reason ?? "");
  conversation.away = true;
  return { lines: [catalogue.awayNow(reason ?? "")] };
}
