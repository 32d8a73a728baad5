/**
 * The two ends of a page's connection, as this folder sees them: io/web makes the one, the
 * session is the other, and mod.ts joins them.
 */

/** Where texts for a page go. */
export interface PageLine {
  /** Sends a text. */
  send(text: string): void;
  /** Closes with a code of RFC 6455, 1000 or 4000 to 4999, and a few words. */
  close(code: number, reason: string): void;
}

/** Who takes what a page sends. */
export interface PageEnd {
  /** Takes a text; the next one waits for the promise, if there is one. */
  text(text: string): Promise<void> | undefined;
  /** The page is gone. */
  gone(): void;
}

/** Why a page is let go, beside the codes of RFC 6455. */
export const farewell = {
  /** The page has asked for it: it forgets its token. */
  loggedOut: { code: 4000, reason: "logout" },
  /** The page is of another version than this program. */
  wrongVersion: { code: 4001, reason: "version" },
  /** This peer stops. */
  stopped: { code: 4002, reason: "stopped" },
} as const;
