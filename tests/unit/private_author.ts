/** People of a private room in tests: each signs acts in logs of its own, at times that the test gives. */

import type { LogMark } from "../../wire/owned_room.ts";
import type { Post } from "../../wire/post.ts";
import {
  encodePrivateAct,
  type PrivateAct,
  proveSealing,
  type SealingProof,
} from "../../wire/private_acts.ts";
import { privateRoomId, veilName } from "../../wire/private_room.ts";
import { LogAuthor } from "./log_author.ts";

/** Somebody who posts in one private room. */
export class PrivateAuthor extends LogAuthor {
  readonly proof: SealingProof = proveSealing(
    this.crypto.randomBytes(32),
    this.keys.secretKey,
    this.crypto,
  );

  /** Founds the room; its first post. */
  found(name: string, secret: Uint8Array): Post {
    this.room = privateRoomId(this.peer, secret, this.crypto);
    const nameBox = veilName(name, this.peer, secret, this.crypto);
    const { sealing } = this.proof;
    return this.act(0, { act: "found-private", nameBox, sealing, history: false });
  }

  act(ms: number, act: PrivateAct): Post {
    return this.sign(ms, encodePrivateAct(act));
  }

  add(ms: number, guest: PrivateAuthor, logs: readonly LogMark[] = []): Post {
    return this.act(ms, { act: "add", peer: guest.peer, logs, proof: guest.proof, invite: null });
  }

  remove(ms: number, other: PrivateAuthor, logs: readonly LogMark[] = other.marks()): Post {
    return this.act(ms, { act: "remove", peer: other.peer, logs });
  }

  /** Something in the room, of whatever it consists. */
  say(ms: number): Post {
    return this.sign(ms, { kind: 1, body: new Uint8Array(8) });
  }
}
