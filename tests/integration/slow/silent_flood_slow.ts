/** Silent sockets in numbers, under the default limits: a friend still gets in soon. */

import { assertLess } from "@std/assert";
import { ephemeral, PeerProcess } from "../peer_process.ts";
import { close, connect } from "../raw_socket.ts";

for (const count of [200, 2_000]) {
  Deno.test(`${count} silent sockets: a friend is linked within 10 s`, async () => {
    await using a = await PeerProcess.start(ephemeral("a"));
    const open: Deno.TcpConn[] = [];
    const knock = () => connect(a.address).then((conn) => open.push(conn), () => {});
    // Those that the system's own queue does not take wait in vain.
    const knocking = Promise.all(Array.from({ length: count }, knock));
    try {
      const startMs = performance.now();
      await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
      await b.linkedTo(a.id);
      assertLess(performance.now() - startMs, 10_000);
    } finally {
      await a.kill();
      await knocking;
      for (const conn of open) close(conn);
    }
  });
}
