/** Chinese: the answers to `/peers` and `/net`. */

import type { DropReason } from "../peer/net_report.ts";
import type { englishNet } from "./catalogue_net_en.ts";
import { duration, percentage, size } from "./catalogue_words_zh.ts";

/** After the number of things that were dropped. */
const dropped: Readonly<Record<DropReason, string>> = {
  invalid: "条签名错误",
  "over-budget": "条因同一作者一次发得太多（稍后随历史补上）",
  "pruned": "条比这里保留的还旧",
  "too-many-branches": "条因同一密钥的分叉过多",
  "too-many-logs": "条因同一密钥的编号过多",
  "too-scattered": "条因前面缺得太多（稍后随历史补上）",
  "no-member": "条不是私密房间成员所写",
  "not-asked": "条没有人请求过",
  disk: "条因磁盘无法写入",
  "newer-format": "条来自更新的版本：请升级 Starling",
};

/** The texts about links. */
export const chineseNet: typeof englishNet = {
  // A link, or an address without one
  noPeers: "没有连接，也没有地址：/connect 10.0.0.5:9797",
  peerHeads: ["名字", "地址", "连接", "已连", "往返", "待发", "上次失败"],
  besides: (facts, fact) => `${facts}，${fact}`,
  opened: { in: "对方发起", out: "你发起" },
  dialling: "正在连接",
  waiting: (nextTryMs) => nextTryMs === null ? "等待中" : `${duration(nextTryMs)}后重试`,
  age: (ms) => duration(ms),
  roundTrip: (ms) => ms < 1 ? "不到 1 毫秒" : `${Math.round(ms)} 毫秒`,
  queued: (bytes) => size(bytes),

  // This peer
  noLinks: "没有连接：/peers 查看失败原因，/connect 10.0.0.5:9797 连接他人",
  links: (inbound, outbound) =>
    `${inbound + outbound} 个连接：${inbound} 个由对方发起，${outbound} 个由你发起`,
  reached: "别人能连到你：已有外部节点连入",
  notReached: "还没有外部节点连入",
  linksWork: "由你发起的连接双向都能传送一切",
  dialsOnly: "没有监听：别人无法连你。/listen 9797 可以开启；由你发起的连接双向都能传送一切",
  thisMachineOnly: (addresses) =>
    `只有本机能连到你（${addresses}）：要让别人连入，需要网络，并使用 --listen 9797`,
  throughRouter: (addresses, port) =>
    `${addresses} 不是这台电脑自己的地址，中间有路由器：路由器须把 TCP 端口 ${port} 转发到这台电脑，` +
    `本机防火墙也须放行该端口`,
  observed: (addresses) => `邻居看到你的地址是 ${addresses}`,
  banned: (keys) => keys === 0 ? "没有节点被封禁" : `${keys} 个节点因伪造消息被暂时封禁`,

  // A room
  roomHeads: ["房间", "邻居", "直接发", "先通知", "备用", "新消息", "重复"],
  copies: (copies, fresh) =>
    fresh === 0 ? `${copies}` : `${copies}（${percentage(copies, fresh)}）`,
  roomAlone: (room) => `${room}：没有邻居，你说的话先存在这里，等有人来`,
  unheard: (room, names, more) =>
    `${room}：没有 ${names.join("、")}${more > 0 ? ` 等另外 ${more} 人` : ""}的消息：不在线，` +
    "或在场的成员都没有连到他们；两名成员之间有一条连接就够（/connect）",
  dropped: (room, drops) =>
    `${room}：丢弃 ${drops.map(([reason, times]) => `${times} ${dropped[reason]}`).join("；")}`,
};
