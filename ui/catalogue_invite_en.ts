/** English: invites. */

/** The texts about invites. */
export const englishInvites = {
  made: (room: string, days: number, invite: string) =>
    `for a friend, to type after --peer or /connect; it leads to ${room} and to you alone, and ` +
    `holds for ${days} days: ${invite}`,
  firstStart: (days: number, invite: string) =>
    `or, so that nobody else can answer in your place, after --peer an invite, which holds for ` +
    `${days} days: ${invite}`,
  taken: (room: string, addresses: string) =>
    `took the invite to ${room}; dialling ${addresses}, where only who made it will do`,
  own: "that invite is your own: give it to others",
  notInviter: (address: string) =>
    `at ${address} is another peer, or this one, and not who made the invite: no link made`,
  notToChat: "a chat with one person has no invites: go to a room first",
};
