/** English: what only the full-screen terminal says. */

import { count } from "./catalogue_words_en.ts";

/** The texts of the full-screen terminal. */
export const englishScreen = {
  unread: (n: number) => `new (${n})`,
  titleTopic: (room: string, topic: string) => `${room} — topic: ${topic}`,
  titleHere: (n: number) => `${n} here`,
  peers: (n: number) => count(n, "peer"),
  alone: "alone",
  moreBelow: (n: number) => n === 0 ? "older lines" : `${n} new below`,
  fetching: (fetched: number, total: number) => `history ${fetched}/${total}`,
  away: "away",
  presence: (came: string, went: string) =>
    [came === "" ? "" : `${came} came`, went === "" ? "" : `${went} left`]
      .filter((part) => part !== "").join("; "),
  late: "(late)",
  clockAhead: "(clock ahead)",
  textCut: (lines: number) => `(a text of ${lines} lines: the rest is not shown; /export has it)`,
  sendLines: (n: number) => `send ${n} lines? y, or any other key to go on writing`,
  searchPrompt: "search",
  walkFound: (n: number) => `${n} found: Up and Down choose, Enter goes there, Esc closes`,
  roomClosed: (room: string) => `${room} is not open: /join it to see what was said there`,
  nothingFound: "nothing found",
  leaveAgain: "Ctrl+C once more leaves",
  tooLong: "the draft is full: nothing more fits",
  noRoom: "no room",
};
