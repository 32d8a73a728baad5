/**
 * Posts that neighbours send, judged: what is new goes into the batch, on its way to the disk. What
 * follows once it is there stands in engine_commit.ts.
 */

import { MalformedError } from "../wire/cbor.ts";
import { type PostId, toId } from "../wire/ids.ts";
import { markOf } from "../wire/mark.ts";
import {
  decodePost,
  NewerFormatError,
  type Post,
  type SignedPost,
  verifyPost,
} from "../wire/post.ts";
import { openSealed } from "./engine_direct.ts";
import type { Foreseen } from "./engine_foresee.ts";
import { startLog } from "./engine_post.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { Forks } from "./forks.ts";
import type { HeldLogs } from "./held_logs.ts";
import type { ConnectionId, Now } from "./input.ts";
import { type LogKey, logKey } from "./log_key.ts";
import type { DropReason } from "./net_report.ts";
import type { Range } from "./ranges.ts";
import type { Session } from "./session.ts";

/** What became of a post that a neighbour sent. */
export type Verdict = "new" | "copy" | "invalid" | "refused";

/** How a post has come. */
export type Way =
  | { readonly origin: "live"; readonly hops: number; readonly wide: boolean }
  | {
    readonly origin: "history";
    /** `null`: an act of a private room, which nobody can ask for by its place. */
    readonly request: number | null;
  };

/**
 * Judges a post that a neighbour sent and, if it is new, puts it into the batch.
 *
 * @param state The engine.
 * @param session Who sent it.
 * @param open The room it was sent for.
 * @param envelope Its bytes.
 * @param way Whether it came as gossip or in a page.
 * @param now Both clocks.
 * @param foreseen What is known of it already.
 * @throws {MalformedError} If the bytes are no post, which costs the sender its link.
 */
export function intake(
  state: EngineState,
  session: Session,
  open: OpenRoom,
  envelope: SignedPost,
  way: Way,
  now: Now,
  foreseen?: Foreseen,
): Verdict {
  let post: Post;
  try {
    post = foreseen?.post ?? decodePost(envelope, state.crypto);
  } catch (error) {
    if (error instanceof NewerFormatError) {
      // Nobody can send it in a form that is read here.
      const id = toId<PostId>(state.crypto.sha256(envelope.signed));
      state.broadcast.tree(open.room.id).onHeld(id, null, now.monoMs);
      return refuse(open, "newer-format");
    }
    throw error;
  }
  if (post.room !== open.room.id) throw new MalformedError("post of another room");
  const { connection } = session.link;
  const { broadcast, batch } = state;
  const live = way.origin === "live";
  const tree = broadcast.tree(open.room.id);
  if (live) tree.onSent(connection, post.id);
  else if (way.request !== null) state.seek.onCame(connection, way.request, post);
  const key = logKey(post.author, post.log);
  const asked = live || way.request === null ||
    cameAsAsked(state, connection, way.request, post, key);
  const joins = open.room.held.mayHold(key, post.seq);
  // What was accepted is stored, so that its place is held; to look it up costs more than that.
  if (batch.has(post) || (joins && broadcast.accepted.has(post.id))) {
    return copy(state, session, post, live, now);
  }
  if (!asked) return refuse(open, "not-asked");
  if (joins && state.reader.has(post.id)) return copy(state, session, post, live, now);
  const isOwn = post.author === state.me;
  // What was removed once is taken no more.
  if (isPruned(state, post, key)) return refuse(open, "pruned");
  if (state.probeMs !== null) return refuse(open, "disk");
  if (open.isPrivate && (live || way.request !== null) && !state.private?.isByMember(post)) {
    // Perhaps the addition has not come yet: the neighbour will say again that it holds this.
    state.fetch.onLeft(connection, open.room.id);
    tree.onHeld(post.id, null, now.monoMs);
    return refuse(open, "no-member");
  }
  const known = state.known.has(post.author);
  const bytes = post.signed.length;
  if (live && !state.budgets.allows(post.room, post.author, known, bytes, now.monoMs)) {
    // Who is no neighbour answers no questions: the neighbours will tell of it.
    if (!tree.has(connection)) return refuse(open, "over-budget");
    tree.onHeld(post.id, null, now.monoMs);
    state.fetch.onLeftOver(connection, post, now.monoMs);
    return refuse(open, "over-budget");
  }
  if (!(foreseen?.valid ?? verifyPost(post, state.crypto))) return refuse(open, "invalid");
  const opens = batch.opens(open.room.held, key);
  const full = placeProblem(state, open.room.held, () => open.forks, post, known);
  if (full !== null) {
    // Gossip comes once: the neighbour has to say later that it holds this.
    if (live && full === "too-scattered") state.fetch.onLeft(connection, open.room.id);
    if (live) state.budgets.spendInVain(post.room, post.author, known, now.monoMs);
    tree.onHeld(post.id, null, now.monoMs);
    return refuse(open, full);
  }
  if (isOwn && post.log === state.log) startLog(state, "restored");
  if (!live && !isOwn) {
    state.budgets.spendHistory(post.room, post.author, known, bytes, now.monoMs, opens);
  }
  if (live) {
    tree.fresh++;
    state.liveMs = now.monoMs;
    state.budgets.spend(post.room, post.author, known, bytes, now.monoMs, opens);
  }
  session.gaveMs = now.monoMs;
  const kept = openSealed(state, post, now);
  batch.add(
    { post, origin: way.origin, ...kept === undefined ? {} : { kept } },
    connection,
    live ? Math.max(1, way.hops) : null,
    live && way.wide,
  );
  return "new";
}

/**
 * Takes a place in the batch for a post, or says why there is none.
 *
 * @param held What is stored of its room.
 * @param forks Places there at which two posts stand.
 * @param known Whether a person has named its author.
 */
export function placeProblem(
  state: EngineState,
  held: HeldLogs,
  forks: () => Forks,
  post: Post,
  known: boolean,
): DropReason | null {
  const { batch, limits } = state;
  const key = logKey(post.author, post.log);
  const isHeld = held.mayHold(key, post.seq);
  const pending = (seq: number) => batch.at(post.room, key, seq);
  if ((isHeld || pending(post.seq).length > 0) && !forks().mayJoin(post, isHeld, pending)) {
    return "too-many-branches";
  }
  const logsMax = known || post.author === state.me
    ? limits.logsPerKnownMax
    : limits.logsPerAuthorMax;
  if (!batch.mayOpen(held, key, post.author, logsMax)) return "too-many-logs";
  return batch.reserve(held, key, post.seq, state.rangesMax(post.room)) ? null : "too-scattered";
}

/** Whether a post stands at or below the floor of its log. */
export function isPruned({ reader }: EngineState, post: Post, key: LogKey): boolean {
  return post.seq <= (reader.floor(post.room, key)?.seq ?? 0);
}

/** A post has come in a page; says whether it was asked for, as one of a range or by its id. */
function cameAsAsked(
  state: EngineState,
  connection: ConnectionId,
  request: number,
  post: Post,
  key: LogKey,
): boolean {
  return state.fetch.onCame(connection, request, post, key) ||
    state.seek.isAsked(connection, request, post.id);
}

function refuse(open: OpenRoom, reason: DropReason): Verdict {
  open.drops.set(reason, (open.drops.get(reason) ?? 0) + 1);
  return reason === "invalid" ? "invalid" : "refused";
}

/** Gossip that comes twice shows a link that the tree can do without. */
function copy(
  state: EngineState,
  session: Session,
  post: Post,
  live: boolean,
  now: Now,
): Verdict {
  const { connection } = session.link;
  const pending = state.batch.has(post);
  state.broadcast.tree(post.room).onHeld(post.id, null, now.monoMs);
  if (live) {
    const first = state.batch.acceptance(post) ??
      state.broadcast.accepted.get(markOf(post.id));
    if (state.broadcast.tree(post.room).onCopy(connection, first, now.monoMs)) {
      session.send({ type: "prune", room: post.room });
    }
  }
  // The author may not know yet that we hold what it sends a second time.
  if (post.author === session.peer && !pending) {
    const ranges: Range[] = [[post.seq, post.seq]];
    session.send({ type: "have", room: post.room, log: post.log, ranges });
  }
  return "copy";
}
