/** The browser is led to the page without the secret standing in any command line. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { openBrowser } from "../../io/web/open_browser.ts";
import { within } from "../within.ts";
import { TempFolder } from "./peer_process.ts";

// A browser outlives whoever opened it, and nobody waits for its end: no leak.
const outlives = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "openBrowser() gives the browser a file that only this user can read",
  outlives,
  async () => {
    using folder = new TempFolder();
    const link = "http://127.0.0.1:9780/#token=secret";
    const [copy, words] = [folder.file("copy"), folder.file("words")];
    const script =
      `cp -p "$0" '${copy}'; echo "$0" > '${words}.part'; mv '${words}.part' '${words}'`;
    const changes = Deno.watchFs(folder.path);
    const { reason, forget } = await openBrowser(link, ["sh", "-c", script]);
    assertEquals(reason, null);
    const written = async () => {
      for await (const { paths } of changes) if (paths.includes(words)) return;
    };
    await within(written());
    forget();
    const path = Deno.readTextFileSync(words).trim();
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
    assert(!Deno.readTextFileSync(words).includes("secret"));
    assertStringIncludes(Deno.readTextFileSync(copy), link);
    assertEquals((Deno.statSync(copy).mode ?? 0) & 0o777, 0o600);
  },
);

Deno.test("openBrowser() says why there is no browser", async () => {
  const { reason } = await openBrowser("http://127.0.0.1:9780/", ["/nowhere/browser"]);
  assert(reason !== null && reason !== "");
});
