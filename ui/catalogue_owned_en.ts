/** English: rooms with a founder, and what those in charge do there. */

/** The texts about rooms that somebody is in charge of. */
export const englishOwned = {
  created: (label: string, room: string) =>
    `${label} is yours: others join it by /join ${room} (everybody who knows that can read it). ` +
    "If your key is lost, nobody can take your place",
  createdPrivate: (label: string, room: string) =>
    `${label} is yours and private: its members alone carry and read it. /invite makes a word that ` +
    `lets somebody in. Elsewhere it is called ${room}. ` +
    "If your key is lost, nobody can take your place",
  roomIs: (
    room: string,
    role: "founder" | "admin" | "removed" | "stranger" | null,
    closed: boolean,
    members: number | null,
  ) =>
    (members === null
      ? ` (/join ${room})`
      : ` (${room}); private, ${members} ${members === 1 ? "member" : "members"}`) +
    (role === "founder"
      ? "; yours"
      : role === "admin"
      ? "; you are an admin"
      : role === "removed"
      ? "; you were removed"
      : role === "stranger"
      ? "; waiting for a member"
      : "") +
    (closed ? "; closed" : ""),
  closeHow: (room: string) =>
    `this closes ${room} for everybody and for good: /close yes does it. /part leaves it`,
  adminHow: "/admin name makes somebody an admin, /admin name off ends that",
  logEmpty: "nothing is known of this room yet",
  hid: (by: string, name: string, room: string) => `${by} hid a post by ${name} in ${room}`,
  adminNamed: (by: string, name: string, room: string) => `${by} made ${name} an admin of ${room}`,
  adminEnded: (by: string, name: string, room: string) =>
    `${by} ended that ${name} is an admin of ${room}`,
  removed: (by: string, name: string, room: string) => `${by} removed ${name} from ${room}`,
  readmitted: (by: string, name: string, room: string) => `${by} admitted ${name} to ${room} again`,
  closed: (by: string, room: string) =>
    `${by} closed ${room}: it can be read, nothing more is said there`,
  added: (by: string, name: string, room: string) => `${by} added ${name} to ${room}`,
  left: (name: string, room: string) => `${name} left ${room} for good`,
  logFounded: (by: string, room: string) => `${by} founded ${room}`,
  logTopic: (by: string, text: string) => `${by} set the topic: ${text}`,
  logAnnounced: (by: string, text: string) => `${by} announced: ${text}`,
  logHid: (by: string) => `${by} hid or took back a post`,
};
