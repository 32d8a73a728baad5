/** Two peers that know each other, each with a page. */

import { ephemeral, PeerProcess } from "../integration/peer_process.ts";

/** Starts ann, and bo who dials her; each sees the other. */
export async function pair(): Promise<readonly [PeerProcess, PeerProcess]> {
  const ann = await PeerProcess.start(ephemeral("ann", "--web=0"));
  const bo = await PeerProcess.start(ephemeral("bo", "--web=0", "--peer", ann.address));
  await ann.meets(bo.id);
  await bo.meets(ann.id);
  return [ann, bo];
}

/** Where the page of a peer is. */
export function webOf(peer: PeerProcess): string {
  return peer.lines[0]?.web;
}
