/**
 * Which person a command means. Names are labels that anybody can take, so a name that several
 * people have is never decided here: the person types the tag, or a piece of the key.
 */

import type { Acquaintance } from "../peer/chat.ts";
import { keyTag } from "./names.ts";
import { Refusal } from "./refusal.ts";
import type { PeerId } from "../wire/ids.ts";
import type { Setting } from "./setting.ts";

/** A name with the tag that screens put behind it. */
const tagged = /^(.*)·([0-9a-f]{4,64})$/i;
/** A name of more words is typed by its key. */
const nameWordsMax = 8;

/** A person, and what was typed behind the name. */
export interface PersonChoice {
  readonly peer: PeerId;
  /** As screens show it. */
  readonly name: string;
  readonly rest: string;
}

/**
 * The person that a whole text names.
 *
 * @throws {ChatError} `no-such-peer`, if it is nobody, several people, or this person.
 */
export function personNamed(typed: string, setting: Setting): PersonChoice {
  const found = lookUp(typed, setting);
  if (found.length === 0) {
    throw new Refusal("no-such-peer", setting.catalogue.privately.noPersonKnown(typed));
  }
  return { ...only(found, typed, setting), rest: "" };
}

/**
 * The person whose name a text begins with; the longest name that somebody has counts.
 *
 * @throws {ChatError} As for {@linkcode personNamed}.
 */
export function personFirst(typed: string, setting: Setting): PersonChoice {
  const ends = [...typed.matchAll(/\s+|$/g)].slice(0, nameWordsMax).map(({ index }) => index);
  for (const end of ends.toReversed()) {
    const name = typed.slice(0, end);
    const found = lookUp(name, setting);
    if (found.length > 0) return { ...only(found, name, setting), rest: typed.slice(end).trim() };
  }
  const [first = ""] = typed.split(/\s/, 1);
  throw new Refusal("no-such-peer", setting.catalogue.privately.noPersonKnown(first));
}

function lookUp(typed: string, { chat }: Setting): Acquaintance[] {
  const name = typed.replace(/^@/, "");
  if (name === "") return [];
  const found = chat.whois(name);
  if (found.length > 0) return [...found];
  const [, own = "", digits = ""] = tagged.exec(name) ?? [];
  if (digits === "") return [];
  const fits = ({ peer }: Acquaintance) => peer.startsWith(digits.toLowerCase());
  return chat.whois(own === "" ? digits.toLowerCase() : own).filter(fits);
}

function only(
  found: readonly Acquaintance[],
  typed: string,
  { chat, conversation, catalogue }: Setting,
): { readonly peer: PeerId; readonly name: string } {
  for (const { peer, name } of found) conversation.names.shown(peer, name);
  const others = found.filter(({ peer }) => peer !== chat.me);
  if (others.length === 0) throw new Refusal("no-such-peer", catalogue.privately.notYourself);
  if (others.length > 1) {
    // Of names that only we gave no screen shows a tag, yet it is what has to be typed.
    const names = others.map(({ peer, name }) => {
      const shown = conversation.names.shown(peer, name);
      return tagged.test(shown) ? shown : `${shown}·${keyTag(peer)}`;
    }).join(", ");
    throw new Refusal("no-such-peer", catalogue.privately.severalKnown(typed, names));
  }
  const { peer, name } = others[0]!;
  return { peer, name: conversation.names.shown(peer, name) };
}
