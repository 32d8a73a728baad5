/**
 * What links say to the engine: who has come, who has gone, what was heard. Types alone.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Message } from "../wire/message.ts";
import type { Link, Session } from "./session.ts";

/** What happened to a link. `failed` is owed back as `Links.onFailed`, in its turn. */
export type LinkEvent =
  | { readonly type: "up"; readonly session: Session }
  | {
    readonly type: "down";
    readonly session: Session;
    readonly reason: string;
    /** Another link to the same peer takes its place. */
    readonly replaced: boolean;
    /** Nobody wanted that: the link broke. */
    readonly broken: boolean;
  }
  | { readonly type: "message"; readonly session: Session; readonly message: Message }
  | {
    /** What came after the messages before is not what the protocol allows. */
    readonly type: "failed";
    readonly session: Session;
    readonly reason: string;
  }
  | {
    /** A link ended before anybody was known at its other end. */
    readonly type: "refused";
    readonly link: Link;
    readonly code: string;
    readonly detail: string;
    readonly retryMs: number | null;
  }
  | {
    /** At no address that others told of. */ readonly type: "unreachable";
    readonly peer: PeerId;
  }
  | { readonly type: "banned"; readonly peer: PeerId; readonly ms: number };
