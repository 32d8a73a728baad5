/**
 * The page's figures: weight, first paint, a burst of 3,000, and a scroll through 100,000
 * stored posts. Run it alone on a machine, three times; ARCHITECTURE.md has the last ones.
 * Beside wall time stands what the page's thread has worked, which others on the machine do
 * not change.
 *
 *     deno run -A --config tests/browser/deno.json tests/browser/bench.ts
 */

import type { CDPSession, Page } from "playwright-core";
import { pageFiles } from "../../ui/web/page_files.ts";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { Chromium, ready } from "./browser.ts";

const burstPosts = 3_000;
/** Another number may be given as the argument. */
const storedPosts = Number(Deno.args[0] ?? 100_000);
/** Longer than the peer needs to say a burst. */
const busyMs = 8_000;
const loads = 5;
/** Of one frame: as fast as a hand on a scroll bar. */
const scrollPixels = 3_000;

async function packedBytes(): Promise<number> {
  let sum = 0;
  for (const { text } of pageFiles.values()) {
    const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
    sum += (await new Response(packed).arrayBuffer()).byteLength;
  }
  return sum;
}

async function sayMany(peer: PeerProcess, posts: number): Promise<void> {
  const batch = 10_000;
  for (let first = 0; first < posts; first += batch) {
    const lines: string[] = [];
    for (let n = first; n < Math.min(posts, first + batch); n++) {
      lines.push(JSON.stringify({ ref: `n${n}`, type: "say", room: "lobby", text: `post ${n}` }));
    }
    const last = `n${Math.min(posts, first + batch) - 1}`;
    const answered = peer.next((line) => line.ref === last, 120_000);
    await peer.write(lines.join("\n") + "\n");
    await answered;
  }
}

/** Milliseconds from opening the page to its first text, the middle of some loads. */
async function firstPaint(browser: Chromium, link: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < loads; n++) {
    const { page, context } = await browser.open(link);
    await ready(page);
    times.push(
      await page.evaluate<number>(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime",
      ),
    );
    await context.close();
  }
  return times.sort((a, b) => a - b)[loads >> 1]!;
}

/** How long the page needs for a burst that has come while it could do nothing. */
async function burst(page: Page, peer: PeerProcess): Promise<number> {
  const took = page.evaluate<number>(`new Promise((resolve) => {
    const start = performance.now();
    while (performance.now() - start < ${busyMs});
    const free = performance.now();
    const look = () => {
      const last = [...document.querySelectorAll(".message .text")].at(-1)?.textContent;
      if (last === "post ${burstPosts - 1}") resolve(performance.now() - free);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`);
  const before = performance.now();
  await sayMany(peer, burstPosts);
  if (performance.now() - before > busyMs - 1_000) throw new Error("The peer was too slow");
  return await took;
}

/** Scrolls from the end to the beginning; the longest frame, and how many were too long. */
async function scroll(page: Page): Promise<{ longestMs: number; over100: number; frames: number }> {
  return await page.evaluate(`new Promise((resolve) => {
    const log = document.getElementById("log");
    let before = performance.now();
    let [longestMs, over100, frames] = [0, 0, 0];
    const step = (now) => {
      const took = now - before;
      before = now;
      frames++;
      longestMs = Math.max(longestMs, took);
      if (took > 100) over100++;
      const first = document.querySelector(".message .text").textContent;
      if (first === "post 0" && log.scrollTop === 0) return resolve({ longestMs, over100, frames });
      log.scrollTop -= ${scrollPixels};
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
}

/** Milliseconds that the page's thread has spent on scripts, styles and layout. */
async function workedMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  const counted = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];
  const seconds = metrics.filter(({ name }) => counted.includes(name))
    .reduce((sum, { value }) => sum + value, 0);
  return seconds * 1_000;
}

async function measuring(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return session;
}

async function main(): Promise<void> {
  console.log(`weight: ${((await packedBytes()) / 1024).toFixed(1)} KiB packed`);
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const link = peer.lines[0]?.web;
  console.log(`first paint: ${(await firstPaint(browser, link)).toFixed(0)} ms`);
  const { page } = await browser.open(link);
  await ready(page);
  const session = await measuring(page);
  const before = await workedMs(session);
  const tookMs = await burst(page, peer);
  const worked = await workedMs(session) - before;
  console.log(
    `burst of ${burstPosts}: ${tookMs.toFixed(0)} ms, of which worked ${worked.toFixed(0)} ms`,
  );
  await page.close();
  await using other = await PeerProcess.start(ephemeral("bo", "--web=0"));
  await sayMany(other, storedPosts);
  const opened = await browser.open(other.lines[0]?.web);
  await ready(opened.page);
  await opened.page.locator(".message .text", { hasText: `post ${storedPosts - 1}` }).waitFor();
  const scrolling = await measuring(opened.page);
  const start = await workedMs(scrolling);
  const { longestMs, over100, frames } = await scroll(opened.page);
  const perFrame = (await workedMs(scrolling) - start) / frames;
  console.log(
    `scroll through ${storedPosts}: ${frames} frames, longest ${longestMs.toFixed(0)} ms, ` +
      `${over100} over 100 ms; worked ${perFrame.toFixed(1)} ms a frame`,
  );
}

if (import.meta.main) await main();
