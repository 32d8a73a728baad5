/** English: invites. */

/** The texts about invites. */
export const englishInvites = {
  /** Above the invite, which stands in a line of its own. */
  made: (room: string, days: number) =>
    `for a friend, to type after --peer or /connect; it leads to ${room} and to you alone, and ` +
    `holds for ${days} days:`,
  firstStart: (days: number) =>
    `or, so that nobody else can answer in your place, with an invite, which holds for ${days} days:`,
  firstStartLine: (invite: string) => `  --peer ${invite}`,
  taken: (room: string, addresses: string) =>
    `took the invite to ${room}; dialling ${addresses}, where only who made it will do`,
  own: "that invite is your own: give it to others",
  notInviter: (address: string) =>
    `${address} is not the place of the one who made the invite: somebody else is there, no link made`,
  notToChat: "a chat with one person has no invites: go to a room first",
};
