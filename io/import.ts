/**
 * Takes in history that an export has written (io/export.ts). Each post is checked like one
 * from the network: only the signed bytes and the signature are read, and they must fit.
 */

import { decodeBase64 } from "@std/encoding/base64";
import { MalformedError } from "../wire/cbor.ts";
import type { Imported } from "../peer/chat.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { PostId } from "../wire/ids.ts";
import { decodePost, type Post, verifyPost } from "../wire/post.ts";
import { fileError } from "./file_error.ts";

/** What an import needs of a peer. */
export interface ImportTarget {
  readonly crypto: CryptoSuite;
  /** Knows what is stored. */
  readonly store: { has(id: PostId): boolean };
  /** Takes in posts whose signatures have been verified; rejects if it cannot. */
  take(posts: readonly Post[]): Promise<unknown>;
}

/** Posts taken in at once: verifying them holds the loop for about 5 ms. */
const batchPosts = 128;
/** Characters of one line; the longest text with every character escaped comes to 130,000. */
const lineLengthMax = 256 * 1024;

/**
 * Imports a file.
 *
 * @param path An export.
 * @param target Where the posts go.
 * @returns How many posts were new, how many were stored before, and how many the target did not
 * take, because they were removed once or are more of one key than is kept.
 * @throws {ChatError} `file`, with the number of the first bad line; what stands before that
 * line has been taken in. Or what `take` rejects with.
 */
export async function importPosts(
  path: string,
  target: ImportTarget,
): Promise<Imported> {
  let [added, known, refused, lineNumber] = [0, 0, 0, 0];
  let batch = new Map<PostId, Post>();
  const takeBatch = async () => {
    const posts = [...batch.values()];
    batch = new Map();
    if (posts.length === 0) return;
    await target.take(posts);
    const taken = posts.filter(({ id }) => target.store.has(id)).length;
    added += taken;
    refused += posts.length - taken;
  };
  for await (const line of lines(path)) {
    lineNumber++;
    if (line.trim() === "") continue;
    let post: Post;
    try {
      post = readLine(line, target.crypto);
    } catch (error) {
      await takeBatch();
      if (!(error instanceof MalformedError)) throw error;
      throw fileError(
        "import",
        path,
        `line ${lineNumber} ${error.message}; ${added} posts were added`,
      );
    }
    if (batch.has(post.id) || target.store.has(post.id)) known++;
    else batch.set(post.id, post);
    if (batch.size >= batchPosts) await takeBatch();
  }
  await takeBatch();
  return { added, known, refused };
}

function readLine(line: string, crypto: CryptoSuite): Post {
  if (line.length > lineLengthMax) throw new MalformedError("is too long");
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new MalformedError("is not JSON");
  }
  const fields: { readonly signed?: unknown; readonly signature?: unknown; readonly v?: unknown } =
    typeof value === "object" && value !== null ? value : {};
  if (fields.v !== 1) throw new MalformedError("is not of an export of this version");
  const signed = bytes(fields.signed);
  const signature = bytes(fields.signature);
  if (signed === null || signature === null) throw new MalformedError("holds no signed post");
  let post: Post;
  try {
    post = decodePost({ signed, signature }, crypto);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new MalformedError(`holds no right post (${error.message})`);
  }
  if (!verifyPost(post, crypto)) throw new MalformedError("has a wrong signature");
  return post;
}

function bytes(value: unknown): Uint8Array | null {
  if (typeof value !== "string") return null;
  try {
    return decodeBase64(value);
  } catch {
    return null;
  }
}

/** The lines of a file, with or without a carriage return, the last one with or without an end. */
async function* lines(path: string): AsyncGenerator<string, void, void> {
  let rest = "";
  try {
    using file = await Deno.open(path);
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(64 * 1024);
    for (let count; (count = await file.read(buffer)) !== null;) {
      const parts = (rest + decoder.decode(buffer.subarray(0, count), { stream: true }))
        .split("\n");
      rest = parts.pop() ?? "";
      // A file without line ends must not fill the memory; the reader refuses so long a line.
      if (rest.length > lineLengthMax) break;
      yield* parts;
    }
  } catch (error) {
    throw fileError("import", path, error);
  }
  if (rest !== "") yield rest;
}
