/**
 * The corpus: inputs worth trying first, one folder for each target. A file holds one case:
 * one input in hex on each line, to be given in order to something fresh. Every failure that
 * was ever found stays here as a file.
 */

/** Inputs to be given one after the other. */
export interface Case {
  readonly path: string;
  readonly inputs: readonly Uint8Array[];
}

const folder = new URL("./corpus/", import.meta.url);

/** Reads one case. */
export function readCase(path: string): Case {
  const lines = Deno.readTextFileSync(path).split("\n").filter((line) => !line.startsWith("#"));
  // The last line ends in a line end too: what follows it is no input, an empty line is one.
  return { path, inputs: lines.slice(0, -1).map((line) => Uint8Array.fromHex(line)) };
}

/** All cases of a target, in the order of their names. */
export function readCorpus(target: string): Case[] {
  const own = new URL(`${target}/`, folder);
  let names: string[];
  try {
    names = Array.from(Deno.readDirSync(own), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return names.sort().map((name) => readCase(new URL(name, own).pathname));
}

/**
 * Keeps a case: in the corpus, or among the temporary files where the project may not be
 * written, as in the gate.
 *
 * @param target Whose it is.
 * @param inputs In order.
 * @param why What happens; one line.
 * @returns The path of the file; the same inputs make the same file.
 */
export function saveCase(target: string, inputs: readonly Uint8Array[], why: string): string {
  const lines = inputs.map((input) => `${input.toHex()}\n`).join("");
  const text = `# ${why.replaceAll(/\s+/g, " ").slice(0, 90)}\n${lines}`;
  const own = new URL(`${target}/`, folder);
  const path = new URL(`found-${fingerprint(lines)}.hex`, own).pathname;
  try {
    Deno.mkdirSync(own, { recursive: true });
    Deno.writeTextFileSync(path, text);
    return path;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    const temporary = Deno.makeTempFileSync({ prefix: `fuzz-${target}-`, suffix: ".hex" });
    Deno.writeTextFileSync(temporary, text);
    return temporary;
  }
}

/** The command that gives a saved case to its target again. */
export function replayCommand(target: string, path: string): string {
  return `deno run -A tests/fuzz/main.ts --target ${target} --replay ${path}`;
}

/** FNV-1a of 32 bits: enough to tell a few files apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
