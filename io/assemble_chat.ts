/**
 * Puts the parts of one peer together: cryptography, engine, shell, listener, dialler and what
 * cares for the store, each told of those that it needs. Nothing happens on the network yet.
 */

import { Engine } from "../peer/engine.ts";
import { ChatError } from "../peer/errors.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { Limits } from "../wire/limits.ts";
import { noiseChannels } from "../wire/noise_channel.ts";
import { ChatHandle } from "./chat_handle.ts";
import type { ChatOptions } from "./chat_options.ts";
import { nodeCrypto } from "./crypto.ts";
import type { DataFolder } from "./data_folder.ts";
import { Dialer } from "./dialer.ts";
import { LanSearch } from "./finders/lan_search.ts";
import { Listening } from "./listening.ts";
import { variable } from "./login_name.ts";
import { NetworkWatch } from "./network_watch.ts";
import { NoticeStream } from "./notice_stream.ts";
import { Retention } from "./retention.ts";
import { type Checker, Shell } from "./shell.ts";
import { noteDamage } from "./store/rescue.ts";
import { StoreError } from "./store/store_error.ts";
import { type CaredStore, StoreCare } from "./store_care.ts";
import { VerifyTogether } from "./verify_together.ts";

/**
 * How long a peer says nothing of itself after its start. What it then signs would load
 * `node:crypto` (crypto.ts); by that time its user sees the room and has not typed yet.
 */
const silentMs = 500;

/**
 * Makes a peer.
 *
 * @param data Who it is, and its history; the handle closes it.
 * @param name How it is called.
 * @param options What else was asked for.
 * @param limits The table of limits.
 */
export async function assemble(
  data: DataFolder,
  name: string,
  options: ChatOptions,
  limits: Limits,
): Promise<ChatHandle> {
  const log = options.log ?? (() => {});
  const alone = nodeCrypto();
  const together = new VerifyTogether(alone);
  const crypto: CryptoSuite = {
    ...alone,
    verifyAll: (count, item) => together.verifyAll(count, item),
  };
  const { identity, store } = data;
  const { peer, signing, link, sealing } = identity;
  const engine = new Engine({
    identity: { peer, secretKey: signing.secretKey },
    name,
    log: data.log,
    // Getters, since what follows from a secret key is not computed before it is wanted.
    channels: noiseChannels({
      peer,
      link,
      get binding() {
        return link.binding;
      },
    }, crypto),
    crypto,
    rng: { next: () => Math.random() },
    reader: store,
    limits,
    people: store.correspondence.people(),
    direct: {
      hint: identity.hint,
      sealing: store.correspondence.sealingKeys(),
      firstSealing: {
        secretKey: sealing.secretKey,
        get publicKey() {
          return sealing.publicKey;
        },
        madeMs: Date.now(),
        agedMs: 0,
      },
      letters: store.correspondence,
    },
    silentUntilMs: performance.now() + silentMs,
  });
  const dialer = new Dialer(limits);
  const notices = new NoticeStream(limits.noticesMax, () => shell.readOn());
  const shell: Shell = new Shell(
    engine,
    {
      append: (arrivals, newLog, wallMs) => {
        store.append(arrivals, newLog, wallMs);
        care.poke();
      },
      remember: (address, peer, wallMs) => store.kept.rememberAddress(address, peer, wallMs),
      unreachable: (address) => store.kept.failedAddress(address),
      forget: (address) => store.kept.forgetAddress(address),
      rememberName: (name) => data.rememberName(name),
      rememberPerson: (peer, person) => store.correspondence.rememberPerson(peer, person),
      rememberKeys: (keys) => store.correspondence.rememberKeys(keys),
      keepReceipts: (room, change) => store.keepReceipts(room, change),
      keepRoom: (room, secret) => store.kept.keepRoom(room, secret),
      keepEpoch: (room, epoch, secret) => store.kept.keepEpoch(room, epoch, secret),
      dial: (address) => dialer.dial(address),
      notify: (notice) => notices.push(notice),
      holds: () => notices.full,
      turned: () => listening.poke(),
      log,
      failed: (error) => chat.fail(failure(error, log)),
    },
    limits,
    await checker(options),
  );
  const host = options.listen === false ? undefined : options.listen?.host;
  const listening = new Listening(shell, host, log);
  const watch = new NetworkWatch(limits, {
    changed: () => {
      listening.refresh();
      shell.networkChanged();
    },
  });
  const care = new StoreCare(caredStore(data, engine, shell, limits), limits, log);
  // What was stored last may not have been taken care of when this peer ended.
  care.poke();
  const chat: ChatHandle = new ChatHandle({
    me: peer,
    engine,
    shell,
    store,
    crypto,
    dialer,
    listening,
    lan: new LanSearch(),
    notices,
    limits,
    release: () => {
      together.close();
      watch.close();
      care.close();
      data.close();
    },
    log,
  });
  return chat;
}

/** What is kept in order, and by which rules. */
function caredStore(
  { store, identity }: DataFolder,
  engine: Engine,
  shell: Shell,
  limits: Limits,
): CaredStore {
  const retention = new Retention(limits, (key) => store.kept.setting(key));
  return {
    index: (postsMax) => store.index(postsMax),
    isTooLarge: () => store.bytesUsed > retention.folderBytesMax,
    prune: () => {
      const { wallMs } = shell.now;
      return store.prune({
        ruleOf: (room, name) => retention.ruleOf(room, name, wallMs),
        bytesMax: retention.folderBytesMax,
        me: identity.peer,
        isKnown: (peer) => engine.isKnown(peer),
        wallMs,
      });
    },
    pruned: (rooms) => shell.pruned(rooms),
  };
}

async function checker(options: ChatOptions): Promise<Checker | null> {
  if (!(options.debug ?? variable("STARLING_DEBUG") === "1")) return null;
  const { OrderCheck } = await import("../peer/order_check.ts");
  return new OrderCheck();
}

/** The one line about a peer that could not go on. */
function failure(error: unknown, log: (line: string) => void): ChatError {
  if (error instanceof StoreError) {
    noteDamage(error);
    return new ChatError("disk-error", error.message);
  }
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  log(`bug: ${stack}`);
  const [first = ""] = String(error).split("\n");
  return new ChatError("closed", `This peer has stopped because of a fault in Starling: ${first}`);
}
