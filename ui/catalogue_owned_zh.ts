/** Chinese: rooms with a founder, and what those in charge do there. */

import type { englishOwned } from "./catalogue_owned_en.ts";

/** The Chinese texts about rooms that somebody is in charge of. */
export const chineseOwned: typeof englishOwned = {
  created: (label, room) =>
    `${label} 由你管理：别人用 /join ${room} 加入（知道它的人都能读）。` +
    "如果你的密钥丢失，没有人能接替你",
  createdPrivate: (label, room) =>
    `${label} 由你管理，是私密房间：只有成员能携带和阅读。用 /invite 邀请别人进来。它的编号是 ${room}。` +
    "如果你的密钥丢失，没有人能接替你",
  roomIs: (room, role, closed, members) =>
    (members === null ? `（加入用 /join ${room}）` : `（${room}）；私密，${members} 名成员`) +
    (role === "founder"
      ? "；由你创建"
      : role === "admin"
      ? "；你是管理员"
      : role === "removed"
      ? "；你已被移出"
      : role === "stranger"
      ? "；正在等待成员"
      : "") +
    (closed ? "；已关闭" : ""),
  closeHow: (room) => `这会为所有人永久关闭 ${room}：确定请用 /close yes；只想离开用 /part`,
  adminHow: "/admin 名字 任命管理员，/admin 名字 off 取消",
  logEmpty: "对这个房间还一无所知",
  hid: (by, name, room) => `${by} 在 ${room} 隐藏了 ${name} 的一条消息`,
  adminNamed: (by, name, room) => `${by} 任命 ${name} 为 ${room} 的管理员`,
  adminEnded: (by, name, room) => `${by} 取消了 ${name} 在 ${room} 的管理员身份`,
  removed: (by, name, room) => `${by} 把 ${name} 移出了 ${room}`,
  readmitted: (by, name, room) => `${by} 重新接纳 ${name} 进入 ${room}`,
  closed: (by, room) => `${by} 关闭了 ${room}：仍可阅读，不能再发言`,
  added: (by, name, room) => `${by} 把 ${name} 加入了 ${room}`,
  left: (name, room) => `${name} 永久离开了 ${room}`,
  logFounded: (by, room) => `${by} 创建了 ${room}`,
  logTopic: (by, text) => `${by} 设置了话题：${text}`,
  logAnnounced: (by, text) => `${by} 公告：${text}`,
  logHid: (by) => `${by} 隐藏或撤回了一条消息`,
};
