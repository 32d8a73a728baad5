/**
 * Reads the project's own files for the tests of the house's rules, and takes the program
 * files apart: their imports, and the places where they name something that is not theirs.
 *
 * The parser is the linter's (`Deno.lint.runPlugin`, which exists under `deno test` only), so
 * comments, texts and templates are no code, and a name counts as a global one only if nothing
 * around it binds it: a parameter called `crypto` is a port, the bare word is the runtime's.
 */

/** A file of the project. */
export interface SourceFile {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** One import, static or dynamic, of values or of types alone. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Something seen in a file. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** The project's folder. */
export const projectFolder = new URL("../../", import.meta.url);

/** What .gitignore names, and what is not of this project's making. */
const ignored = /^(\.git|\.deno|coverage|node_modules)$|\.log$/;
const foreign = /^tests\/vectors\/data\/|^LICENSE$/;

/** All files that belong to the project, except published vectors. */
export function projectFiles(): SourceFile[] {
  const paths = [...pathsIn("")].filter((path) => !foreign.test(path)).sort();
  return paths.map((path) => ({ path, text: Deno.readTextFileSync(new URL(path, projectFolder)) }));
}

/** All program files. */
export function programFiles(): SourceFile[] {
  return projectFiles().filter(({ path }) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"));
}

function* pathsIn(folder: string): Generator<string> {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(new URL(folder, projectFolder))) {
    if (ignored.test(name)) continue;
    if (isDirectory) yield* pathsIn(`${folder}${name}/`);
    else if (isFile) yield folder + name;
  }
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** How findings are shown when a rule is broken: one per line, as an editor opens them. */
export function listed(findings: readonly Finding[]): string {
  return findings.map(({ path, line, message }) => `\n  ${path}:${line}: ${message}`).join("");
}

/**
 * Looks at the parts of a file that a visitor names.
 *
 * @param file A program file.
 * @param visitor Makes the visitor; it is given the means to report.
 */
export function findings(
  file: SourceFile,
  visitor: (report: (node: Deno.lint.Node, message: string) => void) => Deno.lint.LintVisitor,
): Finding[] {
  const create = (context: Deno.lint.RuleContext) =>
    visitor((node, message) => context.report({ node, message }));
  const plugin: Deno.lint.Plugin = { name: "house", rules: { rule: { create } } };
  return Deno.lint.runPlugin(plugin, file.path, file.text).map(({ range, message }) => ({
    path: file.path,
    line: lineAt(file.text, range[0]),
    message,
  }));
}

/** Everything that a file imports or exports from elsewhere. A computed one is `*`. */
export function importsOf(file: SourceFile): Import[] {
  const found = findings(file, (report) => {
    const named = (node: Deno.lint.Node & { source?: Deno.lint.Node | null }) => {
      if (node.source != null) report(node, textOf(node.source));
    };
    return {
      ImportDeclaration: named,
      ExportAllDeclaration: named,
      ExportNamedDeclaration: named,
      ImportExpression: named,
      TSImportType: named,
    };
  });
  return found.map(({ message, line }) => ({ specifier: message, line }));
}

function textOf(node: Deno.lint.Node): string {
  if (node.type === "TSLiteralType") return textOf(node.literal);
  return node.type === "Literal" && typeof node.value === "string" ? node.value : "*";
}

/** Whether an identifier stands for a value or type that nothing in its file declares. */
export function isGlobal(node: Deno.lint.Identifier): boolean {
  if (isLabel(node)) return false;
  for (let scope: Parts | undefined = parentOf(node); scope !== undefined;) {
    if (bindings(scope).has(node.name)) return false;
    scope = parentOf(scope);
  }
  return true;
}

// The nodes are looked at by the shape that ESTree gives them: the declared union has 160
// members, of which a dozen matter here.
type Parts = { readonly type: string; readonly range: Deno.lint.Range } & Record<string, unknown>;

function parentOf(node: Deno.lint.Node | Parts): Parts | undefined {
  return ((node as Parts).parent ?? undefined) as Parts | undefined;
}

/** Whether an identifier is only the name of a property or the like. */
function isLabel(node: Deno.lint.Identifier): boolean {
  const parent = parentOf(node);
  if (parent === undefined) return false;
  const isAt = (place: string) => sameRange(parent[place] as Parts | null | undefined, node);
  switch (parent.type) {
    case "MemberExpression":
      return isAt("property") && parent.computed !== true;
    case "Property":
      return isAt("key") && parent.computed !== true && parent.shorthand !== true;
    case "PropertyDefinition":
    case "MethodDefinition":
    case "AccessorProperty":
    case "TSPropertySignature":
    case "TSMethodSignature":
    case "TSAbstractPropertyDefinition":
    case "TSAbstractMethodDefinition":
      return isAt("key") && parent.computed !== true;
    case "ImportSpecifier":
      return isAt("imported");
    case "ExportSpecifier":
      return isAt("exported");
    case "TSQualifiedName":
      return isAt("right");
    case "ImportAttribute":
    case "LabeledStatement":
    case "TSNamedTupleMember":
    case "TSEnumMember":
      return true;
    default:
      return false;
  }
}

function sameRange(a: Parts | null | undefined, b: Deno.lint.Identifier): boolean {
  return a?.range[0] === b.range[0] && a.range[1] === b.range[1];
}

/** The names that a node binds for what is inside it. */
function bindings(scope: Parts): Set<string> {
  const names = new Set<string>();
  const add = (pattern: unknown) => addNames(pattern as Parts | null | undefined, names);
  add(scope.type.startsWith("TS") ? null : scope.id);
  for (const parameter of list(scope.params)) add(parameter);
  add(scope.param);
  for (const loop of [scope.init, scope.left]) addDeclared(loop as Parts | undefined, names);
  for (const statement of [...list(scope.body), ...list(scope.consequent)]) {
    addDeclared(statement, names);
  }
  return names;
}

function list(value: unknown): Parts[] {
  return Array.isArray(value) ? value as Parts[] : [];
}

/** The names that a statement declares for its neighbours. */
function addDeclared(statement: Parts | null | undefined, names: Set<string>): void {
  switch (statement?.type) {
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      return addDeclared(statement.declaration as Parts | null, names);
    case "ImportDeclaration":
      for (const { local } of list(statement.specifiers)) addNames(local as Parts, names);
      return;
    case "VariableDeclaration":
      for (const { id } of list(statement.declarations)) addNames(id as Parts, names);
      return;
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSEnumDeclaration":
      return addNames(statement.id as Parts | null, names);
  }
}

function addNames(pattern: Parts | null | undefined, names: Set<string>): void {
  switch (pattern?.type) {
    case "Identifier":
      names.add(pattern.name as string);
      return;
    case "ObjectPattern":
      for (const part of list(pattern.properties)) {
        addNames((part.type === "Property" ? part.value : part) as Parts, names);
      }
      return;
    case "ArrayPattern":
      for (const element of list(pattern.elements)) addNames(element, names);
      return;
    case "AssignmentPattern":
      return addNames(pattern.left as Parts, names);
    case "RestElement":
      return addNames(pattern.argument as Parts, names);
    case "TSParameterProperty":
      return addNames(pattern.parameter as Parts, names);
  }
}
