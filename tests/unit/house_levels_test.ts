/**
 * The levels of the house: a file imports its own folder or a lower level, so the pure folders
 * never depend on the machine, and `io` and `ui` do not know each other.
 *
 * A folder here is one of the project's own folders with all that is in it: `wire/noise` is
 * part of `wire`. For levels and for cycles every import counts, of types alone and dynamic
 * ones too: what cannot be read without the other file is not a room of its own.
 */

import { assert, assertEquals } from "@std/assert";
import { type Finding, importsOf, listed, programFiles } from "./house_source.ts";

const levels: Readonly<Record<string, number>> = { wire: 0, discovery: 1, peer: 2, io: 3, ui: 3 };
/** What stands on top of the product and may use any of it. */
const outside = ["tests", "bench"];

interface Edge {
  readonly path: string;
  readonly line: number;
  readonly specifier: string;
  /** The file meant, from the project's folder; `null` for a package. */
  readonly target: string | null;
}

const files = programFiles();
const edges = files.flatMap((file): Edge[] =>
  importsOf(file).map(({ specifier, line }) => ({
    path: file.path,
    line,
    specifier,
    target: /^[./]/.test(specifier) ? resolved(file.path, specifier) : null,
  }))
);

function resolved(path: string, specifier: string): string {
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}

/** `""` for the files beside deno.json. */
function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

/** Why an import breaks the levels; `null` if it does not. */
function problemOf(path: string, specifier: string, target: string | null): string | null {
  if (specifier === "*") return "imports a computed name";
  const folder = folderOf(path);
  if (target === null) {
    if (/^(npm|jsr|https?|file|data):/.test(specifier)) return "bypasses the import map";
    const isPure = (levels[folder] ?? Infinity) < 3;
    return isPure && specifier.startsWith("node:") ? "a pure folder uses the machine" : null;
  }
  if (target === "deno.json" || outside.includes(folder) || path === "mod.ts") return null;
  if (folder === "examples") return target === "mod.ts" ? null : "examples use mod.ts alone";
  const own = levels[folder];
  const other = levels[folderOf(target)];
  if (own === undefined) return "stands in a folder without a level";
  if (other === undefined) return "imports what is outside the product";
  if (folderOf(target) === folder || other < own) return null;
  return other === own ? "imports its sibling" : "imports a higher level";
}

Deno.test("house: a file imports its own folder or a lower level", () => {
  const broken = edges.flatMap(({ path, line, specifier, target }): Finding[] => {
    const problem = problemOf(path, specifier, target);
    return problem === null ? [] : [{ path, line, message: `${problem}: ${specifier}` }];
  });
  assertEquals(broken, [], listed(broken));
});

Deno.test("house: the rule of levels knows what it forbids", () => {
  const cases: readonly [path: string, specifier: string, problem: string | null][] = [
    ["wire/post.ts", "./cbor.ts", null],
    ["wire/noise/pattern.ts", "../hkdf.ts", null],
    ["peer/engine.ts", "../wire/ids.ts", null],
    ["wire/post.ts", "../peer/engine.ts", "imports a higher level"],
    ["io/shell.ts", "../ui/output.ts", "imports its sibling"],
    ["ui/output.ts", "../mod.ts", "imports what is outside the product"],
    ["io/crypto.ts", "node:crypto", null],
    ["peer/engine.ts", "node:crypto", "a pure folder uses the machine"],
    ["ui/names.ts", "npm:cborg", "bypasses the import map"],
    ["examples/echo.ts", "../mod.ts", null],
    ["examples/echo.ts", "../peer/chat.ts", "examples use mod.ts alone"],
    ["tests/unit/x_test.ts", "../../io/shell.ts", null],
    ["other/x.ts", "../wire/ids.ts", "stands in a folder without a level"],
  ];
  for (const [path, specifier, problem] of cases) {
    const target = specifier.startsWith(".") ? resolved(path, specifier) : null;
    assertEquals(problemOf(path, specifier, target), problem, `${path} imports ${specifier}`);
  }
});

Deno.test("house: every folder of program files has a place", () => {
  const known = new Set(["", "examples", ...outside, ...Object.keys(levels)]);
  const strays = files.map(({ path }) => path).filter((path) => !known.has(folderOf(path)));
  assertEquals(strays, []);
  const root = files.map(({ path }) => path).filter((path) => folderOf(path) === "");
  assertEquals(root.filter((path) => path !== "mod.ts"), [], "only mod.ts stands beside deno.json");
});

Deno.test("house: no file imports itself, by whatever way round", () => {
  assert(edges.length > files.length, "the imports were not found");
  const targets = edges.flatMap(({ path, target }): [string, string][] =>
    target === null ? [] : [[path, target]]
  );
  assertEquals(cyclesIn(targets), []);
});

Deno.test("house: the rule against cycles finds one", () => {
  assertEquals(cyclesIn([["a", "b"], ["b", "c"], ["a", "c"]]), []);
  assertEquals(cyclesIn([["a", "b"], ["b", "c"], ["c", "b"]]), ["b -> c -> b"]);
});

/** The ways by which a file comes back to itself. */
function cyclesIn(imports: readonly (readonly [from: string, to: string])[]): string[] {
  const targets = Map.groupBy(imports, ([from]) => from);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) cycles.push([...way.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const [, to] of targets.get(path) ?? []) visit(to, [...way, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return cycles;
}
