/** Much at once, and much of the past. */

import { assert, assertEquals } from "@std/assert";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { Chromium, reads, ready } from "./browser.ts";

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
  const texts = await page.locator(".message .text").allInnerTexts();
  // Who writes so fast may be told so: that takes a row, too.
  assertEquals(texts.length + await page.locator("#log .note").count(), rowsMax);
  const first = posts - texts.length;
  assertEquals(texts, Array.from({ length: texts.length }, (_, n) => `post ${first + n}`));
  assert(texts.length > rowsMax - 5);
  // Back to the beginning: what is looked at stays where it is while more comes above it.
  const log = page.locator("#log");
  for (let turn = 0; turn < 200; turn++) {
    await log.evaluate((element) => element.scrollTop = 0);
    if (await page.locator(".message .text", { hasText: /^post 0$/ }).count() > 0) break;
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
  await page.locator(".message .text", { hasText: /^post 0$/ }).waitFor();
  assert(await shown.count() <= rowsMax);
  await peer.say("said meanwhile");
  await page.locator(".pill").click();
  await reads(page, "said meanwhile");
  await page.locator(".pill").waitFor({ state: "detached" });
  assertEquals(complaints, []);
});
