/**
 * Chinese (zh-CN), complete: what is said while Starling runs. Its type is the English
 * catalogue's, so a missing key or a wrong argument does not compile.
 */

import type { english } from "./catalogue_en.ts";
import { chineseErrors, chineseReason } from "./catalogue_errors_zh.ts";
import { chineseInvites } from "./catalogue_invite_zh.ts";
import { chineseNet } from "./catalogue_net_zh.ts";
import { chineseScreen } from "./catalogue_screen_zh.ts";
import { chineseSet } from "./catalogue_set_zh.ts";
import { chineseOwned } from "./catalogue_owned_zh.ts";
import { chinesePrivate } from "./catalogue_private_zh.ts";
import { chineseUsage } from "./catalogue_usage_zh.ts";
import { before, duration, minutes } from "./catalogue_words_zh.ts";
import { dates } from "./dates.ts";

/** The Chinese catalogue. */
export const chinese: typeof english = {
  language: "zh",
  usage: chineseUsage,
  net: chineseNet,
  set: chineseSet,
  errors: chineseErrors,
  reason: chineseReason,
  screen: chineseScreen,
  privately: chinesePrivate,
  invites: chineseInvites,
  owned: chineseOwned,

  // Dates
  ...dates("zh-CN"),

  // The start
  profileLine: (profile, name, tag) =>
    profile === null ? `你是 ${name}，密钥 ${tag}…` : `你是 ${name}，档案 ${profile}，密钥 ${tag}…`,
  reachedAt: "别人可以通过这些地址连到你：",
  addressLine: (address) => `  ${address}`,
  sameMachine: (address) => `  同一台机器：${address}`,
  friendTypes: (address) => `朋友输入：deno run -A mod.ts --peer ${address}`,
  friendWithoutDeno: (address) =>
    `没有 Deno 的话：npx -y deno@2.9.6 run -A mod.ts --peer ${address}`,
  firewall: (port) =>
    `本机防火墙须放行 TCP 端口 ${port}；要让其他地方的人连入，路由器须把该端口转发到这台电脑`,
  inWsl: (port) =>
    `这里是 WSL：其他机器要连入，须由 Windows 把 TCP 端口 ${port} 转发进来` +
    `（netsh interface portproxy），或在 .wslconfig 中设置 networkingMode=mirrored`,
  inContainer: (port) =>
    `这里是容器：其他机器要连入，须发布端口 ${port}（-p ${port}:${port}），地址用宿主机的`,
  dialsOnly: "没有监听：别人无法连你，你可以连别人",
  onLan: "正在本地网络上寻找别人；网络上的所有人也能看到这里运行着 Starling",
  pageAt: (link) => `网页（只供你自己用）：${link}`,
  browserFailed: (reason) => `无法打开浏览器：${reason}；请自行打开链接`,
  roomIsOpen: (room) =>
    `${room} 是公开的：能连到这个地址的人都可以加入，并看到说过的话。` +
    `只想两个人聊：/query 名字；只给成员：/room new 名字 --private`,
  lacksModes: "这个系统没有文件权限：共用这台电脑的人也许能读到你的密钥",
  fullNeedsTerminal: "--ui full 需要终端：输入或输出不是终端",

  // Questions
  askName: (suggestion) => suggestion === "" ? "你的名字：" : `你的名字 [${suggestion}]：`,
  askPeer: "节点地址或邀请：",
  askPassphrase: "身份文件的口令：",
  askNewPassphrase: "身份文件的新口令：",
  askPassphraseAgain: "再输一次：",
  passphraseNow: {
    protected: "身份文件现在有口令保护：忘了口令，谁也找不回来",
    changed: "身份文件现在使用新口令",
    removed: "身份文件不再有口令保护",
  },
  passphrasesDiffer: "两次口令不同：什么也没做",
  passphraseEmpty: "口令为空，什么也没做：请输入口令，或作为标准输入的第一行给出",
  leaveHint: "要离开吗？/quit",

  // Names that are refused
  nameEmpty: (seen) => `名字 ${seen} 显示不出来：换一个看得见的`,
  nameTooLong: (bytesMax, cellsMax) => `名字太长：最多 ${bytesMax} 字节（UTF-8）、${cellsMax} 列`,
  nameTooWide: (cells, cellsMax, bytesMax) =>
    `名字宽 ${cells} 列：最多 ${cellsMax} 列、${bytesMax} 字节（UTF-8）`,
  nameControl: (seen) => `名字 ${seen} 含有控制字符：请去掉`,
  nameSurrogate: "名字含有半个字符：请重新输入",

  // Input that is refused
  notSent: (line, reason) => line === null ? `未发送：${reason}` : `第 ${line} 行未发送：${reason}`,
  lineTooLong: (bytesMax) => `超过 ${bytesMax} 字节`,
  lineNotUtf8: "不是 UTF-8",
  notOpen: (room) => `房间 ${JSON.stringify(room)} 没有打开，请先加入`,
  noRoom: "没有打开的房间：/join lobby",
  unknownCommand: (word, near) =>
    near === null
      ? `没有这个命令：/${word}。/help 列出全部；以 // 开头可发送以斜杠开头的消息`
      : `没有这个命令：/${word}。是不是 /${near}？以 // 开头可发送以斜杠开头的消息`,
  misusedCommand: (form, does) => `用法：${form}（${does}）`,
  noneShown: "这里还没有显示过这样的消息",
  noneAtAll: (typed) => `没有第 ${typed} 条消息：这里还没有显示过任何消息`,
  noSuchNumber: (typed) => `还没有显示过第 ${typed} 条消息：1 是最后一条，2 是再前一条`,
  noSuchId: (typed) => `${typed}：这里显示过的消息没有以此开头的 id`,
  ambiguousId: (typed) => `${typed}：有几条消息的 id 都以此开头；请多输几位`,

  // What happens
  endOfHistory: "以上是历史消息 --",
  linked: (name, address, direction) =>
    direction === "out" ? `已连到 ${name} (${address})` : `${name} 连入 (${address})`,
  unlinked: (name, address, reason) => `与 ${name} (${address}) 的连接已断开：${reason}`,
  unlinkedBecause: {
    left: "对方已离开",
    cut: "连接中断",
    dead: "没有响应",
    stalled: "对方不再接收数据",
    full: "对方连接数已满",
    disconnected: "对方主动断开",
    disconnect: "你主动断开",
    idle: "对方暂时不需要它",
  },
  came: (name, room) => `${name} 来了（${room}）`,
  went: (name, room) => `${name} 走了（${room}）`,
  renamed: (before, name) => `${before} 改名为 ${name}`,
  topicSet: (name, room, text) => `${name} 设置了 ${room} 的话题：${text}`,
  topicCleared: (name, room) => `${name} 清除了 ${room} 的话题`,
  takenBack: "（已撤回）",
  tookBack: (name, room) => `${name} 在 ${room} 撤回了一条消息`,
  fetching: (fetched, total, room) =>
    `正在取 ${room} 的历史：${total.toLocaleString("en")} 条中的 ${
      fetched.toLocaleString("en")
    } 条`,
  fetched: (n, room) => `收到 ${room} 的 ${n} 条旧消息`,
  gap: (missing, name, room, asking) =>
    missing === 0
      ? `${room} 里 ${name} 的消息已经齐了`
      : `${room} 里缺 ${name} 的 ${missing} 条消息，` +
        (asking === "" ? "连着的人都没有" : `正在向 ${asking} 索取`),
  fork: (name, room) =>
    `${name} 的密钥在 ${room} 里同时用在两处：它被复制或被盗了。两边的消息都会显示`,
  clockAhead: (name) => `${name} 的时钟快了：这些消息的时间不准`,
  announcement: (text) => `[公告] ${text}`,
  action: (name, text) => `* ${name} ${text}`,
  quote: (name, start) => `> ${name}：${start}`,
  waiting: (port) => `正在端口 ${port} 上等人连入`,
  dialFailed: (address, reason, retryMs) =>
    `连不上 ${address}：${reason}；${duration(retryMs)}后再试`,
  dialledSelf: (address) => `${address} 就是你自己：不再连接`,
  refusedLink: (address, reason) => `拒绝了来自 ${address} 的连接：${reason}`,
  versionMismatch: (address, range) =>
    `${address} 用的协议版本不同（${range}）：你们中有一方需要升级`,
  diskTrouble: (detail) => `磁盘无法写入，新内容都不会保存：${detail}`,
  diskRecovered: "磁盘又可以写入了",
  paced: "你写得比别人实时接收的快；其余的由对方分批取走",
  notYetHeld: (posts, why) =>
    `你有 ${posts} 条消息还没有别人收到：${why}；消息存在这里，能送达时会发出`,
  unheldBecause: {
    alone: "没有连着任何打开了这个房间的人",
    unconfirmed: "收到消息的人还没有确认",
  },
  heldBack: (posts, from) =>
    `${
      from === "" ? "有人" : from
    } 的 ${posts} 条消息暂不取来：超过了一个作者一天的限额；/more 可取`,
  clockCorrected: (offsetMs) =>
    `你的时钟比别人${offsetMs > 0 ? "慢" : "快"} ${duration(Math.abs(offsetMs))}：` +
    `你的消息会带上校正后的时间`,
  historyDamaged: (posts, aside) =>
    `历史记录已损坏：原文件保留为 ${aside}；救回了 ${posts} 条消息，其余会从其他节点取回`,
  newLog: {
    copied: "这个文件夹是复制来的：消息重新编号",
    restored: "这个文件夹比别人手里你的记录旧：消息重新编号",
    clock: "你的时钟倒退了：消息重新编号",
  },
  banned: (peer, n) => `${peer} 发来伪造的消息：${n} 分钟内不与它连接`,
  listening: (addresses) => `正在监听 ${addresses}`,
  notListening: "没有监听",
  lanFailed: (reason) => `无法搜索本地网络：${reason}；其他功能照常，/connect 也可用`,

  // Answers to commands
  nowIn: (room) => `现在在 ${room}`,
  joined: (room) => `已加入 ${room}`,
  parted: (room) => `已离开 ${room}；说过的话留在这台电脑上`,
  noRooms: "没有打开的房间：/join lobby",
  roomLine: (room, current, present, topic) =>
    `${current ? "*" : " "} ${room}：${present} 人` + (topic === "" ? "" : `，话题：${topic}`),
  personLine: (name, self, away, seenMsAgo) =>
    name + (self ? "（你）" : "") +
    (away === null ? "" : away === "" ? "（暂离）" : `（暂离：${away}）`) +
    (seenMsAgo === null ? "" : `，${minutes(seenMsAgo)}前有动静`),
  nobodyKnown: (query) => `没有认识的人叫 ${query}`,
  acquaintanceLine: (name, peer, rooms, address, forked) =>
    `${name}：密钥 ${peer}` + (rooms === "" ? "" : `，在 ${rooms}`) +
    (address === null ? "" : `，连接地址 ${address}`) +
    (forked ? "；这把密钥同时用在两处：被复制或被盗" : ""),
  youAre: (name) => `你现在叫 ${name}`,
  fetchingMore: (room) => `正在取 ${room} 里暂不取的消息`,
  topicIs: (room, text) => text === "" ? `${room} 没有话题` : `${room} 的话题：${text}`,
  linkedAlready: (name, address) => `已经连到 ${name} (${address}) 了`,
  dialling: (address) => `正在连接 ${address}`,
  disconnected: (target) => `已断开 ${target}，也不再重连`,
  severalLinked: (name) => `有几个叫 ${name} 的人连着：请给密钥或地址，见 /peers 和 /whois`,
  reconnecting: "正在重连等待中的地址",
  infoPost: (id) => `消息 ${id}`,
  infoAuthor: (name, room, seq, time, arrived) =>
    `${name} 在 ${room} 的第 ${seq} 条，发于 ${time}，${arrived} 存到这里`,
  infoStored: (members) => `已存在这里；房间里已知另有 ${members} 人`,
  infoHanded: (members) => `已交给一个邻居，尚未确认；房间里已知另有 ${members} 人`,
  infoHeld: (names, have, members) => `另外 ${members} 人中 ${have} 人已收到：${names}`,
  infoUndelivered: (why) => `没有送达，因为${why}`,
  awayNow: (reason) => reason === "" ? "你已暂离" : `你已暂离：${reason}`,
  hereAgain: "你回来了",
  foundNothing: (query) => `这里没有消息包含“${query}”`,
  foundMore: (shown) => `还有更多；这是最后 ${shown} 条`,
  searchUnfinished: (posts) => `刚收到的 ${posts} 条消息还没有搜索；请稍后再试`,
  noHistory: (room) => `${room} 里还没有人说过话`,
  exported: (posts, path) => `已把 ${posts} 条消息写入 ${path}`,
  imported: (added, known, path) => `从 ${path} 读入 ${added} 条新消息，${known} 条已有`,
  importRefused: (posts) =>
    `其中 ${posts} 条没有读入：在这里已被清除、不是私密房间成员所写，或超出每个密钥的保留上限`,
  identityExported: (path, name, profile, tag) =>
    `已把 ${name ?? "还没有名字的人"} 的身份（` + (profile === null ? "" : `档案 ${profile}，`) +
    `密钥 ${tag}…）写入 ${path}：同一时间只在一台机器上使用`,
  identityImported: (path) => `已读入 ${path} 中的身份：同一时间只在一台机器上使用`,

  // Programs
  listCut: (shown, all) => `结果只列出 ${all} 项中的 ${shown} 项：一行最多 128 KiB`,
  jsonMalformed: (why) => `不是 JSON 对象：${why}`,
  jsonNotObject: (kind) => `不是 JSON 对象：而是 ${kind}`,
  jsonNoType: `命令需要 "type"，如 {"type":"peers"}`,
  jsonUnknownType: (type, near) =>
    `没有这个命令：${type}` + (near === null ? "" : `；是不是 ${near}？`),
  jsonField: (field, form) => `"${field}" ${before("应为", form)}`,
  jsonEither: (field, other) => `"${field}" 或 "${other}" 应为文本`,
  jsonRef: (bytesMax) => `"ref" 应为至多 ${bytesMax} 字节的 JSON，其中的数小于 2^53`,
  formText: "文本",
  formSlash: "斜杠命令，如 /who",
  formId: "64 位十六进制数字",
  formIdOrNull: "64 位十六进制数字或 null",
  formTimeOrNull: "自 1970 年起的毫秒数或 null",
  formCount: (max) => `1 到 ${max} 的整数`,

  // The end
  leftBehind: (posts, kept) =>
    `还没有别人确认收到你的 ${posts} 条消息：` +
    (kept ? "已存在这里，下次启动后继续发送" : "这里什么也没有保存"),
  undelivered: (posts) => `${posts} 条消息没能及时送达任何人`,
  notLetIn: "没有人及时让你进来：输入的内容都没有发送",
  outputFailed: (reason) => `无法写入标准输出：${reason}`,
  ended: "节点已停止",
};
