/** Waiting for events in tests: with a deadline, and never by sleeping. */

/**
 * How long anything may take before a test gives up on it. Nobody waits so long unless something
 * is wrong; a machine that does ten other things at once must not fail because of it.
 */
export const deadlineMs = 60_000;

/**
 * Waits for something that should come soon.
 *
 * @typeParam T What comes.
 * @param promise What to wait for.
 * @param ms How long it may take.
 * @throws {Error} If it does not come in time.
 */
export async function within<T>(promise: Promise<T>, ms = deadlineMs): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Nothing happened within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
