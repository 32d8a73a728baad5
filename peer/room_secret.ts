/** What makes somebody able to find and prove a private room, and what is kept of one. */

import type { PeerId, PostId, RoomId } from "../wire/ids.ts";

/** The secret of a private room. */
export interface RoomSecret {
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** Who founded it. */
  readonly founder: PeerId;
  /** Whoever is added gets the secrets of earlier epochs too. */
  readonly history: boolean;
}

/** What this machine keeps of a private room. */
export interface PrivateRecord extends RoomSecret {
  readonly room: RoomId;
  /** All epochs whose secrets were received. */
  readonly epochs: readonly { readonly id: PostId; readonly secret: Uint8Array }[];
}

/** Somebody who is to become a member. */
export interface Guest {
  readonly peer: PeerId;
  /** Its X25519 sealing key, 32 bytes. */
  readonly sealing: Uint8Array;
  /** Its signature over that, 64 bytes (wire/private_acts.ts). */
  readonly sealingSignature: Uint8Array;
  /** The public key of the invite that was redeemed; `null` for none. */
  readonly invite: Uint8Array | null;
}
