/** Begins: takes the token out of the address, comes in, and draws. */

import { render } from "preact";
import { App } from "./app.tsx";
import { listenToKeys } from "./keys.ts";
import { Page } from "./page.ts";
import { read, write } from "./storage.ts";
import { applyTheme } from "./theme.ts";

const model = new Page();
const root = document.getElementById("page")!;
/** Tells the other tabs of this browser that the peer was started anew, and its token. */
const tabs = new BroadcastChannel("starling");

/** The token of the address, which then stands there no more. */
function tokenOfAddress(): string | null {
  const [, token] = /[#&]token=([\w-]{43})/.exec(location.hash) ?? [];
  if (token === undefined) return null;
  history.replaceState(null, "", "/");
  return token;
}

function comeIn(): void {
  const given = tokenOfAddress();
  const token = given ?? read("token", "tab");
  if (token === null) return;
  if (given !== null) tabs.postMessage(given);
  model.deeds.open(token);
}

applyTheme();
document.documentElement.lang = model.lang === "zh" ? "zh-CN" : "en";
model.onChange(() => render(<App model={model} />, root));
comeIn();
addEventListener("hashchange", comeIn);
tabs.onmessage = ({ data }) => {
  if (typeof data !== "string" || model.loggedOut || model.linkState === "open") return;
  write("token", data, "tab");
  model.deeds.open(data);
};
for (const event of ["focus", "visibilitychange"]) {
  addEventListener(event, () => {
    model.link.hurry();
    model.history.look();
  });
}
addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") model.hidden();
});
// "Seen 3 min ago" grows old.
setInterval(() => {
  if (model.current !== null && model.isLookedAt) model.asks.people(model.current);
}, 60_000);
// A text that the peer has not taken yet is nowhere but here.
addEventListener("beforeunload", (event) => {
  if ([...model.rooms.values()].some(({ log }) => log.hasPending)) event.preventDefault();
});
addEventListener("online", () => model.link.hurry());
listenToKeys(model);
