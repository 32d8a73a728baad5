/** Where the system's Chromium is; without packages, so that it can be asked before them. */

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The program, or `null` if this machine has none. */
export function chromiumPath(): string | null {
  for (const path of [Deno.env.get("CHROMIUM"), ...places]) {
    if (path === undefined) continue;
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch {
      // Not there: the next.
    }
  }
  return null;
}
