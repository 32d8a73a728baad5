/**
 * Identities as text, plain and under a passphrase. Each form begins with a line that names
 * it and its version, and ends with a sum over all lines before, which tells a damaged file
 * from a wrong passphrase.
 *
 * The protected form: scrypt (RFC 7914) makes a key of the passphrase, ChaCha20-Poly1305
 * (RFC 8439) seals the plain form under it. The salt is fresh each time and so is the key,
 * which is why the nonce can be zero. The lines above the box are authenticated with it.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import { type Identity, identityFrom, isPair } from "./identity.ts";

/** Why a text is no identity. `newer` and `other-form` are whole, but not for this reader. */
export type TextProblem = "damaged" | "newer" | "other-form" | "passphrase";

/** A text that holds no identity for this reader. */
export class IdentityTextError extends Error {
  /** The name of this class. */
  override readonly name = "IdentityTextError";
  /** Says why. */
  constructor(readonly problem: TextProblem) {
    super(problem);
  }
}

const plainTitle = "starling identity";
const sealedTitle = "starling exported identity";
const formatVersion = 1;

/**
 * scrypt with N = 2^17, r = 8, p = 1: what OWASP recommends, 128 MiB and about half a second
 * here (measured). Less makes guessing cheaper, more shuts out small machines.
 */
const scryptCost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
const saltBytes = 16, keyBytes = 32, nonce = new Uint8Array(12);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Whether a text says that it is an identity under a passphrase. */
export function isSealedText(text: string): boolean {
  return text.startsWith(`${sealedTitle} `);
}

/** The plain text of an identity. Whoever has it is this person. */
export function formatIdentity(identity: Identity, crypto: CryptoSuite): string {
  return withSum(
    `${plainTitle} ${formatVersion}\n` +
      `peer ${identity.signing.publicKey.toHex()}\n` +
      `signing ${identity.signing.secretKey.toHex()}\n` +
      `link ${identity.link.secretKey.toHex()}\n` +
      `hint ${identity.hint.secretKey.toHex()}\n` +
      `sealing ${identity.sealing.secretKey.toHex()}\n`,
    crypto,
  );
}

/**
 * Reads {@linkcode formatIdentity}.
 *
 * @throws {IdentityTextError} If the text is anything else.
 */
export async function parseIdentity(text: string, crypto: CryptoSuite): Promise<Identity> {
  const body = checkedBody(text, plainTitle, sealedTitle, crypto);
  const keys = fields(body, ["peer", "signing", "link", "hint", "sealing"]);
  // Public halves are computed when they are wanted: too late for a word about the file.
  if (keys.some(({ length }) => length !== keyBytes)) throw new IdentityTextError("damaged");
  const [peer, signing, link, hint, sealing] = keys;
  const identity = identityFrom({
    signing: { publicKey: peer!, secretKey: signing! },
    link: link!,
    hint: hint!,
    sealing: sealing!,
  }, crypto);
  if (!await isPair(identity.signing)) throw new IdentityTextError("damaged");
  return identity;
}

/**
 * The text of an identity under a passphrase.
 *
 * @param passphrase Not empty; taken in its NFKC form, so that every keyboard types the same.
 */
export function formatSealedIdentity(
  identity: Identity,
  passphrase: string,
  crypto: CryptoSuite,
): string {
  const salt = crypto.randomBytes(saltBytes);
  const head = `${sealedTitle} ${formatVersion}\n` +
    `peer ${identity.peer}\n` +
    `salt ${salt.toHex()}\n`;
  const plain = encoder.encode(formatIdentity(identity, crypto));
  const box = crypto.seal(passphraseKey(passphrase, salt), nonce, encoder.encode(head), plain);
  return withSum(`${head}box ${box.toHex()}\n`, crypto);
}

/**
 * Reads {@linkcode formatSealedIdentity}.
 *
 * @throws {IdentityTextError} If the text is anything else, or the passphrase another.
 */
export async function parseSealedIdentity(
  text: string,
  passphrase: string,
  crypto: CryptoSuite,
): Promise<Identity> {
  const body = checkedBody(text, sealedTitle, plainTitle, crypto);
  const [, salt, box] = fields(body, ["peer", "salt", "box"]);
  const head = body.slice(0, body.indexOf("box "));
  const key = passphraseKey(passphrase, salt!);
  const plain = crypto.open(key, nonce, encoder.encode(head), box!);
  if (plain === null) throw new IdentityTextError("passphrase");
  return await parseIdentity(decoder.decode(plain), crypto);
}

function passphraseKey(passphrase: string, salt: Uint8Array): Uint8Array {
  const { scryptSync } = process.getBuiltinModule("node:crypto");
  return scryptSync(passphrase.normalize("NFKC"), salt, keyBytes, scryptCost);
}

function withSum(body: string, crypto: CryptoSuite): string {
  return `${body}sum ${crypto.sha256(encoder.encode(body)).toHex()}\n`;
}

/** The lines above the sum, if the title is right and the sum fits. */
function checkedBody(text: string, title: string, otherTitle: string, crypto: CryptoSuite): string {
  const sumAt = text.lastIndexOf("sum ");
  const body = text.slice(0, Math.max(0, sumAt));
  if (text !== withSum(body, crypto)) throw new IdentityTextError("damaged");
  const titleLine = body.slice(0, body.indexOf("\n"));
  if (titleLine === `${title} ${formatVersion}`) return body;
  if (titleLine.startsWith(`${otherTitle} `)) throw new IdentityTextError("other-form");
  throw new IdentityTextError(titleLine.startsWith(`${title} `) ? "newer" : "damaged");
}

/** The values of all lines below the title, which have exactly these names. */
function fields(body: string, names: readonly string[]): Uint8Array[] {
  const lines = body.split("\n").slice(1, -1);
  if (lines.length !== names.length) throw new IdentityTextError("damaged");
  return lines.map((line, index) => {
    const value = /^(\w+) ((?:[0-9a-f]{2})+)$/.exec(line);
    if (value?.[1] !== names[index]) throw new IdentityTextError("damaged");
    return Uint8Array.fromHex(value![2]!);
  });
}
