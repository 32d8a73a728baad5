import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { DataError } from "../../io/data_error.ts";
import type { DataOptions } from "../../io/data_folder.ts";
import {
  findIdentity,
  readIdentity,
  type WhoseIdentity,
  writeIdentity,
} from "../../io/identity_move.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { openData } from "../open_data.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(8);
const anybody: WhoseIdentity = { data: null, profile: null, name: null };

async function inHome(body: (home: string) => Promise<void>): Promise<void> {
  const home = Deno.makeTempDirSync();
  try {
    await body(home);
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
}

async function open(options: DataOptions) {
  return await openData(options, crypto, defaultLimits);
}

async function refusal(find: () => Promise<unknown>): Promise<string> {
  const error = await assertRejects(find, DataError);
  assertEquals(error.code, "no-identity");
  return error.message;
}

Deno.test("findIdentity makes nobody, neither in a folder nor as a profile", async () => {
  await inHome(async (folder) => {
    const home = `${folder}/starling`;
    assertStringIncludes(await refusal(() => findIdentity(anybody, undefined, home)), home);
    assertStringIncludes(
      await refusal(() => findIdentity({ ...anybody, profile: "typo" }, undefined, home)),
      `no identity in "${home}/typo"`,
    );
    const data = `${folder}/data`;
    assertStringIncludes(
      await refusal(() => findIdentity({ ...anybody, data }, undefined, home)),
      data,
    );
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("findIdentity finds the only one that fits, in use or not, and asks for more otherwise", async () => {
  await inHome(async (home) => {
    const ann = await open({ home, name: "ann" });
    const facts = async (whose: Partial<WhoseIdentity>) => {
      const { identity, name, profile } = await findIdentity(
        { ...anybody, ...whose },
        undefined,
        home,
      );
      return [identity.peer, name, profile];
    };
    const annsFacts = [ann.identity.peer, "ann", "default"];
    assertEquals(await facts({}), annsFacts);
    const bo = await open({ home, name: "bo" });
    assertStringIncludes(await refusal(() => facts({})), "default (ann), 2 (bo)");
    assertEquals(await facts({ name: "bo" }), [bo.identity.peer, "bo", "2"]);
    assertEquals(await facts({ profile: "default" }), annsFacts);
    assertStringIncludes(await refusal(() => facts({ name: "cem" })), 'called "cem"');
    ann.close();
    bo.close();
    assertEquals([...Deno.readDirSync(home)].length, 2);
  });
});

Deno.test("writeIdentity writes what readIdentity reads, and nothing else is taken for it", async () => {
  await inHome(async (home) => {
    const { identity, close } = await open({ home });
    close();
    const file = `${home}/me`;
    writeIdentity(file, identity, "secret");
    assertEquals(await readIdentity(file, "secret"), identity);
    Deno.writeTextFileSync(`${home}/photo`, "\x89PNG");
    const error = await assertRejects(() => readIdentity(`${home}/photo`, "secret"), DataError);
    assertStringIncludes(error.message, "it is damaged, or not what --export-identity wrote");
    const nowhere = assertThrows(
      () => writeIdentity(`${home}/no/where`, identity, "secret"),
      DataError,
    );
    assertStringIncludes(nowhere.message, "no such file or directory. Check");
  });
});
