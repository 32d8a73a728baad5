/**
 * Letters: what two people say to each other in sealed posts, as this machine keeps it. The post
 * itself is carried and stored like any other; its plaintext stands beside it, on the disks of
 * the two and nowhere else.
 */

import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { LogicalTime } from "../wire/post.ts";
import type { LetterContent, Words } from "../wire/sealed.ts";
import type { RoomName, ShownPost } from "./notice.ts";
import type { RoomSecret } from "./room_secret.ts";

/** What stands in a sealed post of ours or for us. */
export interface Letter {
  /** The other of the two. */
  readonly peer: PeerId;
  /** `null`: it is for us, and no key of ours opens it. */
  readonly content: LetterContent | null;
  /** It repeats one that could not be opened: its author does not see it a second time. */
  readonly isCopy?: boolean;
}

/** An X25519 key pair to which others seal, and its age. */
export interface SealingKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 32 bytes. */
  readonly secretKey: Uint8Array;
  /** When it was made, in milliseconds since 1970. */
  readonly madeMs: number;
  /** How long this peer has been linked to somebody since it was replaced. */
  readonly agedMs: number;
}

/** What only this machine keeps with a post, in the same transaction. */
export type Kept =
  | { readonly type: "letter"; readonly letter: Letter }
  | {
    /** Own sealing keys, the newest last. */ readonly type: "keys";
    readonly keys: readonly SealingKey[];
  }
  | { /** The secret of the room that the post founds. */ readonly type: "room" } & RoomSecret
  | {
    /** The secret of the epoch that the post begins. */ readonly type: "epoch";
    readonly secret: Uint8Array;
  };

/** A letter with words in it, as it is kept. */
export interface StoredLetter {
  /** The post's. */
  readonly id: PostId;
  /** The room that carried it. */
  readonly room: RoomId;
  /** The other of the two. */
  readonly peer: PeerId;
  /** This peer wrote it. */
  readonly isMine: boolean;
  /** The post's. */
  readonly seq: number;
  /** The post's. */
  readonly time: LogicalTime;
  /** When it was stored, in milliseconds since 1970. */
  readonly arrivedMs: number;
  /** What it says. */
  readonly content: Words;
  /** Its author has taken it back. */
  readonly withdrawn: boolean;
}

/** Reads stored letters. */
export interface LetterReader {
  /** The letter in a post, or `null`. */
  letter(id: PostId): StoredLetter | null;
  /** Letters exchanged with somebody: the newest before a post, oldest first. */
  letters(
    peer: PeerId,
    before: PostId | null,
    limit: number,
  ): { readonly rows: readonly StoredLetter[]; readonly more: boolean };
  /** The same after a post. */
  lettersAfter(
    peer: PeerId,
    after: PostId,
    limit: number,
  ): { readonly rows: readonly StoredLetter[]; readonly more: boolean };
  /** Those with whom letters were exchanged, the latest first, each with the first letter. */
  correspondents(limit: number): StoredLetter[];
}

/** What this person has decided about somebody. */
export interface PersonRecord {
  /** Direct messages are shown. */
  readonly accepted: boolean;
  /** Nothing is shown. */
  readonly blocked: boolean;
  /** The safety numbers were compared. */
  readonly verified: boolean;
  /** How the person was called then: a name that no other key takes over. */
  readonly verifiedName: string | null;
  /** A name that is ours alone; `null` for none. */
  readonly petname: string | null;
}

/** Of somebody about whom nothing was decided. */
export const nobodyYet: PersonRecord = {
  accepted: false,
  blocked: false,
  verified: false,
  verifiedName: null,
  petname: null,
};

/** How a direct chat is called as a room. */
export function directRoom(peer: PeerId): RoomName {
  return `@${peer}`;
}

/** What is added to a letter to show it. */
export type LetterShowing = Pick<ShownPost, "name" | "origin" | "clockAhead" | "late">;

/** A letter as a person reads it. */
export function showLetter(
  letter: StoredLetter,
  me: PeerId,
  { name, origin, clockAhead, late }: LetterShowing,
): ShownPost {
  const { id, peer, isMine, seq, time, content, withdrawn } = letter;
  return {
    id,
    kind: content.kind,
    room: directRoom(peer),
    from: isMine ? me : peer,
    name,
    text: withdrawn ? "" : content.text,
    time,
    seq,
    origin,
    reply: content.reply,
    withdrawn,
    clockAhead,
    private: true,
    late,
  };
}
