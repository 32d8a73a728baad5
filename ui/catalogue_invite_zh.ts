/** Chinese: invites. */

import type { englishInvites } from "./catalogue_invite_en.ts";

/** The texts about invites. */
export const chineseInvites: typeof englishInvites = {
  holds: {
    days: (count) => `${count} 天内有效`,
    hours: (count) => `${count} 小时内有效`,
    minutes: (count) => `${count} 分钟内有效`,
  },
  forEver: "永久有效",
  made: (room, holds, invite) =>
    `给朋友的邀请，写在 --peer 或 /connect 之后；它通向 ${room}，只会连到你，${holds}： ${invite}`,
  madePrivate: (room, who, reads, holds, invite) =>
    `给你想让进 ${room} 的人，粘贴在 /connect 之后，或作为一行输入给 --peer -（命令行会被同一台机器上的其他人看到）。` +
    `持有它的人都能进来，${who}，${reads}。` +
    `${holds}；/invite --list 列出邀请： ${invite}`,
  byAnybody: "由任何成员接纳",
  byYou: (count) => `只由你接纳（请保持 Starling 运行），共限 ${count} 人`,
  readsPast: "并能读到以前的消息",
  readsOnward: "只能读到之后的消息",
  firstStart: (days, invite) =>
    `或者在 --peer 之后写邀请，别人就无法冒充你应答，${days} 天内有效： ${invite}`,
  taken: (room, addresses) => `已接受去 ${room} 的邀请；正在连接 ${addresses}，只认发出邀请的人`,
  asking: (addresses) =>
    `正在请求进入私密房间；正在连接 ${addresses}，只认发出邀请的人。` +
    "有人接纳你后房间就会在这里打开，请保持 Starling 运行",
  letIn: (name, room) => `${name} 接纳了你：${room} 已打开`,
  notLetIn: {
    unknown: (name) => `${name} 不认识这个邀请；请对方再发一个`,
    expired: (name) => `${name} 说邀请已过期；请对方再发一个`,
    revoked: (name) => `${name} 说邀请已收回，或因有人被移出而失效；请对方再发一个`,
    "used-up": (name) => `${name} 说这个邀请的人数已满；请对方再发一个`,
    "not-maker": (name) => `${name} 是房间成员，但只有发出这个邀请的人能接纳你`,
    removed: (name) => `${name} 说你已被移出那个房间；只有管理者能重新接纳你`,
    later: (name) => `${name} 暂时无法接纳你；稍后再问`,
    "no-answer": (name) => `${name} 还没有回应这个邀请；正在等待`,
  },
  stillAsking: "；仍在等待发出邀请的人",
  own: "这是你自己的邀请；请把它给别人",
  notInviter: (address) =>
    `${address} 那里是别的节点，或就是你自己，不是发出邀请的人：没有建立连接`,
  notToChat: "私聊没有邀请；先到一个房间",
  how:
    "用法：/invite [房间] [--count N] [--expires 30m|12h|7d|never] [--qr]、/invite --list [房间] 或 " +
    "/invite --revoke ID",
  notCounted: (room) =>
    `${room} 是公开房间，知道名字的人都能打开：那里的邀请只是指路，无法计数或收回。` +
    "/room new 名字 --private 创建仅限成员的房间",
  listed: (id, by, use, state) => `${id} 由 ${by} 发出：${use}；${state}`,
  used: (count) => `已有 ${count} 人进入`,
  usedOf: (count, most) => `已有 ${count}/${most} 人进入`,
  until: (date) => `有效期至 ${date}`,
  ended: {
    expired: "已过期",
    "used-up": "人数已满",
    revoked: "已收回",
    removal: "因有人被移出而失效",
  },
  noneMade: (room) => `没有已知的去 ${room} 的邀请`,
  noSuch: (id) => `没有以 ${id} 开头的邀请；/invite --list 列出它们`,
  several: (id) => `有多个邀请以 ${id} 开头：请多给几位`,
  takenBack: (id) => `已收回：${id} 不再接纳任何人`,
};
