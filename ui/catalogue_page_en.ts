/** English: the texts of the page. */

import { count, minutes } from "./catalogue_words_en.ts";
import { dates } from "./dates.ts";

/** The English texts of the page. */
export const englishPage = {
  language: "English",
  ...dates("en-GB"),

  program: "Starling",

  // Without a way in
  lockedTitle: "Open the link of your Starling",
  locked:
    "This page belongs to one person. Start Starling with --web and open the link that it prints.",
  refused: "Starling was started anew. Open the new link that it prints; your drafts stay.",
  old: "Starling was updated. Load this page again.",
  loggedOut: "You are logged out. The link that Starling has printed opens this page again.",
  connecting: "Connecting…",
  reload: "Load again",

  // Login
  loginTitle: "Welcome to Starling",
  loginWhere:
    "Your key and what you have read stay on this computer. What you say goes to those in the " +
    "room, who keep it too; there is no server.",
  yourName: "Your name",
  room: "Room",
  friendAddress: "Address of a friend, or an invite (optional)",
  addressForm: "as in 10.0.0.5:9797",
  languageLabel: "Language",
  enter: "Enter",
  nameNeeded: "Type the name by which others shall know you.",
  linking: (address: string) => `Connecting to ${address}…`,
  linkFailed: (address: string, reason: string) => `Cannot reach ${address}: ${reason}`,
  notInviter: "somebody else is there, not who made the invite",
  linkSlow: (address: string) =>
    `${address} has not answered within 10 seconds. It is tried again in the background.`,
  enterAnyway: "Enter without it",

  // Frame
  rooms: "Rooms",
  people: "People",
  privateChats: "Private chats",
  back: "Back to the rooms",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  skip: "Skip to the messages",
  unread: (n: number) => `${n} unread`,
  noTopic: "No topic",
  joinRoom: "Join a room…",
  roomName: "Name of the room",
  roomNameNeeded: "Type a name for the room.",
  announcementNeeded: "Type what you announce.",
  join: "Join",
  leaveRoom: "Leave this room",
  leaveChat: "Close this chat",
  noRoom: "No room is open. Join one.",
  aboutRoom: "About this room",
  aboutPerson: (name: string) => `About ${name}…`,
  topic: "Topic",

  // Rooms with a founder
  foundRoom: "New room…",
  found: "Found it",
  foundFor: "Who can read it",
  foundKinds: { private: "Members alone", owned: "Everybody who has the invite" },
  foundMeans: {
    private: "What is said is encrypted for the members, and they alone carry it. You are in " +
      "charge: you name admins, remove people and close it.",
    owned: "The room is public and yours: you announce, name admins, remove people and close it. " +
      "If your key is lost, nobody can take your place.",
  },
  membersOnly: (n: number) =>
    `Encrypted for its members, who alone carry it: ${count(n, "member")}.`,
  founder: "Founder",
  admins: "Admins",
  notKnownYet: "not known yet",
  places: { founder: "founder", admin: "admin", removed: "removed" },
  announceLabel: "Announcement, set apart from what others say",
  announce: "Announce",
  inRoom: (room: string) => `In ${room}`,
  remove: "Remove",
  removedPeople: "Removed",
  readmit: "Admit again",
  readmitName: (name: string) => `Admit again: ${name}`,
  makeAdmin: "Make an admin",
  endAdmin: "No admin any more",
  hide: "Hide for everybody",
  roomLog: "What those in charge did",
  closeRoom: "Close the room…",
  closeMeans: (room: string) =>
    `This closes ${room} for everybody and for good. What was said can be read, and nothing more ` +
    "is said there.",
  closeForGood: "Close it for good",
  closedShort: "closed",
  leaveMeans:
    "Closed here, you go on belonging to it: “Join a room…” opens it again. If you leave " +
    "for good, nothing that is said from then on reaches you, and only a member can let you in " +
    "again. What you have read stays on this computer.",
  founderStays: "You founded it, so you go on belonging to it. Closed here, it goes on for the " +
    "others, and “Join a room…” opens it again.",
  closeHere: "Close it here",
  leaveForGood: "Leave for good",
  closedHere: "Closed here",
  silent: {
    closed: "This room is closed: it can be read, and nothing more is said here.",
    removed: "You were removed from this room, or left it: what you write here would reach nobody.",
    stranger: "You are not known to be a member of this room yet.",
  },

  // Invites
  invite: "Invite…",
  inviteTo: (room: string) => `Invite to ${room}`,
  inviteMeans:
    "Whoever takes this, in “Connect…” of the page or after /connect, reaches you and comes into " +
    "the room.",
  inviteSecret:
    "Whoever takes this, in “Connect…” of the page or after /connect, is let in without " +
    "any question to you: give it to nobody else.",
  inviteCount: "Lets in",
  inviteCounts: (n: number | null) =>
    n === null ? "any number of people" : count(n, "person", "people"),
  inviteSquares: "The invite as a QR code",
  invitesGiven: "Given before, and still good",
  revoke: "End it",
  inviteHolds: "It holds for 7 days, as long as you can be reached at the same address.",
  inviteHoldsHere: "It holds for 7 days, while this Starling runs and can be reached.",

  // Connection bar
  links: (n: number) => count(n, "peer"),
  alone: "Alone: messages wait here until somebody connects",
  away: "Starling has stopped or does not answer. Trying again; drafts stay.",
  notConnected: "Starling does not answer. Try again when it is there.",

  // Messages
  messagesOf: (room: string) => `Messages in ${room}`,
  empty: "Nothing was said here yet.",
  loading: "Loading…",
  beginning: "This is the beginning.",
  earlier: "Earlier messages",
  newLine: (n: number) => count(n, "new message"),
  toNewest: "To the newest",
  newBelow: (n: number) => `${n} new`,
  you: "You",
  withdrawnText: "Taken back",
  replyTo: (name: string) => `Reply to ${name}`,
  answers: (name: string) => `Answers ${name}`,
  answersUnknown: "Answers a message that is not here",
  answersElsewhere: "Answers an earlier message",
  reply: "Reply",
  withdraw: "Take back",
  info: "Details",
  topicIs: (name: string, text: string) =>
    text === "" ? `${name} cleared the topic` : `${name} set the topic: ${text}`,
  clockAhead: "The clock of the sender is ahead",
  late: "Came later than its place",
  announcement: "Announcement",

  gap: (missing: number, name: string, asking: string) =>
    missing === 0 ? "" : `${count(missing, "message")} from ${name} missing` +
      (asking === "" ? "" : `, asking ${asking}`),
  fork: (name: string) => `The key of ${name} was used in two places at once: copied or stolen`,

  // Ticks
  sending: "On its way to your disk",
  stored: "Stored on this computer; nobody else has it yet",
  handed: (have: number, members: number) => `Held by ${have} of ${count(members, "other")}`,
  handedOn: "Handed to a neighbour",
  held: "Held by all known members",
  heldBy: (names: string) => `Held by ${names}`,
  undelivered: (reason: string) => `Not delivered: ${reason}`,

  // Composer
  write: (room: string) => `Message ${room}`,
  send: "Send",
  notSent: (reason: string) => `Not sent: ${reason}`,
  perhapsNotSent: "Starling stopped before it said whether this was stored. Look, then send again.",

  // Private chats
  message: "Message",
  block: "Block",
  unblock: "Unblock",
  accept: "Accept",
  requests: "Want to talk to you",
  sealed: "Sealed: only the two of you can read it",
  verified: "verified",
  verify: "Verify…",
  compareDigits: "Compare these digits with this person, on a way that nobody else controls:",
  digitsSquares: "The digits as a QR code",
  digitsEqual: "They are equal",
  unverify: "Not verified any more",
  blocked: "blocked",

  // People
  here: (n: number, verified: number) =>
    count(n, "person", "people") + (verified === 0 ? "" : `, ${verified} verified`),
  isAway: "away",
  awayBecause: (reason: string) => `away: ${reason}`,
  seen: (ms: number) => `seen ${minutes(ms)} ago`,
  isYou: "you",
  key: "Key",
  address: "Address",
  noAddress: "No direct link",
  sharedRooms: "Rooms",
  arrived: "Stored here",
  said: "Said",
  holders: "Held by",
  nobodyYet: "nobody else yet",

  // Notes
  came: (names: string) => `${names} came`,
  went: (names: string) => `${names} left`,

  // Connect
  connect: "Connect…",
  connectTitle: "Connect to somebody",
  connectAddress: "Address or invite",
  connectGo: "Connect",
  linked: (name: string) => `Connected to ${name}.`,
  linkedWaits: (name: string) =>
    `Connected to ${name}. The room opens by itself once a member has let you in.`,
  addressNeeded: "Type an address, as in 10.0.0.5:9797, or an invite (starling:…).",
  peersTitle: "Links and addresses",
  peerUp: (rttMs: number | null) => rttMs === null ? "connected" : `connected, ${rttMs} ms`,
  peerDialling: "connecting",
  peerWaiting: (reason: string | null) => reason === null ? "waits" : `waits: ${reason}`,

  // First run
  firstTitle: "Nobody is connected yet",
  firstReached: "Others reach you at:",
  firstFriend: "A friend with Deno types:",
  firstNode: "Or, with Node:",
  friendTypes: (address: string) => `deno run -A mod.ts --peer ${address}`,
  friendTypesNode: (address: string) => `npx -y deno@2.9.6 run -A mod.ts --peer ${address}`,
  firstOpen: (room: string) =>
    `#${room} is open: whoever reaches you can join and read what was said in it.`,
  firstNoListen: "Starling does not listen: connect to somebody who does.",
  copy: "Copy",
  copied: "Copied",

  // Settings
  settings: "Settings",
  theme: "Theme",
  themes: { auto: "As the system", light: "Light", dark: "Dark" },
  notifyOn: "Show a notification when somebody writes to you or names you",
  notifyDenied: "The browser does not allow notifications for this page.",
  keep: "Keep what others say",
  keepDays: (days: number) => days === 0 ? "For ever" : count(days, "day"),
  keepMeans: "What is older leaves this computer, and no other.",
  logout: "Log out",
  logoutMeans: "This browser forgets the way in. Starling goes on.",
  nameChanged: "Your name was changed.",

  // Search and switcher
  search: "Search",
  searchWhere: "Where",
  nothingFound: "Nothing found.",
  searchAll: "In all rooms",
  foundMax: (n: number) => `Only the newest ${n} are shown.`,
  foundElsewhere: "Its room is not open: this joins it.",
  switcher: "Go to…",
  help: "Keys",
  keys: [
    ["Enter", "send"],
    ["Shift+Enter", "new line"],
    ["Ctrl+K", "go to a room or person"],
    ["Alt+↑ Alt+↓", "room before, room after"],
    ["↑ ↓", "in the messages: to the one before or after; Tab: what can be done with it"],
    ["Esc", "close; in the composer: no reply"],
    ["?", "this list"],
    ["/help", "commands"],
  ] as readonly (readonly [string, string])[],
};
