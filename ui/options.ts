/**
 * The options of one run, checked: the same for the command line and a configuration file.
 */

import { looksLikeInvite, parseAddress, readAddress } from "../discovery/address.ts";
import { defaultLimits, type Limits } from "../wire/limits.ts";
import { checkRoomName, checkText, isProfileName, normalRoomName } from "../wire/text.ts";
import type { Catalogue, UsageTexts } from "./catalogue.ts";
import { isLanguage, type Language } from "./language.ts";
import { nameProblem } from "./name_check.ts";
import {
  alternatives,
  besideExport,
  type Given,
  type GivenOptions,
  optionForms,
  type OptionName,
} from "./option_table.ts";
import { preferenceValues } from "./preference_table.ts";
import type { ColorChoice } from "./theme.ts";
import { quoted, UsageError } from "./usage_error.ts";

/** Where to accept peers. */
export interface ListenChoice {
  /** An address of this machine, without brackets; `null`: all of them. */
  readonly host: string | null;
  /** 0 to 65,535; 0: any free one. */
  readonly port: number;
  /** The port was asked for: that it is taken is an error, not a reason to try the next. */
  readonly exact: boolean;
}

/** Which face to show. */
export type FaceName = "full" | "line" | "json";

/** What a command line and a configuration file ask for together. */
export interface Options {
  /** Addresses to dial and invites to take, as typed, each checked. */
  readonly peers: readonly string[];
  /** One more address or invite comes as the first line of standard input (`--peer -`). */
  readonly peerFromStdin: boolean;
  /** `null`: dial only. */
  readonly listen: ListenChoice | null;
  /** Find and be found on the local network. */
  readonly lan: boolean;
  /** `null`: the remembered one, an asked one or the login name. */
  readonly name: string | null;
  /**
   * In their one spelling; those of invites stand behind the others. None if all that was given is
   * an invite to a private room, which opens when somebody there has let this peer in.
   */
  readonly rooms: readonly string[];
  /** They were named, or invites lead to them; if not, they are the default. */
  readonly roomsNamed: boolean;
  /** Which identity of this computer; `null`: a fitting free one. */
  readonly profile: string | null;
  /** The folder of one identity and its history, instead of a profile. */
  readonly data: string | null;
  /** Keep nothing on disk. */
  readonly ephemeral: boolean;
  /** Serve the page on this port; 0: any; a port of `null`: the default or the next free one. */
  readonly web: { readonly port: number | null } | null;
  /** Open the page in the browser. */
  readonly webOpen: boolean;
  /** Ask for a passphrase of the identity file: to protect it, to change or to remove that. */
  readonly passphrase: "protect" | "change" | "remove" | null;
  /** `null`: what fits the terminal. */
  readonly ui: FaceName | null;
  /** Say this, wait until another member has it, leave. */
  readonly message: string | null;
  /** How long to wait for delivery without progress. */
  readonly lingerMs: number;
  /** Keep running after the end of input. */
  readonly stay: boolean;
  /** A file for diagnostics. */
  readonly log: string | null;
  /** An export of history to take in first. */
  readonly import: string | null;
  /** Write the identity to this file instead of chatting. */
  readonly exportIdentity: string | null;
  /** Take the identity from this file instead of chatting. */
  readonly importIdentity: string | null;
  /** `null`: what this person chose before, else what the environment says. */
  readonly lang: Language | null;
  /** Whether to use colours; `null`: what this person chose before, else `auto`. */
  readonly color: ColorChoice | null;
  /** What differs from the defaults; checked by name and type. */
  readonly limits: Partial<Limits>;
}

const defaultPort = 9797;
const defaultRoom = "lobby";
const defaultLingerSeconds = 5;
const lingerSecondsMax = 86_400;

/** The form that an option's value must have, in words. */
export function formOf(name: OptionName, usage: UsageTexts): string {
  const forms: Readonly<Partial<Record<OptionName, string>>> = {
    peer: usage.formAddress,
    listen: usage.formListen,
    name: usage.formName,
    room: usage.formRoom,
    profile: usage.formProfile,
    ui: usage.formUi,
    web: usage.formPort,
    message: usage.formMessage,
    linger: usage.formSeconds,
    lang: usage.formLang,
    color: usage.formColor,
  };
  return forms[name] ?? (optionForms[name].takes === "flag" ? usage.formFlag : usage.formPath);
}

/**
 * Checks all that was given.
 *
 * @param given By the command line and a configuration file together.
 * @param limits Already checked.
 * @param catalogue For the messages.
 * @throws {UsageError} For the first wrong option.
 */
export async function checkOptions(
  given: GivenOptions,
  limits: Partial<Limits>,
  catalogue: Catalogue,
): Promise<Options> {
  const reader = new Reader(given, catalogue);
  reader.refuseRepeated();
  reader.refuseTogether();
  const invited = await roomsOfInvites(given, catalogue);
  const peers = reader.each("peer", (text) => reader.isAddress(text));
  if (peers.filter((text) => text === "-").length > 1) {
    throw new UsageError(catalogue.usage.repeated(`${given.get("peer")!.where} -`));
  }
  return {
    peers: peers.filter((text) => text !== "-"),
    peerFromStdin: peers.includes("-"),
    listen: given.has("no-listen") ? null : reader.listen(),
    lan: given.has("lan"),
    name: await reader.name(),
    rooms: reader.rooms(invited, limits.roomsMax ?? defaultLimits.roomsMax),
    roomsNamed: given.has("room") || invited.length > 0,
    profile: reader.one("profile", isProfileName),
    data: reader.path("data"),
    ephemeral: given.has("ephemeral"),
    web: reader.web(),
    webOpen: given.has("web-open"),
    passphrase: reader.passphrase(),
    ui: reader.one("ui", isOneOf(["full", "line", "json"])),
    message: reader.one("message", (text) => checkText(text) === null),
    lingerMs: Number(reader.one("linger", isSeconds) ?? defaultLingerSeconds) * 1_000,
    stay: given.has("stay"),
    log: reader.path("log"),
    import: reader.path("import"),
    exportIdentity: reader.path("export-identity"),
    importIdentity: reader.path("import-identity"),
    lang: reader.one("lang", isLanguage),
    color: reader.one("color", isOneOf(preferenceValues.color)),
    limits,
  };
}

/**
 * Adds what came as an answer to `--peer -`.
 *
 * @param text An address or invite, checked.
 */
export async function withPeer(options: Options, text: string): Promise<Options> {
  const peers = [...options.peers, text];
  if (!isInvite(text)) return { ...options, peers };
  const { roomOfInvite } = await import("./invite_option.ts");
  const room = roomOfInvite(text);
  const named = options.roomsNamed ? options.rooms : [];
  const rooms = [...new Set([...named, ...room === null ? [] : [room]])];
  return { ...options, peers, rooms, roomsNamed: true };
}

/** Where the invites lead that were given, each checked; what reads them is loaded for one. */
async function roomsOfInvites(
  given: GivenOptions,
  catalogue: Catalogue,
): Promise<readonly (string | null)[]> {
  const peers = given.get("peer");
  const invites = peers?.values.filter(isInvite) ?? [];
  if (peers === undefined || invites.length === 0) return [];
  const { checkInvite, roomOfInvite } = await import("./invite_option.ts");
  return invites.map((text) => {
    checkInvite(text, peers.where, catalogue);
    return roomOfInvite(text);
  });
}

function isInvite(text: string): boolean {
  return looksLikeInvite(text.trim());
}

function isOneOf<T extends string>(words: readonly T[]): (text: string) => text is T {
  return (text): text is T => (words as readonly string[]).includes(text);
}

function isSeconds(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text) && Number(text) <= lingerSecondsMax;
}

/** Reads and checks what was given, one option at a time. */
class Reader {
  private readonly usage: UsageTexts;

  constructor(private readonly given: GivenOptions, private readonly catalogue: Catalogue) {
    this.usage = catalogue.usage;
  }

  refuseRepeated(): void {
    for (const [name, { values, where }] of this.given) {
      if (values.length > 1 && optionForms[name].repeatable !== true) {
        throw new UsageError(this.usage.repeated(where));
      }
    }
  }

  refuseTogether(): void {
    for (const group of alternatives) {
      const [first, second] = group.filter((name) => this.given.has(name))
        .map((name) => this.given.get(name)!.where);
      if (first !== undefined && second !== undefined) {
        throw new UsageError(this.usage.together(first, second));
      }
    }
    const [ephemeral, passphrase] = [this.given.get("ephemeral"), this.given.get("passphrase")];
    if (ephemeral !== undefined && passphrase !== undefined) {
      throw new UsageError(this.usage.together(passphrase.where, ephemeral.where));
    }
    const exporting = this.given.get("export-identity");
    if (exporting === undefined) return;
    for (const [name, { where }] of this.given) {
      if (besideExport.includes(name)) continue;
      throw new UsageError(this.usage.together(where, exporting.where));
    }
  }

  each(name: OptionName, isRight: (text: string) => boolean): readonly string[] {
    const given = this.given.get(name);
    for (const text of given?.values ?? []) {
      if (!isRight(text)) throw this.#wrong(given!, text, formOf(name, this.usage));
    }
    return given?.values ?? [];
  }

  one<T extends string>(name: OptionName, isRight: (text: string) => text is T): T | null;
  one(name: OptionName, isRight: (text: string) => boolean): string | null;
  one(name: OptionName, isRight: (text: string) => boolean): string | null {
    return this.each(name, isRight)[0] ?? null;
  }

  path(name: OptionName): string | null {
    return this.one(name, (text) => text !== "" && !text.includes("\0"));
  }

  isAddress(text: string): boolean {
    return text === "-" || isInvite(text) || readAddress(text) !== null;
  }

  listen(): ListenChoice {
    const text = this.one("listen", (value) => listenChoice(value) !== null);
    return text === null ? { host: null, port: defaultPort, exact: false } : listenChoice(text)!;
  }

  /** `--web-open` alone opens the page too. */
  web(): Options["web"] {
    const text = this.one("web", (value) => value === "" || isPort(value));
    if (!this.given.has("web") && !this.given.has("web-open")) return null;
    return { port: text === null || text === "" ? null : Number(text) };
  }

  /** What was typed behind it is never repeated: it may be the passphrase. */
  passphrase(): Options["passphrase"] {
    const given = this.given.get("passphrase");
    if (given === undefined) return null;
    const [value = ""] = given.values;
    if (value === "change" || value === "remove") return value;
    if (value !== "") throw new UsageError(this.usage.passphraseTyped(given.where));
    return "protect";
  }

  async name(): Promise<string | null> {
    const given = this.given.get("name");
    const name = given?.values[0];
    if (given === undefined || name === undefined) return null;
    const problem = await nameProblem(name, this.catalogue);
    if (problem !== null) throw this.#wrong(given, name, this.usage.formName);
    return name;
  }

  /** @param invited Where invites lead; `null`: to a room that others must open. */
  rooms(invited: readonly (string | null)[], roomsMax: number): readonly string[] {
    const isOwned = (text: string) => /^~[0-9a-f]{64}$/i.test(text);
    const typed = this.each(
      "room",
      (text) => isOwned(text) || checkRoomName(normalRoomName(text)) === null,
    );
    const named = [...typed.map(normalRoomName), ...invited.filter((room) => room !== null)];
    const rooms = [...new Set(named)];
    if (rooms.length > roomsMax) {
      const { where } = this.given.get("room") ?? this.given.get("peer")!;
      throw new UsageError(this.usage.tooMany(where, roomsMax));
    }
    return rooms.length + invited.length === 0 ? [defaultRoom] : rooms;
  }

  #wrong(given: Given, seen: string, form: string): UsageError {
    return new UsageError(this.usage.valueWrong(given.where, quoted(seen), form));
  }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

/** Reads `port`, `host:port` or `[v6]:port`; `null` if it is none. */
function listenChoice(text: string): ListenChoice | null {
  const [, host, digits = text] = /^(.+):(\d{1,5})$/s.exec(text) ?? [];
  if (!/^\d{1,5}$/.test(digits) || Number(digits) > 65_535) return null;
  const port = Number(digits);
  if (host === undefined) return { host: null, port, exact: true };
  try {
    // Port 0 is right here and wrong in an address to dial.
    return { host: parseAddress(`${host}:1`).host, port, exact: true };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return null;
  }
}
