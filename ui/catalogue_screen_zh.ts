/** Chinese: what only the full-screen terminal says. */

import type { englishScreen } from "./catalogue_screen_en.ts";

/** The texts of the full-screen terminal. */
export const chineseScreen: typeof englishScreen = {
  unread: (n) => `新消息 (${n})`,
  titleTopic: (room, topic) => `${room} — 话题：${topic}`,
  titleHere: (n, verified) => verified === 0 ? `${n} 人在线` : `${n} 人在线，${verified} 人已核对`,
  peers: (n) => `${n} 个节点`,
  alone: "无连接",
  moreBelow: (n) => n === 0 ? "正在看较早的消息" : `下方有 ${n} 条新消息`,
  fetching: (fetched, total) => `历史 ${fetched}/${total}`,
  away: "暂离",
  presence: (came, went) =>
    [came === "" ? "" : `${came} 来了`, went === "" ? "" : `${went} 走了`]
      .filter((part) => part !== "").join("；"),
  late: "（迟到）",
  clockAhead: (folded) => folded === 0 ? "（时钟偏快）" : `（时钟偏快；前面 ${folded} 条已折叠）`,
  textCut: (lines) => `（共 ${lines} 行，其余不显示；/export 可导出全文）`,
  sendLines: (n) => `发送这 ${n} 行吗？按 y 发送，按其他键继续编辑`,
  searchPrompt: "搜索",
  walkFound: (n, more) => `找到${more ? "不止这" : ""} ${n} 条：上下键选择，Enter 跳转，Esc 关闭`,
  roomClosed: (room) => `${room} 没有打开：/join 之后才能查看`,
  nothingFound: "没有找到",
  leaveAgain: "再按一次 Ctrl+C 离开",
  tooLong: "草稿已满：放不下了",
  noRoom: "没有打开的房间",
  scrollsBack: "最近的消息就在这里；PgUp 可以一直往前翻",
  keysHint: "/help 列出命令和按键；Tab 补全，PgUp 翻页，Alt+A 跳到有新消息的房间",
  keys: [
    "Alt+1 … Alt+0        前十个房间；Alt+←、Alt+→：相邻房间；Alt+A：下一个有新消息的房间",
    "PgUp、PgDn           翻页；Esc：回到最新",
    "↑、↓                 发过的内容；Ctrl+R：在其中搜索",
    "Tab                  补全名字、命令、房间、地址或文件",
    "Alt+Enter、Ctrl+J    换行",
    "Ctrl+A E B F         行首、行尾、左、右；Alt+B、Alt+F：按词移动",
    "Ctrl+U K W Y         删到行首、删到行尾、删一个词；粘回",
    "Ctrl+C               清空草稿；空行时按两次离开，Ctrl+D 立即离开",
    "Ctrl+L、Ctrl+Z       重画；挂起",
  ],
};
