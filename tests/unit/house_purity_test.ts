/**
 * The pure folders decide and do nothing else: clock, randomness, cryptography and stored
 * posts come in through arguments, and nothing waits. That is what makes a run of the
 * simulator repeatable, so the words that would break it are banned there.
 */

import { assertEquals } from "@std/assert";
import { type Finding, findings, isGlobal, listed, programFiles } from "./house_source.ts";
import type { SourceFile } from "./house_source.ts";

const pureFolders = /^(wire|discovery|peer)\//;
/** Declares the handle that programs await; nothing in it is carried out. */
const handleFile = "peer/chat.ts";

const bannedNames = new Set([
  ...["Deno", "process", "Buffer", "require", "globalThis", "window", "self", "navigator"],
  ...["Date", "Temporal", "performance", "crypto", "Promise", "queueMicrotask"],
  ...["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval"],
  ...["clearImmediate", "scheduler", "fetch", "WebSocket", "Worker", "MessageChannel"],
  ...["BroadcastChannel", "localStorage", "sessionStorage", "console", "alert", "prompt"],
]);

/** What a pure file names or does that it must not. */
function impurities(file: SourceFile): Finding[] {
  return findings(file, (report) => {
    const onFunction = (node: Deno.lint.Node & { async?: boolean }) => {
      if (node.async === true) report(node, "async");
    };
    return {
      Identifier(node) {
        if (!bannedNames.has(node.name) || !isGlobal(node)) return;
        if (node.name === "Promise" && file.path === handleFile) return;
        report(node, node.name);
      },
      MemberExpression({ object, property }) {
        if (object.type !== "Identifier" || object.name !== "Math") return;
        if (property.type !== "Identifier") report(object, "Math[…]");
        else if (property.name === "random") report(object, "Math.random");
      },
      "VariableDeclarator[init.name='Math']": (node) => report(node, "Math taken apart"),
      AwaitExpression: (node) => report(node, "await"),
      ForOfStatement: (node) => node.await ? report(node, "for await") : undefined,
      FunctionDeclaration: onFunction,
      FunctionExpression: onFunction,
      ArrowFunctionExpression: onFunction,
    };
  });
}

Deno.test("house: pure folders name no machine, no clock, no chance, and wait for nothing", () => {
  const pure = programFiles().filter(({ path }) => pureFolders.test(path));
  const broken = pure.flatMap(impurities);
  assertEquals(broken, [], listed(broken));
});

Deno.test("house: the rule of purity tells a global from a name of one's own", () => {
  // A shorthand property is seen twice, as its key and as its value.
  const seen = (text: string) => [
    ...new Set(impurities({ path: "wire/x.ts", text }).map(({ message }) => message)),
  ];
  const innocent = `
    // Deno.readFile, await crypto, setTimeout
    /** Date.now() */
    import type { CryptoSuite as crypto2 } from "./crypto_suite.ts";
    const text = "Date.now()" + \`performance\`;
    interface Port { readonly fetch: number; console(): void }
    class Links {
      readonly fetch = 1;
      constructor(readonly crypto: CryptoSuite) { crypto.sha256(this.fetch); }
      self(crypto: CryptoSuite) { return [1].map(() => crypto.random(state.fetch)); }
    }
    function f({ crypto, now: performance }: Options) { return crypto ?? performance; }
    const g = (crypto: CryptoSuite) => ({ crypto, fetch: 1 });
    for (const process of list) work(process, Math.max(1, 2));
  `;
  assertEquals(seen(innocent), []);
  const guilty: readonly [text: string, ...seen: string[]][] = [
    ["const a = Deno.args;", "Deno"],
    ["const a = new Date();", "Date"],
    ["let a: Promise<void>;", "Promise"],
    ["let a: typeof crypto;", "crypto"],
    ["function f(a = crypto) { return a; }", "crypto"],
    ["const a = { crypto };", "crypto"],
    ["const a = `${performance.now()}`;", "performance"],
    ["const a = Math.random();", "Math.random"],
    ["const a = Math['random']();", "Math[…]"],
    ["const { random } = Math;", "Math taken apart"],
    ["async function f() { await g(); }", "async", "await"],
    ["const f = async () => 1;", "async"],
    ["class A { async b() {} }", "async"],
    ["for await (const a of b) a();", "for await"],
    ["function f(crypto: A) {} crypto.subtle();", "crypto"],
    ["setTimeout(f, 1); globalThis.fetch();", "setTimeout", "globalThis"],
  ];
  for (const [text, ...words] of guilty) assertEquals(seen(text).sort(), words.sort(), text);
});

Deno.test("house: the exemption of the handle is for its promises alone", () => {
  const text = "export interface Chat { say(): Promise<void>; now: Date }";
  assertEquals(impurities({ path: handleFile, text }).map(({ message }) => message), ["Date"]);
});
