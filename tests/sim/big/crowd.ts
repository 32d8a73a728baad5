/**
 * The peers of a big simulation, honest ones and strangers, each with its engine's options: who
 * it is, what it holds, which links it opens and whom it knows at first.
 */

import type { EngineOptions } from "../../../peer/engine.ts";
import type { CryptoSuite } from "../../../wire/crypto_suite.ts";
import { type LogId, logIdBytes, type RoomId, toId } from "../../../wire/ids.ts";
import { noiseChannels } from "../../../wire/noise_channel.ts";
import { signPost } from "../../../wire/post.ts";
import { encodeBody } from "../../../wire/post_body.ts";
import { publicRoomId } from "../../../wire/text.ts";
import { newIdentity, type TestIdentity } from "../../link_peers.ts";
import { plainChannels } from "../../plain_channel.ts";
import { seededCrypto } from "../../seeded_crypto.ts";
import { Dice } from "../dice.ts";
import { fastCrypto } from "./fast_crypto.ts";
import { addressOf } from "./light_network.ts";
import { epochMs, LightPeer, type LightPeerWorld, roomName } from "./light_peer.ts";
import { meddlerOf } from "./meddlers.ts";
import { type Meddler, meddlingChannels } from "./meddling_channel.ts";
import type { Fault, Scenario } from "./scenario.ts";
import { SharedStore } from "./shared_store.ts";

/** What the peers of a run have in common. */
export interface CrowdWorld extends LightPeerWorld {
  readonly scenario: Scenario;
  /** Whether strangers do harm by now. */
  isLoose(): boolean;
}

/** Strangers as a share of honest peers. */
const shares: Partial<Readonly<Record<Fault, number>>> = {
  forged: 0.1,
  flood: 0.06,
  ihave: 0.1,
  addresses: 0.1,
  droppers: 0.2,
};
/** Strangers that dial everybody: nine of ten inbound links, where three come from others. */
const intruders = 27;

/** How many strangers a run has beside its peers. */
export function strangersOf({ fault, peers }: Scenario): number {
  return fault === "inbound90" ? intruders : Math.ceil(peers * (shares[fault] ?? 0));
}

/** All peers, by their numbers; strangers that joined first have the first, intruders the last. */
export function newCrowd(world: CrowdWorld): LightPeer[] {
  const { scenario } = world;
  const { peers, fault, seed } = scenario;
  const crypto = scenario.crypto === "real" ? seededCrypto(seed) : fastCrypto(seed);
  const crowd: Crowd = { world, crypto, room: publicRoomId(roomName, crypto) };
  const dice = new Dice(seed * 7 + 1);
  const strangers = strangersOf(scenario);
  const all: LightPeer[] = [];
  for (let number = 0; number < peers + strangers; number++) {
    const isHonest = fault === "inbound90" ? number < peers : number >= strangers;
    const known = Math.min(number, scenario.contacts);
    const contacts = fault === "inbound90" && !isHonest
      ? all.map(({ address }) => address)
      : Array.from({ length: known }, () => addressOf(dice.below(number)));
    all.push(newPeer(crowd, number, isHonest, contacts));
  }
  return all;
}

interface Crowd {
  readonly world: CrowdWorld;
  readonly crypto: CryptoSuite;
  readonly room: RoomId;
}

function newPeer(
  crowd: Crowd,
  number: number,
  isHonest: boolean,
  contacts: readonly string[],
): LightPeer {
  const { world, crypto } = crowd;
  const { scenario } = world;
  const me = newIdentity(crypto);
  const name = `p${number}`;
  const log = toId<LogId>(crypto.randomBytes(logIdBytes));
  const store = new SharedStore(world.library, oldProfile(crowd, me, name));
  const { rekeyFramesMax } = scenario.limits;
  const below = scenario.crypto === "real"
    ? noiseChannels(me, crypto, { rekeyFramesMax })
    : plainChannels(me.peer, (length) => crypto.randomBytes(length));
  const meddler = isHonest ? null : newMeddler(crowd, number, me);
  const rng = new Dice(scenario.seed * 100_003 + number);
  const options = (): EngineOptions => ({
    identity: { peer: me.peer, secretKey: me.identity.secretKey },
    name,
    log,
    channels: meddler === null ? below : meddlingChannels(below, meddler),
    crypto,
    rng,
    reader: store,
    limits: isHonest ? scenario.limits : strangerLimits(scenario),
  });
  return new LightPeer(world, { number, store, isHonest, contacts, options });
}

function newMeddler(
  { world, crypto, room }: Crowd,
  number: number,
  me: TestIdentity,
): Meddler | null {
  const { fault, seed } = world.scenario;
  return meddlerOf(fault, {
    crypto,
    dice: new Dice(seed * 100_019 + number),
    room,
    me,
    isLoose: () => world.isLoose(),
    wallMs: () => epochMs + Math.round(world.queue.nowMs),
  });
}

/** Intruders want everybody for a neighbour. */
function strangerLimits({ limits, fault, peers }: Scenario): EngineOptions["limits"] {
  if (fault !== "inbound90") return limits;
  const all = { connectionsOutMax: 2 * peers, addressBookMax: 2 * peers };
  return { ...limits, ...all, activeTarget: peers, activeMax: peers };
}

/** A name as posted long ago; the log is another than the one that its owner goes on with. */
function oldProfile({ crypto, room }: Crowd, me: TestIdentity, name: string) {
  const fields = {
    ...encodeBody({ kind: "profile", name }),
    room,
    author: me.peer,
    log: toId<LogId>(crypto.randomBytes(logIdBytes)),
    seq: 1,
    previous: null,
    time: { ms: epochMs - 86_400_000, counter: 0 },
    heads: [],
  };
  return signPost(fields, me.identity.secretKey, crypto);
}
