/**
 * Lists long files and long functions. It never fails: length is a hint that two jobs share
 * a room, and whoever reads the list decides.
 */

import { findings, lineAt, listed, programFiles, type SourceFile } from "./house_source.ts";

const fileLinesMax = 300;
const functionLinesMax = 70;

/** Functions longer than a screen; the bodies of tests count like others. */
function longFunctions(file: SourceFile) {
  return findings(file, (report) => {
    const measure = (node: Deno.lint.Node) => {
      const lines = lineAt(file.text, node.range[1]) - lineAt(file.text, node.range[0]) + 1;
      if (lines > functionLinesMax) report(node, `a function of ${lines} lines`);
    };
    return {
      FunctionDeclaration: measure,
      FunctionExpression: measure,
      ArrowFunctionExpression: measure,
    };
  });
}

function longFile({ path, text }: SourceFile) {
  const lines = text.split("\n").length - 1;
  return lines > fileLinesMax ? [{ path, line: 1, message: `a file of ${lines} lines` }] : [];
}

Deno.test("house: long files and functions are listed", () => {
  const long = programFiles().flatMap((file) => [...longFile(file), ...longFunctions(file)]);
  if (long.length > 0) console.log(`longer than usual:${listed(long)}`);
});
