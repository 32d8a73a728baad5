/**
 * What a start loads before it is ready. Each module and each byte of source is paid for at every
 * start (a module some 0.15 ms), so what only some runs need is imported when they need it, and
 * this test says what that is. It reads imports as they are written: those of values that are
 * static; what `mod.ts` and `ui/run_face.ts` import on the way to NDJSON mode counts like these.
 *
 * What every start loads stands in two lists besides, for a reason that they give.
 */

import { assert, assertEquals } from "@std/assert";
import { findings, programFiles, type SourceFile } from "./house_source.ts";

/** Where a start as `--ui json` enters. */
const entries = ["mod.ts", "ui/program.ts", "ui/ndjson.ts"];

/** Where the other faces enter. */
const otherFaces = ["ui/line_mode.ts", "ui/screen/open.ts"];

/** The lists: of a peer, and of what the faces have in common. */
const peerList = "io/peer_modules.ts", faceList = "ui/face_modules.ts";

/** What is loaded when it is used: other languages and faces, help, files, rare work. */
const onDemand = [
  "@std/cli/prompt-secret",
  "deno.json",
  "io/export.ts",
  "io/finders/lan.ts",
  "io/private_rooms.ts",
  "io/identity_move.ts",
  "io/import.ts",
  "io/make_invite.ts",
  "io/web/open_browser.ts",
  "io/web/page_limits.ts",
  "io/web/page_server.ts",
  "io/web/page_token.ts",
  "node:dns/promises",
  "peer/invitation.ts",
  "peer/order_check.ts",
  "string-width",
  "ui/ask.ts",
  "ui/catalogue_help_en.ts",
  "ui/catalogue_help_zh.ts",
  "ui/catalogue_zh.ts",
  "ui/config_file.ts",
  "ui/first_start.ts",
  "ui/invite_command.ts",
  "ui/invite_option.ts",
  "ui/line_mode.ts",
  "ui/perform.ts",
  "ui/screen/device.ts",
  "ui/screen/open.ts",
  "ui/web/page_files.ts",
  "ui/web/page_hub.ts",
  "wire/invite.ts",
  "wire/redemption.ts",
];

/** The package that every start needs: a well-kept library for a job that is not ours. */
const packages = ["@std/cli/parse-args"];

/** Modules, and bytes of source: measured, and a little for what is still to come. */
const modulesMax = 251, bytesMax = 1_305_000;

const files = new Map(programFiles().map((file) => [file.path, file]));

Deno.test("a start loads what it needs and nothing else", () => {
  const { loaded, dynamic } = closureOf(entries);
  const foreign = [...loaded].filter((path) => !files.has(path) && !path.startsWith("node:"));
  assertEquals(foreign.sort(), packages, "packages at the start");
  const ofNode = [...loaded].filter((path) => path.startsWith("node:"));
  assertEquals(ofNode, ["node:sqlite"], "each other loads much of Node");
  const early = onDemand.filter((path) => loaded.has(path));
  assertEquals(early, [], "loaded at the start, though only some runs need it");
  const unsorted = [...dynamic].filter((path) => !loaded.has(path) && !onDemand.includes(path));
  assertEquals(unsorted, [], "say in this test whether a start needs it");
  const own = [...loaded].flatMap((path) => files.get(path) ?? []);
  const bytes = own.reduce((sum, { text }) => sum + text.length, 0);
  assert(own.length <= modulesMax, `${own.length} modules at the start`);
  assert(bytes <= bytesMax, `${bytes} bytes of source at the start`);
});

Deno.test("a start finds all modules of a peer, and all that faces share, in one list each", () => {
  const withoutLists = (paths: readonly string[]) => closureOf(paths, [peerList, faceList]).loaded;
  const peer = withoutLists(["mod.ts"]).difference(new Set(["mod.ts", peerList]));
  assertEquals(listed(peerList, peer), [], `the list in ${peerList}`);
  const shared = otherFaces.reduce(
    (common, face) => common.intersection(withoutLists([face])),
    withoutLists(["ui/ndjson.ts"]),
  );
  const face = withoutLists(["ui/program.ts"]).union(shared).difference(peer)
    .difference(new Set(["ui/program.ts", faceList]));
  assertEquals(listed(faceList, face), [], `the list in ${faceList}`);
});

/** What modules load, themselves included, and what they may load later; `blind` are not read. */
function closureOf(
  entries: readonly string[],
  blind: readonly string[] = [],
): { loaded: Set<string>; dynamic: Set<string> } {
  const loaded = new Set<string>();
  const dynamic = new Set<string>();
  const queue = [...entries];
  for (let path; (path = queue.pop()) !== undefined;) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    if (blind.includes(path)) continue;
    const imports = importsOf(path);
    queue.push(...imports.static);
    for (const each of imports.dynamic) dynamic.add(each);
  }
  return { loaded, dynamic };
}

/** What is wrong with a list. */
function listed(path: string, expected: ReadonlySet<string>): string[] {
  const named = new Set(importsOf(path).static);
  return [
    ...[...expected.difference(named)].map((missing) => `missing: ${missing}`).sort(),
    ...[...named.difference(expected)].map((other) => `too many: ${other}`).sort(),
  ];
}

const importsRead = new Map<string, ReturnType<typeof valueImports>>();

/** The same as `valueImports`, read once. */
function importsOf(path: string): ReturnType<typeof valueImports> {
  const file = files.get(path);
  if (file === undefined) return { static: [], dynamic: [] };
  const read = importsRead.get(path) ?? valueImports(file);
  importsRead.set(path, read);
  return read;
}

/** The imports of a file that are left when its types are gone. */
function valueImports(file: SourceFile): { static: string[]; dynamic: string[] } {
  const found = findings(file, (report) => {
    const tell = (kind: string, source: Deno.lint.Node | null) => {
      if (source?.type !== "Literal") return;
      report(source, `${kind} ${resolved(file.path, String(source.value))}`);
    };
    return {
      ImportDeclaration: ({ importKind, specifiers, source }) => {
        const isValue = specifiers.length === 0 ||
          specifiers.some((each) => each.type !== "ImportSpecifier" || each.importKind !== "type");
        if (importKind !== "type" && isValue) tell("static", source);
      },
      ExportNamedDeclaration: ({ exportKind, specifiers, source }) => {
        const isValue = specifiers.some((each) => each.exportKind !== "type");
        if (exportKind !== "type" && isValue) tell("static", source);
      },
      ExportAllDeclaration: ({ source }) => tell("static", source),
      ImportExpression: ({ source }) => tell("dynamic", source),
    };
  });
  const of = (kind: string) =>
    found.flatMap(({ message }) => {
      const [its, target = ""] = message.split(" ");
      return its === kind ? [target] : [];
    });
  return { static: of("static"), dynamic: of("dynamic") };
}

/** The path of what is imported; a package's name as it is. */
function resolved(path: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}
