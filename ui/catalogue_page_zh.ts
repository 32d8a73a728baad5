/** Chinese: the texts of the page. */

import type { englishPage } from "./catalogue_page_en.ts";
import { minutes } from "./catalogue_words_zh.ts";
import { dates } from "./dates.ts";

/** The Chinese texts of the page. */
export const chinesePage: typeof englishPage = {
  language: "中文",
  ...dates("zh-CN"),

  program: "Starling",

  // Without a way in
  lockedTitle: "请打开 Starling 给出的链接",
  locked: "这个网页只属于一个人。请用 --web 启动 Starling，然后打开它打印出来的链接。",
  refused: "Starling 重新启动过。请打开它新打印的链接；草稿还在。",
  old: "Starling 已更新，请重新加载本页。",
  loggedOut: "你已退出。Starling 打印过的链接可以再次打开本页。",
  connecting: "正在连接……",
  reload: "重新加载",

  // Login
  loginTitle: "欢迎使用 Starling",
  loginWhere:
    "你的密钥和读过的内容保存在这台电脑上。你说的话会发给房间里的人，他们也会保存；没有服务器。",
  yourName: "你的名字",
  room: "房间",
  friendAddress: "朋友的地址或邀请（可不填）",
  addressForm: "例如 10.0.0.5:9797",
  languageLabel: "语言",
  enter: "进入",
  nameNeeded: "请填写别人看到的名字。",
  linking: (address) => `正在连接 ${address}……`,
  linkFailed: (address, reason) => `无法连接 ${address}：${reason}`,
  notInviter: "那里是另一个人，不是发出邀请的人",
  linkSlow: (address) => `${address} 在 10 秒内没有应答，会在后台继续尝试。`,
  enterAnyway: "先不连接，直接进入",

  // Frame
  rooms: "房间",
  people: "成员",
  privateChats: "私聊",
  back: "返回房间列表",
  close: "关闭",
  cancel: "取消",
  save: "保存",
  skip: "跳到消息",
  unread: (n) => `${n} 条未读`,
  noTopic: "没有话题",
  joinRoom: "加入房间…",
  roomName: "房间名",
  roomNameNeeded: "请填写房间名。",
  announcementNeeded: "请填写公告内容。",
  join: "加入",
  leaveRoom: "离开这个房间",
  leaveChat: "关闭这个私聊",
  noRoom: "没有打开的房间，请先加入一个。",
  aboutRoom: "房间详情",
  aboutPerson: (name) => `关于 ${name}…`,
  topic: "话题",

  // Rooms with a founder
  foundRoom: "新建房间…",
  found: "创建",
  foundFor: "谁能阅读",
  foundKinds: { private: "仅成员", owned: "所有拿到邀请的人" },
  foundMeans: {
    private: "内容只为成员加密，也只由成员传递。房间归你管理：任命管理员、移出成员、关闭房间。",
    owned: "房间是公开的，归你管理：发公告、任命管理员、移出成员、关闭房间。" +
      "如果你的密钥丢失，没有人能接替你。",
  },
  membersOnly: (n) => `内容只为成员加密，也只由成员传递：共 ${n} 名成员。`,
  founder: "创建者",
  admins: "管理员",
  notKnownYet: "还不知道",
  places: { founder: "创建者", admin: "管理员", removed: "已移出" },
  announceLabel: "公告，与普通消息分开显示",
  announce: "发布公告",
  inRoom: (room) => `在 ${room} 中`,
  remove: "移出",
  removedPeople: "已移出的人",
  readmit: "重新接纳",
  readmitName: (name) => `重新接纳 ${name}`,
  makeAdmin: "设为管理员",
  endAdmin: "取消管理员",
  hide: "对所有人隐藏",
  roomLog: "管理记录",
  closeRoom: "关闭房间…",
  closeMeans: (room) => `这会为所有人永久关闭 ${room}：已有的内容仍可阅读，但不能再发言。`,
  closeForGood: "永久关闭",
  closedShort: "已关闭",
  leaveMeans:
    "在这里关闭后你仍是成员，可以从“加入房间…”再次打开。永久退出后，你收不到此后的内容，" +
    "只有成员才能让你重新加入。已读过的内容保留在这台电脑上。",
  founderStays: "房间由你创建，你始终属于它。在这里关闭后，其他人可以继续使用，" +
    "你可以从“加入房间…”再次打开。",
  closeHere: "在这里关闭",
  leaveForGood: "永久退出",
  closedHere: "在这里关闭的房间",
  silent: {
    closed: "这个房间已关闭：可以阅读，不能再发言。",
    removed: "你已被移出或退出这个房间：在这里写的话没有人会收到。",
    stranger: "还不知道你是这个房间的成员。",
  },

  // Invites
  invite: "邀请…",
  inviteTo: (room) => `邀请加入 ${room}`,
  inviteMeans: "接受邀请的人（在网页的“连接…”中或用 /connect）可以连到你并进入房间。",
  inviteSecret: "接受邀请的人（在网页的“连接…”中或用 /connect）不经你同意就能加入：不要给别人。",
  inviteCount: "可加入",
  inviteCounts: (n) => n === null ? "不限人数" : `${n} 人`,
  inviteSquares: "邀请的二维码",
  invitesGiven: "之前发出、仍然有效的邀请",
  revoke: "作废",
  inviteHolds: "7 天内有效，前提是你的地址没有变。",
  inviteHoldsHere: "7 天内有效，前提是这个 Starling 在运行并且能连到。",

  // Connection bar
  links: (n) => `${n} 个连接`,
  alone: "现在只有你一个人：消息先存在这里，有人连上后再发出",
  away: "Starling 已停止或没有应答。正在重试；草稿还在。",
  notConnected: "Starling 没有应答，请等它恢复后再试。",

  // Messages
  messagesOf: (room) => `${room} 的消息`,
  empty: "这里还没有人说话。",
  loading: "正在加载……",
  beginning: "这里是最早的消息。",
  earlier: "更早的消息",
  newLine: (n) => `${n} 条新消息`,
  toNewest: "到最新消息",
  newBelow: (n) => `${n} 条新消息`,
  you: "你",
  withdrawnText: "已撤回",
  replyTo: (name) => `回复 ${name}`,
  answers: (name) => `回复 ${name}`,
  answersUnknown: "回复的消息不在这里",
  answersElsewhere: "回复一条较早的消息",
  reply: "回复",
  withdraw: "撤回",
  info: "详情",
  topicIs: (name, text) => text === "" ? `${name} 清除了话题` : `${name} 设置了话题：${text}`,
  clockAhead: "发送者的时钟偏快",
  late: "晚到的消息，已放回原来的位置",
  announcement: "公告",

  gap: (missing, name, asking) =>
    missing === 0
      ? ""
      : `缺少 ${name} 的 ${missing} 条消息` + (asking === "" ? "" : `，正在向 ${asking} 索取`),
  fork: (name) => `${name} 的密钥同时用在两处：被复制或被盗`,

  // Ticks
  sending: "正在写入你的磁盘",
  stored: "已存在这台电脑上，还没有别人收到",
  handed: (have, members) => `${members} 人中已有 ${have} 人收到`,
  handedOn: "已交给一个邻居",
  held: "所有已知成员都已收到",
  heldBy: (names) => `已收到：${names}`,
  undelivered: (reason) => `未送达：${reason}`,

  // Composer
  write: (room) => `发消息到 ${room}`,
  send: "发送",
  notSent: (reason) => `未发送：${reason}`,
  perhapsNotSent: "Starling 在确认保存之前停止了。请先看看是否已发出，再重新发送。",

  // Private chats
  message: "发私信",
  block: "屏蔽",
  unblock: "取消屏蔽",
  accept: "接受",
  requests: "想和你聊天",
  sealed: "已加密：只有你们两人能读",
  verified: "已核对",
  verify: "核对…",
  compareDigits: "请和对方通过别人控制不了的途径核对这些数字：",
  digitsSquares: "这些数字的二维码",
  digitsEqual: "数字一致",
  unverify: "撤销核对",
  blocked: "已屏蔽",

  // People
  here: (n, verified) => `${n} 人` + (verified === 0 ? "" : `，${verified} 人已核对`),
  isAway: "暂离",
  awayBecause: (reason) => `暂离：${reason}`,
  seen: (ms) => `${minutes(ms)}前出现过`,
  isYou: "你",
  key: "密钥",
  address: "地址",
  noAddress: "没有直接连接",
  sharedRooms: "所在房间",
  arrived: "存到本机",
  said: "发送时间",
  holders: "收到的人",
  nobodyYet: "还没有别人",

  // Notes
  came: (names) => `${names} 来了`,
  went: (names) => `${names} 走了`,

  // Connect
  connect: "连接…",
  connectTitle: "连接到某人",
  connectAddress: "地址或邀请",
  connectGo: "连接",
  linked: (name) => `已连接到 ${name}。`,
  linkedWaits: (name) => `已连接到 ${name}。有成员让你加入后，房间会自动打开。`,
  addressNeeded: "请填写地址，例如 10.0.0.5:9797，或邀请（starling:…）。",
  peersTitle: "连接和地址",
  peerUp: (rttMs) => rttMs === null ? "已连接" : `已连接，${rttMs} 毫秒`,
  peerDialling: "正在连接",
  peerWaiting: (reason) => reason === null ? "等待重试" : `等待重试：${reason}`,

  // First run
  firstTitle: "还没有人连接",
  firstReached: "别人可以通过这些地址找到你：",
  firstFriend: "装有 Deno 的朋友输入：",
  firstNode: "或者只装有 Node：",
  friendTypes: (address) => `deno run -A mod.ts --peer ${address}`,
  friendTypesNode: (address) => `npx -y deno@2.9.6 run -A mod.ts --peer ${address}`,
  firstOpen: (room) => `#${room} 是公开的：能连到你的人都可以加入并阅读之前的内容。`,
  firstNoListen: "Starling 没有监听：请连接到监听的人。",
  copy: "复制",
  copied: "已复制",

  // Settings
  settings: "设置",
  theme: "主题",
  themes: { auto: "跟随系统", light: "浅色", dark: "深色" },
  notifyOn: "有人给你发私信或提到你时显示通知",
  notifyDenied: "浏览器不允许本页显示通知。",
  keep: "保留别人的消息",
  keepDays: (days) => days === 0 ? "永久" : `${days} 天`,
  keepMeans: "更早的消息只从这台电脑上移除。",
  logout: "退出",
  logoutMeans: "这个浏览器会忘记入口，Starling 继续运行。",
  nameChanged: "名字已更改。",

  // Search and switcher
  search: "搜索",
  searchWhere: "范围",
  nothingFound: "没有找到。",
  searchAll: "在所有房间中",
  foundMax: (n) => `只显示最新的 ${n} 条。`,
  foundElsewhere: "所在的房间没有打开：点击即加入。",
  switcher: "转到……",
  help: "快捷键",
  keys: [
    ["Enter", "发送"],
    ["Shift+Enter", "换行"],
    ["Ctrl+K", "转到房间或成员"],
    ["Alt+↑ Alt+↓", "上一个、下一个房间"],
    ["↑ ↓", "在消息中：上一条、下一条；Tab：可做的操作"],
    ["Esc", "关闭；在输入框中：取消回复"],
    ["?", "本列表"],
    ["/help", "命令"],
  ],
};
