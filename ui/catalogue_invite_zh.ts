/** Chinese: invites. */

import type { englishInvites } from "./catalogue_invite_en.ts";

/** The texts about invites. */
export const chineseInvites: typeof englishInvites = {
  made: (room, days, invite) =>
    `给朋友的邀请，写在 --peer 或 /connect 之后；它通向 ${room}，只会连到你，${days} 天内有效： ${invite}`,
  firstStart: (days, invite) =>
    `或者在 --peer 之后写邀请，别人就无法冒充你应答，${days} 天内有效： ${invite}`,
  taken: (room, addresses) => `已接受去 ${room} 的邀请；正在连接 ${addresses}，只认发出邀请的人`,
  own: "这是你自己的邀请；请把它给别人",
  notInviter: (address) =>
    `${address} 那里是别的节点，或就是你自己，不是发出邀请的人：没有建立连接`,
  notToChat: "私聊没有邀请；先到一个房间",
};
