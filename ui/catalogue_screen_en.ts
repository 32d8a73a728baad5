/** English: what only the full-screen terminal says. */

import { count } from "./catalogue_words_en.ts";

/** The texts of the full-screen terminal. */
export const englishScreen = {
  unread: (n: number) => `new (${n})`,
  titleTopic: (room: string, topic: string) => `${room} — topic: ${topic}`,
  titleHere: (n: number, verified: number) =>
    verified === 0 ? `${n} here` : `${n} here, ${verified} verified`,
  peers: (n: number) => count(n, "peer"),
  alone: "alone",
  moreBelow: (n: number) => n === 0 ? "older lines" : `${n} new below`,
  fetching: (fetched: number, total: number) => `history ${fetched}/${total}`,
  away: "away",
  presence: (came: string, went: string) =>
    [came === "" ? "" : `${came} came`, went === "" ? "" : `${went} left`]
      .filter((part) => part !== "").join("; "),
  late: "(late)",
  clockAhead: (folded: number) =>
    folded === 0 ? "(clock ahead)" : `(clock ahead; ${folded} before it folded)`,
  textCut: (lines: number) => `(a text of ${lines} lines: the rest is not shown; /export has it)`,
  sendLines: (n: number) => `send ${n} lines? y, or any other key to go on writing`,
  searchPrompt: "search",
  walkFound: (n: number, more: boolean) =>
    `${more ? `the last ${n}` : n} found: Up and Down choose, Enter goes there, Esc closes`,
  roomClosed: (room: string) => `${room} is not open: /join it to see what was said there`,
  nothingFound: "nothing found",
  leaveAgain: "Ctrl+C once more leaves",
  tooLong: "the draft is full: nothing more fits",
  noRoom: "no room",
  /** The answer to `/last`: all of it is on the screen, or a key away. */
  scrollsBack: "what was said last stands here; PgUp scrolls through all of it",
  keysHint: "/help lists commands and keys; Tab completes, PgUp scrolls, Alt+A goes to what is new",
  keys: [
    "Alt+1 … Alt+0        the first ten rooms; Alt+Left, Alt+Right: the next; Alt+A: the next with something new",
    "PgUp, PgDn           scroll; Esc: back to the newest",
    "Up, Down             what you sent before; Ctrl+R: search in it",
    "Tab                  complete a name, command, room, address or file",
    "Alt+Enter, Ctrl+J    a new line",
    "Ctrl+A E B F         to the start, to the end, left, right; Alt+B, Alt+F: by words",
    "Ctrl+U K W Y         delete to the start, to the end, a word; put it back",
    "Ctrl+C               clear the draft; twice on an empty line: leave, as Ctrl+D does at once",
    "Ctrl+L, Ctrl+Z       draw anew; suspend",
  ],
};
