/** What comes from the peer, as the NDJSON interface of PROTOCOL.md has it. */

/** An event or a part of an answer. */
// deno-lint-ignore no-explicit-any -- the shapes are PROTOCOL.md's; page.ts reads them
export type Line = Record<string, any>;

/** A command that the peer has refused, with its code and one line for a person. */
export class Refusal extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }
}
