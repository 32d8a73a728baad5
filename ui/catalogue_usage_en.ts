/** English: what is wrong with a command line or a configuration file. */

/** Every sentence names the option, the value seen and the form wanted. */
export const englishUsage = {
  /** In front of each problem of the command line. */
  inOption: (option: string) => `--${option}`,
  /** In front of each problem of a configuration file. */
  inFile: (path: string, line: number, key: string) => `${path}:${line}: "${key}"`,
  unknownOption: (typed: string, near: string | null) =>
    near === null
      ? `${typed}: no such option; --help lists them`
      : `${typed}: no such option; did you mean --${near}?`,
  strayArgument: (typed: string) =>
    `${typed}: not an option; a room is given as --room ${typed}, an address as --peer ${typed}`,
  valueMissing: (where: string, form: string) => `${where}: a value is missing: ${form}`,
  valueNotWanted: (where: string, seen: string) => `${where}: takes no value, but has ${seen}`,
  valueWrong: (where: string, seen: string, form: string) => `${where} ${seen}: must be ${form}`,
  valueApart: (where: string, seen: string, form: string) =>
    `${where} ${seen}: must be ${form}, behind "=", as in ${where}=0`,
  repeated: (where: string) => `${where}: given more than once; leave all but one out`,
  tooMany: (where: string, max: number) =>
    `${where}: given too often; at most ${max} rooms can be open`,
  together: (where: string, other: string) => `${where}: does not go with ${other}; leave one out`,
  passphraseTyped: (where: string) =>
    `${where}: stands alone, or with =change or =remove; the passphrase is asked for, or comes as ` +
    `the first line of standard input, and never stands in a command line`,

  fileUnreadable: (path: string, reason: string) =>
    `--config "${path}": cannot be read (${reason}); give a JSON file`,
  fileNotJson: (path: string, reason: string) => `${path}: not JSON: ${reason}`,
  fileNotObject: (path: string) =>
    `${path}: must be a JSON object, as in {"name": "ann", "limits": {}}`,
  unknownKey: (where: string, near: string | null, known: string) =>
    `${where}: no such key; ` + (near === null ? `allowed: ${known}` : `did you mean "${near}"?`),
  wireLimit: (where: string) =>
    `${where}: is part of the protocol and the same for all peers; leave it out`,
  fixedLimit: (where: string) => `${where}: cannot be changed; leave it out`,

  formFlag: "true or false",
  formText: "a text",
  formTexts: "a text or a list of texts",
  formNumbers: "a list of whole numbers from 1",
  formWhole: "a whole number from 1 to 9007199254740991",
  formLimits: 'an object, as in {"connectionsInMax": 2000}',
  formAddress: "ip:port, [v6]:port, host:port or an invite (starling:…)",
  formListen: "a port from 0 to 65535, host:port or [v6]:port",
  formSeconds: "seconds from 0 to 86400, as in 5 or 0.5",
  formUi: "full, line or json",
  formLang: "en or zh",
  formColor: "auto, always or never",
  formName: "a name of 1 to 64 bytes, at most 32 columns wide, that can be seen",
  formRoom: "a name of 1 to 64 bytes without white space, control characters or a first @ or ~, " +
    "as in lobby; or ~ and the 64 digits of a room with a founder",
  formProfile: "1 to 32 letters, digits, dots, hyphens or underscores, as in work",
  formPath: "a path",
  formMessage: "a text of 1 to 16384 bytes without NUL, and not only white space",
  formPort: "a port from 0 to 65535",
};
