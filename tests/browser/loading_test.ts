/** What the page says before it knows, and when the peer answers nothing more. */

import { assert, assertEquals } from "@std/assert";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { within } from "../within.ts";
import { Chromium, ready } from "./browser.ts";

Deno.test("page: before rooms, people and links are told it says that it loads", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
  await ann.meets(bo.id);
  await using browser = await Chromium.start();
  const { page } = await browser.open("about:blank");
  const held: string[] = [];
  const rooms = Promise.withResolvers<string>();
  let passes = (line: string) => /"ready"|-hello"/.test(line);
  let send = (_: string) => {};
  await page.routeWebSocket(/\/socket$/, (socket) => {
    const server = socket.connectToServer();
    send = (line) => socket.send(line);
    server.onMessage((message) => {
      for (const line of `${message}`.split("\n")) {
        if (passes(line)) send(line);
        else if (line.includes('"readUpTo"')) rooms.resolve(line);
        else held.push(line);
      }
    });
  });
  await page.goto(ann.lines[0]?.web);
  await page.locator(".room .hint", { hasText: "Loading…" }).waitFor();
  await page.locator(".bar", { hasText: "Loading…" }).waitFor();
  const first = await page.locator("main").innerText();
  assert(!/Alone|No room|0 people/.test(first), first);
  // The rooms come, and who is there is not told yet.
  send(await within(rooms.promise));
  await ready(page);
  await page.locator(".people h2", { hasText: "Loading…" }).waitFor();
  assert(!/0 people/.test(await page.locator("main").innerText()));
  passes = () => true;
  for (const line of held) send(line);
  await page.locator(".people h2", { hasText: "2 people" }).waitFor();
  await page.locator(".bar.good", { hasText: "1 peer" }).waitFor();
});

Deno.test("page: what a peer that is gone cannot do is said where it was asked for", async () => {
  const ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using _ann = ann;
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
  await ann.meets(bo.id);
  await bo.meets(ann.id);
  await bo.get({ type: "direct", to: ann.id, text: "may I?" });
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(ann.lines[0]?.web);
  await ready(page);
  const request = page.locator(".requests", { hasText: "may I?" });
  await request.waitFor();
  await ann.kill("SIGKILL");
  await page.locator(".bar.bad").waitFor();
  const refused = "Starling does not answer";
  await request.getByRole("button", { name: "Block" }).click();
  await page.locator(".rooms .problem", { hasText: refused }).waitFor();
  await page.getByRole("button", { name: "About this room" }).click();
  await page.getByRole("button", { name: "Leave this room" }).click();
  await page.getByRole("dialog").getByText(refused).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel("Keep what others say").selectOption("7");
  await page.getByRole("dialog").getByText(refused).waitFor();
  assertEquals(await page.getByLabel("Keep what others say").inputValue(), "0");
  // A browser complains itself that nobody answers.
  assertEquals(complaints.filter((each) => !each.includes("ERR_CONNECTION_REFUSED")), []);
});
