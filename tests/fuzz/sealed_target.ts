/**
 * Sealed bodies under fire: whatever a stranger puts into one, its recipient reads what was sealed
 * or nothing, and what is not for him is for nobody here.
 */

import { assert, assertEquals } from "@std/assert";
import { Sealer } from "../../peer/sealer.ts";
import { SealingKeys } from "../../peer/sealing_keys.ts";
import { MalformedError } from "../../wire/cbor.ts";
import { type LogId, type PeerId, type PostId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { type Post, postKind } from "../../wire/post.ts";
import {
  decodeContent,
  decodeSealedBody,
  encodeContent,
  encodeSealedBody,
  type LetterContent,
} from "../../wire/sealed.ts";
import { publicRoomId } from "../../wire/text.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import type { Target } from "./target.ts";

const crypto = seededCrypto(202);

function person() {
  const peer = toId<PeerId>(crypto.generateEd25519().publicKey);
  const keys = new SealingKeys(
    [],
    { ...crypto.generateX25519(), madeMs: 0, agedMs: 0 },
    defaultLimits,
  );
  const hint = crypto.generateX25519();
  return { peer, sealer: new Sealer(peer, hint, keys, crypto, defaultLimits) };
}

const [ann, bo, cy] = [person(), person(), person()];
for (const { peer, sealer } of [bo, cy]) {
  ann.sealer.onProfile(peer, sealer.profileKeys, { ms: 0, counter: 0 });
}
const head = {
  kind: postKind.sealed,
  room: publicRoomId("lobby", crypto),
  author: ann.peer,
  log: "00".repeat(8) as LogId,
  seq: 1,
  previous: null,
  time: { ms: 1, counter: 0 },
  heads: [],
};
const contents: LetterContent[] = [
  { kind: "text", text: "hello", reply: null },
  { kind: "action", text: "waves", reply: "11".repeat(32) as PostId },
  { kind: "resend", id: "22".repeat(32) as PostId, sealing: new Uint8Array(32).fill(9) },
];
const seal = (to: PeerId, content: LetterContent) => ann.sealer.seal(head, to, content)!;
const bodies = contents.map((content) => seal(bo.peer, content));
const forCy = seal(cy.peer, contents[0]!);
/** The four fields of what was sealed: nothing else may open. */
const genuine = new Set(bodies.map((body) => body.toHex()));

export const sealedTarget: Target = {
  name: "sealed",
  shape: "cbor",
  share: 1,
  inputsPerRun: 100_000,
  seeds: () => [...bodies, forCy, ...contents.map(encodeContent)],
  open: () => ({ feed }),
};

function feed(input: Uint8Array): string {
  const nothing = new Uint8Array(0);
  const post: Post = {
    ...head,
    body: input,
    id: "" as PostId,
    signed: nothing,
    signature: nothing,
  };
  assert(
    cy.sealer.open(post)?.content == null || fieldsOf(input) === forCy.toHex(),
    "opens for somebody else",
  );
  const letter = bo.sealer.open(post);
  if (letter?.content != null) {
    assert(genuine.has(fieldsOf(input)), "opens what was changed");
    return letter.content.kind;
  }
  return `${letter === null ? "none" : "unreadable"}, ${contentWords(input)}`;
}

/** A body without what stands behind its four fields, which a later version may add. */
function fieldsOf(body: Uint8Array): string {
  return encodeSealedBody(decodeSealedBody(body)).toHex();
}

/** What was sealed is as strange as the stranger who sealed it. */
function contentWords(input: Uint8Array): string {
  try {
    const content = decodeContent(input);
    if (content === null) return "later";
    assertEquals(decodeContent(encodeContent(content)), content);
    return content.kind;
  } catch (error) {
    if (error instanceof MalformedError) return error.message;
    throw error;
  }
}
