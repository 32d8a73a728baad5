/** Chinese: direct messages, and what is decided about people. */

import type { englishPrivate } from "./catalogue_private_en.ts";

/** The texts about what is between people. */
export const chinesePrivate: typeof englishPrivate = {
  // Direct messages
  chatWith: (name) => `现在只和 ${name} 说话：这里写的内容别人读不到（/join 回到房间）`,
  chatClosed: (name) => `已关闭与 ${name} 的私聊；内容仍保存在这台电脑上`,
  noTopic: "私聊没有话题",
  noChatYet: (name) => `你和 ${name} 之间还没有说过话`,
  unreadable: (name, asked) =>
    `${name} 发给你的一条消息打不开：加密所用的密钥这里已经没有了` +
    (asked ? "；已请对方重发" : ""),

  // Requests
  request: (name, text) =>
    `你还不认识的 ${name} 给你写道：${text}（/accept ${name} 接受，/block ${name} 屏蔽）`,
  requestLine: (name, peer, text) => `${name}（密钥 ${peer}）：${text}`,
  noRequests: "没有人在等你答复",
  accepted: (name) => `今后会显示 ${name} 写给你的消息；/query ${name} 回复`,
  blocked: (name) => `已屏蔽 ${name}：不再显示对方的任何内容；/unblock ${name} 撤销`,
  unblocked: (name) => `已取消屏蔽 ${name}`,
  noPersonKnown: (typed) => `没有认识的人叫 ${typed}：请按显示的样子输入名字，或输入密钥的开头`,
  severalKnown: (typed, names) => `有几个人都叫 ${typed}：${names}。请连同标记一起输入`,
  notYourself: "那是你自己",
  verifiedMark: "已核对",
  safetyNumber: (name) => `请和 ${name} 通过别人控制不了的途径核对这些数字：`,
  verifyHow: (name) => `如果一致：/verify ${name} yes。如果不一致，你们之间有人冒充`,
  isVerified: (name) => `你已核对过；/verify ${name} no 可撤销`,
  verified: (name) => `已核对 ${name}：若有别的密钥用这个名字，会警告你`,
  notVerified: (name) => `已撤销对 ${name} 的核对`,
  verifiedName: (name, key, verified) =>
    `警告：密钥为 ${key} 的 ${name} 不是你核对过的那个（${verified}）：这是别人，或对方换了密钥。` +
    `相信之前请重新核对：/verify ${key}`,
  ownName: (name, own) =>
    `${name} ${
      own === "" ? "还没有给自己起名" : `自称 ${own}`
    }；/petname ${name} = 文本 可另起称呼`,
  called: (before, name) => `${before} 在这里称为 ${name}`,
  marks: (ownName, mark, blocked) =>
    (ownName === "" ? "" : `；自称 ${ownName}`) + (mark === "verified" ? "；已核对" : "") +
    (blocked ? "；已屏蔽" : ""),
  blockedMark: "已屏蔽",
};
