/**
 * What may stay on the disk: the limits of the configuration, and what a person has set for
 * this profile under the keys `keep-days` and `room-mib`, or for one room under
 * `keep-days:<room>` and `room-mib:<room>`, and for everything under `folder-mib`.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { RoomRule } from "./store/prune.ts";

const dayMs = 86_400_000;
const mebibyte = 2 ** 20;

/** Reads what was set. */
export class Retention {
  /**
   * @param limits What holds where nothing is set.
   * @param setting Reads a small text of the profile.
   */
  constructor(
    private readonly limits: Pick<Limits, "retentionMs" | "roomBytesMax" | "folderBytesMax">,
    private readonly setting: (key: string) => string | null,
  ) {}

  /** Bytes of everything. */
  get folderBytesMax(): number {
    const set = this.#count("folder-mib");
    return set === null ? this.limits.folderBytesMax : set * mebibyte;
  }

  /** What may stay of a room at a time, in milliseconds since 1970. */
  ruleOf(room: RoomId, name: string | null, wallMs: number): RoomRule {
    const called = name ?? `~${room}`;
    const days = this.#count(`keep-days:${called}`) ?? this.#count("keep-days");
    const size = this.#count(`room-mib:${called}`) ?? this.#count("room-mib");
    return {
      arrivedBeforeMs: wallMs - (days === null ? this.limits.retentionMs : days * dayMs),
      bytesMax: size === null ? this.limits.roomBytesMax : size * mebibyte,
    };
  }

  /** A whole number above zero; whatever else was set counts for nothing. */
  #count(key: string): number | null {
    const set = this.setting(key);
    return set !== null && /^[1-9]\d{0,8}$/.test(set) ? Number(set) : null;
  }
}
