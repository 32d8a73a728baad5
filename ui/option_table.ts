/** The options of the command line, which are also the keys of a configuration file. */

/** What an option takes. */
export interface OptionForm {
  /** `optional`: a value may follow, but only after `=`. */
  readonly takes: "value" | "flag" | "optional";
  /** May be given several times. */
  readonly repeatable?: true;
  /** A configuration file may give a number instead of a text. */
  readonly number?: true;
  /** Makes no sense in a configuration file. */
  readonly commandLineOnly?: true;
}

/** Each option and what it takes, in the order of `--help`. */
export const optionTable = {
  peer: { takes: "value", repeatable: true },
  listen: { takes: "value", number: true },
  "no-listen": { takes: "flag" },
  lan: { takes: "flag" },
  name: { takes: "value" },
  room: { takes: "value", repeatable: true },
  profile: { takes: "value" },
  data: { takes: "value" },
  ephemeral: { takes: "flag" },
  passphrase: { takes: "optional" },
  ui: { takes: "value" },
  web: { takes: "optional", number: true },
  "web-open": { takes: "flag" },
  message: { takes: "value" },
  linger: { takes: "value", number: true },
  stay: { takes: "flag" },
  log: { takes: "value" },
  import: { takes: "value" },
  "export-identity": { takes: "value" },
  "import-identity": { takes: "value" },
  lang: { takes: "value" },
  color: { takes: "value" },
  config: { takes: "value", commandLineOnly: true },
  help: { takes: "flag", commandLineOnly: true },
  version: { takes: "flag", commandLineOnly: true },
} as const satisfies Readonly<Record<string, OptionForm>>;

/** The name of an option, without the dashes. */
export type OptionName = keyof typeof optionTable;

/** All options and what they take. */
export const optionForms: Readonly<Record<OptionName, OptionForm>> = optionTable;

/** All names, in the order of `--help`. */
export const optionNames = Object.keys(optionTable) as readonly OptionName[];

/** Whether there is such an option. */
export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(optionTable, name);
}

/** Options of which one takes the place of another, so that a flag outdoes a file's key. */
export const alternatives: readonly (readonly OptionName[])[] = [
  ["listen", "no-listen"],
  ["profile", "data", "ephemeral"],
  ["export-identity", "import-identity"],
];

/** What goes with `export-identity`; nothing else has a meaning beside it. */
export const besideExport: readonly OptionName[] = [
  "export-identity",
  "profile",
  "data",
  "name",
  "lang",
  "color",
  "config",
];

/** An option that was given: its values as typed, and where, in the words of a message. */
export interface Given {
  /** As typed, in their order; none for a flag. */
  readonly values: readonly string[];
  /** As in `--name`, or `starling.json:3: "name"`. */
  readonly where: string;
}

/** All that was given, by one source or by both. */
export type GivenOptions = ReadonlyMap<OptionName, Given>;
