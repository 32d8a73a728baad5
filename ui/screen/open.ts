/** Puts a full screen together for the terminal of a run. */

import type { Chat } from "../../peer/chat.ts";
import type { Preferences } from "../preferences.ts";
import type { Terminal } from "../terminal.ts";
import { FullScreen } from "./full_screen.ts";

/** What a run gives to its screen. */
export interface OpenSetting {
  readonly chat: Chat;
  readonly preferences: Preferences;
  readonly terminal: Terminal;
  readonly quit: () => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * Opens the full screen; it draws once it is started.
 *
 * @throws {TypeError} If the terminal has no screen.
 */
export function openFullScreen({ terminal, ...setting }: OpenSetting): FullScreen {
  const device = terminal.screen;
  if (device === null) throw new TypeError("Cannot draw: the terminal has no screen");
  const after = (delayMs: number, action: () => void) => terminal.after(delayMs, action);
  return new FullScreen({ ...setting, device, after });
}
