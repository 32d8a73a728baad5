/**
 * Nobody is shown online 60 s after their link to everyone died, in real time: whether the
 * process was killed, hangs, or its network is gone. All three at once, for it takes a minute.
 */

import { assertEquals, assertLess } from "@std/assert";
import { lackingForNamespaces, Namespaces } from "../namespaces.ts";
import { allMeet, type Line, PeerProcess } from "../peer_process.ts";
import { denoRun } from "../program.ts";

const lacking = await lackingForNamespaces("nft");
if (lacking !== null) console.log(`presence_ghost_slow.ts: not run, ${lacking}`);

/** What the design promises. */
const ghostMs = 60_000;
/** How much later a line may reach this process on a busy machine. */
const lateMs = 3_000;

type Six = [PeerProcess, PeerProcess, PeerProcess, PeerProcess, PeerProcess, PeerProcess];

const online = async (peer: PeerProcess): Promise<string[]> => {
  const who: Line[] = await peer.get({ type: "who", room: "lobby" });
  return who.map(({ from }) => from).toSorted();
};

Deno.test({
  name: "presence: who was killed, hangs or has no network is shown to nobody 60 s later",
  ignore: lacking !== null,
  fn: async () => {
    await using net = await Namespaces.create(6);
    await using stack = new AsyncDisposableStack();
    const peers: PeerProcess[] = [];
    for (let index = 0; index < net.count; index++) {
      const args = ["--ephemeral", "--name", `peer-${index}`, "--listen", `${net.ip(index)}:9797`];
      for (const other of peers) args.push("--peer", other.address);
      const command = [...net.prefix(index), ...denoRun];
      peers.push(stack.use(await PeerProcess.start(args, { command })));
    }
    await allMeet(...peers);
    const [killed, hung, cut, host, ...rest] = peers as Six;
    const staying = [host, ...rest];
    const gone = [killed, hung, cut].map(({ id }) => id);
    const startMs = performance.now();
    await net.partition([[2], [0, 1, 3, 4, 5]]);
    hung.signal("SIGSTOP");
    await killed.kill();
    const leaves = (peer: PeerProcess, from: string) =>
      peer.next(
        (line) => line.type === "presence" && line.event === "leave" && line.from === from,
        ghostMs * 2,
      );
    const shown = Promise.all([
      ...staying.flatMap((peer) => gone.map((id) => leaves(peer, id))),
      ...peers.filter((peer) => peer !== cut).map(({ id }) => leaves(cut, id)),
    ]);
    // Somebody new, who is told of people that are gone but still shown.
    const isLost = (line: Line) => line.type === "peer" && line.event === "down";
    await host.next((line) => isLost(line) && line.peer === hung.id, ghostMs);
    const where = ["--listen", `${net.ip(3)}:0`, "--peer", host.address];
    const late = stack.use(
      await PeerProcess.start(["--ephemeral", "--name", "late", ...where], {
        command: [...net.prefix(3), ...denoRun],
      }),
    );
    await Promise.all(staying.map(({ id }) => late.meets(id)));
    await shown;
    const ghosts = (await online(late)).filter((id) => gone.includes(id));
    await Promise.all(ghosts.map((id) => leaves(late, id)));
    const tookMs = Math.round(performance.now() - startMs);
    console.log(`  the last of them was shown as gone after ${tookMs} ms`);
    assertLess(tookMs, ghostMs + lateMs);
    const here = [...staying, late].map(({ id }) => id).toSorted();
    for (const peer of [...staying, late]) assertEquals(await online(peer), here);
    assertEquals(await online(cut), [cut.id]);

    // Both come back when they can.
    hung.signal("SIGCONT");
    await net.heal();
    const joins = (peer: PeerProcess, from: string) =>
      peer.next(
        (line) => line.type === "presence" && line.event === "join" && line.from === from,
        ghostMs * 2,
      );
    await Promise.all([hung, cut].flatMap(({ id }) => staying.map((peer) => joins(peer, id))));
  },
});
