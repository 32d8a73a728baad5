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

Deno.test("FolderLock does not write where a link in its place leads", () => {
  inFolder((folder) => {
    const precious = `${folder}/precious`, shared = `${folder}/shared`;
    Deno.mkdirSync(shared);
    Deno.writeTextFileSync(precious, "not a lock");
    Deno.symlinkSync(precious, `${shared}/lock`);
    const error = assertThrows(() => FolderLock.take(shared), DataError);
    assertEquals(error.code, "unusable");
    assertStringIncludes(error.message, "link");
    assertEquals(Deno.readTextFileSync(precious), "not a lock");
  });
});
