/**
 * What people read stands in the catalogues, in all languages: no other file of a face says
 * anything. And what a face refuses, it refuses in the words of its catalogue.
 */

import { assertEquals } from "@std/assert";
import { type Finding, findings, listed, programFiles, type SourceFile } from "./house_source.ts";

/** Two words with a space between, or any Chinese: a text for people, not a name or a code. */
const sentence = /\p{L}{2,}[,.:;!?]? \p{L}{2,}|\p{Script=Han}/u;

/** Attributes of an element that nobody reads. */
const unread = /^(class|className|style|key|id|for|htmlFor|type|role|rel|d|viewBox)$/;

function isFaceFile({ path }: SourceFile): boolean {
  return (/^ui\//.test(path) || path === "mod.ts") && !/(^|\/)catalogue[^/]*\.ts$/.test(path) &&
    // Made by a bundler out of the files beside it.
    !/^ui\/web\/bundle/.test(path);
}

function sayingsIn(file: SourceFile): Finding[] {
  return findings(file, (report) => {
    const look = (node: Deno.lint.Node, text: string) => {
      if (sentence.test(text) && !isForProgrammers(node)) report(node, JSON.stringify(text));
    };
    return {
      Literal(node) {
        if (typeof node.value === "string") look(node, node.value);
      },
      TemplateElement(node) {
        look(node, node.cooked ?? "");
      },
      JSXText(node) {
        if (/\p{L}/u.test(node.value)) report(node, JSON.stringify(node.value.trim()));
      },
    };
  });
}

/** A fault of this program, an import, or an attribute that is no text. */
function isForProgrammers(node: Deno.lint.Node): boolean {
  for (let at: Deno.lint.Node | null = node; at !== null;) {
    if (at.type === "ImportDeclaration" || at.type === "ImportExpression") return true;
    if (at.type === "NewExpression" && at.callee.type === "Identifier") {
      return /^(Error|TypeError|RangeError|RegExp)$/.test(at.callee.name);
    }
    if (at.type === "JSXAttribute" && at.name.type === "JSXIdentifier") {
      return unread.test(at.name.name);
    }
    at = (at as { parent?: Deno.lint.Node | null }).parent ?? null;
  }
  return false;
}

function plainErrorsIn(file: SourceFile): Finding[] {
  return findings(file, (report) => ({
    NewExpression(node) {
      if (node.callee.type === "Identifier" && node.callee.name === "ChatError") {
        report(node, "new ChatError: a face throws a Refusal");
      }
    },
  }));
}

Deno.test("house: no file of a face says anything outside the catalogues", () => {
  const broken = programFiles().filter(isFaceFile).flatMap(sayingsIn);
  assertEquals(broken, [], listed(broken));
});

Deno.test("house: the rule of sayings finds what it looks for", () => {
  const seen = (text: string, path = "ui/x.ts") =>
    sayingsIn({ path, text }).map(({ message }) => message);
  assertEquals(seen('note("not sent: x"); note(`${n} new posts`); note("离开");'), [
    '"not sent: x"',
    '" new posts"',
    '"离开"',
  ]);
  assertEquals(
    seen('import "a b c"; f("one-word", "\\t", "x"); throw new Error("bug in here");'),
    [],
  );
  assertEquals(seen('const a = <p class="two words" title="two words">Hi {x}</p>;', "ui/x.tsx"), [
    '"two words"',
    '"Hi"',
  ]);
});

Deno.test("house: what a face refuses is said in the words of its catalogue", () => {
  const faces = programFiles().filter(({ path }) => /^ui\//.test(path));
  const broken = faces.flatMap(plainErrorsIn);
  assertEquals(broken, [], listed(broken));
  assertEquals(plainErrorsIn({ path: "x.ts", text: 'throw new ChatError("a", "b");' }).length, 1);
});
