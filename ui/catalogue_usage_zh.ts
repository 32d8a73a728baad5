/** Chinese: what is wrong with a command line or a configuration file. */

import type { englishUsage } from "./catalogue_usage_en.ts";
import { before } from "./catalogue_words_zh.ts";

/** Every sentence names the option, the value seen and the form wanted. */
export const chineseUsage: typeof englishUsage = {
  inOption: (option) => `--${option}`,
  inFile: (path, line, key) => `${path}:${line}: "${key}"`,
  unknownOption: (typed, near) =>
    near === null
      ? `${typed}：没有这个选项；--help 列出全部`
      : `${typed}：没有这个选项；是不是 --${near}？`,
  strayArgument: (typed) => `${typed}：不是选项；房间用 --room ${typed}，地址用 --peer ${typed}`,
  valueMissing: (where, form) => `${where}：缺少值：${form}`,
  valueNotWanted: (where, seen) => `${where}：不带值，却给了 ${seen}`,
  valueWrong: (where, seen, form) => `${where} ${seen}：${before("应为", form)}`,
  valueApart: (where, seen, form) =>
    `${where} ${seen}：${before("应为", form)}，写在 = 之后，如 ${where}=0`,
  repeated: (where) => `${where}：给了不止一次；只留一个`,
  tooMany: (where, max) => `${where}：给得太多；最多能开 ${max} 个房间`,
  together: (where, other) => `${where}：不能与 ${other} 同用；去掉一个`,
  passphraseTyped: (where) =>
    `${where}：单独使用，或加 =change、=remove；口令会询问，或作为标准输入的第一行，绝不写在命令行里`,

  fileUnreadable: (path, reason) => `--config "${path}"：无法读取（${reason}）；请给一个 JSON 文件`,
  fileNotJson: (path, reason) => `${path}：不是 JSON：${reason}`,
  fileNotObject: (path) => `${path}：应为 JSON 对象，如 {"name": "ann", "limits": {}}`,
  unknownKey: (where, near, known) =>
    `${where}：没有这个键；` + (near === null ? `可用的有：${known}` : `是不是 "${near}"？`),
  wireLimit: (where) => `${where}：属于协议，所有节点都相同；请去掉`,
  fixedLimit: (where) => `${where}：不可更改；请去掉`,

  formFlag: "true 或 false",
  formText: "文本",
  formTexts: "文本或文本列表",
  formNumbers: "从 1 起的整数的列表",
  formWhole: "1 到 9007199254740991 的整数",
  formLimits: '对象，如 {"connectionsInMax": 2000}',
  formAddress: "ip:port、[v6]:port、host:port 或邀请（starling:…）",
  formListen: "0 到 65535 的端口、host:port 或 [v6]:port",
  formSeconds: "0 到 86400 的秒数，如 5 或 0.5",
  formUi: "full、line 或 json",
  formLang: "en 或 zh",
  formColor: "auto、always 或 never",
  formName: "1 到 64 字节、最宽 32 列、看得见的名字",
  formRoom: "1 到 64 字节、不含空白和控制字符、不以 @ 或 ~ 开头的名字，如 lobby；" +
    "或 ~ 加上有创建者的房间的 64 位编号",
  formProfile: "1 到 32 个字母、数字、点、连字符或下划线，如 work",
  formPath: "路径",
  formMessage: "1 到 16384 字节、不含 NUL、不全是空白的文本",
  formPort: "0 到 65535 的端口",
};
