/** English: what `/set` and `/lang` say. */

import type { PreferenceKey } from "./preference_table.ts";

/** What each preference is about. */
const about: Readonly<Record<PreferenceKey, string>> = {
  lang: "the language of all texts",
  color: "colours; auto: on a terminal, unless NO_COLOR is set",
  theme: "signs; ascii: for terminals that draw some of them too wide",
  notify: "what a mention or a private message does on a terminal",
  times: "the time in front of each post on a terminal",
  noise: "who comes and goes; fold: several in one line, where that can be",
};

const aboutKept: Readonly<Record<string, string>> = {
  "keep-days": "days for which posts are kept after they have come",
  "room-mib": "MiB on the disk that a room may take",
  "folder-mib": "MiB on the disk for all rooms",
};

/** The texts about preferences. */
export const englishSet = {
  line: (key: PreferenceKey, value: string, choices: string) =>
    `${key.padEnd(10)} ${value.padEnd(8)} ${about[key]} (${choices})`,
  keeps: (key: string, value: string | null) => {
    const [what = "", room] = key.split(/:(.*)/s);
    const where = room === undefined ? "" : ` in ${room}`;
    const about = aboutKept[what] ?? "what is kept";
    return `${key.padEnd(10)} ${(value ?? "default").padEnd(8)} ${about}${where}`;
  },
  wholeNumber: "a whole number",
  isNow: (key: string, value: string) => `${key} is ${value} now`,
  unknownKey: (typed: string, near: string | null, known: string) =>
    `${typed}: no such setting; ` +
    (near === null ? `there are ${known}` : `did you mean ${near}?`),
  wrongValue: (key: string, typed: string, choices: string) =>
    `${key} ${typed}: must be ${choices}, or default`,
  muted: (room: string) => `${room} is muted: it rings no bell; /unmute ${room} undoes it`,
  unmuted: (room: string) => `${room} is not muted any more`,
  languageIs: "the language is English; /lang zh 换成中文",
  languageNow: "English from now on",
};
