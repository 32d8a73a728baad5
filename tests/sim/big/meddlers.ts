/** What strangers do to a room, each in one way. */

import type { CryptoSuite } from "../../../wire/crypto_suite.ts";
import { type LogId, logIdBytes, type RoomId, toId } from "../../../wire/ids.ts";
import type { Message } from "../../../wire/message.ts";
import { encodeMessage } from "../../../wire/message_encode.ts";
import type { PostMark } from "../../../wire/mark.ts";
import { signRecord } from "../../../wire/address_record.ts";
import { signPost } from "../../../wire/post.ts";
import { encodeBody } from "../../../wire/post_body.ts";
import { newIdentity, type TestIdentity } from "../../link_peers.ts";
import type { Dice } from "../dice.ts";
import { Forger } from "../forgeries.ts";
import { type Meddler, plainly } from "./meddling_channel.ts";
import type { Fault } from "./scenario.ts";

/** What a stranger has to work with. */
export interface MeddlerWorld {
  readonly crypto: CryptoSuite;
  readonly dice: Dice;
  readonly room: RoomId;
  readonly me: TestIdentity;
  /** Whether the harm has begun. */
  isLoose(): boolean;
  wallMs(): number;
}

/** Things said in each frame, at most. */
const harmPerFrame = 3;
/** So many frames of a link stay as they are for each that carries harm. */
const quietFrames = 9;

/** The meddler of a fault; `null` if it has no strangers. */
export function meddlerOf(fault: Fault, world: MeddlerWorld): Meddler | null {
  switch (fault) {
    case "forged":
      return forger(world);
    case "flood":
      return adding(world, () => freshPosts(world));
    case "ihave":
      return adding(world, () => [falseAnnouncement(world)]);
    case "addresses":
      return liar(world);
    case "droppers":
    case "inbound90":
      return dropper(world);
    default:
      return null;
  }
}

/** Adds harm to some frames. */
function adding(world: MeddlerWorld, harm: () => Uint8Array[]): Meddler {
  return {
    say: (_to, messages) => {
      const said = plainly(messages);
      const isLast = messages.at(-1)?.type === "rekey" || messages.at(-1)?.type === "goodbye";
      if (isLast || !world.isLoose() || !world.dice.chance(1 / (1 + quietFrames))) return said;
      return [...said, ...harm()];
    },
    hear() {},
  };
}

function forger(world: MeddlerWorld): Meddler {
  const forger = new Forger(world.me, world.crypto, world.dice, [world.room]);
  const below = adding(world, () => {
    if (!forger.hasHeard) return [];
    return [forger.forgery(world.wallMs()).message];
  });
  return {
    say: below.say,
    hear: (messages) => messages.forEach((message) => forger.hear(message)),
  };
}

/** Proper posts of people who were never seen before. */
function freshPosts({ crypto, dice, room, wallMs }: MeddlerWorld): Uint8Array[] {
  const posts = Array.from({ length: dice.count(1, harmPerFrame) }, () => {
    const { identity, peer } = newIdentity(crypto);
    const post = signPost(
      {
        ...encodeBody({ kind: "text", text: "buy mice ".repeat(20), reply: null }),
        room,
        author: peer,
        log: toId<LogId>(crypto.randomBytes(logIdBytes)),
        seq: 1,
        previous: null,
        time: { ms: wallMs(), counter: 0 },
        heads: [],
      },
      identity.secretKey,
      crypto,
    );
    return { signed: post.signed, signature: post.signature, hops: 1 };
  });
  return [encodeMessage({ type: "posts", room, posts })];
}

/** Posts that are nowhere. */
function falseAnnouncement({ crypto, dice, room }: MeddlerWorld): Uint8Array {
  const marks = Array.from(
    { length: dice.count(1, 50) },
    () => crypto.randomBytes(8).toHex() as PostMark,
  );
  return encodeMessage({ type: "ihave", room, marks });
}

/** Takes and gives nothing on, but says that it has; what it asks for and swears is as ever. */
function dropper({ isLoose }: MeddlerWorld): Meddler {
  const kept = (message: Message) => !["posts", "brief", "page", "presence"].includes(message.type);
  return {
    say: (_to, messages) => plainly(isLoose() ? messages.filter(kept) : messages),
    hear() {},
  };
}

/** Sends everybody where nobody is, in the name of peers that there are not. */
function liar(world: MeddlerWorld): Meddler {
  const { crypto, dice, room } = world;
  const entry = () => {
    const { identity, peer: author } = newIdentity(crypto);
    const addresses = Array.from({ length: 4 }, () => nowhere(dice));
    const record = { author, timeMs: world.wallMs(), port: 9797, addresses };
    const { signed, signature } = signRecord(record, identity.secretKey, crypto);
    return { signed, signature, hint: nowhere(dice) };
  };
  return adding(world, () => {
    const entries = Array.from({ length: harmPerFrame }, entry);
    return [
      encodeMessage({ type: "members", room, entries, ask: false }),
      encodeMessage({ type: "walk", room, hopsLeft: 6, entry: entry() }),
    ];
  });
}

function nowhere(dice: Dice): string {
  return `10.${200 + dice.below(50)}.${dice.below(256)}.${dice.below(256)}:9797`;
}
