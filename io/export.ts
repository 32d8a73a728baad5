/**
 * Writes stored history as NDJSON: one line for each post, in the order of arrival.
 *
 * What counts are the signed bytes and the signature; room, author, time and text stand
 * beside them for people and for other programs, and are not read by an import.
 */

import { encodeBase64 } from "@std/encoding/base64";
import type { PeerId, RoomId } from "../wire/ids.ts";
import type { Post } from "../wire/post.ts";
import type { PostBody } from "../wire/post_body.ts";
import { fileError } from "./file_error.ts";
import type { SqliteStore } from "./store/sqlite_store.ts";
import type { StoredPost } from "./store/store.ts";

/** One line of an export. */
export interface ExportedPost {
  readonly v: 1;
  readonly type: "post";
  /** Public name without `#`, or `~` and the room's id. */
  readonly room: string;
  /** The author's key, and the newest name known of it. */
  readonly from: PeerId;
  readonly name: string;
  /** Milliseconds since 1970, as the author's clock said. */
  readonly time: number;
  readonly seq: number;
  /** `unknown` for a kind that this version does not read. */
  readonly kind: string;
  /** What it says, if it is words and its author has not taken it back. */
  readonly text?: string;
  /** Base64 of the bytes that were signed, and of the signature. */
  readonly signed: string;
  readonly signature: string;
}

/** What an export writes beside the posts. */
export interface Knowledge {
  /** The newest known name of an author. */
  readonly nameOf: (peer: PeerId) => string;
  /** What a post says, decrypted if need be; `null` if that cannot be read. */
  readonly read: (post: Post) => PostBody | null;
}

/** Bytes gathered for one write; a system call for each line would cost more than the line. */
const writeBytes = 64 * 1024;

/**
 * Exports everything.
 *
 * @param path A file that does not exist yet; only its owner may read it.
 * @param store Where the posts are.
 * @param knowledge What the posts do not say in the clear.
 * @returns The number of posts.
 * @throws {ChatError} `file`; no half-written file is left behind.
 */
export async function exportPosts(
  path: string,
  store: SqliteStore,
  knowledge: Knowledge,
): Promise<number> {
  const rooms = new Map(store.kept.rooms().map(({ id, name }) => [id, name]));
  const roomName = (id: RoomId) => rooms.get(id) ?? `~${id}`;
  const file = await create(path);
  let count = 0;
  try {
    let text = "";
    for (const stored of store.allPosts()) {
      text += JSON.stringify(line(stored, roomName, knowledge)) + "\n";
      count++;
      if (text.length < writeBytes) continue;
      await writeAll(file, text);
      text = "";
    }
    await writeAll(file, text);
    await file.sync();
  } catch (error) {
    file.close();
    await Deno.remove(path).catch(() => {});
    throw fileError("export to", path, error);
  }
  file.close();
  return count;
}

function line(
  { post, withdrawn }: StoredPost,
  roomName: (id: RoomId) => string,
  { nameOf, read }: Knowledge,
): ExportedPost {
  const body = read(post);
  const text = body !== null && "text" in body && !withdrawn ? { text: body.text } : {};
  return {
    v: 1,
    type: "post",
    room: roomName(post.room),
    from: post.author,
    name: nameOf(post.author),
    time: post.time.ms,
    seq: post.seq,
    kind: body?.kind ?? "unknown",
    ...text,
    signed: encodeBase64(post.signed),
    signature: encodeBase64(post.signature),
  };
}

async function create(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  } catch (error) {
    throw fileError("export to", path, error);
  }
}

async function writeAll(file: Deno.FsFile, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let offset = 0; offset < bytes.length;) {
    offset += await file.write(bytes.subarray(offset));
  }
}
