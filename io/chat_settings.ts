/** The small texts that faces keep, with the bounds that hold for them. */

import { ChatError } from "../peer/errors.ts";
import type { Limits } from "../wire/limits.ts";
import { badField, bytesIn, stringIn } from "./chat_input.ts";
import type { SqliteStore } from "./store/sqlite_store.ts";

/** Checks what faces give, and passes it on. */
export class ChatSettings {
  /**
   * @param store Where they are kept.
   * @param limits How large they may be.
   */
  constructor(private readonly store: SqliteStore, private readonly limits: Limits) {}

  /** `Chat.setting` */
  get(key: string): string | null {
    return this.store.kept.setting(this.#keyIn(key));
  }

  /** `Chat.saveSetting` */
  save(key: string, value: string | null): void {
    const name = this.#keyIn(key);
    if (value === null) return this.store.kept.saveSetting(name, null);
    const { settingBytesMax, settingsBytesMax } = this.limits;
    const bytes = bytesIn("value", stringIn("value", value), settingBytesMax);
    if (!value.isWellFormed()) throw badField("value", value, "give text without half characters");
    const all = bytesIn("key", name, Infinity) + bytes + this.store.kept.settingsBytesBeside(name);
    if (all > settingsBytesMax) {
      const message = `Cannot keep ${JSON.stringify(key)}: all settings would have ${all} bytes, ` +
        `and ${settingsBytesMax} are the most. Forget some others first.`;
      throw new ChatError("bad-field", message);
    }
    this.store.kept.saveSetting(name, value);
  }

  #keyIn(key: string): string {
    const bytes = bytesIn("key", stringIn("key", key), this.limits.settingKeyBytesMax);
    if (bytes === 0 || !key.isWellFormed()) {
      throw badField("key", key, "give a name without half characters");
    }
    return key;
  }
}
