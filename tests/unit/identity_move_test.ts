import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
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

function inHome(body: (home: string) => void): void {
  const home = Deno.makeTempDirSync();
  try {
    body(home);
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
}

function open(options: DataOptions) {
  return openData(options, crypto, defaultLimits);
}

function refusal(find: () => unknown): string {
  const error = assertThrows(find, DataError);
  assertEquals(error.code, "no-identity");
  return error.message;
}

Deno.test("findIdentity makes nobody, neither in a folder nor as a profile", () => {
  inHome((folder) => {
    const home = `${folder}/starling`;
    assertStringIncludes(refusal(() => findIdentity(anybody, undefined, home)), home);
    assertStringIncludes(
      refusal(() => findIdentity({ ...anybody, profile: "typo" }, undefined, home)),
      `no identity in "${home}/typo"`,
    );
    const data = `${folder}/data`;
    assertStringIncludes(refusal(() => findIdentity({ ...anybody, data }, undefined, home)), data);
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("findIdentity finds the only one that fits, in use or not, and asks for more otherwise", () => {
  inHome((home) => {
    const ann = open({ home, name: "ann" });
    const facts = (whose: Partial<WhoseIdentity>) => {
      const { identity, name, profile } = findIdentity({ ...anybody, ...whose }, undefined, home);
      return [identity.peer, name, profile];
    };
    const annsFacts = [ann.identity.peer, "ann", "default"];
    assertEquals(facts({}), annsFacts);
    const bo = open({ home, name: "bo" });
    assertStringIncludes(refusal(() => facts({})), "default (ann), 2 (bo)");
    assertEquals(facts({ name: "bo" }), [bo.identity.peer, "bo", "2"]);
    assertEquals(facts({ profile: "default" }), annsFacts);
    assertStringIncludes(refusal(() => facts({ name: "cem" })), 'called "cem"');
    ann.close();
    bo.close();
    assertEquals([...Deno.readDirSync(home)].length, 2);
  });
});

Deno.test("writeIdentity writes what readIdentity reads, and nothing else is taken for it", () => {
  inHome((home) => {
    const { identity, close } = open({ home });
    close();
    const file = `${home}/me`;
    writeIdentity(file, identity, "secret");
    assertEquals(readIdentity(file, "secret"), identity);
    Deno.writeTextFileSync(`${home}/photo`, "\x89PNG");
    const error = assertThrows(() => readIdentity(`${home}/photo`, "secret"), DataError);
    assertStringIncludes(error.message, "it is damaged, or not what --export-identity wrote");
    const nowhere = assertThrows(
      () => writeIdentity(`${home}/no/where`, identity, "secret"),
      DataError,
    );
    assertStringIncludes(nowhere.message, "no such file or directory. Check");
  });
});
