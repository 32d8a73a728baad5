/** Keys that work anywhere on the page. */

import type { Page } from "./page.ts";

/** Listens until the page is gone. */
export function listenToKeys(model: Page): void {
  addEventListener("keydown", (event) => {
    if (event.isComposing || !model.known || model.unnamed) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return model.show({ type: "switcher" });
    }
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      return step(model, event.key === "ArrowUp" ? -1 : 1);
    }
    const isTyping = event.target instanceof HTMLElement &&
      event.target.closest("input,textarea,select") !== null;
    if (event.key === "?" && !isTyping && model.sheet === null) model.show({ type: "help" });
  });
}

function step(model: Page, by: number): void {
  const names = [...model.rooms.keys()];
  if (names.length === 0) return;
  const at = names.indexOf(model.current ?? "");
  model.history.go(names[(at + by + names.length) % names.length]!);
}
