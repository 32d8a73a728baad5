/**
 * What slash commands that only ask are answered with: sentences about rooms, people and
 * posts; those about links are in ui/net_listing.ts.
 */

import type { PostInfo } from "../peer/chat.ts";
import type { Catalogue } from "./catalogue.ts";
import type { PeerId } from "../wire/ids.ts";
import { roomLabel } from "./post_line.ts";
import { chosen, currentRoom, ownedRoom, type Setting } from "./setting.ts";

/** `/rooms`: all open ones, the current one marked. */
export function roomLines({ chat, conversation, catalogue }: Setting): string[] {
  for (const { room, kind, title } of chat.rooms()) {
    if (kind === "direct") conversation.names.shown(room.slice(1) as PeerId, title);
  }
  const lines = chat.rooms().map(({ room, kind, present, topic, role, closed, members }) => {
    const label = roomLabel(room, conversation.names);
    const line = catalogue.roomLine(label, room === conversation.room, present, topic);
    return kind === "owned" || kind === "private"
      ? line + catalogue.owned.roomIs(room, role ?? null, closed ?? false, members ?? null)
      : line;
  });
  return lines.length === 0 ? [catalogue.noRooms] : lines;
}

/** `/who`: everybody in a room; `typed` is `null` for the current one. */
export function whoLines(typed: string | null, setting: Setting): string[] {
  const { chat, conversation, catalogue } = setting;
  const people = chat.who(typed === null ? currentRoom(setting) : ownedRoom(typed, setting));
  // All names first: whether two people share one is known only then.
  for (const { from, name } of people) conversation.names.shown(from, name);
  const { blockedMark, verifiedMark } = catalogue.privately;
  return people.map(({ from, name, self, away, seenMsAgo, blocked, mark }) =>
    catalogue.personLine(conversation.names.shown(from, name), self, away, seenMsAgo) +
    (mark === "verified" ? ` [${verifiedMark}]` : "") + (blocked ? ` [${blockedMark}]` : "")
  );
}

/** `/whois`: everybody who is called so, with key, rooms and link. */
export function whoisLines(query: string, { chat, conversation, catalogue }: Setting): string[] {
  const found = chat.whois(query);
  if (found.length === 0) return [catalogue.nobodyKnown(query)];
  for (const { peer, name } of found) conversation.names.shown(peer, name);
  const { names } = conversation;
  return found.map(({ peer, name, ownName, mark, blocked, rooms, address, forked }) => {
    const shown = conversation.names.shown(peer, name);
    const marks = catalogue.privately.marks(name === ownName ? "" : ownName, mark, blocked);
    return catalogue.acquaintanceLine(
      shown,
      peer,
      rooms.map((room) => roomLabel(room, names)).join(", "),
      address,
      forked,
    ) + marks;
  });
}

/** `/info`: author, times and, for own posts, how far they have come and to whom. */
export function infoLines(target: string, { chat, conversation, catalogue }: Setting): string[] {
  const { id } = chosen(conversation.find(target), target, catalogue);
  const info = chat.info(id);
  const { post, holders, arrivedMs } = info;
  const author = conversation.names.shown(post.from, post.name);
  const [said, arrived] = [catalogue.dateTime(post.time.ms), catalogue.dateTime(arrivedMs)];
  const lines = [
    catalogue.infoPost(id),
    catalogue.infoAuthor(author, roomLabel(post.room, conversation.names), post.seq, said, arrived),
  ];
  if (post.from === chat.me) {
    const names = holders.map(({ peer, name }) => conversation.names.shown(peer, name));
    lines.push(deliveryLine(info, names, catalogue));
  }
  return lines;
}

/** How far an own post has come. */
function deliveryLine(
  { state, reason, members }: PostInfo,
  names: readonly string[],
  catalogue: Catalogue,
): string {
  if (names.length > 0) return catalogue.infoHeld(names.join(", "), names.length, members);
  if (reason !== null) return catalogue.infoUndelivered(catalogue.unheldBecause[reason]);
  return state === "handed" ? catalogue.infoHanded(members) : catalogue.infoStored(members);
}
