/** English: `--help` and `/help`. Loaded when somebody asks. Lines are at most 80 columns. */

import type { CommandName } from "./commands.ts";

/** What `--help` prints. */
const commandLine = `\
Starling: chat without a server.

deno run -A mod.ts [options]

  --peer <addr|invite>   dial this peer; repeatable. ip:port, [v6]:port,
                         host:port, or an invite, whose room is opened; - reads
                         one from standard input
  --listen <[host:]port> where to accept peers; default 9797 on all addresses,
                         or the next free port; a port asked for and taken is
                         an error; 0: any free port
  --no-listen            dial only
  --lan                  find and be found on the local network (off by
                         default)
  --name <name>          display name; remembered. First run on a terminal
                         asks; otherwise the login name
  --room <name>          room to open (~ and its id for an owned one); default
                         lobby; repeatable
  --profile <name>       which identity of this computer
  --data <dir>           where one identity and its history live (instead of a
                         profile)
  --ephemeral            keep nothing on disk
  --passphrase[=change|remove]
                         ask for a passphrase that protects the identity file;
                         change it; take it away. Without a terminal it is the
                         first line of standard input
  --ui <full|line|json>  default: full on a terminal (line with TERM=dumb), line
                         otherwise
  --web[=port]           serve the page on 127.0.0.1 and print its link; default
                         9780, or the next free port; 0: any free port
  --web-open             the same, and open it in the browser
  --message <text>       send one message to the first --room, wait until
                         another member has it, leave
  --linger <seconds>     after end of input, how long to wait without progress
                         for delivery; default 5
  --stay                 keep running after end of input
  --log <file>           diagnostics to a file (in full-screen mode the only
                         place)
  --import <file>        take in an export first
  --export-identity <file>, --import-identity <file>
                         move a person to another machine (protected by a
                         passphrase that is asked for; one machine at a time)
  --lang <en|zh>         default what /lang chose, else the environment
  --color <auto|always|never>
                         default auto: on a terminal, unless NO_COLOR is set
  --config <file>        JSON with the same keys and "limits"; options win
  --help, --version

Exit codes: 0 left cleanly, or delivered; 1 cannot run; 2 wrong usage;
3 not held by another member in time; 130 second Ctrl-C.

While it runs: lines are messages, /help lists the commands, /quit leaves.
`;

/** How each command is typed, and what it does. */
const commands: Readonly<Record<CommandName, readonly [form: string, does: string]>> = {
  help: ["/help [command]", "this list, or one command"],
  join: ["/join room", "open a room, or go to an open one"],
  part: ["/part [room]", "close a room"],
  more: ["/more [room]", "fetch what is held back of a room, see the notices"],
  rooms: ["/rooms", "the open rooms; * marks the one you write in"],
  who: ["/who [room]", "who is here"],
  whois: ["/whois name", "key, rooms and address of people of that name"],
  me: ["/me action", "say what you do: /me waves"],
  nick: ["/nick name", "change your name"],
  topic: ["/topic [text]", "show or set the topic"],
  reply: ["/reply [n] text", "answer the n-th last post, or the last by somebody else"],
  delete: ["/delete [n|id]", "take back your last post, or another of yours"],
  msg: ["/msg name text", "write to one person alone"],
  query: ["/query name", "go on with one person alone; /join goes back"],
  requests: ["/requests", "people you do not know who have written to you"],
  accept: ["/accept name", "see what somebody writes to you"],
  verify: ["/verify name [yes]", "digits to compare; yes if equal, no ends that, qr draws"],
  petname: ["/petname name = text", "call somebody otherwise here; nothing after = ends that"],
  block: ["/block name", "see nothing of somebody, anywhere"],
  unblock: ["/unblock name", "see somebody again"],
  room: ["/room new name --owned|--private [--history]", "a room of yours"],
  announce: ["/announce text", "say something as somebody in charge"],
  admin: ["/admin name [off]", "who is in charge beside the founder, or no more"],
  remove: ["/remove name", "show nothing more of somebody in this room, to anybody"],
  readmit: ["/readmit name", "undo that"],
  close: ["/close [yes]", "close this room for everybody, for good"],
  log: ["/log", "what those in charge of this room did"],
  peers: ["/peers", "links and dialled addresses, and what failed last"],
  net: ["/net", "whether others reach you, and what to do if not"],
  connect: ["/connect address", "dial ip:port, [v6]:port or host:port, or take an invite"],
  invite: ["/invite [room] [options]", "a word that brings a friend here; more by --help"],
  disconnect: ["/disconnect peer", "close the link to a name, key or address, stop dialling"],
  reconnect: ["/reconnect [peer]", "dial at once what waits"],
  listen: ["/listen [port|off]", "where others reach you; another port; nowhere"],
  last: ["/last [n]", "the last n posts of the room"],
  search: ["/search text", "posts that hold all these words, in all rooms"],
  info: ["/info n|id", "who has a post, and when it came"],
  away: ["/away [reason]", "mark yourself away; alone: away, or here again"],
  mute: ["/mute [room]", "no bell and no notification from a room, on a terminal"],
  unmute: ["/unmute [room]", "let it ring again"],
  lang: ["/lang [en|zh]", "show or change the language"],
  set: ["/set [key [value]]", "what you can choose: language, colours and more"],
  clear: ["/clear", "clear the screen"],
  export: ["/export file", "write all history to a file"],
  quit: ["/quit", "leave"],
};

/** The English help texts. */
export const englishHelp = {
  commandLine,
  commands,
  footer: "// sends a line that starts with a slash",
};
