/**
 * Opens a link in the person's browser. The link holds a secret, and what stands in a command
 * line can be read by every user of the machine: so the browser is given a file that only
 * this user can read, which leads on to the link, and which is removed soon after.
 */

import { describeNetworkError } from "../network_error.ts";

/** How long a browser may take to start and read the file. */
const fileMs = 30_000;

/** The program of each system that opens a file as the person would. */
const openers: Readonly<Partial<Record<typeof Deno.build.os, readonly string[]>>> = {
  darwin: ["open"],
  windows: ["explorer"],
};

/**
 * Opens a link.
 *
 * @param link Of letters that need no escape in HTML.
 * @param command What to run instead of the system's own opener.
 * @returns Why it could not, or `null`; and how to remove the file at once.
 */
export async function openBrowser(
  link: string,
  command: readonly string[] = openers[Deno.build.os] ?? ["xdg-open"],
): Promise<{ readonly reason: string | null; readonly forget: () => void }> {
  const [program = "", ...args] = command;
  let forget = () => {};
  try {
    const path = await Deno.makeTempFile({ prefix: "starling-", suffix: ".html" });
    const timer = setTimeout(() => forget(), fileMs);
    Deno.unrefTimer(timer);
    forget = () => {
      clearTimeout(timer);
      remove(path);
    };
    await Deno.writeTextFile(path, leadingTo(link), { mode: 0o600 });
    const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
    new Deno.Command(program, { args: [...args, path], ...streams }).spawn().unref();
    return { reason: null, forget };
  } catch (error) {
    forget();
    return { reason: describeNetworkError(error), forget };
  }
}

/** A page that goes on to `link` at once, without a script. */
function leadingTo(link: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Starling</title>` +
    `<meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${link}">`;
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was removed before.
  }
}
