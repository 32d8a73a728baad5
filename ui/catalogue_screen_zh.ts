/** Chinese: what only the full-screen terminal says. */

import type { englishScreen } from "./catalogue_screen_en.ts";

/** The texts of the full-screen terminal. */
export const chineseScreen: typeof englishScreen = {
  unread: (n) => `新消息 (${n})`,
  titleTopic: (room, topic) => `${room} — 话题：${topic}`,
  titleHere: (n) => `${n} 人在线`,
  peers: (n) => `${n} 个节点`,
  alone: "无连接",
  moreBelow: (n) => n === 0 ? "正在看较早的消息" : `下方有 ${n} 条新消息`,
  fetching: (fetched, total) => `历史 ${fetched}/${total}`,
  away: "暂离",
  presence: (came, went) =>
    [came === "" ? "" : `${came} 来了`, went === "" ? "" : `${went} 走了`]
      .filter((part) => part !== "").join("；"),
  late: "（迟到）",
  clockAhead: "（时钟偏快）",
  textCut: (lines) => `（共 ${lines} 行，其余不显示；/export 可导出全文）`,
  sendLines: (n) => `发送这 ${n} 行吗？按 y 发送，按其他键继续编辑`,
  searchPrompt: "搜索",
  walkFound: (n) => `找到 ${n} 条：上下键选择，Enter 跳转，Esc 关闭`,
  roomClosed: (room) => `${room} 没有打开：/join 之后才能查看`,
  nothingFound: "没有找到",
  leaveAgain: "再按一次 Ctrl+C 离开",
  tooLong: "草稿已满：放不下了",
  noRoom: "没有打开的房间",
};
