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
  blockedMark: "已屏蔽",
};
