/**
 * What must not stand in any file of the project, and what no test may do. The words looked
 * for are put together here, so that this file does not hold them.
 */

import { assertEquals } from "@std/assert";
import {
  type Finding,
  findings,
  lineAt,
  listed,
  programFiles,
  projectFiles,
  projectFolder,
  type SourceFile,
} from "./house_source.ts";

/** Rules for the text of every file, comments and documents included. */
const bannedTexts: readonly (readonly [why: string, pattern: RegExp])[] = [
  ["a folder outside the project", new RegExp(["(?:\\.\\.|/work)", "shared"].join("/"), "g")],
  [
    "the host of a package registry: the client knows it",
    new RegExp(["npm" + "js\\.(?:org|com)", "js" + "r\\.io", "deb\\.deb" + "ian"].join("|"), "gi"),
  ],
  [
    "work left undone: do it, or file an issue",
    new RegExp(["\\bTO" + "DO\\b", "\\bFIX" + "ME\\b"].join("|"), "g"),
  ],
];

function bannedIn(file: SourceFile): Finding[] {
  return bannedTexts.flatMap(([why, pattern]) =>
    [...file.text.matchAll(pattern)].map((match) => ({
      path: file.path,
      line: lineAt(file.text, match.index),
      message: `"${match[0]}": ${why}`,
    }))
  );
}

/**
 * Tests that do not run, keep others from running, or let a leak pass. `ignore` may only ask
 * whether the machine has what a test needs: `ignore: !hasIpv6()`, or `ignore: lacking !== null`
 * with what it lacks in words. The gate's machine has it.
 */
function skipsIn(file: SourceFile): Finding[] {
  return findings(file, (report) => ({
    CallExpression({ callee, arguments: given }) {
      if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
      const { name } = callee.property;
      if ((name === "ignore" || name === "only") && isTestObject(callee.object)) {
        report(callee, `.${name}`);
      }
      for (const option of name === "test" || name === "step" ? given : []) {
        for (const part of option.type === "ObjectExpression" ? option.properties : []) {
          if (part.type !== "Property" || part.key.type !== "Identifier") continue;
          if (isSkip(part.key.name, part.value)) report(part, part.key.name);
        }
      }
    },
  }));
}

/** Whether an option of a test switches something off. */
function isSkip(name: string, value: Deno.lint.Node): boolean {
  if (name === "only") return true;
  if (/^sanitize/.test(name)) return value.type !== "Literal" || value.value !== true;
  if (name !== "ignore") return false;
  if (value.type === "BinaryExpression" && value.operator === "!==") {
    return !isLacking(value.left) || value.right.type !== "Literal" || value.right.value !== null;
  }
  if (value.type !== "UnaryExpression") return true;
  const asked = value.argument.type === "CallExpression" ? value.argument.callee : value.argument;
  return asked.type !== "Identifier" || !/^has[A-Z]/.test(asked.name);
}

function isLacking(node: Deno.lint.Node): boolean {
  return node.type === "Identifier" && /^lacking/.test(node.name);
}

function isTestObject(node: Deno.lint.Node): boolean {
  return node.type === "MemberExpression" && node.property.type === "Identifier" &&
    (node.property.name === "test" || node.property.name === "step");
}

Deno.test("house: no file names what it must not", () => {
  const broken = projectFiles().flatMap(bannedIn);
  assertEquals(broken, [], listed(broken));
});

Deno.test("house: the rule of texts finds what it looks for", () => {
  for (
    const parts of [[".", "./shar", "ed/x"], ["js", "r.i", "o"], ["np", "mjs.o", "rg"], [
      "TO",
      "DO",
    ]]
  ) {
    assertEquals(bannedIn({ path: "x", text: `a\n ${parts.join("")}` }).length, 1, parts.join("-"));
  }
  assertEquals(bannedIn({ path: "x", text: "a shared list, jsr: names, npm" }), []);
});

Deno.test("house: no test is skipped or lets a leak pass", () => {
  const broken = programFiles().filter(({ path }) => path.startsWith("tests/")).flatMap(skipsIn);
  assertEquals(broken, [], listed(broken));
});

Deno.test("house: the rule of tests finds what it looks for", () => {
  const seen = (text: string) => skipsIn({ path: "x.ts", text }).map(({ message }) => message);
  assertEquals(seen(`Deno.test("a", () => list.only(f)); f({ only: 1, ignore: 2 });`), []);
  assertEquals(seen(`Deno.test${".ignore"}("a", f); Deno.test${".only"}("b", f);`), [
    ".ignore",
    ".only",
  ]);
  assertEquals(seen(`Deno.test({ name: "a", ignore: ${true}, fn });`), ["ignore"]);
  assertEquals(seen(`Deno.test("a", { ignore: !hasIpv6() }, f);`), []);
  assertEquals(seen(`Deno.test("a", { ignore: !hasScript }, f);`), []);
  assertEquals(seen(`Deno.test("a", { ignore: !later }, f);`), ["ignore"]);
  assertEquals(seen(`Deno.test("a", { ignore: lackingAvahi !== null }, f);`), []);
  assertEquals(seen(`Deno.test("a", { ignore: lacking !== 1 }, f);`), ["ignore"]);
  assertEquals(seen(`Deno.test("a", { ignore: later !== null }, f);`), ["ignore"]);
  assertEquals(seen(`Deno.test("a", { sanitizeOps: false }, f);`), ["sanitizeOps"]);
  assertEquals(seen(`await t.step({ name: "a", only: here, fn });`), ["only"]);
});

Deno.test("house: what a document links to is there", () => {
  const documents = projectFiles().filter(({ path }) => path.endsWith(".md"));
  const broken = documents.flatMap(({ path, text }): Finding[] =>
    [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].flatMap((match) => {
      const target = new URL(match[1]!, new URL(path, projectFolder));
      if (existsSync(target)) return [];
      return [{ path, line: lineAt(text, match.index), message: `no such file: ${match[1]}` }];
    })
  );
  assertEquals(broken, [], listed(broken));
});

function existsSync(url: URL): boolean {
  try {
    Deno.lstatSync(url);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
