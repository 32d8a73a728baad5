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
  "not-asked": "条没有人请求过",
  disk: "条因磁盘无法写入",
  "newer-format": "条来自更新的版本：请升级 Starling",
};

/** `bo (10.0.0.5:9797)`, or the address alone. */
function place(name: string | null, address: string): string {
  return name === null ? address : `${name} (${address})`;
}

/** The texts about links. */
export const chineseNet: typeof englishNet = {
  // A link, or an address without one
  noPeers: "没有连接，也没有地址：/connect 10.0.0.5:9797",
  up: (name, address, direction, ageMs, rttMs, queuedBytes, error) =>
    (direction === "out" ? `已连到 ${place(name, address)}` : `${place(name, address)} 连入`) +
    (ageMs === null ? "" : `，已 ${duration(ageMs)}`) +
    (rttMs === null ? "" : `，往返${rttMs < 1 ? "不到 1" : ` ${Math.round(rttMs)}`} 毫秒`) +
    (queuedBytes === 0 ? "，无积压" : `，${size(queuedBytes)}待发`) +
    (error === null ? "" : `；上次失败：${error}`),
  dialling: (name, address, error) =>
    `正在连接 ${place(name, address)}` + (error === null ? "" : `；上次失败：${error}`),
  waiting: (name, address, error, nextTryMs) =>
    `等待重连 ${place(name, address)}` + (error === null ? "" : `：${error}`) +
    (nextTryMs === null ? "" : `；${duration(nextTryMs)}后再试`),

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
  roomAlone: (room, passive) =>
    `${room}：没有邻居，你说的话先存在这里，等有人来` +
    (passive === 0 ? "" : `；另备有 ${passive} 个成员的地址`),
  roomLinks: (room, neighbours, eager, lazy, passive) =>
    `${room}：${neighbours} 个邻居，其中 ${eager} 个直接收到每条消息，` +
    `${lazy} 个先收到通知；另备有 ${passive} 个成员的地址`,
  nothingCame: "  还没有实时消息",
  cameTwice: (fresh, copies) =>
    `  实时收到 ${fresh} 条新消息，${copies} 条重复` +
    (fresh === 0 ? "" : `：多收 ${percentage(copies, fresh)}`),
  dropped: (drops) =>
    `  丢弃：${drops.map(([reason, times]) => `${times} ${dropped[reason]}`).join("；")}`,
};
