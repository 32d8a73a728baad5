/** A port for those who must be found where they were before, or before they are there. */

/** Below the ports that systems give away by themselves, so that it stays free for a while. */
const lowest = 12_000;
const count = 12_000;

/** A port of loopback on which nobody listens now. */
export function freePort(): number {
  for (let tries = 0; tries < 100; tries++) {
    const port = lowest + Math.floor(Math.random() * count);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("No free port in 100 tries");
}
