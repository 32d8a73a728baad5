/** The connection bar: whether others are there, and whether the peer itself is. */

import type { Page } from "./page.ts";

export function Bar({ model }: { readonly model: Page }) {
  const { linkState, words, up } = model;
  const isOpen = linkState === "open";
  const text = linkState === "refused"
    ? words.refused
    : linkState === "away"
    ? words.away
    : !isOpen
    ? words.connecting
    : up === null
    ? words.loading
    : up === 0
    ? words.alone
    : words.links(up);
  const mood = !isOpen ? "bad" : up === null ? "" : up === 0 ? "alone" : "good";
  return <p class={`bar ${mood}`} role="status">{text}</p>;
}
