/** What comes from the peer, as the NDJSON interface of PROTOCOL.md has it. */

/** An event or a part of an answer. */
// deno-lint-ignore no-explicit-any -- the shapes are PROTOCOL.md's; page.ts reads them
export type Line = Record<string, any>;
