/** Paths, beside their twin in the runtime. */

import { assertEquals } from "@std/assert";
import * as twin from "node:path";
import { basename, dirname, isAbsolute, join } from "../../io/paths.ts";

Deno.test("paths are taken apart and put together as node:path does", () => {
  const shared = ["/", "/a", "/a/b.db", "a", "a/b", "./a", "../a/b", "/a b/c\u{1f600}"];
  const windows = ["C:\\", "C:\\a", "C:\\a\\b", "C:/a/b", "\\\\host\\share\\a"];
  for (const path of Deno.build.os === "windows" ? [...shared, ...windows] : shared) {
    assertEquals(dirname(path), twin.dirname(path), path);
    assertEquals(basename(path), twin.basename(path), path);
    assertEquals(isAbsolute(path), twin.isAbsolute(path), path);
    const inside = join(path, "b", "c");
    assertEquals(twin.resolve(inside), twin.resolve(path, "b", "c"), path);
    assertEquals(dirname(join(path, "b")), path.replace(/(?<=[^:])[\\/]$/, ""), path);
  }
  assertEquals([join("", "a"), dirname("")], ["a", "."]);
});
