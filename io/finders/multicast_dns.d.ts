/** Types of the parts of `multicast-dns` that Starling uses; the package has none. */

declare module "multicast-dns" {
  import type { Socket } from "node:dgram";

  /** A record to send; `data` has the form that its type asks for. */
  export interface DnsRecord {
    readonly name: string;
    readonly type: string;
    readonly class?: string;
    readonly ttl?: number;
    readonly flush?: boolean;
    readonly data?: unknown;
  }

  /** A packet as decoded; what stands in it was chosen by whoever sent it. */
  export interface Packet {
    readonly type: "query" | "response";
    readonly questions?: readonly DnsRecord[];
    readonly answers?: readonly DnsRecord[];
    readonly additionals?: readonly DnsRecord[];
  }

  export interface Options {
    readonly socket: Socket;
    readonly bind: string;
    /** `false`: leaves groups, hops and interfaces to the owner of the socket. */
    readonly multicast: boolean;
  }

  type Sent = (error?: Error | null) => void;

  export interface MulticastDns {
    on(event: "ready", listener: () => void): this;
    on(event: "packet", listener: (packet: Packet) => void): this;
    on(event: "error" | "warning", listener: (error: Error) => void): this;
    /** Both change the packet; neither throws or calls back twice. */
    query(packet: { readonly questions: readonly DnsRecord[] }, sent: Sent): void;
    respond(
      packet: {
        readonly answers: readonly DnsRecord[];
        readonly additionals: readonly DnsRecord[];
      },
      sent: Sent,
    ): void;
    destroy(closed: () => void): void;
  }

  export default function multicastDns(options: Options): MulticastDns;
}
