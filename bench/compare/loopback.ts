/**
 * Bytes on the wire, counted by the kernel for both contenders in the same way: everything runs
 * in a network namespace of its own, whose loopback carries nothing else.
 */

/** Ethernet, IPv4, and TCP with timestamps: what the loopback counts with each packet. */
const headerBytes = 14 + 20 + 32;

/** Set in the process that runs within the namespace. */
const marker = "STARLING_BENCH_NAMESPACE";

/** What the loopback has carried since it is up. */
export interface Carried {
  /** With all headers. Its packets are of up to 64 KiB, so a real network has more headers. */
  readonly bytes: number;
  /** What TCP carried: the bytes without headers. */
  readonly payloadBytes: number;
}

/** Whether the loopback is ours alone. */
export const isAlone = (): boolean => Deno.env.get(marker) === "1";

/** Reads the counters of the loopback. */
export function carried(): Carried {
  const line = /^ *lo: *(.*)$/m.exec(Deno.readTextFileSync("/proc/net/dev"))?.[1] ?? "";
  const [bytes = NaN, packets = NaN] = line.split(/ +/).map(Number);
  return { bytes, payloadBytes: bytes - packets * headerBytes };
}

/**
 * Runs this program again with the same arguments in a new network namespace, if this machine
 * and this user may make one.
 *
 * @returns Its exit code; `null` if there can be no namespace.
 */
export async function runAlone(): Promise<number | null> {
  const own = Deno.uid() === 0 ? ["--net"] : ["--net", "--map-root-user"];
  if (!await succeeds("unshare", [...own, "true"])) return null;
  const { code } = await new Deno.Command("unshare", {
    args: [
      ...own,
      ...["sh", "-c", 'ip link set lo up && exec "$@"', "sh"],
      ...[Deno.execPath(), "run", "-A", "--quiet", Deno.mainModule, ...Deno.args],
    ],
    env: { [marker]: "1" },
    stdin: "null",
  }).spawn().status;
  return code;
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  try {
    const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
    return (await new Deno.Command(command, { args: [...args], ...quiet }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
