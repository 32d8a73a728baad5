/** What a notice says to a person, in one sentence of the catalogue. */

import type { Notice, NoticeCode, RoomName } from "../peer/notice.ts";
import type { Catalogue } from "./catalogue.ts";
import { keyTag, type Names } from "./names.ts";
import { roomLabel, startOf } from "./post_line.ts";

const actTexts = {
  "admin-named": "adminNamed",
  "admin-ended": "adminEnded",
  removed: "removed",
  readmitted: "readmitted",
  "member-added": "added",
} as const;

/**
 * The sentence for something that happened.
 *
 * @param notice What happened.
 * @param names Puts key tags on names that two people share.
 * @returns One line that may still hold what others wrote, or `null` for what is not told
 * in a sentence: posts, receipts, deliveries, what was read, who is away or in charge, unfinished progress, links that ended
 * as they must.
 */
export function noticeText(notice: Notice, names: Names, catalogue: Catalogue): string | null {
  switch (notice.type) {
    case "message":
    case "receipt":
    case "read":
    case "delivery":
    case "away":
    case "charge":
    case "room":
      return null;
    case "peer": {
      // One of two links to the same peer, or all of them because this peer is leaving.
      if (notice.reason === "duplicate" || notice.reason === "leaving") return null;
      const name = names.shown(notice.peer, notice.name);
      if (notice.event === "up") return catalogue.linked(name, notice.address, notice.direction);
      return catalogue.unlinked(name, notice.address, downReason(notice.reason, catalogue));
    }
    case "presence": {
      const name = names.shown(notice.from, notice.name);
      const room = roomLabel(notice.room, names);
      return notice.event === "join" ? catalogue.came(name, room) : catalogue.went(name, room);
    }
    case "renamed": {
      const before = names.shown(notice.from, notice.before);
      return catalogue.renamed(before, names.shown(notice.from, notice.name));
    }
    case "withdrawn":
      return notice.by === undefined || notice.by === notice.from
        ? catalogue.tookBack(names.known(notice.from), roomLabel(notice.room, names))
        : catalogue.owned.hid(
          names.known(notice.by),
          names.known(notice.from),
          roomLabel(notice.room, names),
        );
    case "gap": {
      const name = names.shown(notice.from, notice.name);
      return catalogue.gap(notice.missing, name, roomLabel(notice.room), notice.asking);
    }
    case "fork":
      return catalogue.fork(names.shown(notice.from, notice.name), roomLabel(notice.room));
    case "progress":
      if (notice.total === 0 || notice.fetched < notice.total) return null;
      return catalogue.fetched(notice.total, roomLabel(notice.room, names));
    case "request": {
      const name = names.shown(notice.from, notice.name);
      return catalogue.privately.request(name, startOf(notice.text));
    }
    case "notice":
      return codeText(notice, names, catalogue);
  }
}

function downReason(reason: string | null, catalogue: Catalogue): string {
  return reason === null ? catalogue.unlinkedBecause.cut : plainReason(reason, catalogue);
}

/**
 * Why a link ended or could not be opened.
 *
 * @param reason A code of the engine, or words already.
 * @returns Words that may still hold what others wrote.
 */
export function plainReason(reason: string, catalogue: Catalogue): string {
  const words: Readonly<Record<string, string>> = catalogue.unlinkedBecause;
  return Object.hasOwn(words, reason) ? words[reason]! : catalogue.reason(reason);
}

function codeText(
  notice: NoticeCode & { readonly room: RoomName | null },
  names: Names,
  catalogue: Catalogue,
): string {
  const room = notice.room === null ? "" : roomLabel(notice.room, names);
  switch (notice.code) {
    case "admin-named":
    case "admin-ended":
    case "removed":
    case "readmitted":
    case "member-added": {
      const by = names.shown(notice.by, notice.byName);
      const say = catalogue.owned[actTexts[notice.code]];
      return say(by, names.shown(notice.peer, notice.name), room);
    }
    case "member-left":
      return catalogue.owned.left(names.shown(notice.peer, notice.name), room);
    case "room-closed":
      return catalogue.owned.closed(names.shown(notice.by, notice.byName), room);
    case "waiting":
      return catalogue.waiting(notice.port);
    case "dial-failed":
      return catalogue.dialFailed(
        notice.address,
        catalogue.reason(notice.reason),
        notice.retryMs,
      );
    case "dialled-self":
      return catalogue.dialledSelf(notice.address);
    case "not-inviter":
      return catalogue.invites.notInviter(notice.address);
    case "let-in":
      return catalogue.invites.letIn(names.shown(notice.peer, notice.name), room);
    case "not-let-in": {
      const { invites } = catalogue;
      const text = invites.notLetIn[notice.reason](names.shown(notice.peer, notice.name));
      return notice.byMaker || notice.reason === "later" ? text : text + invites.stillAsking;
    }
    case "own-invite":
      return catalogue.invites.own;
    case "refused-link":
      return catalogue.refusedLink(notice.address, catalogue.reason(notice.reason));
    case "version-mismatch":
      return catalogue.versionMismatch(notice.address, notice.range);
    case "disk-trouble":
      return catalogue.diskTrouble(catalogue.reason(notice.detail));
    case "disk-recovered":
      return catalogue.diskRecovered;
    case "paced":
      return catalogue.paced;
    case "undelivered":
      return catalogue.notYetHeld(notice.posts, catalogue.unheldBecause[notice.reason]);
    case "held-back":
      return catalogue.heldBack(notice.posts, notice.from);
    case "clock-corrected":
      return catalogue.clockCorrected(notice.offsetMs);
    case "new-log":
      return catalogue.newLog[notice.reason];
    case "verified-name": {
      const name = names.shown(notice.peer, notice.name);
      const [theirs, verified] = [keyTag(notice.peer), keyTag(notice.verified)];
      return catalogue.privately.verifiedName(name, theirs, verified);
    }
    case "unreadable":
      return catalogue.privately.unreadable(names.shown(notice.peer, notice.name), notice.asked);
    case "history-damaged":
      return catalogue.historyDamaged(notice.posts, notice.aside);
    case "banned":
      return catalogue.banned(keyTag(notice.peer), notice.minutes);
    case "listening":
      return catalogue.listening(notice.addresses);
    case "not-listening":
      return catalogue.notListening;
    case "lan-failed":
      return catalogue.lanFailed(catalogue.reason(notice.reason));
  }
}
