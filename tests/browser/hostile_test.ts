/** What strangers write, through a real peer into a real page: it is read, and does nothing. */

import { assert, assertEquals } from "@std/assert";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { Chromium, reads, ready } from "./browser.ts";

const payloads = [
  `<script>window.evil=1</script>`,
  `<img src=x onerror="window.evil=1">`,
  `<svg onload="window.evil=1"><iframe srcdoc="<script>parent.evil=1</script>">`,
  `"><style>@import "http://evil.example/x.css"</style>`,
  `javascript:window.evil=1`,
  `[click](javascript:window.evil=1) data:text/html,<script>evil=1</script>`,
  `https://good.example@evil.example/ http://evil.example/\u202egpj.exe`,
  `<a href="http://evil.example/" ping="http://evil.example/ping">x</a>`,
  `\u202e\u2066reordered\u2069 \x1b]0;title\x07 \x1b[2J`,
  `Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031ea\u0320\u034dlgo`,
  `{{constructor.constructor('window.evil=1')()}}`,
  `</textarea></script><base href="http://evil.example/">`,
];

Deno.test("page: no script runs, nothing foreign is asked for, whatever others write", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using eve = await PeerProcess.start(
    ephemeral(`<img src=x onerror=evil=1>`, "--peer", ann.address),
  );
  await using browser = await Chromium.start();
  const opened = await browser.open(ann.lines[0]?.web);
  const { page, complaints, requests } = opened;
  await ready(page);
  for (const text of payloads) await eve.say(text);
  await eve.command(`/topic <img src=http://evil.example/topic.png onerror=evil=1>`);
  await eve.say("the end");
  await reads(page, "the end");
  // Everything that others wrote is also shown in sheets.
  await page.locator(".message.other .name").first().click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  assertEquals(await page.evaluate("typeof window.evil"), "undefined");
  const foreign = requests.filter((url) => {
    const { hostname, protocol } = new URL(url);
    return hostname !== "127.0.0.1" || !["http:", "ws:"].includes(protocol);
  });
  assertEquals(foreign, []);
  assertEquals(await page.locator("main img, main iframe, main script, main style").count(), 0);
  const links = await page.locator(".message a").evaluateAll((all) =>
    all.map((link) => [
      link.getAttribute("href"),
      link.textContent,
      link.getAttribute("rel"),
      link.getAttribute("target"),
    ])
  );
  for (const [href, text, rel, target] of links) {
    assert(/^https?:\/\//.test(href ?? ""), String(href));
    assertEquals(new URL(text ?? "").href, href, "a link is shown as what it leads to");
    assertEquals([rel, target], ["noopener noreferrer nofollow", "_blank"]);
  }
  assert(links.every(([href]) => !href?.includes("@")), "no user part pretends to be a host");
  assertEquals(complaints, []);
});

Deno.test("page: names and reasons of others reorder nothing, wherever they stand", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using eve = await PeerProcess.start(ephemeral("e\u202eve", "--peer", ann.address));
  await using browser = await Chromium.start();
  const { page, complaints } = await browser.open(ann.lines[0]?.web);
  await ready(page);
  await eve.command("/away \u202egnp.exe");
  const person = page.locator(".people .person", { hasText: "eve" });
  await person.locator("small", { hasText: "away: gnp.exe" }).waitFor();
  await person.click();
  await page.getByRole("dialog").getByRole("button", { name: "Message" }).click();
  await page.locator(".head h1", { hasText: /^eve$/ }).waitFor();
  const shown = await page.evaluate<string>("document.title + document.documentElement.outerHTML");
  assert(!shown.includes("\u202e"));
  assert(shown.startsWith("eve Starling"), shown.slice(0, 40));
  assertEquals(complaints, []);
});

Deno.test("page: another page of the browser cannot read, frame or use it", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  const link = new URL(ann.lines[0]?.web);
  // A page of another origin, of the same machine: the nearest that an attacker comes.
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("<body>evil", { headers: { "Content-Type": "text/html" } }),
  );
  await using browser = await Chromium.start();
  const { page } = await browser.open(`http://127.0.0.1:${server.addr.port}/`);
  const script = `(async () => {
    const host = ${JSON.stringify(link.host)};
    const token = ${JSON.stringify(link.hash.slice("#token=".length))};
    const socket = (protocols) =>
      new Promise((resolve) => {
        const opened = new WebSocket("ws://" + host + "/socket", protocols);
        opened.onopen = () => resolve("open");
        opened.onerror = () => resolve("refused");
      });
    const frame = document.createElement("iframe");
    frame.src = "http://" + host + "/";
    document.body.append(frame);
    await new Promise((resolve) => frame.onload = resolve);
    return [
      await fetch("http://" + host + "/").then(() => "read", () => "refused"),
      // Even with the right token: the origin is another.
      await socket(["starling.1", "token." + token]),
      await socket(["starling.1"]),
      frame.contentDocument === null ? "refused" : "framed",
    ];
  })()`;
  const tried = await page.evaluate(script);
  assertEquals(tried, ["refused", "refused", "refused", "refused"]);
});
