/** Which key does what. */

import type { Key } from "./keys.ts";
import type { Motion } from "./line_editor.ts";

/** What a key can do. */
export type Action =
  | { readonly do: "move"; readonly motion: Motion }
  | { readonly do: "erase"; readonly motion: Motion; readonly keep: boolean }
  | { readonly do: "go"; readonly room: number }
  | { readonly do: "step"; readonly by: -1 | 1 }
  | { readonly do: "scroll"; readonly by: -1 | 1 }
  | { readonly do: "line"; readonly by: -1 | 1 }
  | { readonly do: "history"; readonly by: -1 | 1 }
  | { readonly do: "complete"; readonly by: -1 | 1 }
  | {
    readonly do:
      | "send"
      | "newline"
      | "yank"
      | "next-active"
      | "search"
      | "redraw"
      | "interrupt"
      | "end-of-input"
      | "suspend"
      | "escape"
      | "newest";
  };

const move = (motion: Motion): Action => ({ do: "move", motion });
const erase = (motion: Motion, keep = false): Action => ({ do: "erase", motion, keep });

const bindings: Readonly<Record<string, Action>> = {
  "enter": { do: "send" },
  "alt+enter": { do: "newline" },
  "shift+enter": { do: "newline" },
  "ctrl+j": { do: "newline" },
  "tab": { do: "complete", by: 1 },
  "backtab": { do: "complete", by: -1 },
  "left": move("left"),
  "right": move("right"),
  "ctrl+left": move("word-left"),
  "ctrl+right": move("word-right"),
  "alt+b": move("word-left"),
  "alt+f": move("word-right"),
  "home": move("line-start"),
  "end": move("line-end"),
  "ctrl+a": move("line-start"),
  "ctrl+e": move("line-end"),
  "ctrl+b": move("left"),
  "ctrl+f": move("right"),
  "backspace": erase("left"),
  "delete": erase("right"),
  "ctrl+w": erase("word-left", true),
  "alt+backspace": erase("word-left", true),
  "alt+d": erase("word-right", true),
  "ctrl+u": erase("line-start", true),
  "ctrl+k": erase("line-end", true),
  "ctrl+y": { do: "yank" },
  "up": { do: "line", by: -1 },
  "down": { do: "line", by: 1 },
  "ctrl+p": { do: "history", by: -1 },
  "ctrl+n": { do: "history", by: 1 },
  "pageup": { do: "scroll", by: -1 },
  "pagedown": { do: "scroll", by: 1 },
  "ctrl+end": { do: "newest" },
  "alt+left": { do: "step", by: -1 },
  "alt+right": { do: "step", by: 1 },
  "alt+a": { do: "next-active" },
  "ctrl+r": { do: "search" },
  "ctrl+l": { do: "redraw" },
  "ctrl+c": { do: "interrupt" },
  "ctrl+d": { do: "end-of-input" },
  "ctrl+z": { do: "suspend" },
  "escape": { do: "escape" },
};

/** What a key does; `null` for those that do nothing. Text and pastes are no keys here. */
export function actionOf(key: Key): Action | null {
  if (key.type !== "chord" && key.type !== "key") return null;
  const name = key.type === "chord"
    ? key.chord
    : [key.modifiers, key.key].filter((part) => part !== "").join("+");
  const digit = /^alt\+([0-9])$/.exec(name)?.[1];
  if (digit !== undefined) return { do: "go", room: (Number(digit) + 9) % 10 };
  return Object.hasOwn(bindings, name) ? bindings[name]! : null;
}
