import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DataError } from "../../io/data_error.ts";
import { FolderLock } from "../../io/folder_lock.ts";

function inFolder(body: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("FolderLock is refused to a second taker until it is released", () => {
  inFolder((folder) => {
    const lock = FolderLock.take(folder);
    assertEquals(FolderLock.tryTake(folder), null);
    const error = assertThrows(() => FolderLock.take(folder), DataError);
    assertEquals(error.code, "in-use");
    assertStringIncludes(error.message, folder);
    if (Deno.build.os !== "windows") assertStringIncludes(error.message, `(process ${Deno.pid})`);
    lock.release();
    lock.release();
    FolderLock.take(folder).release();
  });
});

Deno.test("FolderLock says that a folder cannot be used", () => {
  inFolder((folder) => {
    const error = assertThrows(() => FolderLock.take(`${folder}/absent`), DataError);
    assertEquals(error.code, "unusable");
    assert(!error.message.includes("\n"));
  });
});
