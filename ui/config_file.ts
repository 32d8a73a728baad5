/**
 * The configuration file of `--config`: JSON with the keys of the command line and
 * `limits`. Whatever is wrong names the key, the file, the line and what is allowed.
 *
 * `JSON.parse` reads it; it tells no places, so a scan of the (then known to be right) text
 * finds the lines of the keys, and keys that stand there twice.
 */

import { defaultLimits, type Limits } from "../wire/limits.ts";
import { wireLimits } from "../wire/limits_wire.ts";
import type { Catalogue, UsageTexts } from "./catalogue.ts";
import { systemReason } from "./error_text.ts";
import { nearest } from "./nearest.ts";
import {
  type Given,
  type GivenOptions,
  isOptionName,
  optionForms,
  type OptionName,
  optionNames,
} from "./option_table.ts";
import { formOf } from "./options.ts";
import { quoted, UsageError } from "./usage_error.ts";

/** Limits of the faces, whose texts and contracts name their values: no file changes them either. */
const fixedLimits: readonly (keyof Limits)[] = ["nameCellsMax", "jsonLineBytesMax"];

/** What a configuration file gives. */
export interface Config {
  /** Its keys but `limits`. */
  readonly given: GivenOptions;
  /** What differs from the defaults; checked. */
  readonly limits: Partial<Limits>;
}

/**
 * Reads a configuration file.
 *
 * @param path Its place, for the messages too.
 * @param readText Reads it; may throw.
 * @param catalogue For the messages.
 * @throws {UsageError} If it cannot be read, is not JSON, or has a wrong key or value. What
 * an option's text must look like is checked later, with the command line.
 */
export function readConfig(
  path: string,
  readText: (path: string) => string,
  catalogue: Catalogue,
): Config {
  const { usage } = catalogue;
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    throw new UsageError(usage.fileUnreadable(path, systemReason(error, catalogue)));
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    throw new UsageError(usage.fileNotJson(path, reason.replaceAll(/\s+/g, " ")));
  }
  if (!isObject(value)) throw new UsageError(usage.fileNotObject(path));
  const where = placesOf(text, path, usage);
  return {
    given: readKeys(value, where, usage),
    limits: value.limits === undefined ? {} : readLimits(value.limits, where, usage),
  };
}

/** Where a key stands, in the words of a message; `limits.x` for a limit. */
type Where = (key: string) => string;

function readKeys(value: Record<string, unknown>, where: Where, usage: UsageTexts): GivenOptions {
  const allowed = optionNames.filter((name) => optionForms[name].commandLineOnly !== true);
  const given = new Map<OptionName, Given>();
  for (const [key, item] of Object.entries(value)) {
    if (key === "limits") continue;
    if (!isOptionName(key) || !allowed.includes(key)) {
      const keys = [...allowed, "limits"];
      throw new UsageError(usage.unknownKey(where(key), nearest(key, keys), keys.join(", ")));
    }
    const values = valuesOf(key, item);
    if (values === null) {
      throw new UsageError(usage.valueWrong(where(key), quoted(item), formIn(key, usage)));
    }
    if (values !== "off") given.set(key, { values, where: where(key) });
  }
  return given;
}

/** The texts that the command line would have; `off` for `false`, `null` for a wrong type. */
function valuesOf(name: OptionName, item: unknown): readonly string[] | "off" | null {
  const form = optionForms[name];
  if (form.takes !== "value" && typeof item === "boolean") return item ? [] : "off";
  if (form.takes === "flag") return null;
  if (typeof item === "string") return [item];
  if (typeof item === "number" && form.number === true) return [String(item)];
  if (form.repeatable === true && Array.isArray(item)) {
    if (item.every((each): each is string => typeof each === "string")) return item;
  }
  return null;
}

function formIn(name: OptionName, usage: UsageTexts): string {
  return optionForms[name].repeatable === true ? usage.formTexts : formOf(name, usage);
}

function readLimits(value: unknown, where: Where, usage: UsageTexts): Partial<Limits> {
  if (!isObject(value)) {
    throw new UsageError(usage.valueWrong(where("limits"), quoted(value), usage.formLimits));
  }
  const names = (Object.keys(defaultLimits) as (keyof Limits)[])
    .filter((name) => !Object.hasOwn(wireLimits, name) && !fixedLimits.includes(name));
  for (const [key, item] of Object.entries(value)) {
    const place = where(`limits.${key}`);
    if (Object.hasOwn(wireLimits, key)) {
      throw new UsageError(usage.wireLimit(place));
    }
    if ((fixedLimits as readonly string[]).includes(key)) {
      throw new UsageError(usage.fixedLimit(place));
    }
    if (!Object.hasOwn(defaultLimits, key)) {
      throw new UsageError(usage.unknownKey(place, nearest(key, names), names.join(", ")));
    }
    const isList = Array.isArray(defaultLimits[key as keyof Limits]);
    const isRight = isList
      ? Array.isArray(item) && item.length > 0 && item.every(isPositive)
      : isPositive(item);
    if (!isRight) {
      const form = isList ? usage.formNumbers : usage.formWhole;
      throw new UsageError(usage.valueWrong(place, quoted(item), form));
    }
  }
  return value as Partial<Limits>;
}

function isPositive(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Finds the lines of the keys in right JSON; refuses a key that stands there twice. */
function placesOf(text: string, path: string, usage: UsageTexts): Where {
  const lines = new Map<string, number>();
  let depth = 0;
  let line = 1;
  let inLimits = false;
  for (
    const [token, key] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]\n]/g)
  ) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (key !== undefined && (depth === 1 || (depth === 2 && inLimits))) {
      const name = JSON.parse(key) as string;
      if (depth === 1) inLimits = name === "limits";
      const full = depth === 1 ? name : `limits.${name}`;
      if (lines.has(full)) throw new UsageError(usage.repeated(usage.inFile(path, line, full)));
      lines.set(full, line);
    }
    line += token.split("\n").length - 1;
  }
  return (key) => usage.inFile(path, lines.get(key) ?? 1, quoted(key).slice(1, -1));
}
