/** Brief posts over a link: the bytes that were signed come out again, or nothing does. */

import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { briefFields, type BriefPost, briefPost } from "../../wire/brief.ts";
import { BriefReader, BriefWriter, type OutgoingPost } from "../../wire/brief_link.ts";
import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { assemblePost, type Post, signPost, verifyPost } from "../../wire/post.ts";
import { encodeBody } from "../../wire/post_body.ts";
import { randomBelow, seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(601);
const rng = seededRng(601);
const { briefLogsMax, briefPostsMax } = defaultLimits;

/** Somebody who writes in one log of one room. */
class Author {
  readonly #key = crypto.generateEd25519();
  readonly room: RoomId;
  readonly #log = sampleId<LogId>(rng, 8);
  last: Post | null = null;

  constructor(room: RoomId = sampleId(rng)) {
    this.room = room;
  }

  post(heads: readonly PostId[] = [], text = "hello"): Post {
    const ms = (this.last?.time.ms ?? 1_795_200_000_000) + randomBelow(rng, 1_000);
    this.last = signPost(
      {
        ...encodeBody({ kind: "text", text, reply: null }),
        room: this.room,
        author: toId<PeerId>(this.#key.publicKey),
        log: this.#log,
        seq: (this.last?.seq ?? 0) + 1,
        previous: this.last?.id ?? null,
        time: { ms, counter: randomBelow(rng, 3) },
        heads: heads.slice(0, 4),
      },
      this.#key.secretKey,
      crypto,
    );
    return this.last;
  }
}

const spelled = (brief: BriefPost) => encodeCbor(briefFields(brief, 128) as CborValue);

/** One end of a link. */
class End {
  readonly sent = new BriefWriter();
  readonly heard = new BriefReader();
  /** Messages on their way to the other end. */
  readonly wire: { anew: boolean; posts: Uint8Array[] }[] = [];

  send(...posts: readonly Post[]): number {
    const anew = this.sent.takeAnew();
    const said = posts.map((post) => {
      const outgoing: OutgoingPost = { post, hops: 3, wide: false };
      return spelled(this.sent.write(outgoing, this.heard));
    });
    this.wire.push({ anew, posts: said });
    return said.reduce((sum, { length }) => sum + length, 0);
  }

  /** Takes the next message of the other end; unread posts are `null`. */
  take(from: End): (Post | null)[] {
    const { anew, posts } = from.wire.shift()!;
    if (anew) this.heard.restart();
    return posts.map((bytes) => this.read(briefPost(decodeCbor(bytes), 127, 128)));
  }

  read(brief: BriefPost): Post | null {
    const { fields } = this.heard.read(brief, this.sent);
    if (fields === null) return null;
    const post = assemblePost(fields, brief.signature, crypto);
    this.heard.name(post.id);
    return post;
  }
}

function assertSame(got: Post | null | undefined, sent: Post): void {
  assert(got !== null && got !== undefined, `post ${sent.seq} was not read`);
  assertEquals([got.signed.toHex(), got.id], [sent.signed.toHex(), sent.id]);
  assertEquals(got.signature.toHex(), sent.signature.toHex());
}

Deno.test("brief posts: what was signed comes out byte for byte, and verifies", () => {
  const [near, far] = [new End(), new End()];
  const [ann, bo] = [new Author(), new Author()];
  const first = ann.post();
  const posts = [first, bo.post([first.id]), ann.post([sampleId(rng)])];
  near.send(...posts);
  const got = far.take(near);
  posts.forEach((post, i) => assertSame(got[i], post));
  assert(got.every((post) => verifyPost(post!, crypto)));
});

Deno.test("brief posts: a post that goes on costs its signature, its text and few bytes more", () => {
  const [near, far] = [new End(), new End()];
  const author = new Author();
  const others = Array.from({ length: 4 }, () => new Author(author.room));
  near.send(author.post());
  far.send(...others.map((other) => other.post()));
  far.take(near);
  near.take(far);
  const heads = others.map((other) => other.last!.id);
  const post = author.post(heads, "x".repeat(100));
  const bytes = near.send(post);
  assertSame(far.take(near)[0], post);
  assertLess(bytes, 64 + 100 + 40);
  assertLess(2 * bytes, post.signed.length + post.signature.length);
});

Deno.test("brief posts: of all those sent some are left out, none is another than was sent", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const dice = seededRng(seed);
    const ends = [new End(), new End()] as const;
    const room = sampleId<RoomId>(rng);
    const authors = Array.from({ length: 2 + seed % 90 }, () => new Author(room));
    const written: Post[] = [];
    let [read, unread] = [0, 0];
    const sent: (readonly Post[])[][] = [[], []];
    for (let i = 0; i < 300; i++) {
      const side = randomBelow(dice, 2);
      const [near, far] = [ends[side]!, ends[1 - side]!];
      const some = Array.from({ length: 1 + randomBelow(dice, 3) }, () => {
        const old = written[randomBelow(dice, written.length)];
        if (old !== undefined && dice.next() < 0.1) return old;
        const heads = written.slice(-8).filter(() => dice.next() < 0.4).map(({ id }) => id);
        const post = authors[randomBelow(dice, authors.length)]!.post(heads);
        written.push(post);
        return post;
      });
      near.send(...some);
      if (dice.next() < 0.05) {
        // It found no room.
        near.wire.pop();
        near.sent.undo(some.length);
      } else sent[side]!.push(some);
      if (dice.next() < 0.02) near.sent.restart();
      while (far.wire.length > 0 && dice.next() < 0.7) {
        const expected = sent[1 - side]!.shift()!;
        near.take(far).forEach((post, at) => {
          if (post === null) return void unread++;
          read++;
          assertSame(post, expected[at]!);
        });
      }
      for (const { sizes } of [near.sent, near.heard]) {
        assert(sizes.logs <= briefLogsMax && sizes.posts <= briefPostsMax);
      }
    }
    assertEquals(unread, 0, `seed ${seed}: of honest ends nothing is left out`);
    assert(read > 100);
  }
});

Deno.test("briefLogsMax: the oldest place is taken again, and its log named anew", () => {
  const [near, far] = [new End(), new End()];
  const authors = Array.from({ length: briefLogsMax + 1 }, () => new Author());
  for (const author of authors) {
    near.send(author.post());
    assertSame(far.take(near)[0], author.last!);
  }
  assertEquals([near.sent.sizes.logs, far.heard.sizes.logs], [briefLogsMax, briefLogsMax]);
  const [first, , third] = authors;
  const goesOn = near.send(third!.post());
  const anew = near.send(first!.post());
  assertLess(goesOn, anew - 70);
  assertSame(far.take(near)[0], third!.last!);
  assertSame(far.take(near)[0], first!.last!);
});

Deno.test("briefPostsMax: so many posts can be referred to, and older ones by their ids", () => {
  const [near, far] = [new End(), new End()];
  const author = new Author();
  const old = author.post();
  near.send(old);
  far.take(near);
  for (let i = 1; i < briefPostsMax; i++) {
    near.send(author.post());
    far.take(near);
  }
  assertEquals([near.sent.sizes.posts, far.heard.sizes.posts], [briefPostsMax, briefPostsMax]);
  const short = near.send(author.post([old.id]));
  assertSame(far.take(near)[0], author.last!);
  const long = near.send(author.post([old.id]));
  assertSame(far.take(near)[0], author.last!);
  assertLess(short, long - 25);
  assertEquals(near.sent.sizes.posts, briefPostsMax);
});

Deno.test("brief posts: what is not known here is not read, and what follows is", () => {
  const [near, far] = [new End(), new End()];
  const [ann, bo] = [new Author(), new Author()];
  near.send(ann.post());
  near.wire.length = 0;
  near.send(ann.post(), bo.post([ann.last!.id]));
  assertEquals(far.take(near), [null, null], "its log was named in what got lost");
  near.sent.restart();
  near.send(ann.post(), bo.post());
  const got = far.take(near);
  assertSame(got[0], ann.last!);
  assertSame(got[1], bo.last!);
});

Deno.test("brief posts: places beyond what there can be are malformed, bits are not believed", () => {
  const author = new Author();
  const end = new End();
  end.send(author.post());
  const good = end.wire[0]!.posts[0]!;
  for (let bit = 0; bit < 8 * good.length; bit++) {
    const bent = good.slice();
    bent[bit >> 3]! ^= 1 << (bit & 7);
    const far = new End();
    try {
      const post = far.read(briefPost(decodeCbor(bent), 127, 128));
      // Hops are believed in nothing and not signed.
      const isSame = post?.signed.toHex() === author.last!.signed.toHex();
      const isSigned = post !== null && verifyPost(post, crypto);
      assert(!isSigned || isSame, `bit ${bit}`);
    } catch (error) {
      assert(error instanceof MalformedError, `bit ${bit}: ${error}`);
    }
  }
  const brief = briefPost(decodeCbor(good), 127, 128);
  const far = new End();
  far.read(brief);
  for (const wrong of [{ step: Number.MAX_SAFE_INTEGER }, { ms: 2 ** 48 - 1 }]) {
    const next = { ...brief, log: 0, step: 1, ms: 1, previous: null, ...wrong };
    assertThrows(() => far.read(next), MalformedError);
  }
  const outside = { ...brief, log: briefLogsMax };
  assertThrows(
    () => briefPost(decodeCbor(spelled(outside)), 127, 128),
    MalformedError,
  );
  const many = { ...brief, heads: Array.from({ length: 5 }, () => sampleId<PostId>(rng)) };
  assertThrows(
    () => briefPost(decodeCbor(spelled(many)), 127, 128),
    MalformedError,
  );
  assert(encodeMessage({ type: "brief", anew: false, posts: [brief] }).length > 0);
});
