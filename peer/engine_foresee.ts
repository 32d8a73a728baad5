/**
 * A look at a whole message before its posts are taken in one by one: the signatures of those
 * that are new are verified together, which is faster where several threads can
 * (`CryptoSuite.verifyAll`). Nothing is decided here. Taking a post in (engine_intake.ts) judges
 * it as it would without this, and verifies what was not foreseen.
 */

import { MalformedError } from "../wire/cbor.ts";
import type { Message } from "../wire/message.ts";
import { decodePost, type Post, type SignedPost, verifyPosts } from "../wire/post.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { Now } from "./input.ts";
import { type LogKey, logKey } from "./log_key.ts";
import { RangeSet } from "./ranges.ts";
import type { Session } from "./session.ts";

/** A post that was decoded ahead. */
export interface Foreseen {
  readonly post: Post;
  /** Whether its signature is right; `null` if nobody has looked. */
  readonly valid: boolean | null;
}

/** No literal: V8 soon makes those that live as long as a message in old space to begin with. */
class Judged implements Foreseen {
  valid: boolean | null = null;
  constructor(readonly post: Post) {}
}

/** With fewer posts it takes longer to divide the work than to do it. */
const togetherMin = 16;

const nothing: ReadonlyMap<SignedPost, Foreseen> = new Map();

/**
 * Decodes the posts of a message and verifies those that are new and may come now.
 *
 * @param state The engine; nothing of it changes but what was used last.
 * @param session Who sent it.
 * @param open Its room.
 * @param message Live posts or a part of history.
 * @param now Both clocks.
 * @returns By the envelopes of the message; what is no post is not among them.
 */
export function foresee(
  state: EngineState,
  session: Session,
  open: OpenRoom,
  message: Extract<Message, { type: "posts" | "page" }>,
  now: Now,
): ReadonlyMap<SignedPost, Foreseen> {
  if (!isWorthIt(state, message.posts.length)) return nothing;
  const foreseen = new Map<SignedPost, Judged>();
  for (const envelope of message.posts) {
    const post = decoded(state, envelope);
    if (post !== null) foreseen.set(envelope, new Judged(post));
  }
  const request = message.type === "page" ? message.request : null;
  verifyTogether(state, session, open, foreseen, request, now);
  return foreseen;
}

/**
 * The same for live posts that are decoded already.
 *
 * @returns By the posts themselves; all are among them.
 */
export function foreseeRead(
  state: EngineState,
  session: Session,
  open: OpenRoom,
  posts: readonly Post[],
  now: Now,
): ReadonlyMap<SignedPost, Foreseen> {
  const foreseen = new Map<SignedPost, Judged>(
    posts.map((post) => [post, new Judged(post)]),
  );
  if (isWorthIt(state, posts.length)) verifyTogether(state, session, open, foreseen, null, now);
  return foreseen;
}

function isWorthIt({ crypto, probeMs }: EngineState, posts: number): boolean {
  return crypto.verifyAll !== undefined && probeMs === null && posts >= togetherMin;
}

function verifyTogether(
  state: EngineState,
  session: Session,
  open: OpenRoom,
  foreseen: ReadonlyMap<SignedPost, Judged>,
  request: number | null,
  now: Now,
): void {
  const wanted = new Map<LogKey, RangeSet>();
  const judged: Judged[] = [];
  let bytes = 0;
  for (const each of foreseen.values()) {
    const { post } = each;
    bytes += post.signed.length;
    // By its place, not its id (batch.ts). Of two in one place the second is not foreseen.
    const places = placesOf(wanted, post);
    if (places.has(post.seq)) continue;
    // As if all were of one author: what a budget has no room for costs no verification.
    const count = judged.length + 1;
    if (!isWanted(state, session, open, post, request, count, bytes, now)) continue;
    places.add(post.seq, post.seq);
    judged.push(each);
  }
  const verdicts = verifyPosts(judged.map(({ post }) => post), state.crypto);
  for (let i = 0; i < judged.length; i++) judged[i]!.valid = verdicts[i]!;
}

function placesOf(wanted: Map<LogKey, RangeSet>, { author, log }: Post): RangeSet {
  const key = logKey(author, log);
  let places = wanted.get(key);
  if (places === undefined) wanted.set(key, places = new RangeSet());
  return places;
}

function decoded(state: EngineState, envelope: SignedPost): Post | null {
  try {
    return decodePost(envelope, state.crypto);
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/** Whether a post will be verified, as far as that is seen without asking the store. */
function isWanted(
  state: EngineState,
  session: Session,
  open: OpenRoom,
  post: Post,
  request: number | null,
  count: number,
  bytes: number,
  now: Now,
): boolean {
  const { room } = open;
  const { author, seq } = post;
  const key = logKey(author, post.log);
  if (post.room !== room.id || state.batch.has(post) || room.held.mayHold(key, seq)) {
    return false;
  }
  if (request !== null) {
    return state.fetch.isAsked(session.link.connection, request, post, key);
  }
  const known = state.known.has(author);
  return state.budgets.allows(room.id, author, known, bytes, now.monoMs, count);
}
