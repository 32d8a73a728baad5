/**
 * Removes posts that need not be kept: those older (since they arrived) than a room keeps,
 * those of a room that takes more than it may, and, when the whole folder is too large,
 * strangers' oldest first, the largest author first, known people's last and own ones never.
 *
 * Where strangers have nothing else left, the last of what they said in public rooms goes, too,
 * before anything of known people: whoever makes a key for each post would otherwise fill the
 * folder with posts that stay, each being the newest of its log.
 *
 * A log is pruned from its beginning. What is gone is remembered as one floor for the log:
 * everything up to it counts as held, and nothing of it is taken again. What says how things
 * stand stays (the newest name of each author, the topic, announcements, everything about who
 * is in a room), and so does the newest post of each log, to which the next one refers.
 *
 * Sizes are estimates: rows, times what a row takes on the average. The file does not shrink;
 * what is free in it is used again.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type PeerId, type RoomId, toId } from "../../wire/ids.ts";
import { postKind } from "../../wire/post.ts";
import type { Floors } from "./floors.ts";
import type { Holdings } from "./holdings.ts";
import { withdrawnCondition } from "./rows.ts";
import type { Transactions } from "./transaction.ts";

/** What may stay of one room. */
export interface RoomRule {
  /** Posts that arrived before are removed; milliseconds since 1970. */
  readonly arrivedBeforeMs: number;
  /** Bytes; beyond, the oldest arrivals are removed. */
  readonly bytesMax: number;
}

/** What may stay. */
export interface PruneRules {
  /** Of each room. */
  readonly ruleOf: (room: RoomId, name: string | null) => RoomRule;
  /** Of all rooms, in bytes. */
  readonly bytesMax: number;
  /** Whose posts stay in any case. */
  readonly me: PeerId;
  /** Whose posts go last. */
  readonly isKnown: (peer: PeerId) => boolean;
  /** Now, in milliseconds since 1970. */
  readonly wallMs: number;
}

/** Posts that one transaction removes at most; 256 take 5 ms. */
const portionPosts = 256;
/** Logs that are looked at in one piece, if nothing is found to be removed. */
const logsPerPiece = 64;
/** What is left after a limit was exceeded, as a part of it, so that this comes rarely. */
const filledTo = 0.9;
/** Steps from the oldest arrival of a room to now in which it is made smaller. */
const ageSteps = 64;

const keptKinds: readonly number[] = [
  postKind.announcement,
  postKind.membership,
  postKind.epoch,
  postKind.invite,
  postKind.close,
];

interface LogRow {
  readonly id: number;
  readonly author: Uint8Array;
  readonly floor: number;
  readonly top: number;
}

interface PostRow {
  readonly id: number;
  readonly seq: number;
  readonly kind: number;
  readonly hash: Uint8Array;
  readonly arrived_ms: number;
}

/** How far a log may be pruned. */
interface Cut {
  readonly arrivedBeforeMs: number;
  readonly postsMax: number;
  /** Also what is kept otherwise, but for names and topics. */
  readonly allKinds: boolean;
  /** Also names, and the newest post of the log. */
  readonly whole: boolean;
}

/** A log whose posts may go, and how many it has left. */
interface CountedLog {
  readonly id: number;
  readonly author: PeerId;
  readonly isPublic: boolean;
  posts: number;
}

/** One author's logs, and how many posts they have together. */
interface CountedAuthor {
  readonly logs: CountedLog[];
  posts: number;
}

type Pieces = Generator<readonly RoomId[], void, void>;

/** Removes posts. */
export class Pruner {
  readonly #db: DatabaseSync;
  readonly #transactions: Transactions;
  readonly #holdings: Holdings;
  readonly #floors: Floors;
  readonly #log: StatementSync;
  readonly #rows: StatementSync;
  readonly #newest: StatementSync;
  readonly #newestProfile: StatementSync;
  readonly #newestTopic: StatementSync;
  readonly #removals: readonly StatementSync[];
  readonly #lowerMarks: readonly StatementSync[];
  /** Posts removed so far. */
  #removed = 0;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param transactions On the same database.
   * @param holdings Told of each floor.
   * @param floors Told of each floor.
   */
  constructor(
    db: DatabaseSync,
    transactions: Transactions,
    holdings: Holdings,
    floors: Floors,
  ) {
    this.#db = db;
    this.#transactions = transactions;
    this.#holdings = holdings;
    this.#floors = floors;
    this.#log = db.prepare("SELECT id, author, floor, top FROM log WHERE id = ?");
    this.#rows = db.prepare(
      `SELECT id, seq, kind, hash, arrived_ms FROM post WHERE log = ? AND seq > ?
       ORDER BY seq, hash LIMIT ${portionPosts + 1}`,
    );
    this.#newest = db.prepare("SELECT max(seq) AS seq FROM post WHERE log = ?");
    const newest = `NOT ${withdrawnCondition}
      ORDER BY post.ms DESC, post.counter DESC, post.hash DESC LIMIT 1`;
    this.#newestProfile = db.prepare(
      `SELECT post.id FROM log AS mine JOIN log AS its
         ON its.room = mine.room AND its.author = mine.author
       JOIN post ON post.log = its.id AND post.kind = ${postKind.profile}
       WHERE mine.id = ? AND ${newest}`,
    );
    this.#newestTopic = db.prepare(
      `SELECT post.id FROM post WHERE post.kind = ${postKind.topic}
         AND post.room = (SELECT room FROM log WHERE id = ?) AND ${newest}`,
    );
    this.#removals = [
      `DELETE FROM post_id WHERE prefix = substr(?2, 1, 8) AND post = ?1`,
      `DELETE FROM temp.recent_id WHERE prefix = substr(?2, 1, 8) AND post = ?1`,
      `DELETE FROM word WHERE rowid = ?1 AND ?1 <= (SELECT last FROM word_mark) AND ?2 IS NOT NULL`,
      `DELETE FROM post WHERE id = ?1 AND hash = ?2`,
    ].map((sql) => db.prepare(sql));
    // The number of a row that was the last is given again, and must be indexed again.
    this.#lowerMarks = ["word_mark", "post_id_mark"].map((mark) =>
      db.prepare(`UPDATE ${mark} SET last = (SELECT ifnull(max(id), 0) FROM post)
        WHERE last > (SELECT ifnull(max(id), 0) FROM post)`)
    );
  }

  /** `SqliteStore.bytesUsed` */
  get bytesUsed(): number {
    const one = (pragma: string) =>
      Object.values(this.#db.prepare(`PRAGMA ${pragma}`).get() as Record<string, number>)[0]!;
    return (one("page_count") - one("freelist_count")) * one("page_size");
  }

  /** `SqliteStore.prune` */
  *prune(rules: PruneRules): Pieces {
    const rooms = this.#db.prepare("SELECT id, key, name FROM room").all() as unknown as {
      id: number;
      key: Uint8Array;
      name: string | null;
    }[];
    for (const { id, key, name } of rooms) {
      const { arrivedBeforeMs, bytesMax } = rules.ruleOf(toId<RoomId>(key), name);
      yield* this.#byAge(id, arrivedBeforeMs);
      yield* this.#bySize(id, bytesMax, rules.wallMs);
    }
    yield* this.#byQuota(rules);
  }

  /** All of a room that arrived before. */
  *#byAge(room: number, arrivedBeforeMs: number): Pieces {
    if (arrivedBeforeMs <= 0) return;
    const logs = this.#db.prepare("SELECT id FROM log WHERE room = ?").all(room);
    let looked = 0;
    for (const { id } of logs as unknown as { id: number }[]) {
      for (;;) {
        const cut = { arrivedBeforeMs, postsMax: portionPosts, allKinds: false, whole: false };
        const touched = this.#cut(id, cut);
        if (touched === null) break;
        yield [touched];
      }
      if (++looked % logsPerPiece === 0) yield [];
    }
  }

  /** The oldest arrivals of a room that is too large, in steps of age. */
  *#bySize(room: number, bytesMax: number, wallMs: number): Pieces {
    if (bytesMax >= this.bytesUsed) return;
    const most = bytesMax / this.#rowBytes();
    const found = this.#db.prepare("SELECT count(*) AS posts FROM post WHERE room = ?").get(room);
    const before = (found as unknown as { posts: number }).posts;
    if (before <= most) return;
    const removedBefore = this.#removed;
    const posts = () => before - (this.#removed - removedBefore);
    const oldest = this.#db.prepare(
      `SELECT min(first) AS ms FROM (SELECT (SELECT arrived_ms FROM post WHERE post.log = log.id
         AND post.seq > log.floor ORDER BY seq LIMIT 1) AS first FROM log WHERE room = ?)`,
    ).get(room) as unknown as { ms: number | null };
    if (oldest.ms === null) return;
    const stepMs = Math.max(1, (wallMs + 1 - oldest.ms) / ageSteps);
    for (let step = 1; step <= ageSteps && posts() > most * filledTo; step++) {
      yield* this.#byAge(room, Math.ceil(oldest.ms + step * stepMs));
    }
  }

  /** The largest strangers first, then the last of them, then the largest of those who are known. */
  *#byQuota({ bytesMax, me, isKnown }: PruneRules): Pieces {
    if (this.bytesUsed <= bytesMax) return;
    let excess = Infinity;
    const logs = this.#largestLogs().filter(({ author }) => author !== me);
    const strangers = logs.filter(({ author }) => !isKnown(author));
    const turns = [
      { logs: strangers, allKinds: true, whole: false },
      { logs: strangers.filter(({ isPublic }) => isPublic), allKinds: true, whole: true },
      { logs: logs.filter(({ author }) => isKnown(author)), allKinds: false, whole: false },
    ];
    let looked = 0;
    for (const turn of turns) {
      // Anew for each turn: few large posts make an average that is none of the small ones.
      const used = this.bytesUsed;
      if (used <= bytesMax) return;
      excess = Math.min(excess, Math.ceil((used - bytesMax * filledTo) / this.#rowBytes()));
      const authors = bySize(turn.logs);
      for (let author; excess > 0 && (author = authors.at(-1)) !== undefined;) {
        const log = author.logs.reduce((a, b) => b.posts > a.posts ? b : a);
        const before = this.#removed;
        const touched = this.#cut(log.id, {
          arrivedBeforeMs: Infinity,
          postsMax: excess,
          // What strangers say about membership means nothing in a public room.
          allKinds: turn.allKinds && log.isPublic,
          whole: turn.whole,
        });
        const removed = this.#removed - before;
        excess -= removed;
        log.posts -= removed;
        authors.pop();
        if (touched === null) author.logs.splice(author.logs.indexOf(log), 1);
        author.posts -= touched === null ? log.posts : removed;
        if (author.logs.length > 0) insert(authors, author);
        if (touched !== null) yield [touched];
        else if (++looked % logsPerPiece === 0) yield [];
      }
    }
  }

  #largestLogs(): CountedLog[] {
    const rows = this.#db.prepare(
      `SELECT log.id, log.author, count(*) AS posts,
         room.name IS NOT NULL AND room.name NOT LIKE '~%' AS public
       FROM post JOIN log ON log.id = post.log JOIN room ON room.id = log.room GROUP BY post.log`,
    ).all() as unknown as { id: number; author: Uint8Array; posts: number; public: number }[];
    return rows.map(({ id, author, posts, public: isPublic }) => ({
      id,
      author: toId<PeerId>(author),
      posts,
      isPublic: isPublic === 1,
    }));
  }

  #rowBytes(): number {
    const row = this.#db.prepare("SELECT count(*) AS posts FROM post").get();
    return this.bytesUsed / Math.max(1, (row as unknown as { posts: number }).posts);
  }

  /** Prunes a log from its beginning; the room if anything was removed, else `null`. */
  #cut(log: number, cut: Cut): RoomId | null {
    const { floor, top } = this.#log.get(log) as unknown as LogRow;
    const rows = this.#prunable(log, cut.whole ? 0 : floor, cut);
    const last = rows.at(-1);
    if (last === undefined) return null;
    const stays = this.#staying(log, cut);
    let removed = 0;
    this.#transactions.run("written", () => {
      for (const row of rows) {
        if (stays(row)) continue;
        for (const statement of this.#removals) statement.run(row.id, row.hash);
        removed++;
      }
      for (const statement of this.#lowerMarks) statement.run();
      if (last.seq <= floor) return;
      this.#floors.write(log, last.seq, last.hash);
      this.#holdings.raise(log, top, last.seq, last.hash);
    });
    this.#removed += removed;
    return this.#floors.refresh(log);
  }

  /** The rows above a place that may go, whole forks only; seldom with the newest of the log. */
  #prunable(log: number, above: number, { arrivedBeforeMs, postsMax, whole }: Cut): PostRow[] {
    const found = this.#rows.all(log, above) as unknown as PostRow[];
    const newest = this.#newest.get(log) as unknown as { seq: number | null };
    let count = 0;
    const mayGo = ({ seq, arrived_ms }: PostRow) =>
      arrived_ms < arrivedBeforeMs && (whole || seq !== newest.seq);
    while (count < Math.min(found.length, postsMax, portionPosts) && mayGo(found[count]!)) count++;
    const next = found[count];
    while (count > 0 && next !== undefined && found[count - 1]!.seq === next.seq) count--;
    if (count === 0 && next !== undefined && found.length > portionPosts && postsMax > 1) {
      // So many posts with one number come from an author who forges forks by the hundred.
      const isOne = found.every(({ seq }) => seq === next.seq);
      if (isOne && found.every(mayGo)) return found;
    }
    return found.slice(0, count);
  }

  /** Which rows stay for what they are. */
  #staying(log: number, { allKinds, whole }: Cut): (row: PostRow) => boolean {
    const idOf = (row: unknown) => (row as { id: number } | undefined)?.id ?? null;
    let profile: number | null | undefined, topic: number | null | undefined;
    return ({ id, kind }) => {
      if (kind === postKind.profile) {
        return !whole && id === (profile ??= idOf(this.#newestProfile.get(log)));
      }
      if (kind === postKind.topic) return id === (topic ??= idOf(this.#newestTopic.get(log)));
      return !allKinds && keptKinds.includes(kind);
    };
  }
}

/** The authors of logs, the largest last, and of equal ones whose log is the oldest. */
function bySize(logs: readonly CountedLog[]): CountedAuthor[] {
  const authors = [...Map.groupBy(logs, ({ author }) => author).values()].map((own) => ({
    logs: own,
    posts: own.reduce((sum, { posts }) => sum + posts, 0),
  }));
  return authors.reverse().sort((a, b) => a.posts - b.posts);
}

/** Puts an author into its place; there may be as many of them as posts. */
function insert(authors: CountedAuthor[], author: CountedAuthor): void {
  let [low, high] = [0, authors.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (authors[middle]!.posts < author.posts) low = middle + 1;
    else high = middle;
  }
  authors.splice(low, 0, author);
}
