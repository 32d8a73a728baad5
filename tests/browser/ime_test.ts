/** Writing with an input method: Enter chooses a word and does not send. */

import { assertEquals } from "@std/assert";
import { ephemeral, PeerProcess } from "../integration/peer_process.ts";
import { Chromium, reads, ready } from "./browser.ts";

Deno.test("page: Enter within a composition sends nothing; Enter after it sends", async () => {
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0"));
  await using browser = await Chromium.start();
  const { page, context } = await browser.open(peer.lines[0]?.web);
  await ready(page);
  const field = page.locator(".composer textarea");
  await field.focus();
  const input = await context.newCDPSession(page);
  await input.send("Input.imeSetComposition", { text: "ni", selectionStart: 2, selectionEnd: 2 });
  // As browsers send it while an input method is at work.
  const key = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 };
  await input.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
  await input.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  assertEquals(await field.inputValue(), "ni");
  await input.send("Input.insertText", { text: "你好" });
  assertEquals(await field.inputValue(), "你好");
  await page.keyboard.press("Shift+Enter");
  await field.pressSequentially("two");
  assertEquals(await page.locator(".message").count(), 0);
  await page.keyboard.press("Enter");
  await reads(page, "你好\ntwo");
  await peer.hears("你好\ntwo");
  assertEquals(peer.messages.length, 1);
});

Deno.test("page: the field is one line high whatever the room is called, and writes in each script's direction", async () => {
  const room = "w".repeat(60);
  await using peer = await PeerProcess.start(ephemeral("ann", "--web=0", "--room", room));
  await using browser = await Chromium.start();
  const { page } = await browser.open(peer.lines[0]?.web, { width: 390, height: 844 });
  await ready(page);
  const field = page.locator(".composer textarea");
  const height = () => field.evaluate((element) => element.getBoundingClientRect().height);
  const empty = await height();
  await field.fill("x");
  assertEquals(empty, await height());
  // At the left of the field there is nothing while a text runs from the right.
  const isLeftEmpty = async () => {
    const box = await field.boundingBox();
    if (box === null) throw new Error("No field");
    const clip = { x: box.x + 8, y: box.y + 8, width: 80, height: box.height - 16 };
    const before = await page.screenshot({ clip });
    await field.fill("\u05e9\u05dc\u05d5\u05dd!");
    const after = await page.screenshot({ clip });
    return after.toString("base64") === before.toString("base64");
  };
  await field.fill(" ");
  await field.evaluate((element) => element.style.caretColor = "transparent");
  assertEquals(await isLeftEmpty(), true);
});
