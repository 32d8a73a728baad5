/** Much at once, and much of the past. */

import { assert, assertEquals } from "@std/assert";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { Chromium, reads, ready, scrollsTo } from "./browser.ts";

/** More than the window holds, several times over. */
const posts = 3_000;
/** Rows that the page holds. */
const rowsMax = 500;

Deno.test("page: a burst of 3,000 is taken, the last 500 are drawn, and the rest is a scroll away", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(peer.lines[0]?.web);
  await ready(page);
  const lines = Array.from(
    { length: posts },
    (_, n) => JSON.stringify({ ref: n, type: "say", room: "lobby", text: `post ${n}` }),
  );
  await peer.write(lines.join("\n") + "\n");
  await reads(page, `post ${posts - 1}`);
  const shown = page.locator(".message");
  // Who writes so fast may be told so, at any time: that takes a row, too.
  const { texts, notes } = await page.evaluate<{ texts: string[]; notes: number }>(`({
    texts: [...document.querySelectorAll(".message .text")].map(({ innerText }) => innerText),
    notes: document.querySelectorAll("#log .note").length,
  })`);
  assertEquals(texts.length + notes, rowsMax);
  const first = posts - texts.length;
  assertEquals(texts, Array.from({ length: texts.length }, (_, n) => `post ${first + n}`));
  assert(texts.length > rowsMax - 5);
  // Back to the beginning: what is looked at stays where it is while more comes above it.
  const log = page.locator("#log");
  await scrollsTo(page, /^post 0$/, () => log.evaluate((element) => element.scrollTop = 0));
  assert(await shown.count() <= rowsMax);
  await peer.say("said meanwhile");
  await page.locator(".pill").click();
  await reads(page, "said meanwhile");
  await page.locator(".pill").waitFor({ state: "detached" });
  assertEquals(complaints, []);
});
