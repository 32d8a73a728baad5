/**
 * English, the source of every translation: what is said while Starling runs. Names and
 * texts that come in as arguments may hold anything; the screen makes the whole line inert.
 */

import { englishInvites } from "./catalogue_invite_en.ts";
import { englishNet } from "./catalogue_net_en.ts";
import { englishScreen } from "./catalogue_screen_en.ts";
import { englishSet } from "./catalogue_set_en.ts";
import { englishOwned } from "./catalogue_owned_en.ts";
import { englishPrivate } from "./catalogue_private_en.ts";
import { englishUsage } from "./catalogue_usage_en.ts";
import { count, duration, minutes } from "./catalogue_words_en.ts";
import { dates } from "./dates.ts";
import type { Language } from "./language.ts";

/** The English catalogue. */
export const english = {
  language: "en" as Language,
  usage: englishUsage,
  net: englishNet,
  set: englishSet,
  /** Sentences for the codes of errors; `null`: errors speak this language themselves. */
  errors: null as Readonly<Record<string, (seen: string, reason: string) => string>> | null,
  /** What systems and networks say, and why links end. */
  reason: (words: string) => words,
  screen: englishScreen,
  privately: englishPrivate,
  invites: englishInvites,
  owned: englishOwned,

  // Dates
  ...dates("en-GB"),

  // The start
  profileLine: (profile: string | null, name: string, tag: string) =>
    profile === null
      ? `you are ${name}, key ${tag}…`
      : `you are ${name}, profile ${profile}, key ${tag}…`,
  reachedAt: "others reach you at:",
  addressLine: (address: string) => `  ${address}`,
  sameMachine: (address: string) => `  same machine: ${address}`,
  friendTypes: (address: string) => `a friend types: deno run -A mod.ts --peer ${address}`,
  friendWithoutDeno: (address: string) =>
    `or, without Deno: npx -y deno@2.9.6 run -A mod.ts --peer ${address}`,
  firewall: (port: string) =>
    `a firewall here must let in TCP port ${port}; ` +
    `for people elsewhere your router must forward that port to this computer`,
  inWsl: (port: string) =>
    `this is WSL: other machines reach it only if Windows forwards TCP port ${port} to it ` +
    `(netsh interface portproxy), or with networkingMode=mirrored in .wslconfig`,
  inContainer: (port: string) =>
    `this is a container: other machines reach it only if port ${port} is published ` +
    `(-p ${port}:${port}), under the address of the host`,
  dialsOnly: "not listening: nobody can dial you, you can dial others",
  onLan:
    "looking for others on the local network, where everybody can see now that Starling runs here",
  pageAt: (link: string) => `the page, for you alone: ${link}`,
  browserFailed: (reason: string) => `cannot open a browser: ${reason}; open the link yourself`,
  roomIsOpen: (room: string) =>
    `${room} is open: whoever reaches this address can join and read what was said in it. ` +
    `For two people only: /query NAME, for members only: /room new NAME --private`,
  lacksModes:
    "this system has no file modes: who else uses this computer may be able to read your key",
  fullNeedsTerminal: "--ui full needs a terminal: input or output is none",

  // Questions
  askName: (suggestion: string) =>
    suggestion === "" ? "your name: " : `your name [${suggestion}]: `,
  askPeer: "peer address or invite:",
  askPassphrase: "passphrase for the identity file:",
  askNewPassphrase: "new passphrase for the identity file:",
  askPassphraseAgain: "once more:",
  passphraseNow: {
    protected: "the identity file is under a passphrase now: nobody can bring a lost one back",
    changed: "the identity file is under the new passphrase now",
    removed: "the identity file is under no passphrase any more",
  },
  passphrasesDiffer: "the two passphrases differ: nothing was done",
  passphraseEmpty: "the passphrase is empty, nothing was done: type one, or give it as the first " +
    "line of standard input",
  leaveHint: "leave? /quit",

  // Names that are refused
  nameEmpty: (seen: string) => `the name ${seen} shows nothing: take one that can be seen`,
  nameTooLong: (bytesMax: number, cellsMax: number) =>
    `the name is too long: at most ${bytesMax} bytes of UTF-8 and ${cellsMax} columns`,
  nameTooWide: (cells: number, cellsMax: number, bytesMax: number) =>
    `the name is ${cells} columns wide: at most ${cellsMax}, and ${bytesMax} bytes of UTF-8`,
  nameControl: (seen: string) => `the name ${seen} holds a control character: leave it out`,
  nameSurrogate: "the name holds half a character: type it again",

  // Input that is refused
  notSent: (line: number | null, reason: string) =>
    line === null ? `not sent: ${reason}` : `line ${line} not sent: ${reason}`,
  lineTooLong: (bytesMax: number) => `it is longer than ${bytesMax} bytes`,
  lineNotUtf8: "it is not UTF-8",
  notOpen: (room: string) => `the room ${JSON.stringify(room)} is not open; join it first`,
  noRoom: "no room is open: /join lobby",
  unknownCommand: (word: string, near: string | null) =>
    near === null
      ? `no such command: /${word}. /help lists them; // sends a line that starts with a slash`
      : `no such command: /${word}. Did you mean /${near}? // sends a line that starts with a slash`,
  misusedCommand: (form: string, does: string) => `use: ${form} (${does})`,
  noneShown: "no such post was shown here yet",
  noneAtAll: (typed: string) => `there is no post ${typed}: none was shown here yet`,
  noSuchNumber: (typed: string) =>
    `no post ${typed} was shown yet: 1 is the last one, 2 the one before it`,
  noSuchId: (typed: string) => `${typed}: no post shown here has an id that starts so`,
  ambiguousId: (typed: string) => `${typed}: several posts have ids that start so; type more of it`,

  // What happens
  endOfHistory: "end of history --",
  linked: (name: string, address: string, direction: "in" | "out") =>
    direction === "out" ? `linked to ${name} (${address})` : `linked from ${name} (${address})`,
  unlinked: (name: string, address: string, reason: string) =>
    `the link to ${name} (${address}) ended: ${reason}`,
  unlinkedBecause: {
    left: "they left",
    cut: "it was cut",
    dead: "no sign of life",
    stalled: "they take no data",
    full: "they have too many links",
    disconnected: "they closed it",
    disconnect: "you closed it",
    idle: "they have no use for it now",
  },
  came: (name: string, room: string) => `${name} is here (${room})`,
  went: (name: string, room: string) => `${name} is gone (${room})`,
  renamed: (before: string, name: string) => `${before} is now ${name}`,
  topicSet: (name: string, room: string, text: string) =>
    `${name} set the topic of ${room}: ${text}`,
  topicCleared: (name: string, room: string) => `${name} cleared the topic of ${room}`,
  takenBack: "(taken back)",
  tookBack: (name: string, room: string) => `${name} took back a post in ${room}`,
  fetching: (fetched: number, total: number, room: string) =>
    `fetching history of ${room}: ${fetched.toLocaleString("en")} of ${total.toLocaleString("en")}`,
  fetched: (n: number, room: string) => `${count(n, "older post")} of ${room} came in`,
  gap: (missing: number, name: string, room: string, asking: string) =>
    missing === 0
      ? `nothing from ${name} is missing in ${room} any more`
      : `${count(missing, "post")} from ${name} missing in ${room}, ` +
        (asking === "" ? "nobody who is linked has them" : `asking ${asking}`),
  fork: (name: string, room: string) =>
    `the key of ${name} writes in two places at once in ${room}: it was copied or stolen. ` +
    `Both are shown`,
  clockAhead: (name: string) => `the clock of ${name} is ahead: the times of these lines are wrong`,
  announcement: (text: string) => `[announcement] ${text}`,
  action: (name: string, text: string) => `* ${name} ${text}`,
  quote: (name: string, start: string) => `> ${name}: ${start}`,
  waiting: (port: string) => `waiting for somebody on port ${port}`,
  dialFailed: (address: string, reason: string, retryMs: number) =>
    `cannot reach ${address}: ${reason}; next try in ${duration(retryMs)}`,
  dialledSelf: (address: string) => `${address} is this peer itself: not dialled again`,
  refusedLink: (address: string, reason: string) => `refused a link from ${address}: ${reason}`,
  versionMismatch: (address: string, range: string) =>
    `${address} speaks another version of the protocol (${range}): one of you must update`,
  diskTrouble: (detail: string) => `the disk cannot be written, nothing new is kept: ${detail}`,
  diskRecovered: "the disk can be written again",
  paced: "you write faster than others take it as it comes; they fetch the rest in portions",
  notYetHeld: (posts: number, why: string) =>
    `nobody else has ${
      count(posts, "post")
    } of yours yet: ${why}; kept here and sent when it works`,
  unheldBecause: {
    alone: "nobody is linked who has this room open",
    unconfirmed: "those who got them have not confirmed",
  },
  heldBack: (posts: number, from: string) =>
    `${count(posts, "post")} held back from ${from === "" ? "somebody" : from}: ` +
    `more than one author may in a day; /more fetches them`,
  clockCorrected: (offsetMs: number) =>
    `your clock is ${duration(Math.abs(offsetMs))} ${offsetMs > 0 ? "behind" : "ahead of"} ` +
    `the others': your posts carry the corrected time`,
  historyDamaged: (posts: number, aside: string) =>
    `the history was damaged: it is kept as ${aside}; ${count(posts, "post")} could be saved, ` +
    `and the rest comes back from other peers`,
  newLog: {
    copied: "this folder was copied: posts are numbered anew",
    restored: "this folder is older than what others have of you: posts are numbered anew",
    clock: "your clock went back: posts are numbered anew",
  },
  banned: (peer: string, minutes: number) =>
    `${peer} sent forged posts: no link for ${count(minutes, "minute")}`,
  listening: (addresses: string) => `listening on ${addresses}`,
  notListening: "not listening",
  lanFailed: (reason: string) =>
    `cannot search the local network: ${reason}; everything else works, /connect too`,

  // Answers to commands
  nowIn: (room: string) => `now in ${room}`,
  joined: (room: string) => `joined ${room}`,
  parted: (room: string) => `left ${room}; what was said in it stays on this computer`,
  noRooms: "no room is open: /join lobby",
  roomLine: (room: string, current: boolean, present: number, topic: string) =>
    `${current ? "*" : " "} ${room}: ${count(present, "person", "people")}` +
    (topic === "" ? "" : `, topic: ${topic}`),
  personLine: (name: string, self: boolean, away: string | null, seenMsAgo: number | null) =>
    name + (self ? " (you)" : "") +
    (away === null ? "" : away === "" ? " (away)" : ` (away: ${away})`) +
    (seenMsAgo === null ? "" : `, seen ${minutes(seenMsAgo)} ago`),
  nobodyKnown: (query: string) => `nobody known is called ${query}`,
  acquaintanceLine: (
    name: string,
    peer: string,
    rooms: string,
    address: string | null,
    forked: boolean,
  ) =>
    `${name}: key ${peer}` + (rooms === "" ? "" : `, in ${rooms}`) +
    (address === null ? "" : `, linked at ${address}`) +
    (forked ? "; this key was used in two places at once: copied or stolen" : ""),
  youAre: (name: string) => `you are ${name} now`,
  fetchingMore: (room: string) => `fetching what is held back of ${room}`,
  topicIs: (room: string, text: string) =>
    text === "" ? `${room} has no topic` : `topic of ${room}: ${text}`,
  linkedAlready: (name: string, address: string) => `linked to ${name} (${address}) already`,
  dialling: (address: string) => `dialling ${address}`,
  disconnected: (target: string) => `not linked to ${target} any more, and not dialling it`,
  severalLinked: (name: string) =>
    `several people called ${name} are linked: give a key or an address, as /peers and /whois show`,
  reconnecting: "dialling what waited",
  infoPost: (id: string) => `post ${id}`,
  infoAuthor: (name: string, room: string, seq: number, time: string, arrived: string) =>
    `by ${name} in ${room}, number ${seq}, said ${time}, stored here ${arrived}`,
  infoStored: (members: number) => `stored here; ${count(members, "other")} known in the room`,
  infoHanded: (members: number) =>
    `handed to a neighbour, not confirmed yet; ${count(members, "other")} known in the room`,
  infoHeld: (names: string, have: number, members: number) =>
    `held by ${have} of ${count(members, "other")}: ${names}`,
  infoUndelivered: (why: string) => `undelivered, because ${why}`,
  awayNow: (reason: string) => reason === "" ? "you are away" : `you are away: ${reason}`,
  hereAgain: "you are here again",
  foundNothing: (query: string) => `nothing that was said here holds "${query}"`,
  foundMore: (shown: number) => `there is more; these are the last ${shown}`,
  searchUnfinished: (posts: number) =>
    `${count(posts, "post")} that came just now could not be looked through yet; search again soon`,
  noHistory: (room: string) => `nothing was said in ${room} yet`,
  exported: (posts: number, path: string) => `wrote ${count(posts, "post")} to ${path}`,
  imported: (added: number, known: number, path: string) =>
    `took in ${count(added, "new post")} from ${path}, ${known} were known`,
  importRefused: (posts: number) =>
    `${count(posts, "post")} of it ${posts === 1 ? "was" : "were"} not taken in: removed here ` +
    "before, by nobody of its private room, or more of one key than is kept",
  identityExported: (path: string, name: string | null, profile: string | null, tag: string) =>
    `wrote the identity of ${name ?? "somebody without a name yet"}, ` +
    (profile === null ? "" : `profile ${profile}, `) +
    `key ${tag}…, to ${path}: use it on one machine at a time`,
  identityImported: (path: string) =>
    `took in the identity of ${path}: use it on one machine at a time`,

  // Programs
  listCut: (shown: number, all: number) =>
    `the answer was cut to ${shown} of ${all} entries: a line holds at most 128 KiB`,
  jsonMalformed: (why: string) => `not a JSON object: ${why}`,
  jsonNotObject: (kind: string) =>
    `not a JSON object: ${kind === "null" ? kind : kind === "array" ? "an array" : `a ${kind}`}`,
  jsonNoType: `a command needs a "type", as in {"type":"peers"}`,
  jsonUnknownType: (type: string, near: string | null) =>
    `no such command: ${type}` + (near === null ? "" : `; did you mean ${near}?`),
  jsonField: (field: string, form: string) => `"${field}" must be ${form}`,
  jsonEither: (field: string, other: string) => `"${field}" or "${other}" must be a text`,
  jsonRef: (bytesMax: number) =>
    `"ref" must be JSON of at most ${bytesMax} bytes, its numbers below 2^53`,
  formText: "a text",
  formSlash: "a slash command, as in /who",
  formId: "64 hex digits",
  formIdOrNull: "64 hex digits or null",
  formTimeOrNull: "milliseconds since 1970 or null",
  formCount: (max: number) => `a whole number from 1 to ${max}`,

  // The end
  leftBehind: (posts: number, kept: boolean) =>
    `nobody else has confirmed ${count(posts, "post")} of yours yet: ` +
    (kept ? "kept here, and sent at the next start" : "nothing was kept here"),
  undelivered: (posts: number) => `${count(posts, "post")} did not reach anybody else in time`,
  notLetIn: "nobody has let you in in time: nothing of the input was sent",
  outputFailed: (reason: string) => `cannot write to standard output: ${reason}`,
  ended: "the peer has stopped",
};
