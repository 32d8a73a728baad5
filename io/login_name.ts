/** What the system calls its user: the first suggestion for a name. */

import { checkName } from "../wire/text.ts";

/** For a system that does not say, as in a container. */
const nobody = "someone";

/** The login name, if a person may be called so. */
export function loginName(): string {
  for (const each of ["USER", "LOGNAME", "USERNAME"]) {
    const name = variable(each);
    if (name !== undefined && checkName(name) === null) return name;
  }
  return nobody;
}

/** An environment variable; without permission to read it none, and no question is asked. */
export function variable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}
