/** English: invites. */

import type { InviteFailure } from "../peer/invites.ts";
import type { InviteEnd } from "../peer/invites.ts";

const number = (count: number, one: string) => count === 1 ? `1 ${one}` : `${count} ${one}s`;

/** The texts about invites. */
export const englishInvites = {
  holds: {
    days: (count: number) => `holds for ${number(count, "day")}`,
    hours: (count: number) => `holds for ${number(count, "hour")}`,
    minutes: (count: number) => `holds for ${number(count, "minute")}`,
  },
  forEver: "holds for ever",
  made: (room: string, holds: string, invite: string) =>
    `for a friend, to type after --peer or /connect; it leads to ${room} and to you alone, and ` +
    `${holds}: ${invite}`,
  madePrivate: (room: string, who: string, reads: string, holds: string, invite: string) =>
    `for whom you want in ${room}, to paste after /connect, or as a line to --peer - (others on a ` +
    `machine see what stands in command lines). Whoever has it is let in ` +
    `${who}, and ${reads}. It ${holds}; /invite --list tells who made which: ${invite}`,
  byAnybody: "by any member",
  byYou: (count: number) =>
    `by you alone, so leave Starling running, ${
      count === 1 ? "one person" : `${count} people`
    } in all`,
  readsPast: "reads what was said before",
  readsOnward: "reads what is said from then on",
  firstStart: (days: number, invite: string) =>
    `or, so that nobody else can answer in your place, after --peer an invite, which holds for ` +
    `${days} days: ${invite}`,
  taken: (room: string, addresses: string) =>
    `took the invite to ${room}; dialling ${addresses}, where only who made it will do`,
  asking: (addresses: string) =>
    `asking to be let into a private room; dialling ${addresses}, where only who made the invite ` +
    "will do. The room opens here once somebody lets you in, as long as Starling runs",
  letIn: (name: string, room: string) => `${name} let you in: ${room} is open`,
  notLetIn: {
    unknown: (name) => `${name} does not know that invite: ask for a new one`,
    expired: (name) => `${name} says that the invite has expired: ask for a new one`,
    revoked: (name) =>
      `${name} says that the invite was taken back, or ended when somebody was removed: ask for a ` +
      "new one",
    "used-up": (name) =>
      `${name} says that as many people as it was for have come by the invite: ask for a new one`,
    "not-maker": (name) =>
      `${name} belongs to the room, but only who made that invite can let you in by it`,
    removed: (name) =>
      `${name} says that you were removed from that room: whoever is in charge of it can admit you`,
    later: (name) => `${name} cannot let you in at the moment; asking again`,
    "no-answer": (name) => `${name} does not answer to the invite yet; waiting`,
  } satisfies Record<InviteFailure, (name: string) => string>,
  stillAsking: "; still waiting for who made it",
  own: "that invite is your own: give it to others",
  notInviter: (address: string) =>
    `at ${address} is another peer, or this one, and not who made the invite: no link made`,
  notToChat: "a chat with one person has no invites: go to a room first",
  how:
    "use: /invite [room] [--count N] [--expires 30m|12h|7d|never] [--qr], /invite --list [room] or " +
    "/invite --revoke ID",
  notCounted: (room: string) =>
    `${room} is a public room, which opens for whoever knows what it is called: an invite only shows ` +
    "the way, and nobody can count or take it back. /room new NAME --private makes one that is closed",
  listed: (id: string, by: string, use: string, state: string) =>
    `${id} by ${by}: ${use}; ${state}`,
  used: (count: number) => `${count} came by it`,
  usedOf: (count: number, most: number) => `${count} of ${most} came by it`,
  until: (date: string) => `holds until ${date}`,
  ended: {
    expired: "expired",
    "used-up": "used up",
    revoked: "taken back",
    removal: "ended, because somebody was removed",
  } satisfies Record<InviteEnd, string>,
  noneMade: (room: string) => `no invite to ${room} is known`,
  noSuch: (id: string) => `no invite begins with ${id}; /invite --list shows them`,
  several: (id: string) => `several invites begin with ${id}: give more of it`,
  takenBack: (id: string) => `taken back: by ${id} nobody is let in any more`,
};
