/**
 * What is printed when a peer starts: who one is, where others reach this peer, what a
 * friend types, and what stands between the two. Pure; mod.ts gathers the facts.
 */

import { roomLabel } from "./post_line.ts";
import { normalHost, parseAddress } from "../discovery/address.ts";
import { scopeOf } from "../discovery/scope.ts";
import type { PeerId } from "../wire/ids.ts";
import type { Catalogue } from "./catalogue.ts";
import { environmentVariable } from "./environment.ts";
import { inviteDays } from "./invite_command.ts";
import { keyTag } from "./names.ts";

/** What keeps others from reaching a listening port, as far as can be told. */
export type Surroundings = "wsl" | "container" | null;

/** The facts of a start. */
export interface Start {
  /** `null` where there is none: `--data`, `--ephemeral`. */
  readonly profile: string | null;
  /** Of the person. */
  readonly name: string;
  /** Of this peer. */
  readonly me: PeerId;
  /** Where this peer can be dialled, as in `Chat.listen`. */
  readonly addresses: readonly string[];
  /** To one of `rooms`; `null` if there is none, or nobody can dial this peer. */
  readonly invite: string | null;
  /** The rooms that are open. */
  readonly rooms: readonly string[];
  /** From {@linkcode findSurroundings}. */
  readonly surroundings: Surroundings;
  /** Whether this identity is new: only then all is explained. */
  readonly first: boolean;
  /** Nobody could check who else reads the key. */
  readonly lacksModes: boolean;
}

/**
 * The lines to print, without the `-- ` that a face puts in front.
 *
 * @param start The facts.
 * @param catalogue The language.
 */
export function startLines(start: Start, catalogue: Catalogue): string[] {
  const lines = [catalogue.profileLine(start.profile, start.name, keyTag(start.me))];
  if (start.first && start.lacksModes) lines.push(catalogue.lacksModes);
  const { local, remote } = sorted(start.addresses);
  const best = remote[0] ?? local[0];
  if (best === undefined) return [...lines, catalogue.dialsOnly];
  if (!start.first) return [...lines, catalogue.listening([...remote, ...local].join(", "))];
  const port = String(parseAddress(best).port);
  lines.push(catalogue.reachedAt);
  lines.push(...remote.map(catalogue.addressLine));
  lines.push(...local.slice(0, 1).map(catalogue.sameMachine));
  lines.push(catalogue.friendTypes(best), catalogue.friendWithoutDeno(best));
  if (start.invite !== null) lines.push(catalogue.invites.firstStart(inviteDays, start.invite));
  // Bound to this machine alone, nothing is in the way of others but that.
  if (remote.length > 0) lines.push(hint(start.surroundings, port, catalogue));
  lines.push(...start.rooms.map((room) => catalogue.roomIsOpen(roomLabel(room))));
  return lines;
}

function hint(surroundings: Surroundings, port: string, catalogue: Catalogue): string {
  if (surroundings === "wsl") return catalogue.inWsl(port);
  return surroundings === "container" ? catalogue.inContainer(port) : catalogue.firewall(port);
}

/** Those of other machines (private IPv4, other IPv4, IPv6) and those of this one. */
function sorted(addresses: readonly string[]): { local: string[]; remote: string[] } {
  const local: string[] = [];
  const remote: { readonly rank: number; readonly address: string }[] = [];
  for (const address of addresses) {
    const host = normalHost(parseAddress(address).host);
    const scope = scopeOf(host);
    if (scope === "loopback" || host === "localhost") local.push(address);
    else if (scope !== "link-local") {
      const rank = host.includes(":") ? 2 : scope === "private" ? 0 : 1;
      remote.push({ rank, address });
    }
  }
  remote.sort((a, b) => a.rank - b.rank);
  return { local, remote: remote.map(({ address }) => address) };
}

/**
 * Looks for signs of WSL and of a container. Never asks for a permission: without one the
 * answer is `null`.
 */
export async function findSurroundings(): Promise<Surroundings> {
  if (environmentVariable("WSL_DISTRO_NAME") !== undefined) return "wsl";
  if (environmentVariable("container") !== undefined) return "container";
  const marks = ["/.dockerenv", "/run/.containerenv"];
  for (const path of marks) {
    if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") continue;
    try {
      await Deno.stat(path);
      return "container";
    } catch {
      // No such mark here: the ordinary case.
    }
  }
  return null;
}
