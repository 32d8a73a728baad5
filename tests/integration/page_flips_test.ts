import { assert, assertEquals } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import { openOrRescue } from "../../io/store/rescue.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { fill, pageFlips } from "./page_flips.ts";
import { TempFolder } from "./peer_process.ts";

Deno.test("a damaged database: never a crash, never a silent loss, and what can be read is saved", () =>
  pageFlips(30, Date.now() % 1_000_000));

Deno.test("a column whose name has another letter: the database is put aside, and its posts are saved", () => {
  using folder = new TempFolder();
  const path = folder.file("history.db");
  const posts = fill(path);
  const bytes = Deno.readFileSync(path);
  const text = new TextDecoder("latin1").decode(bytes);
  const places = [...text.matchAll(/succeeded_ms/g)].map(({ index }) => index);
  assert(places.length > 0);
  for (const at of places) bytes[at]! ^= 1;
  Deno.writeFileSync(path, bytes);
  const { store, rescue } = openOrRescue(path, nodeCrypto(), defaultLimits);
  store.close();
  assertEquals(rescue, { aside: "history.db.damaged", posts: posts.length });
});
