/** Chinese: what `/set` and `/lang` say. */

import type { englishSet } from "./catalogue_set_en.ts";
import type { PreferenceKey } from "./preference_table.ts";

/** What each preference is about. */
const about: Readonly<Record<PreferenceKey, string>> = {
  lang: "所有文字的语言",
  color: "颜色；auto：在终端上用，除非设了 NO_COLOR",
  theme: "符号；ascii：适合会把某些符号画得太宽的终端",
  notify: "在终端上被提到或收到私信时怎样提醒",
  times: "终端上每条消息前的时间",
  noise: "谁来谁走；fold：能合并时合成一行",
};

const aboutKept: Readonly<Record<string, string>> = {
  "keep-days": "消息收到后保留的天数",
  "room-mib": "一个房间在磁盘上最多占的 MiB",
  "folder-mib": "所有房间在磁盘上最多占的 MiB",
};

/** The texts about preferences. */
export const chineseSet: typeof englishSet = {
  line: (key, value, choices) => `${key.padEnd(10)} ${value.padEnd(8)} ${about[key]}（${choices}）`,
  keeps: (key, value) => {
    const [what = "", room] = key.split(/:(.*)/s);
    const where = room === undefined ? "" : `（${room}）`;
    const about = aboutKept[what] ?? "保留多少";
    return `${key.padEnd(10)} ${(value ?? "default").padEnd(8)} ${about}${where}`;
  },
  wholeNumber: "整数",
  isNow: (key, value) => `${key} 现在是 ${value}`,
  unknownKey: (typed, near, known) =>
    `${typed}：没有这个设置；` + (near === null ? `可用的有 ${known}` : `是不是 ${near}？`),
  wrongValue: (key, typed, choices) => `${key} ${typed}：应为 ${choices}，或 default`,
  muted: (room) => `${room} 已静音：不再响铃提醒；/unmute ${room} 取消`,
  unmuted: (room) => `${room} 已取消静音`,
  languageIs: "语言：中文；/lang en switches to English",
  languageNow: "现在用中文",
};
