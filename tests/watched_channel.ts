/**
 * Links that tell a test what is said over them: the plaintext of every frame, whatever
 * channel is below. The simulator checks there that nothing leaves a peer that it has not
 * stored; transcripts put it into words. Brief posts are told of as whole ones.
 */

import type { ChannelFactory, Handshake, SecureChannel } from "../wire/channel.ts";
import type { PeerId } from "../wire/ids.ts";
import { BriefEars } from "./brief_ears.ts";

/** Who is told. */
export interface ChannelWatcher {
  /** A part of a handshake is about to leave. */
  greeted(bytes: Uint8Array): void;
  /** A frame is about to leave; `frame` is the very array that will be written. */
  sealed(to: PeerId, messages: Uint8Array, frame: Uint8Array): void;
  /** A frame has been opened. */
  opened(from: PeerId, messages: Uint8Array): void;
}

/** The same links, watched. */
export function watchedChannels(below: ChannelFactory, watcher: ChannelWatcher): ChannelFactory {
  return {
    initiate: () => watchedHandshake(below.initiate(), watcher),
    respond: () => watchedHandshake(below.respond(), watcher),
  };
}

function watchedHandshake(below: Handshake, watcher: ChannelWatcher): Handshake {
  watcher.greeted(below.opening);
  return {
    opening: below.opening,
    receive: (bytes) => {
      const { write, channel } = below.receive(bytes);
      watcher.greeted(write);
      return { write, channel: channel === null ? null : new WatchedChannel(channel, watcher) };
    },
  };
}

class WatchedChannel implements SecureChannel {
  readonly #below: SecureChannel;
  readonly #watcher: ChannelWatcher;
  readonly #ears = new BriefEars();

  constructor(below: SecureChannel, watcher: ChannelWatcher) {
    this.#below = below;
    this.#watcher = watcher;
  }

  get peer(): PeerId {
    return this.#below.peer;
  }

  get version(): number {
    return this.#below.version;
  }

  get handshakeHash(): Uint8Array {
    return this.#below.handshakeHash;
  }

  get framesSealed(): number {
    return this.#below.framesSealed;
  }

  seal(messages: Uint8Array): Uint8Array {
    const frame = this.#below.seal(messages);
    this.#watcher.sealed(this.peer, this.#ears.saidBytes(messages), frame);
    return frame;
  }

  rekeySending(): void {
    this.#below.rekeySending();
  }

  push(bytes: Uint8Array): void {
    this.#below.push(bytes);
  }

  read(): Uint8Array | null {
    const messages = this.#below.read();
    if (messages !== null) this.#watcher.opened(this.peer, this.#ears.heardBytes(messages));
    return messages;
  }

  rekeyReceiving(): void {
    this.#below.rekeyReceiving();
  }
}
