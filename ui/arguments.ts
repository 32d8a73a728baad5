/**
 * The command line: from arguments to {@linkcode Options}, or to one line that says which
 * option is wrong, what was seen and what is wanted. Nothing is started here.
 *
 * Options are taken apart here and not by `parseArgs` of the standard library or of Node: both
 * take `--no-listen=x` for something else, or a following option for a missing value. With a pass
 * before them that ties each value to its option nothing was left for them to do.
 */

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
  const found = new Map<OptionName, string[]>();
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === "--") {
      if (index + 1 < args.length) throw stray(args[index + 1]!, usage);
      break;
    }
    const [, name = "", tied] = /^--([^=]+)(?:=([^]*))?$/.exec(argument) ?? [];
    const option = argument === "-h" ? "help" : name;
    if (!isOptionName(option)) throw unknown(argument, usage);
    const values = found.get(option) ?? [];
    found.set(option, values);
    const { takes } = optionForms[option];
    if (takes === "flag") {
      if (tied === undefined) continue;
      throw new UsageError(usage.valueNotWanted(usage.inOption(option), quoted(tied)));
    }
    const next = args[index + 1];
    if (tied !== undefined) values.push(tied);
    else if (takes === "optional") {
      // Whoever types a passphrase here must not find it in an error, and so in a log.
      if (option === "passphrase" && next !== undefined && !next.startsWith("-")) {
        throw new UsageError(usage.passphraseTyped(usage.inOption(option)));
      }
      values.push("");
    } else {
      if (next === undefined || isOption(next)) {
        throw new UsageError(usage.valueMissing(usage.inOption(option), formOf(option, usage)));
      }
      values.push(next);
      index++;
    }
  }
  const given = new Map<OptionName, Given>();
  for (const name of optionNames) {
    const values = found.get(name);
    if (values !== undefined) given.set(name, { values, where: usage.inOption(name) });
  }
  return given;
}

/** Whether an argument begins like an option that there is: then it is no value of another. */
function isOption(argument: string): boolean {
  return /^--[^=]/.test(argument) && isOptionName(argument.slice(2).replace(/=[^]*$/, ""));
}

function unknown(argument: string, usage: UsageTexts): UsageError {
  if (!argument.startsWith("-")) return stray(argument, usage);
  const word = argument.replace(/^-+/, "").replace(/=[^]*$/, "");
  return new UsageError(usage.unknownOption(seen(argument), nearest(word, optionNames)));
}

function stray(argument: string, usage: UsageTexts): UsageError {
  return new UsageError(usage.strayArgument(seen(argument)));
}

function seen(argument: string): string {
  return quoted(argument).slice(1, -1);
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
