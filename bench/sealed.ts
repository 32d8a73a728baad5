/**
 * What direct messages cost: sealing and opening one, beside a verification; and the look at a
 * sealed post that is for somebody else, which every member of a room of 200 takes at each.
 */

import process from "node:process";
import { nodeCrypto } from "../io/crypto.ts";
import { Sealer } from "../peer/sealer.ts";
import { SealingKeys } from "../peer/sealing_keys.ts";
import { type PeerId, toId } from "../wire/ids.ts";
import { defaultLimits } from "../wire/limits.ts";
import { type Post, postKind, signPost } from "../wire/post.ts";
import { decodeSealedBody } from "../wire/sealed.ts";
import { publicRoomId } from "../wire/text.ts";
import type { Row } from "./report.ts";

const members = 200;
const posts = 2_000;
const rounds = 9;

const crypto = nodeCrypto();
const room = publicRoomId("lobby", crypto);
const never = { ms: 0, counter: 0 };

function person() {
  const signing = crypto.generateEd25519();
  const peer = toId<PeerId>(signing.publicKey);
  const first = { ...crypto.generateX25519(), madeMs: 0, agedMs: 0 };
  const keys = new SealingKeys([], first, defaultLimits);
  const sealer = new Sealer(peer, crypto.generateX25519(), keys, crypto, defaultLimits);
  const write = (to: PeerId, seq: number): Post => {
    const head = {
      kind: postKind.sealed,
      room,
      author: peer,
      log: toId<Post["log"]>(new Uint8Array(8)),
      seq,
      previous: seq === 1 ? null : toId<Post["id"]>(new Uint8Array(32)),
      time: never,
      heads: [],
    };
    const content = { kind: "text", text: "x".repeat(100), reply: null } as const;
    return signPost({ ...head, body: sealer.seal(head, to, content)! }, signing.secretKey, crypto);
  };
  return { peer, sealer, signing, write };
}

/** Microseconds of processor for each of `count` calls, in the best of some rounds after a warm one. */
function microseconds(count: number, call: (i: number) => unknown): number {
  // The least of the rounds: what else this machine does only makes it slower.
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const start = process.cpuUsage();
    for (let i = 0; i < count; i++) call(i);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / count);
  }
  return Math.min(...times.slice(1));
}

/** Rows for sealing, opening and hints. */
export function sealed(): Row[] {
  const [ann, bo] = [person(), person()];
  ann.sealer.onProfile(bo.peer, bo.sealer.profileKeys, never);
  const letter = ann.write(bo.peer, 1);
  const message = crypto.randomBytes(300);
  const signature = crypto.sign(ann.signing.secretKey, message);
  const verify = microseconds(
    posts,
    () => crypto.verify(ann.signing.publicKey, message, signature),
  );
  const seal = microseconds(posts / 5, (i) => ann.write(bo.peer, i + 1));
  const open = microseconds(posts / 5, () => {
    if (bo.sealer.open(letter)?.content == null) throw new Error("It does not open");
  });
  const authors = Array.from({ length: members }, person);
  const foreign = authors.map((author) => {
    author.sealer.onProfile(bo.peer, bo.sealer.profileKeys, never);
    const post = author.write(bo.peer, 1);
    return { post, body: decodeSealedBody(post.body) };
  });
  // What the engine does with a sealed post of somebody else, for somebody else.
  const look = microseconds(posts, (i) => {
    const { post } = foreign[i % members]!;
    if (ann.sealer.open(post) !== null) throw new Error("It is for somebody else");
  });
  const detail = (name: string, us: number) =>
    `${us.toFixed(1)} µs, ${Math.round(1e6 / us)} ${name}/s; a verification takes ${
      verify.toFixed(1)
    }`;
  return [
    {
      name: "seal and sign a direct message of 100 bytes ÷ verify",
      value: seal / verify,
      floor: 20,
      goal: 10,
      higher: false,
      detail: detail("sealed", seal),
    },
    {
      name: "open a direct message ÷ verify",
      value: open / verify,
      floor: 20,
      goal: 10,
      higher: false,
      detail: detail("opened", open),
    },
    {
      name: `hint of a sealed post for another, ${members} authors, in µs`,
      value: look,
      floor: 15,
      goal: 10,
      higher: false,
      detail: detail("looked at", look),
    },
  ];
}
