/**
 * One peer of js-libp2p with gossipsub under the load of `load.ts`, in its default settings.
 * Its arguments are its number and how many others there are.
 *
 * Three things differ from the defaults. The connection manager lets in more than five links per
 * second from one host, because all peers are on one. A link on which a ping takes too long is
 * kept: with the default, most links are gone after some seconds of full load on two cores, and
 * a quarter of the posts with them. A data transform that changes nothing counts what arrives,
 * copies included. Messages are signed, as they are by default (StrictSign).
 */

import { gossipsub } from "@libp2p/gossipsub";
import { identify } from "@libp2p/identify";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import { Load } from "./load.ts";

const topic = "lobby";

const [self = "", others = ""] = Deno.args;
const load = new Load(Number(self), Number(others));
let received = 0;
let fresh = 0;
const node = await createLibp2p({
  addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  connectionMonitor: { abortConnectionOnPingFailure: false },
  connectionManager: { inboundConnectionThreshold: 1_000, maxIncomingPendingConnections: 1_000 },
  services: {
    identify: identify(),
    pubsub: gossipsub({
      allowPublishToZeroTopicPeers: true,
      dataTransform: {
        inboundTransform: (_, data) => {
          received++;
          return data;
        },
        outboundTransform: (_, data) => data,
      },
    }),
  },
});
const { pubsub } = node.services;
pubsub.addEventListener("message", ({ detail }) => {
  fresh++;
  load.heard(new TextDecoder().decode(detail.data));
});
const mesh = new Set<string>();
pubsub.addEventListener("gossipsub:graft", ({ detail }) => mesh.add(detail.peerId));
pubsub.addEventListener("gossipsub:prune", ({ detail }) => mesh.delete(detail.peerId));

const encoder = new TextEncoder();
await load.serve({
  address: String(node.getMultiaddrs()[0]),
  say: (text) => pubsub.publish(topic, encoder.encode(text)),
  dial: (address) => node.dial(multiaddr(address)),
  enter: () => Promise.resolve(pubsub.subscribe(topic)),
  linked: () => node.getPeers().length,
  links: () => pubsub.getSubscribers(topic).length,
  copies: () => received - fresh,
  about: () => ({ mesh: mesh.size }),
});
await node.stop();
