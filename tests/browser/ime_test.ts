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
