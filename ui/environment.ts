/** Variables of the environment, read without ever asking for a permission. */

/** The value of a variable; `undefined` where it is not set or may not be read. */
export function environmentVariable(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}
