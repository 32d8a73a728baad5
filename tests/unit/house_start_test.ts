/**
 * What a start loads before it is ready. Each module and each byte of source is paid for at every
 * start (a module some 0.15 ms), so what only some runs need is imported when they need it, and
 * this test says what that is. It reads imports as they are written: those of values that are
 * static; what `mod.ts` and `ui/run_face.ts` import on the way to NDJSON mode counts like these.
 */

import { assert, assertEquals } from "@std/assert";
import { findings, programFiles, type SourceFile } from "./house_source.ts";

/** Where a start as `--ui json` enters. */
const entries = [
  "mod.ts",
  "ui/arguments.ts",
  "ui/preferences.ts",
  "ui/environment.ts",
  "ui/catalogue.ts",
  "ui/terminal.ts",
  "io/diagnostics.ts",
  "ui/run_face.ts",
  "ui/ndjson.ts",
];

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

/** Packages that every start needs: a well-kept library for a job that is not ours. */
const packages = ["@std/cli/parse-args", "@std/encoding/hex"];

/** Modules, and bytes of source: measured, and a little for what is still to come. */
const modulesMax = 230, bytesMax = 1_260_000;

Deno.test("a start loads what it needs and nothing else", () => {
  const files = new Map(programFiles().map((file) => [file.path, file]));
  const loaded = new Set<string>();
  const dynamic = new Set<string>();
  const queue = [...entries];
  for (let path; (path = queue.pop()) !== undefined;) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const file = files.get(path);
    if (file === undefined) continue;
    const imports = valueImports(file);
    queue.push(...imports.static);
    for (const each of imports.dynamic) dynamic.add(each);
  }
  const foreign = [...loaded].filter((path) => !files.has(path) && !path.startsWith("node:"));
  assertEquals(foreign.sort(), packages, "packages at the start");
  const early = onDemand.filter((path) => loaded.has(path));
  assertEquals(early, [], "loaded at the start, though only some runs need it");
  const unsorted = [...dynamic].filter((path) => !loaded.has(path) && !onDemand.includes(path));
  assertEquals(unsorted, [], "say in this test whether a start needs it");
  const own = [...loaded].flatMap((path) => files.get(path) ?? []);
  const bytes = own.reduce((sum, { text }) => sum + text.length, 0);
  assert(own.length <= modulesMax, `${own.length} modules at the start`);
  assert(bytes <= bytesMax, `${bytes} bytes of source at the start`);
});

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
