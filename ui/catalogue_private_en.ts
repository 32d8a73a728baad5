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
  blockedMark: "blocked",
};
