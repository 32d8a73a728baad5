/** English: direct messages, and what is decided about people. */

/** The texts about what is between people. */
export const englishPrivate = {
  // Direct messages
  chatWith: (name: string) =>
    `now with ${name} alone: nobody else can read what you write here (/join goes back to a room)`,
  chatClosed: (name: string) => `closed the chat with ${name}; it stays on this computer`,
  noTopic: "a chat with one person has no topic",
  noChatYet: (name: string) => `nothing was said between you and ${name} yet`,
  unreadable: (name: string, asked: boolean) =>
    `a message from ${name} to you cannot be opened: it was sealed to a key that is gone here` +
    (asked ? "; asked for it again" : ""),

  // Requests
  request: (name: string, text: string) =>
    `${name}, whom you do not know yet, writes to you: ${text} (/accept ${name} or /block ${name})`,
  requestLine: (name: string, peer: string, text: string) => `${name} (key ${peer}): ${text}`,
  noRequests: "nobody waits for an answer",
  accepted: (name: string) =>
    `you see what ${name} writes to you from now on; /query ${name} answers`,
  blocked: (name: string) =>
    `${name} is blocked: you see nothing of them; /unblock ${name} undoes it`,
  unblocked: (name: string) => `${name} is not blocked any more`,
  noPersonKnown: (typed: string) =>
    `nobody known is called ${typed}: type the name as it is shown, or the start of the key`,
  severalKnown: (typed: string, names: string) =>
    `several people are called ${typed}: ${names}. Type the name with its tag`,
  notYourself: "that is you",
  verifiedMark: "verified",
  safetyNumber: (name: string) =>
    `you and ${name} compare these digits, on a way nobody else controls:`,
  verifyHow: (name: string) =>
    `if they are equal: /verify ${name} yes. If not, somebody stands between you`,
  isVerified: (name: string) => `you have compared them; /verify ${name} no takes that back`,
  verified: (name: string) =>
    `${name} is verified: you are warned when another key comes under that name`,
  notVerified: (name: string) => `${name} is not verified any more`,
  verifiedName: (name: string, key: string, verified: string) =>
    `WARNING: ${name} with the key ${key} is not the one you have verified (${verified}): ` +
    `somebody else, or a new key. Compare again before you believe it: /verify ${key}`,
  ownName: (name: string, own: string) =>
    `${name} calls itself ${own === "" ? "nothing yet" : own}; /petname ${name} = text calls it ` +
    "otherwise here",
  called: (before: string, name: string) => `${before} is called ${name} here`,
  marks: (ownName: string, mark: "verified" | "known" | null, blocked: boolean) =>
    (ownName === "" ? "" : `; calls itself ${ownName}`) +
    (mark === "verified" ? "; verified" : "") + (blocked ? "; blocked" : ""),
  blockedMark: "blocked",
};
