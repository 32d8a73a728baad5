/**
 * The command line: from arguments to {@linkcode Options}, or to one line that says which
 * option is wrong, what was seen and what is wanted. Nothing is started here.
 *
 * `parseArgs` of the standard library takes the options apart. Before it goes a pass that
 * ties each value to its option with `=`: the library would take `--peer -` for two things,
 * `--no-listen=x` for `--listen x`, any `--no-x` for an option, and a following option for a
 * missing value.
 */

import { parseArgs } from "@std/cli/parse-args";
import {
  type Catalogue,
  catalogueOf,
  helpOf,
  loadCatalogues,
  type UsageTexts,
} from "./catalogue.ts";
import { isLanguage, type Language } from "./language.ts";
import { nearest } from "./nearest.ts";
import {
  alternatives,
  besideExport,
  type Given,
  type GivenOptions,
  isOptionName,
  optionForms,
  type OptionName,
  optionNames,
} from "./option_table.ts";
import { checkOptions, formOf, type Options } from "./options.ts";
import { quoted, UsageError } from "./usage_error.ts";
import { environmentLanguage } from "./words.ts";

/** What a command line asks for. */
export type Invocation =
  | { readonly type: "run"; readonly options: Options }
  /** Help or version: text for standard output; exit code 0. */
  | { readonly type: "print"; readonly text: string }
  /** One line for standard error, without its end; exit code 2. */
  | { readonly type: "refuse"; readonly message: string };

/**
 * Reads a command line.
 *
 * @param args Without the program, as in `Deno.args`.
 * @param readText Reads a configuration file; may throw.
 * @param language Spoken unless the command line names another.
 * @returns What to do. Never throws for anything that `args` or the file may hold.
 */
export async function parseArguments(
  args: readonly string[],
  readText: (path: string) => string = Deno.readTextFileSync,
  language: Language = environmentLanguage(),
): Promise<Invocation> {
  const spoken = askedLanguage(args) ?? language;
  await loadCatalogues(spoken);
  const catalogue = catalogueOf(spoken);
  try {
    const given = readArguments(args, catalogue);
    if (given.has("help")) {
      const { commandLine } = await helpOf(catalogue.language);
      return { type: "print", text: commandLine };
    }
    if (given.has("version")) {
      const { default: manifest } = await import("../deno.json", { with: { type: "json" } });
      return { type: "print", text: `starling ${manifest.version}\n` };
    }
    const path = given.get("config")?.values[0];
    if (path === undefined) {
      return { type: "run", options: await checkOptions(given, {}, catalogue) };
    }
    const { readConfig } = await import("./config_file.ts");
    const config = readConfig(path, readText, catalogue);
    const both = merged(given, config.given);
    return { type: "run", options: await checkOptions(both, config.limits, catalogue) };
  } catch (error) {
    if (error instanceof UsageError) return { type: "refuse", message: error.message };
    throw error;
  }
}

/** The language of `--lang`, found before anything can be wrong; `null` if there is none. */
function askedLanguage(args: readonly string[]): Language | null {
  for (const [index, argument] of args.entries()) {
    const [, value = args[index + 1] ?? ""] = /^--lang(?:=(.*))?$/s.exec(argument) ?? [, ""];
    if (isLanguage(value)) return value;
  }
  return null;
}

function readArguments(args: readonly string[], { usage }: Catalogue): GivenOptions {
  const taking = (...kinds: readonly string[]) =>
    optionNames.filter((name) => kinds.includes(optionForms[name].takes));
  const values = taking("value", "optional");
  const parsed = parseArgs(tied(args, usage), {
    string: values,
    collect: values,
    boolean: taking("flag"),
    alias: { h: "help" },
    unknown: (argument) => {
      throw unknown(argument, usage);
    },
  });
  const [stray] = parsed._;
  if (stray !== undefined) throw new UsageError(usage.strayArgument(String(stray)));
  const given = new Map<OptionName, Given>();
  for (const name of optionNames) {
    const value = parsed[name];
    const where = usage.inOption(name);
    if (value === true) given.set(name, { values: [], where });
    if (Array.isArray(value) && value.length > 0) given.set(name, { values: value, where });
  }
  return given;
}

function unknown(argument: string, usage: UsageTexts): UsageError {
  const seen = quoted(argument).slice(1, -1);
  if (!argument.startsWith("-")) return new UsageError(usage.strayArgument(seen));
  const word = argument.replace(/^-+/, "").replace(/=[^]*$/, "");
  return new UsageError(usage.unknownOption(seen, nearest(word, optionNames)));
}

/** Each value behind its option and `=`; other arguments as they are. */
function tied(args: readonly string[], usage: UsageTexts): string[] {
  const result: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === "--") return [...result, ...args.slice(index)];
    const [, name = "", value] = /^--([^=]+)(?:=([^]*))?$/.exec(argument) ?? [];
    if (!isOptionName(name)) {
      if (name.startsWith("no-")) throw unknown(argument, usage);
      result.push(argument);
    } else if (value !== undefined && optionForms[name].takes !== "flag") {
      result.push(argument);
    } else if (optionForms[name].takes === "flag") {
      if (value !== undefined) {
        throw new UsageError(usage.valueNotWanted(usage.inOption(name), quoted(value)));
      }
      result.push(argument);
    } else if (optionForms[name].takes === "optional") {
      const next = args[index + 1];
      if (next !== undefined && !/^-/.test(next)) throw standsApart(name, next, usage);
      result.push(`${argument}=`);
    } else {
      const next = args[++index];
      const isOption = next !== undefined && /^--[^=]/.test(next) &&
        isOptionName(next.slice(2).replace(/=[^]*$/, ""));
      if (next === undefined || isOption) {
        throw new UsageError(usage.valueMissing(usage.inOption(name), formOf(name, usage)));
      }
      result.push(`--${name}=${next}`);
    }
  }
  return result;
}

/** A value that stands behind its option instead of behind `=`, which would be no option else. */
function standsApart(name: OptionName, value: string, usage: UsageTexts): UsageError {
  const where = usage.inOption(name);
  // Whoever types a passphrase here must not find it in an error, and so in a log.
  if (name === "passphrase") return new UsageError(usage.passphraseTyped(where));
  return new UsageError(usage.valueApart(where, quoted(value), formOf(name, usage)));
}

/** The command line, and what the file adds to it. */
function merged(line: GivenOptions, file: GivenOptions): GivenOptions {
  const both = new Map(line);
  const isExport = line.has("export-identity");
  for (const [name, given] of file) {
    if (isExport && !besideExport.includes(name)) continue;
    const rivals = alternatives.find((group) => group.includes(name)) ?? [name];
    if (!rivals.some((rival) => line.has(rival))) both.set(name, given);
  }
  return both;
}
