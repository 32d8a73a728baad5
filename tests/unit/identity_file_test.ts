import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { DataError, type DataErrorCode } from "../../io/data_error.ts";
import { createIdentity, type Identity } from "../../io/identity.ts";
import {
  exportIdentity,
  importIdentity,
  loadIdentity,
  saveIdentity,
} from "../../io/identity_file.ts";
import { formatIdentity } from "../../io/identity_text.ts";
import { openBinding } from "../../wire/identity_binding.ts";
import { encodeBinding } from "../../wire/identity_binding.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(3);
const modesExist = Deno.build.os !== "windows";

async function inFolder(body: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await body(`${folder}/identity`, folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function assertRefused(
  code: DataErrorCode,
  path: string,
  action: () => unknown,
): Promise<void> {
  const error = await assertRejects(async () => await action(), DataError, path);
  assertEquals(error.code, code);
  assert(!error.message.includes("\n"));
}

async function load(path: string): Promise<Identity | undefined> {
  return (await loadIdentity(path, crypto))?.identity;
}

Deno.test("createIdentity makes four keys, each with its public half, and no two alike", async () => {
  const { peer, signing, link, hint, sealing } = await createIdentity(crypto);
  const keys = [signing, link, hint, sealing];
  assertEquals(new Set(keys.map(({ secretKey }) => secretKey.toHex())).size, 4);
  assertEquals(peer, signing.publicKey.toHex());
  for (const key of [link, hint, sealing]) {
    assertEquals(crypto.x25519PublicKey(key.secretKey), key.publicKey);
  }
});

Deno.test("createIdentity binds the link key as a handshake wants it", async () => {
  const { peer, link } = await createIdentity(crypto);
  const payload = encodeBinding({ peer, signature: link.binding });
  assertEquals(openBinding(payload, link.publicKey, crypto), peer);
});

Deno.test("loadIdentity gives what saveIdentity wrote, and null where nothing is", async () => {
  await inFolder(async (path, folder) => {
    assertEquals(await loadIdentity(path, crypto), null);
    const identity = await createIdentity(crypto);
    saveIdentity(path, identity, crypto);
    assertEquals(await loadIdentity(path, crypto), { identity, lacksModes: !modesExist });
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["identity"]);
    if (modesExist) assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
  });
});

Deno.test("saveIdentity never replaces a file", async () => {
  await inFolder(async (path, folder) => {
    Deno.writeTextFileSync(path, "mine");
    await assertRefused(
      "key-exists",
      path,
      async () => saveIdentity(path, await createIdentity(crypto), crypto),
    );
    assertEquals(Deno.readTextFileSync(path), "mine");
    assertEquals([...Deno.readDirSync(folder)].length, 1);
    const nowhere = `${folder}/no/identity`;
    await assertRefused(
      "unusable",
      nowhere,
      async () => saveIdentity(nowhere, await createIdentity(crypto), crypto),
    );
  });
});

Deno.test("loadIdentity refuses a file that others can read", async () => {
  if (!modesExist) return;
  await inFolder(async (path) => {
    saveIdentity(path, await createIdentity(crypto), crypto);
    for (const mode of [0o640, 0o604, 0o660, 0o644, 0o601]) {
      Deno.chmodSync(path, mode);
      await assertRefused("open-to-others", path, () => load(path));
    }
    Deno.chmodSync(path, 0o400);
    assert(await load(path) !== undefined);
  });
});

Deno.test("loadIdentity refuses a file with any bit flipped, or cut anywhere, and keeps it", async () => {
  await inFolder(async (path) => {
    saveIdentity(path, await createIdentity(crypto), crypto);
    const whole = Deno.readFileSync(path);
    const refuse = async (bytes: Uint8Array) => {
      Deno.writeFileSync(path, bytes);
      await assertRefused("key-damaged", path, () => load(path));
      assertEquals(Deno.readFileSync(path), bytes);
    };
    for (let at = 0; at < whole.length; at++) {
      const flipped = whole.slice();
      flipped[at]! ^= 1 << (at % 8);
      await refuse(flipped);
    }
    for (let length = 0; length < whole.length; length += 7) await refuse(whole.slice(0, length));
    await refuse(Uint8Array.from([...whole, 0x0a]));
    await refuse(new Uint8Array(100_000));
    Deno.removeSync(path);
    Deno.mkdirSync(path, { mode: 0o700 });
    await assertRefused("key-damaged", path, () => load(path));
  });
});

Deno.test("loadIdentity tells a newer format, and keys that do not belong together", async () => {
  await inFolder(async (path) => {
    const identity = await createIdentity(crypto);
    const write = (text: string) => {
      const body = text.slice(0, text.lastIndexOf("sum "));
      const sum = crypto.sha256(new TextEncoder().encode(body)).toHex();
      Deno.writeTextFileSync(path, `${body}sum ${sum}\n`, { mode: 0o600 });
    };
    const text = formatIdentity(identity, crypto);
    write(text.replace("identity 1\n", "identity 2\n"));
    await assertRefused("key-newer", path, () => load(path));
    write(text.replace(identity.peer, (await createIdentity(crypto)).peer));
    await assertRefused("key-damaged", path, () => load(path));
    for (const name of ["peer", "signing", "link", "hint", "sealing"]) {
      write(text.replace(new RegExp(`^${name} ..`, "m"), `${name} `));
      await assertRefused("key-damaged", path, () => load(path));
    }
    write(text.replace("hint", "hind"));
    await assertRefused("key-damaged", path, () => load(path));
    write(text.replace(/hint .*\n/, ""));
    await assertRefused("key-damaged", path, () => load(path));
    write(text);
    assertEquals(await load(path), identity);
  });
});

Deno.test("importIdentity gives what exportIdentity wrote, with the same passphrase only", async () => {
  await inFolder(async (path) => {
    const identity = await createIdentity(crypto);
    await assertRefused("passphrase", path, () => exportIdentity(path, identity, "", crypto));
    // The same letter typed in two ways: as one character, and with a combining accent.
    exportIdentity(path, identity, "caf\u00e9 au lait", crypto);
    assertEquals(await importIdentity(path, "cafe\u0301 au lait", crypto), identity);
    await assertRefused("passphrase", path, () => importIdentity(path, "cafe au lait", crypto));
    await assertRefused("key-exists", path, () => exportIdentity(path, identity, "other", crypto));
    const text = Deno.readTextFileSync(path);
    for (const key of [identity.signing, identity.link, identity.hint, identity.sealing]) {
      assert(!text.includes(key.secretKey.toHex()));
    }
    if (modesExist) assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
  });
});

Deno.test("importIdentity tells damage from a wrong passphrase, before it takes its time", async () => {
  await inFolder(async (path, folder) => {
    exportIdentity(path, await createIdentity(crypto), "right", crypto);
    const whole = Deno.readFileSync(path);
    for (let at = 0; at < whole.length; at += 5) {
      const flipped = whole.slice();
      flipped[at]! ^= 1;
      Deno.writeFileSync(path, flipped);
      await assertRefused("key-damaged", path, () => importIdentity(path, "right", crypto));
    }
    const absent = `${folder}/absent`;
    await assertRefused("unusable", absent, () => importIdentity(absent, "right", crypto));
  });
});

Deno.test("exportIdentity uses a fresh salt, and the two forms are not taken for one another", async () => {
  await inFolder(async (path) => {
    const identity = await createIdentity(crypto);
    exportIdentity(path, identity, "right", crypto);
    exportIdentity(`${path}2`, identity, "right", crypto);
    assertNotEquals(Deno.readTextFileSync(path), Deno.readTextFileSync(`${path}2`));
    await assertRefused("passphrase-wanted", path, () => load(path));
    saveIdentity(`${path}3`, identity, crypto);
    await assertRefused(
      "key-damaged",
      `${path}3`,
      () => importIdentity(`${path}3`, "right", crypto),
    );
  });
});
