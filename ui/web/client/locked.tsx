/** What stands where the rooms would be, as long as there is no way in. */

import type { Page } from "./page.ts";

export function Locked({ model }: { readonly model: Page }) {
  const { linkState, loggedOut, words } = model;
  const text = loggedOut
    ? words.loggedOut
    : linkState === "refused"
    ? words.refused
    : linkState === "old"
    ? words.old
    : linkState === "away"
    ? words.away
    : linkState === "connecting"
    ? words.connecting
    : words.locked;
  return (
    <main class="card">
      <h1>{linkState === "connecting" ? words.program : words.lockedTitle}</h1>
      <p role="status">{text}</p>
      {linkState === "old" && (
        <button type="button" class="main" onClick={() => location.reload()}>{words.reload}</button>
      )}
    </main>
  );
}
