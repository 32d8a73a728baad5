/**
 * Machines of their own on one network: network namespaces of Linux, joined by a bridge that
 * lives in a namespace too, so that nothing of the real network is touched. Needs root, `ip`
 * and, for partitions, `nft`; {@linkcode lackingForNamespaces} says what is missing.
 */

/** Test files that run side by side share a process id, and must not share a network. */
const stem = `${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;

/** One network with machines 0 to n - 1; all of it is gone when it goes out of scope. */
export class Namespaces implements AsyncDisposable {
  static #made = 0;
  /** How many machines there are. */
  readonly count: number;
  readonly #stem: string;

  private constructor(count: number, stem: string) {
    this.count = count;
    this.#stem = stem;
  }

  /**
   * Makes a network.
   *
   * @param count How many machines, at most 200; each can reach each other.
   */
  static async create(count: number): Promise<Namespaces> {
    if (!(count >= 1 && count <= 200)) throw new RangeError(`${count} machines are not 1 to 200`);
    const made = new Namespaces(count, `starling-${stem}-${Namespaces.#made++}`);
    try {
      await made.#build();
      return made;
    } catch (error) {
      await made[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The address of a machine; the network is 198.18.0.0/24 (RFC 2544, for tests). */
  ip(index: number): string {
    return `198.18.0.${this.#checked(index) + 1}`;
  }

  /** The name of a machine's namespace. */
  name(index: number): string {
    return `${this.#stem}-${this.#checked(index)}`;
  }

  /** What stands before a command that is to run on a machine: for `StartOptions.command`. */
  prefix(index: number): readonly string[] {
    return ["ip", "netns", "exec", this.name(index)];
  }

  /** Runs a command on a machine to its end; resolves with what it wrote. */
  async run(index: number, command: readonly string[]): Promise<string> {
    return await run([...this.prefix(index), ...command]);
  }

  /**
   * Cuts the network: whoever is in one group reaches only those of the same group. Open
   * connections are not reset, their packets get lost, as with a pulled cable.
   *
   * @param groups Machines by index; those in no group reach nobody.
   */
  async partition(groups: readonly (readonly number[])[]): Promise<void> {
    const groupOf = (index: number) => groups.findIndex((group) => group.includes(index));
    const rules: string[] = [];
    for (let from = 0; from < this.count; from++) {
      const others = Array.from({ length: this.count }, (_, to) => to)
        .filter((to) => to !== from && (groupOf(from) < 0 || groupOf(to) !== groupOf(from)));
      if (others.length === 0) continue;
      rules.push(
        `iifname "p${from}" oifname { ${others.map((to) => `"p${to}"`).join(", ")} } drop`,
      );
    }
    const chain = `type filter hook forward priority 0; policy accept;\n${rules.join("\n")}`;
    // Replaced in one transaction: no moment of an open network between two partitions.
    await this.#nft(`${noCut}\ntable bridge cut {\nchain cut {\n${chain}\n}\n}\n`);
  }

  /** Each reaches each other again. */
  async heal(): Promise<void> {
    await this.#nft(noCut);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const names = (await run(["ip", "netns", "list"])).split("\n")
      .map((line) => line.split(" ")[0]!).filter((name) => name.startsWith(`${this.#stem}-`));
    for (const name of names) await run(["ip", "netns", "delete", name]);
  }

  get #hub(): string {
    return `${this.#stem}-hub`;
  }

  async #build(): Promise<void> {
    await run(["ip", "netns", "add", this.#hub]);
    for (let i = 0; i < this.count; i++) await run(["ip", "netns", "add", this.name(i)]);
    await batch(this.#hub, [
      "link set lo up",
      // Without snooping the bridge carries all multicast, as a plain switch does.
      "link add bridge type bridge forward_delay 0 mcast_snooping 0",
      "link set bridge up",
    ]);
    for (let i = 0; i < this.count; i++) {
      await batch(this.#hub, [
        `link add p${i} type veth peer name eth0 netns ${this.name(i)}`,
        `link set p${i} master bridge`,
        `link set p${i} up`,
      ]);
      await batch(this.name(i), [
        "link set lo up",
        `address add ${this.ip(i)}/24 broadcast + dev eth0`,
        "link set eth0 up",
        // There is no default route that multicast could take.
        "route add 224.0.0.0/4 dev eth0",
      ]);
    }
  }

  async #nft(rules: string): Promise<void> {
    await run(["ip", "netns", "exec", this.#hub, "nft", "-f", "-"], rules);
  }

  #checked(index: number): number {
    if (index >= 0 && index < this.count) return index;
    throw new RangeError(`Machine ${index} is not 0 to ${this.count - 1}`);
  }
}

/** Deletes the table of a partition, whether there is one or not. */
const noCut = "table bridge cut\ndelete table bridge cut";

/**
 * What keeps this machine from having namespaces; `null` if nothing does. For the `ignore`
 * of a test, whose reason it prints.
 *
 * @param programs What the test needs beside `ip`, as in `nft`.
 */
export async function lackingForNamespaces(...programs: readonly string[]): Promise<string | null> {
  if (Deno.build.os !== "linux") return "network namespaces are a thing of Linux";
  if (Deno.uid() !== 0) return "only root makes network namespaces";
  const path = (Deno.env.get("PATH") ?? "").split(":");
  for (const program of ["ip", ...programs]) {
    if (!path.some((folder) => exists(`${folder}/${program}`))) return `${program} is missing`;
  }
  const name = `starling-${stem}-try`;
  try {
    await run(["ip", "netns", "add", name]);
    try {
      await run([
        "ip",
        "-n",
        name,
        "link",
        "add",
        "name",
        "a",
        "type",
        "veth",
        "peer",
        "name",
        "b",
      ]);
    } finally {
      await run(["ip", "netns", "delete", name]);
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Gives commands to `ip` in a namespace; one process for all of them. */
async function batch(namespace: string, commands: readonly string[]): Promise<void> {
  await run(["ip", "-n", namespace, "-batch", "-"], commands.join("\n") + "\n");
}

async function run(command: readonly string[], input = ""): Promise<string> {
  const [program = "", ...args] = command;
  const stdin = input === "" ? "null" : "piped";
  const child = new Deno.Command(program, { args, stdin, stdout: "piped", stderr: "piped" })
    .spawn();
  if (stdin === "piped") {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  const [text, trouble] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code !== 0) throw new Error(`${command.join(" ")} failed with ${code}: ${trouble!.trim()}`);
  return text!;
}
