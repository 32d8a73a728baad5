/**
 * What private rooms cost: a new key for all who stay when one of 200 members is removed, by a
 * whole engine; and, beside a verification, sealing an epoch's secret to one member, opening it,
 * and encrypting and reading a post.
 */

import process from "node:process";
import { nodeCrypto } from "../io/crypto.ts";
import type { Action } from "../peer/action.ts";
import { Engine } from "../peer/engine.ts";
import { PrivateEngine } from "../peer/engine_private.ts";
import type { Command, Input } from "../peer/input.ts";
import { seededRng } from "../tests/rng.ts";
import { MemoryStore } from "../tests/unit/memory_store.ts";
import type { KeyPair } from "../wire/crypto_suite.ts";
import { commitmentOf, decodeEpoch, openSeal, sealEpoch } from "../wire/epoch.ts";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../wire/ids.ts";
import { defaultLimits } from "../wire/limits.ts";
import { noiseChannels } from "../wire/noise_channel.ts";
import { signLinkKey } from "../wire/identity_binding.ts";
import { decodePost, postKind } from "../wire/post.ts";
import { proveSealing } from "../wire/private_acts.ts";
import { decodeVeiled, unveilBody, veilBody } from "../wire/private_room.ts";
import type { PostHead } from "../wire/sealed.ts";
import type { Row } from "./report.ts";

const members = 200;
const rounds = 5;
const calls = 400;

const crypto = nodeCrypto();
const random = <T extends string>(bytes: number) => toId(crypto.randomBytes(bytes)) as unknown as T;

/** An engine that is linked to nobody, with a store in memory. */
class Alone {
  readonly peer: PeerId;
  readonly store = new MemoryStore();
  readonly engine: Engine;
  #nowMs = 0;
  #refs = 0;

  constructor() {
    const signing = crypto.generateEd25519();
    this.peer = toId<PeerId>(signing.publicKey);
    const link = crypto.generateX25519();
    const binding = signLinkKey(signing.secretKey, link.publicKey, crypto);
    this.engine = new Engine({
      identity: { peer: this.peer, secretKey: signing.secretKey },
      name: "ann",
      log: random<LogId>(8),
      channels: noiseChannels({ peer: this.peer, link, binding }, crypto),
      crypto,
      rng: seededRng(1),
      reader: this.store,
      limits: defaultLimits,
      direct: {
        hint: crypto.generateX25519(),
        sealing: [],
        firstSealing: { ...crypto.generateX25519(), madeMs: Date.now(), agedMs: 0 },
        letters: this.store,
      },
    });
    this.engine.usePrivate((state) => new PrivateEngine(state, []));
  }

  /** Carries out a command and all that follows; gives the posts that it has made. */
  run(command: Command): PostId[] {
    const made: PostId[] = [];
    const ref = ++this.#refs;
    for (
      let inputs: readonly Input[] = [{ type: "command", ref, command }];
      inputs.length > 0;
    ) {
      const now = { monoMs: ++this.#nowMs, wallMs: Date.now() };
      const actions = this.engine.step(inputs, now);
      inputs = actions.flatMap((action) => this.#perform(action, made));
    }
    return made;
  }

  #perform(action: Action, made: PostId[]): Input[] {
    if (action.type === "acknowledge" && !action.outcome.ok) {
      throw new Error(action.outcome.message);
    }
    if (action.type !== "append") return [];
    this.store.append(action.arrivals, action.newLog, Date.now());
    made.push(...action.arrivals.map(({ post }) => post.id));
    return [{ type: "appended" }];
  }
}

/** Microseconds of processor of one call. */
function spent(call: () => unknown): number {
  const start = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/** The same for each of many, in the best of some rounds after a warm one. */
function each(call: (i: number) => unknown): number {
  const times = Array.from({ length: rounds + 1 }, () =>
    spent(() => {
      for (let i = 0; i < calls; i++) call(i);
    }) / calls);
  return Math.min(...times.slice(1));
}

/** Removes one after the other from a room of 200; milliseconds of processor, the median. */
function rekey(): { readonly ms: number; readonly seals: number } {
  const ann = new Alone();
  const [founding] = ann.run({ type: "found", name: "plans", kind: "private", history: false });
  const { room } = decodePost(ann.store.get(founding!)!, crypto);
  const guests = Array.from({ length: members - 1 }, () => {
    const keys = crypto.generateEd25519();
    const peer = toId<PeerId>(keys.publicKey);
    const sealing = crypto.generateX25519().publicKey;
    const { signature } = proveSealing(sealing, keys.secretKey, crypto);
    const guest = { peer, sealing, sealingSignature: signature, invite: null };
    ann.run({ type: "add-member", room, guest });
    return peer;
  });
  let seals = 0;
  const times = guests.slice(0, rounds).map((peer) => {
    const deed = { act: "remove", peer } as const;
    let made: PostId[] = [];
    const us = spent(() => made = ann.run({ type: "power", room: `~${room}`, deed }));
    seals = made.map((id) => decodePost(ann.store.get(id)!, crypto))
      .filter(({ kind }) => kind === postKind.epoch)
      .reduce((sum, { body }) => sum + decodeEpoch(body).seals.length, 0);
    return us / 1_000;
  });
  return { ms: times.sort((a, b) => a - b)[rounds >> 1]!, seals };
}

/** Rows for private rooms. */
export function privateRooms(): Row[] {
  const signing = crypto.generateEd25519();
  const message = crypto.randomBytes(300);
  const signature = crypto.sign(signing.secretKey, message);
  const verify = each(() => crypto.verify(signing.publicKey, message, signature));
  const head: PostHead = {
    kind: postKind.epoch,
    room: random<RoomId>(32),
    author: toId<PeerId>(signing.publicKey),
    log: random<LogId>(8),
    seq: 1,
    previous: null,
    time: { ms: 0, counter: 0 },
    heads: [],
  };
  const secret = crypto.randomBytes(32);
  const keys: KeyPair = crypto.generateX25519();
  const to = { peer: random<PeerId>(32), sealing: keys.publicKey };
  const commitment = commitmentOf(head.room, secret, crypto);
  const one = sealEpoch(head, to, null, secret, crypto)!;
  const seal = each(() => sealEpoch(head, to, null, secret, crypto));
  const open = each(() => {
    if (openSeal(head, one, commitment, [keys], crypto) === null) throw new Error("shut");
  });
  const [text, epoch] = [crypto.randomBytes(100), random<PostId>(32)];
  const veiled = decodeVeiled(veilBody(head, text, epoch, secret, crypto));
  const veil = each(() => veilBody(head, text, epoch, secret, crypto));
  const read = each(() => {
    if (unveilBody(head, veiled, secret, crypto) === null) throw new Error("shut");
  });
  const { ms, seals } = rekey();
  const row = (name: string, us: number, goal: number): Row => ({
    name: `${name} ÷ verify`,
    value: us / verify,
    floor: 2 * goal,
    goal,
    higher: false,
    detail: `${us.toFixed(1)} µs, ${Math.round(1e6 / us)}/s; a verification takes ${
      verify.toFixed(1)
    }`,
  });
  return [
    {
      name: `one of ${members} members is removed: a new key for all others, in ms`,
      value: ms,
      floor: 1_000,
      goal: 250,
      higher: false,
      detail: `${seals} seals, processor time of the whole step, the median of ${rounds}`,
    },
    row("seal the key of a private room to one member", seal, 10),
    row("open such a seal", open, 10),
    row("encrypt a post of 100 bytes", veil, 2),
    row("read an encrypted post of 100 bytes", read, 2),
  ];
}
