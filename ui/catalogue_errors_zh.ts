/**
 * Chinese: what the engine and the machine refuse, by the codes of their errors, and the
 * plain words of systems and networks. `seen` is the value in quotes or a number, and may be
 * empty; `reason` is what the system said, and may be empty or in English.
 */

import type { ErrorCode } from "../peer/errors.ts";

/** A sentence for an error. */
export type ErrorSentence = (seen: string, reason: string) => string;

/** `文本 "x"`, or the noun alone. */
function of(noun: string, seen: string): string {
  return seen === "" ? noun : `${noun} ${seen} `;
}

/** `：reason`, or nothing. */
function because(reason: string): string {
  return reason === "" ? "" : `：${reason}`;
}

/** Codes of commands: each one of the closed list. */
const commandErrors: Readonly<Record<ErrorCode, ErrorSentence>> = {
  "text-empty": () => "消息里什么也没有",
  "text-too-long": () => "消息太长：最多 16384 字节（UTF-8）",
  "text-nul": () => "消息里有 NUL 字符",
  "text-surrogate": () => "消息里有半个字符",
  "name-empty": (seen) => `${of("名字", seen)}显示不出来`,
  "name-too-long": () => "名字太长：最多 64 字节（UTF-8）",
  "name-surrogate": () => "名字里有半个字符",
  "name-control": (seen) => `${of("名字", seen)}含有控制字符`,
  "room-name-empty": () => "房间名是空的",
  "room-name-too-long": () => "房间名太长：最多 64 字节（UTF-8）",
  "room-name-surrogate": () => "房间名里有半个字符",
  "room-name-control": (seen) => `${of("房间名", seen)}含有控制字符，或以 #、@、~ 开头`,
  "room-name-space": (seen) => `${of("房间名", seen)}含有空白`,
  "too-many-rooms": (seen) => `已经打开 ${seen} 个房间；先用 /part 关一个`,
  "not-joined": (seen) => `${of("房间", seen)}没有打开；先用 /join 打开`,
  "no-such-post": (seen) => `${of("消息", seen)}不在这里，或已撤回`,
  "not-the-author": (seen) => `${of("消息", seen)}是别人写的，撤不了`,
  "no-such-peer": (seen) => `没有${of("这个连接或地址", seen)}`.trim(),
  "bad-address": (seen) => `${of("地址", seen)}不对：应为 ip:port、[v6]:port 或 host:port`,
  "own-address": (seen) => `${of("这个地址", seen)}就是你自己；请给别人的地址`,
  "too-many-addresses": (seen) => `已知 ${seen} 个地址，不能再多；先用 /disconnect 去掉一个`,
  "bad-invite": (seen) =>
    seen === ""
      ? "邀请已损坏：请从 starling: 到末尾完整复制，或请对方再发一次"
      : `邀请已损坏：第 ${seen} 个字符附近不对；请与原文对照，或请对方再发一次`,
  "expired-invite": (seen) => `邀请已过期（就在最近 ${seen} 小时内）；请对方再发一个，或校准时钟`,
  "newer-invite": () => "邀请来自更新的版本；请更新 Starling，或向对方要地址",
  "own-invite": () => "这是你自己的邀请；请把它给别人",
  "not-listening": () => "没有在监听，别人连不上你；先用 /listen 打开端口",
  "port-taken": (seen, reason) =>
    `${of("端口", seen)}被其他程序占用；用 ${
      reason.includes("--web") ? "--web=端口" : "--listen"
    } ` +
    "换一个，0 表示任意",
  "bad-port": (seen, reason) =>
    `${of("不能在这里监听", seen).trim()}${because(reason)}；` +
    "换一个端口或地址；只写端口就是本机的所有地址",
  "disk-full": () => "磁盘满了；请腾出空间",
  "disk-error": (seen, reason) =>
    `磁盘无法写入${seen === "" ? "" : ` ${seen}`}${because(reason)}；什么也没有发送，请再试`,
  closed: () => "节点已停止",
  "not-available": () => "这里不能这样做",
  "no-key": () => "还没有对方的密钥：你们要有共同的房间，并在那里见过",
  blocked: (seen) => `${of("这个人", seen)}已被屏蔽；先用 /unblock 取消`,
  "verified-name": (seen) =>
    `${
      of("名字", seen)
    }属于你核对过的另一把密钥：这是别人，或对方换了密钥。请重新核对（/verify），` +
    "或用密钥的开头 /accept 后再写；什么也没有发送",
  "too-many-people": (seen) => `已对 ${seen} 人做过决定，不能再多`,
  "nobody-in-charge": (seen) => `${of("房间", seen)}没有管理者：它属于所有人`,
  "not-in-charge": (seen) =>
    seen === ""
      ? "只有房间的创建者和管理员可以这样做"
      : `${of("对", seen)}不能这样做：只有级别更高的管理者可以，或者已经如此`,
  removed: () => "你已被移出这个房间；别人看不到你在这里写的",
  "not-a-member": (seen) =>
    seen === ""
      ? "还不知道你是这个房间的成员，或者你已不再是"
      : `${seen} 不是这个房间的成员；请先邀请`,
  "room-closed": () => "这个房间已关闭：可以阅读，不能再发言",
  "bad-command": () => "没有这个命令，或用法不对",
  "bad-json": () => "不是 JSON 对象",
  "bad-field": (seen) => `${of("值", seen)}不对`,
  "line-too-long": () => "这一行太长",
  file: (seen, reason) => `${of("文件", seen)}用不了${because(reason)}`,
};

/** Codes of data folders. */
const folderErrors: Readonly<Record<string, ErrorSentence>> = {
  "in-use": (seen) =>
    `数据目录 ${seen} 正被另一个 Starling 使用。请先关掉它，或换一个目录（--data）或档案（--profile）。`,
  unusable: (seen, reason) =>
    `${seen} 用不了${because(reason)}。请确认它存在而且属于你，或换一个位置。`,
  "open-to-others": (seen) =>
    `${seen} 别人也能读写。如果确实没有人动过，请运行 chmod go-rwx ${seen}；或换一个位置。`,
  "key-damaged": (seen) =>
    `${seen} 中的身份已损坏，或格式不对。文件保持原样。请换上备份，或换一个目录重新开始。`,
  "key-newer": (seen) => `${seen} 中的身份由更新的 Starling 写成。请用那个版本。`,
  "no-identity": (seen) =>
    seen === ""
      ? "有几个身份，不知道指哪一个。请用 --profile 选一个。"
      : `没有找到身份 ${seen}。请用 --profile 或 --data 指定别处。`,
  "key-missing": (seen) =>
    `数据目录 ${seen} 有历史，但文件 identity 不见了。请放回来，或用 --import-identity 读入，` +
    `或换一个目录重新开始。`,
  "key-exists": (seen) => `${of("这里", seen)}已有身份或文件。请换一个位置，或先把它移走。`,
  passphrase: (seen) => `口令不对，打不开 ${seen} 中的身份`,
  "passphrase-wanted": (seen) =>
    `${seen} 中的身份有口令保护。请在终端上启动，或加 --passphrase 并把口令作为输入的第一行。`,
  "profile-name": (seen) =>
    `档案名 ${seen} 不对：应为 1 到 32 个字母、数字、点、连字符或下划线，如 --profile work`,
  "no-home": (seen) => `找不到存放档案的位置：环境变量为 ${seen}。请设置它，或用 --data 指定目录。`,
  "database-disk-full": (seen) => `${seen} 中的历史写不下了：磁盘满了。请腾出空间。`,
  "database-disk-error": (seen, reason) =>
    `${seen} 中的历史用不了${because(reason)}。请检查磁盘和目录权限。`,
  "database-damaged": (seen, reason) =>
    `${seen} 中的历史已损坏${because(reason)}。请重新启动 Starling：它会把这个文件改名保留，` +
    `救回读得出的消息，其余从其他节点取回。`,
  "database-newer": (seen) =>
    `${seen} 中的历史由更新的 Starling 写成。请用那个版本，或换一个目录。`,
  "database-foreign": (seen) => `${seen} 是别的程序的文件，保持原样。请换一个目录。`,
};

/** Sentences that say something else than others of their code. */
const wholeSentences: Readonly<Record<string, ErrorSentence>> = {
  "Whoever knows a public room can open it: nobody counts who comes": () =>
    "公开房间谁知道名字都能打开，不能限人数",
  "Only invites to private rooms are counted and can be taken back": () =>
    "只有私密房间的邀请才计数、能收回",
  "A chat with one person has no invites": () => "私聊没有邀请",
  "A chat with one person has no topic": () => "私聊没有话题",
  "Whoever founded a room stays in it; close it instead": () =>
    "创建者不能离开自己的房间；可以把它关闭",
  "You cannot write to yourself": () => "不能写给自己",
  "That is you": () => "那是你自己",
};

/** All of them, by code or by the whole English sentence. */
export const chineseErrors: Readonly<Record<string, ErrorSentence>> = {
  ...commandErrors,
  ...folderErrors,
  ...wholeSentences,
};

const reasons: Readonly<Record<string, string>> = {
  "connection refused: nothing listens there": "连接被拒绝：那里没有程序在监听",
  "connection reset": "连接被重置",
  "connection aborted": "连接中断",
  "connection closed": "连接已关闭",
  "closed by the other side": "对方关闭了连接",
  "closed": "已关闭",
  "network unreachable": "网络不可达",
  "host unreachable": "主机不可达",
  "address not available on this machine": "本机没有这个地址",
  "no answer": "没有回应",
  "not allowed by this program's permissions": "本程序没有这个权限",
  "not allowed by the system": "系统不允许",
  "this machine allows no more open files": "本机不能再打开更多文件",
  "unknown host": "找不到主机",
  "given up": "已放弃",
  "banned for wrong signatures": "因签名错误被封禁",
  "too many links": "连接太多",
  "no handshake in time": "握手超时",
  "somebody else is there": "那里是另一个人",
  "no network with multicast": "没有支持组播的网络",
  "its link key is not signed by the identity it names": "连接密钥没有由所称的身份签名",
  "a message was altered, cut, replayed or out of place": "有消息被改动、截断、重放或错位",
  "permission denied": "没有权限",
  "no such file or directory": "没有这个文件或目录",
  "is a directory": "这是一个目录",
  "not a directory": "这不是目录",
  "read-only file system": "文件系统只读",
  "no space left on device": "磁盘空间不足",
  "file exists": "文件已存在",
  "the file exists; choose another name": "文件已存在；请换个名字",
  "database or disk is full": "磁盘满了",
  "disk I/O error": "磁盘读写错误",
  "unable to open database file": "打不开数据库文件",
  "database disk image is malformed": "数据库文件损坏",
};

/** What others turn out to speak, in the words of wire/foreign_protocol.ts. */
const protocols: Readonly<Record<string, string>> = {
  "an HTTP request": "HTTP 请求",
  "an HTTP/2 request": "HTTP/2 请求",
  "an HTTP response": "HTTP 响应",
  "a mail or file server": "邮件或文件服务器",
  "another Starling that dials too": "另一个也在拨号的 Starling",
  "a Starling's refusal": "Starling 的拒绝",
  "a Noise handshake without a preamble": "没有前导的 Noise 握手",
};

/** What systems and networks say, as far as the words are known; else as it is. */
export function chineseReason(words: string): string {
  const [, protocol] = /^it looks like (.*)$/.exec(words) ?? [];
  if (protocol !== undefined) return `看起来是 ${protocols[protocol] ?? protocol}`;
  const [, bytes] = /^it begins with the bytes ([0-9a-f]*)$/.exec(words) ?? [];
  if (bytes !== undefined) return `以字节 ${bytes} 开头`;
  return Object.hasOwn(reasons, words) ? reasons[words]! : words;
}
