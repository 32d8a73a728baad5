import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DataError } from "../../io/data_error.ts";
import type { FolderLock } from "../../io/folder_lock.ts";
import {
  chooseProfile,
  type ChosenFolder,
  newProfile,
  profilesHome,
  takeFolder,
  takeProfile,
} from "../../io/profiles.ts";
import { readName, writeName } from "../../io/remembered_name.ts";

/** A folder for profiles in which all locks taken are released at the end. */
function inHome(body: (home: Home) => void): void {
  const path = Deno.makeTempDirSync();
  const home = new Home(`${path}/starling`);
  try {
    body(home);
  } finally {
    home.leaveAll();
    Deno.removeSync(path, { recursive: true });
  }
}

class Home {
  readonly #locks: FolderLock[] = [];
  constructor(readonly path: string) {}

  /** A start that makes the folder an identity's, as the product does. */
  start(choose: (home: string) => ChosenFolder, name?: string): ChosenFolder {
    const chosen = choose(this.path);
    this.#locks.push(chosen.lock);
    if (chosen.fresh) Deno.writeTextFileSync(`${chosen.folder}/identity`, "a key");
    if (name !== undefined) writeName(chosen.folder, name);
    return chosen;
  }

  choose(name: string | null = null): string | null {
    return this.start((home) => chooseProfile(home, name), name ?? undefined).profile;
  }

  leaveAll(): void {
    for (const lock of this.#locks.splice(0)) lock.release();
  }
}

function refusal(action: () => unknown): DataError {
  const error = assertThrows(action, DataError);
  assert(!error.message.includes("\n"));
  return error;
}

Deno.test("profilesHome is where each system keeps data", () => {
  const home = (os: typeof Deno.build.os, env: Record<string, string>) =>
    profilesHome(os, (name) => env[name]).replaceAll("\\", "/");
  const unix = { HOME: "/home/ann", LOCALAPPDATA: "/never" };
  assertEquals(home("linux", unix), "/home/ann/.local/share/starling");
  assertEquals(home("linux", { ...unix, XDG_DATA_HOME: "/data" }), "/data/starling");
  assertEquals(home("linux", { ...unix, XDG_DATA_HOME: "not/absolute" }), home("linux", unix));
  assertEquals(home("freebsd", { XDG_DATA_HOME: "/data" }), "/data/starling");
  assertEquals(
    home("darwin", { ...unix, XDG_DATA_HOME: "/data" }),
    "/home/ann/Library/Application Support/starling",
  );
  assertEquals(home("windows", { LOCALAPPDATA: "/AppData/Local" }), "/AppData/Local/starling");
});

Deno.test("profilesHome says which variable is missing or of no use", () => {
  const error = refusal(() => profilesHome("linux", () => undefined));
  assertEquals([error.code, error.path], ["no-home", "HOME"]);
  assertStringIncludes(
    refusal(() => profilesHome("windows", () => "relative")).message,
    'LOCALAPPDATA is "relative"',
  );
});

Deno.test("chooseProfile without a name takes the first free one, else a new one", () => {
  inHome((home) => {
    assertEquals([home.choose(), home.choose(), home.choose()], ["default", "2", "3"]);
    home.leaveAll();
    assertEquals([home.choose(), home.choose(), home.choose()], ["default", "2", "3"]);
    assertEquals(home.choose(), "4");
  });
});

Deno.test("chooseProfile with a name takes a free one of that name, else a new one", () => {
  inHome((home) => {
    assertEquals([home.choose("ann"), home.choose("ben")], ["default", "2"]);
    home.leaveAll();
    assertEquals(home.choose("ben"), "2");
    assertEquals(home.choose("ben"), "3", "the one of that name is in use");
    assertEquals(home.choose("Ann"), "4", "another spelling is another name");
    assertEquals(home.choose("ann"), "default");
    home.leaveAll();
    assertEquals(home.choose("ben"), "2");
    assertEquals(home.choose("ben"), "3");
    assertEquals(home.choose(), "default");
  });
});

Deno.test("chooseProfile looks at numbers in their order, then at profiles with names", () => {
  inHome((home) => {
    home.start((path) => takeProfile(path, "work"), "ann");
    for (let number = 1; number <= 10; number++) home.choose();
    home.leaveAll();
    const expected = ["default", "2", "3", "4", "5", "6", "7", "8", "9", "10", "work", "11"];
    assertEquals(expected.map(() => home.choose()), expected);
    home.leaveAll();
    assertEquals(home.choose("ann"), "work");
  });
});

Deno.test("chooseProfile makes nobody of a folder that has no identity, and reuses it when new", () => {
  inHome((home) => {
    Deno.mkdirSync(`${home.path}/default`, { recursive: true });
    Deno.mkdirSync(`${home.path}/2`, { recursive: true });
    Deno.writeTextFileSync(`${home.path}/2/identity`, "a key");
    assertEquals(home.choose(), "2");
    const chosen = home.start((path) => chooseProfile(path, null));
    assertEquals([chosen.profile, chosen.fresh, chosen.name], ["default", true, null]);
  });
});

Deno.test("chooseProfile passes over a new profile that another start is just making", () => {
  inHome((home) => {
    const busy = takeProfile(home.path, "default");
    assertEquals(home.choose(), "2");
    busy.lock.release();
  });
});

Deno.test("newProfile never takes a profile that is somebody's", () => {
  inHome((home) => {
    assertEquals([home.choose("ann"), home.choose("ben")], ["default", "2"]);
    home.leaveAll();
    assertEquals(home.start(newProfile).profile, "3");
  });
});

Deno.test("takeProfile opens the one that is named, with its name, and refuses one in use", () => {
  inHome((home) => {
    const first = home.start((path) => takeProfile(path, "work"), "ann");
    assertEquals([first.folder, first.fresh, first.name], [`${home.path}/work`, true, null]);
    assertEquals(refusal(() => takeProfile(home.path, "work")).code, "in-use");
    home.leaveAll();
    const again = home.start((path) => takeProfile(path, "work"));
    assertEquals([again.profile, again.fresh, again.name], ["work", false, "ann"]);
  });
});

Deno.test("takeProfile refuses a name that could mean something to a file system", () => {
  inHome((home) => {
    const long = "x".repeat(33);
    const names = [
      "",
      ".",
      "..",
      "a/b",
      "a\\b",
      "/etc",
      "-x",
      ".hidden",
      "a b",
      "a\0b",
      "a\n",
      "a.",
    ];
    for (const name of [...names, "con", "NUL.txt", "com1", "C:", "~", "x*", long]) {
      const error = refusal(() => takeProfile(home.path, name));
      assertEquals(error.code, "profile-name");
      assertStringIncludes(error.message, JSON.stringify(name));
    }
    for (const name of ["2", "work", "Arbeit_2.x", "小明", "x".repeat(32)]) {
      assertEquals(home.start((path) => takeProfile(path, name)).profile, name);
    }
  });
});

Deno.test("takeFolder makes the folder, and refuses one in use or one that cannot be", () => {
  inHome((home) => {
    const chosen = home.start(() => takeFolder(`${home.path}/a/b`), "ann");
    assertEquals([chosen.profile, chosen.fresh], [null, true]);
    if (Deno.build.os !== "windows") {
      assertEquals(Deno.statSync(chosen.folder).mode! & 0o777, 0o700);
    }
    assertEquals(refusal(() => takeFolder(chosen.folder)).code, "in-use");
    const error = refusal(() => takeFolder(`${chosen.folder}/identity/below`));
    assertEquals(error.code, "unusable");
    assertStringIncludes(error.message, `${chosen.folder}/identity/below`);
  });
});

Deno.test("readName gives the name written last, and null for what is none", () => {
  const folder = Deno.makeTempDirSync();
  try {
    assertEquals(readName(folder), null);
    for (const name of ["ann", "Zoë 小明"]) {
      writeName(folder, name);
      assertEquals(readName(folder), name);
    }
    for (const text of ["", "\n", "two\nlines\n", "bell\u0007", "x".repeat(65)]) {
      Deno.writeTextFileSync(`${folder}/name`, text);
      assertEquals(readName(folder), null);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
