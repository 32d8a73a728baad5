/** The environment, read without ever asking for a permission. */

/** The value of a variable; `undefined` where it is not set or may not be read. */
export function environmentVariable(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

/**
 * A path as a person types it, where no shell has read it: `~/` stands for the home folder.
 *
 * @param variable Reads a variable of the environment.
 */
export function typedPath(path: string, variable = environmentVariable): string {
  if (!/^~(?=[/\\]|$)/.test(path)) return path;
  const home = variable("HOME") ?? variable("USERPROFILE");
  return home === undefined ? path : home + path.slice(1);
}
