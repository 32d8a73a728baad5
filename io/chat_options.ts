/** How a chat is opened, and what a start tells of it: what programs and `mod.ts` see. */

import type { Chat, Imported } from "../peer/chat.ts";
import type { Limits } from "../wire/limits.ts";
import type { Identity } from "./identity.ts";

/** How to open a chat. All of it may be left out. */
export interface ChatOptions {
  /**
   * A folder where one identity and its history live; made if need be. Without `data`,
   * `profile` and `ephemeral` a profile of this computer is chosen: a free one whose
   * remembered name is `name`, else, without `name`, the first free one, else a new one.
   */
  readonly data?: string | undefined;
  /** The name of an identity of this computer; made if need be. */
  readonly profile?: string | undefined;
  /** Keeps nothing on disk. */
  readonly ephemeral?: boolean | undefined;
  /** The name to be called: 1 to 64 bytes. By default the remembered one, else the login name. */
  readonly name?: string | undefined;
  /** Asked if there is neither a name nor a remembered one; `null` means the suggestion. */
  readonly askName?: ((suggestion: string) => Promise<string | null>) | undefined;
  /**
   * Where to accept peers. `false`: nowhere. `host` is an address of this machine, all of
   * them by default; `port` is 0 for any, `null` for 9797 or the next free one. By default
   * all addresses and `null`.
   */
  readonly listen?:
    | false
    | { readonly host?: string | undefined; readonly port: number | null }
    | undefined;
  /**
   * Finds and is found on the local network, by multicast DNS. Everybody there can see then that
   * a Starling runs here, but not whose. Off by default.
   */
  readonly lan?: boolean | undefined;
  /**
   * Addresses to dial, as in `10.0.0.5:9797`, `[::1]:9797` or `host.lan:9797`, and invites to take,
   * whose rooms are opened beside `rooms`.
   */
  readonly peers?: readonly string[] | undefined;
  /** Public rooms to open, with or without `#`; `lobby` by default. */
  readonly rooms?: readonly string[] | undefined;
  /** An export to take in before anybody is dialled. */
  readonly import?: string | undefined;
  /** Who to become in a data folder that has no identity yet. */
  readonly identity?: Identity | undefined;
  /**
   * Asked for the passphrase of the identity file, `present` or `new`; without it a protected
   * identity cannot be opened (`passphrase-wanted`).
   */
  readonly passphrase?: ((which: "present" | "new", path: string) => Promise<string>) | undefined;
  /** Puts the identity file under a passphrase, if it is not; changes it; or takes it away. */
  readonly protect?: "protect" | "change" | "remove" | undefined;
  /** What differs from the default limits. */
  readonly limits?: Partial<Limits> | undefined;
  /** Takes lines of diagnostics; by default they are dropped. */
  readonly log?: ((line: string) => void) | undefined;
  /** Checks the engine's order of actions; by default if `STARLING_DEBUG` is 1. */
  readonly debug?: boolean | undefined;
}

/** An open chat, and what a start tells a person about it. */
export interface StartedChat {
  readonly chat: Chat;
  /** The profile's name; `null` for a named folder, and for one that keeps nothing. */
  readonly profile: string | null;
  /** It is the first start of this identity here; one that failed or was broken off is none. */
  readonly fresh: boolean;
  /** The system has no file modes, so others on this machine may be able to read the key. */
  readonly lacksModes: boolean;
  /** What became of the protection of the identity file; `null`: nothing was changed. */
  readonly protection: "protected" | "changed" | "removed" | null;
  /** Says that the same program serves something else at a port; it is never dialled then. */
  readonly serves: (port: number) => void;
  /** What became of `import`. */
  readonly imported: Imported | null;
}
