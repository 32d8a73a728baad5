/** People of an owned room in tests: each signs posts in one log, at times that the test gives. */

import { type Act, encodeAct, ownedRoomId } from "../../wire/owned_room.ts";
import { type Post, signPost } from "../../wire/post.ts";
import { encodeBody, type PostBody } from "../../wire/post_body.ts";
import { LogAuthor } from "./log_author.ts";

/** Somebody who posts in one room. */
export class OwnedAuthor extends LogAuthor {
  /** Founds the room; its first post. */
  found(name: string): Post {
    const salt = this.crypto.randomBytes(16);
    this.room = ownedRoomId(this.peer, name, salt, this.crypto);
    return this.act(0, { act: "found", name, salt });
  }

  act(ms: number, act: Act): Post {
    return this.sign(ms, encodeAct(act));
  }

  say(ms: number, text: string, kind: "text" | "announcement" = "text"): Post {
    return this.post(ms, { kind, text, reply: null });
  }

  post(ms: number, body: PostBody): Post {
    return this.sign(ms, encodeBody(body));
  }

  /** Another post for the place of one. */
  twin(of: Post, text: string): Post {
    const { room, author, log, seq, previous, time, heads } = of;
    const place = { room, author, log, seq, previous, time, heads };
    const body = encodeBody({ kind: "text", text, reply: null });
    return signPost({ ...place, ...body }, this.keys.secretKey, this.crypto);
  }
}
