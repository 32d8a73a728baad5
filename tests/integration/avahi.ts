/** Avahi, a stranger's implementation of multicast DNS, on one machine of a test's network. */

import type { Namespaces } from "./namespaces.ts";
import { TempFolder } from "./peer_process.ts";
import { Program } from "./program.ts";

/** Programs that this needs. */
export const avahiPrograms = ["avahi-browse", "avahi-daemon", "dbus-daemon", "mount"] as const;

/** A bus for this test alone; the system's own is not touched. */
const busConfig = (socket: string) => `
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
`;

const daemonConfig = `
[server]
host-name=watcher
use-ipv4=yes
use-ipv6=no
allow-interfaces=eth0
[wide-area]
enable-wide-area=no
[publish]
disable-publishing=yes
`;

/** A running daemon and its bus. */
export class Avahi implements AsyncDisposable {
  readonly #parts = new AsyncDisposableStack();
  readonly #prefix: readonly string[];
  readonly #env: Record<string, string>;

  private constructor(prefix: readonly string[], folder: TempFolder) {
    this.#prefix = prefix;
    this.#parts.use(folder);
    this.#env = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${folder.file("bus")}` };
  }

  /** Starts bus and daemon on a machine; resolves when they are ready. */
  static async start(network: Namespaces, index: number): Promise<Avahi> {
    const folder = new TempFolder();
    const avahi = new Avahi(network.prefix(index), folder);
    try {
      Deno.writeTextFileSync(folder.file("bus.conf"), busConfig(folder.file("bus")).trim());
      Deno.writeTextFileSync(folder.file("avahi.conf"), daemonConfig);
      const bus = avahi.#run("dbus-daemon", [
        `--config-file=${folder.file("bus.conf")}`,
        ...["--nofork", "--nopidfile", "--print-address=1"],
      ]);
      await bus.out.until(() => true);
      // A /run of its own, as the daemon allows one of its kind for each.
      const script = 'mount -t tmpfs none /run && mkdir /run/avahi-daemon && exec "$@"';
      const daemon = avahi.#run("sh", [
        ...["-c", script, "sh", "avahi-daemon", "-f", folder.file("avahi.conf")],
        ...["--no-drop-root", "--no-chroot", "--no-rlimits"],
      ]);
      await daemon.err.until((line) => line.startsWith("Server startup complete"));
      return avahi;
    } catch (error) {
      await avahi[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** `avahi-browse` for our service: a line for what comes (`+`), is resolved (`=`), goes (`-`). */
  browse(flags: string): Program {
    return this.#run("avahi-browse", [flags, "_starling._tcp"]);
  }

  #run(program: string, args: readonly string[]): Program {
    const command = [...this.#prefix, program];
    return this.#parts.use(new Program(args, { command, env: this.#env }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync();
  }
}
