/** The identity file under a passphrase, from the file itself to the option that asks for it. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { DataError, type DataErrorCode } from "../../io/data_error.ts";
import { createIdentity } from "../../io/identity.ts";
import {
  importIdentity,
  isProtected,
  loadIdentity,
  protectIdentity,
  saveIdentity,
} from "../../io/identity_file.ts";
import { parseArguments } from "../../ui/arguments.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(11);

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function codeOf(action: () => unknown): Promise<DataErrorCode> {
  return (await assertRejects(async () => await action(), DataError)).code;
}

Deno.test("saveIdentity under a passphrase shows the key to nobody without it", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/identity`;
    const identity = await createIdentity(crypto);
    assertEquals(isProtected(path), false);
    saveIdentity(path, identity, crypto, "correct 馬");
    assertEquals(isProtected(path), true);
    const text = Deno.readTextFileSync(path);
    for (const key of [identity.signing, identity.link, identity.hint, identity.sealing]) {
      assert(!text.includes(key.secretKey.toHex()));
    }
    assertEquals(await codeOf(() => loadIdentity(path, crypto)), "passphrase-wanted");
    assertEquals(await codeOf(() => loadIdentity(path, crypto, "correct")), "passphrase");
    assertEquals((await loadIdentity(path, crypto, "correct 馬"))?.identity, identity);
    assertEquals(Deno.readTextFileSync(path), text);
    assertEquals(
      await importIdentity(path, "correct 馬", crypto),
      identity,
      "it has the form of an export",
    );
  });
});

Deno.test("protectIdentity puts a file under a passphrase, another and none, as a whole", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/identity`;
    const identity = await createIdentity(crypto);
    saveIdentity(path, identity, crypto);
    protectIdentity(path, identity, crypto, "one");
    assertEquals([isProtected(path), (await loadIdentity(path, crypto, "one"))?.identity], [
      true,
      identity,
    ]);
    protectIdentity(path, identity, crypto, null);
    assertEquals([isProtected(path), (await loadIdentity(path, crypto))?.identity], [
      false,
      identity,
    ]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["identity"]);
    if (Deno.build.os !== "windows") assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
    assertEquals(
      await codeOf(() => protectIdentity(`${folder}/no/x`, identity, crypto, null)),
      "unusable",
    );
  });
});

Deno.test("--passphrase takes change or remove, and never repeats what else stands there", async () => {
  const read = async (...args: string[]) => {
    const invocation = await parseArguments(args, undefined, "en");
    if (invocation.type === "run") return invocation.options.passphrase;
    assert(invocation.type === "refuse");
    assert(!invocation.message.includes("hunter2"), invocation.message);
    return invocation.message;
  };
  assertEquals(await read(), null);
  assertEquals(await read("--passphrase"), "protect");
  assertEquals(await read("--passphrase", "--stay"), "protect");
  assertEquals(await read("--passphrase=change"), "change");
  assertEquals(await read("--passphrase=remove"), "remove");
  for (const args of [["--passphrase", "hunter2"], ["--passphrase=hunter2"]]) {
    assert((await read(...args))?.startsWith("--passphrase: stands alone, or with =change or"));
  }
  assertEquals(
    await read("--ephemeral", "--passphrase"),
    "--passphrase: does not go with --ephemeral; leave one out",
  );
});
