/**
 * Reads a line that a person typed: a text, or a slash command. Pure; what a command does is
 * in ui/perform.ts. An unknown command is never a text: the nearest match is offered.
 */

import { looksLikeInvite } from "../discovery/address.ts";
import { nearest } from "./nearest.ts";

/** The commands of this version, each with what was typed after it. */
export type SlashCommand =
  | { readonly name: "help"; readonly about: string | null }
  | { readonly name: "join"; readonly room: string }
  | { readonly name: "part"; readonly room: string | null }
  | { readonly name: "more"; readonly room: string | null }
  | { readonly name: "rooms" }
  | { readonly name: "who"; readonly room: string | null }
  | { readonly name: "whois"; readonly query: string }
  | { readonly name: "me"; readonly text: string }
  | { readonly name: "nick"; readonly nick: string }
  | { readonly name: "topic"; readonly text: string | null }
  /** `nth`: the n-th last post shown; `null`: the last by somebody else. */
  | { readonly name: "reply"; readonly nth: string | null; readonly text: string }
  /** `target`: a number or the start of an id; `null`: the last own post. */
  | { readonly name: "delete"; readonly target: string | null }
  /** `rest`: a name, and the text behind it. */
  | { readonly name: "msg"; readonly rest: string }
  | { readonly name: "query" | "accept" | "block" | "unblock"; readonly who: string }
  | { readonly name: "requests" }
  /** `rest`: a name, and perhaps what to do about it. */
  | { readonly name: "verify" | "petname"; readonly rest: string }
  | {
    readonly name: "room";
    readonly room: string;
    readonly kind: "owned" | "private";
    /** Whoever is added reads what was said before, too. */
    readonly history: boolean;
  }
  | { readonly name: "announce"; readonly text: string }
  /** `rest`: a name, and perhaps `off`. */
  | { readonly name: "admin"; readonly rest: string }
  | { readonly name: "remove" | "readmit"; readonly who: string }
  /** `sure`: it cannot be undone. */
  | { readonly name: "close"; readonly sure: boolean }
  | { readonly name: "log" }
  | { readonly name: "peers" }
  | { readonly name: "net" }
  /** `address`: or an invite. */
  | { readonly name: "connect"; readonly address: string }
  /** `rest`: which room, for how many, until when; or what to do with those that were made. */
  | { readonly name: "invite"; readonly rest: string }
  | { readonly name: "disconnect"; readonly target: string }
  | { readonly name: "reconnect"; readonly target: string | null }
  /** `port`: a number, `off`, or `null` to ask. */
  | { readonly name: "listen"; readonly port: number | "off" | null }
  | { readonly name: "last"; readonly count: number | null }
  | { readonly name: "search"; readonly query: string }
  | { readonly name: "info"; readonly target: string }
  | { readonly name: "away"; readonly reason: string | null }
  | { readonly name: "mute" | "unmute"; readonly room: string | null }
  /** `language`: as typed; `null` to ask. */
  | { readonly name: "lang"; readonly language: string | null }
  /** `key`: `null` for all; `value`: `null` to ask. */
  | { readonly name: "set"; readonly key: string | null; readonly value: string | null }
  | { readonly name: "clear" }
  | { readonly name: "export"; readonly path: string }
  | { readonly name: "quit" };

/** The name of a command of this version. */
export type CommandName = SlashCommand["name"];

/** What a line is. */
export type ParsedLine =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "command"; readonly command: SlashCommand }
  /** `near`: what was probably meant. */
  | { readonly type: "unknown"; readonly word: string; readonly near: string | null }
  /** Known, but what follows it is missing or wrong. */
  | { readonly type: "misused"; readonly name: CommandName };

/** Makes a command of what follows its name (without outer white space); `null`: misused. */
type Reader<N extends CommandName> = (rest: string) => Omit<CommandOf<N>, "name"> | null;
type CommandOf<N extends CommandName> = SlashCommand extends infer C
  ? C extends { readonly name: string } ? N extends C["name"] ? C : never : never
  : never;

const alone = (rest: string) => rest === "" ? {} : null;
const orNull = (rest: string) => rest === "" ? null : rest;
const named = (rest: string) => rest === "" ? null : { who: rest };
const isOneWord = (rest: string) => /^\S+$/.test(rest);

const readers: { readonly [N in CommandName]: Reader<N> } = {
  help: (rest) => ({ about: orNull(rest.replace(/^\/+/, "")) }),
  join: (rest) => isOneWord(rest) ? { room: rest } : null,
  part: (rest) => rest === "" || isOneWord(rest) ? { room: orNull(rest) } : null,
  more: (rest) => rest === "" || isOneWord(rest) ? { room: orNull(rest) } : null,
  rooms: alone,
  who: (rest) => rest === "" || isOneWord(rest) ? { room: orNull(rest) } : null,
  whois: (rest) => rest === "" ? null : { query: rest },
  me: (rest) => rest === "" ? null : { text: rest },
  nick: (rest) => rest === "" ? null : { nick: rest },
  topic: (rest) => ({ text: orNull(rest) }),
  reply: (rest) => {
    const [, nth, text] = /^(?:(\d{1,3})\s+)?(\S[^]*)$/.exec(rest) ?? [];
    return text === undefined ? null : { nth: nth ?? null, text };
  },
  delete: (rest) => rest === "" || isOneWord(rest) ? { target: orNull(rest) } : null,
  msg: (rest) => /^\S+\s+\S/.test(rest) ? { rest } : null,
  query: named,
  requests: alone,
  verify: (rest) => rest === "" ? null : { rest },
  petname: (rest) => rest === "" ? null : { rest },
  accept: named,
  block: named,
  unblock: named,
  room: (rest) => {
    const form = /^new\s+(\S+)\s+--(?:(owned)|private(\s+--history)?)$/;
    const [, room, owned, history] = form.exec(rest) ?? [];
    if (room === undefined) return null;
    const kind = owned === undefined ? "private" : "owned";
    return { room, kind, history: history !== undefined };
  },
  announce: (rest) => rest === "" ? null : { text: rest },
  admin: (rest) => rest === "" ? null : { rest },
  remove: named,
  readmit: named,
  close: (rest) => rest === "" || rest === "yes" ? { sure: rest === "yes" } : null,
  log: alone,
  peers: alone,
  net: alone,
  // An invite may have been broken into lines on its way.
  connect: (rest) => isOneWord(rest) || looksLikeInvite(rest) ? { address: rest } : null,
  invite: (rest) => ({ rest }),
  disconnect: (rest) => rest === "" ? null : { target: rest },
  reconnect: (rest) => rest === "" || isOneWord(rest) ? { target: orNull(rest) } : null,
  listen: (rest) => {
    if (rest === "" || rest === "off") return { port: orNull(rest) as "off" | null };
    return /^\d{1,5}$/.test(rest) && Number(rest) <= 65_535 ? { port: Number(rest) } : null;
  },
  last: (rest) => {
    if (rest === "") return { count: null };
    return /^[1-9]\d{0,5}$/.test(rest) ? { count: Number(rest) } : null;
  },
  search: (rest) => rest === "" ? null : { query: rest },
  info: (rest) => isOneWord(rest) ? { target: rest } : null,
  away: (rest) => ({ reason: orNull(rest) }),
  mute: (rest) => rest === "" || isOneWord(rest) ? { room: orNull(rest) } : null,
  unmute: (rest) => rest === "" || isOneWord(rest) ? { room: orNull(rest) } : null,
  lang: (rest) => rest === "" || isOneWord(rest) ? { language: orNull(rest) } : null,
  set: (rest) => {
    const [key = "", value = "", more] = rest.split(/\s+/);
    return more === undefined ? { key: orNull(key), value: orNull(value) } : null;
  },
  clear: alone,
  export: (rest) => rest === "" ? null : { path: rest },
  quit: alone,
};

/** All commands of this version, in the order of `/help`. */
export const commandNames = Object.keys(readers) as readonly CommandName[];

/** Whether `word` names a command of this version. */
export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(readers, word);
}

/** How other programs call what is a command here. */
const otherWords: readonly (readonly [word: string, name: CommandName])[] = [
  ["exit", "quit"],
  ["bye", "quit"],
  ["q", "quit"],
  ["leave", "part"],
  ["names", "who"],
  ["users", "who"],
  ["dm", "msg"],
  ["pm", "msg"],
  ["tell", "msg"],
  ["ignore", "block"],
];

function elsewhere(word: string): CommandName | null {
  return otherWords.find(([other]) => other === word)?.[1] ?? null;
}

/**
 * Reads a line.
 *
 * @param line Without its line end. `//x` is the text `/x`.
 */
export function parseLine(line: string): ParsedLine {
  // Input methods of wide scripts write a wide slash; what was meant as a command is never said.
  if (/^／[a-z]/i.test(line)) {
    const parsed = parseLine(`/${line.slice(1)}`);
    if (parsed.type !== "unknown" || parsed.near !== null) return parsed;
  }
  if (!line.startsWith("/")) return { type: "text", text: line };
  if (line.startsWith("//")) return { type: "text", text: line.slice(1) };
  const [, typed = "", rest = ""] = /^\/(\S*)\s*([^]*)$/.exec(line) ?? [];
  const word = typed.toLowerCase();
  if (isCommandName(word)) {
    const command = readCommand(word, rest.trim());
    return command === null ? { type: "misused", name: word } : { type: "command", command };
  }
  return { type: "unknown", word: typed, near: elsewhere(word) ?? nearest(word, commandNames) };
}

function readCommand(name: CommandName, rest: string): SlashCommand | null {
  const fields = readers[name](rest);
  return fields === null ? null : { name, ...fields } as SlashCommand;
}
