/**
 * Handshake patterns (Noise rev 34, sections 5.3 and 7): which keys travel in which message
 * and which DH results are mixed in, as data.
 *
 * The product speaks XX and nothing else, so a pattern cannot be negotiated down. The tables
 * of the others stand beside the vectors that they serve.
 */

/** One step within a handshake message, section 5.3; `psk` is of section 9. */
export type Token = "e" | "s" | "ee" | "es" | "se" | "ss" | "psk";

/** A handshake pattern. */
export interface HandshakePattern {
  /** Its name within the protocol name, modifiers included, as in `XXpsk3`. */
  readonly name: string;
  /** Which static keys are known beforehand. Ephemeral keys never are here: no fallback. */
  readonly preMessages: {
    readonly initiator: readonly "s"[];
    readonly responder: readonly "s"[];
  };
  /** The messages in order, the initiator's first, then in turns. */
  readonly messages: readonly (readonly Token[])[];
}

/** Both sides send their static keys, encrypted, and neither knows the other's beforehand. */
export const patternXX: HandshakePattern = {
  name: "XX",
  preMessages: { initiator: [], responder: [] },
  messages: [["e"], ["e", "ee", "s", "es"], ["s", "se"]],
};
