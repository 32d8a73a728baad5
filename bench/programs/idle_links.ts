/**
 * Opens idle links and keeps them: arguments are the address, how many, and whether they
 * shake hands (`sealed`) or are bare sockets (`bare`). Prints a line when all are open.
 */

import { RawLink } from "../../tests/integration/raw_link.ts";

const [address = "", count = "", kind = ""] = Deno.args;
const [hostname = "", port = ""] = address.split(":");
for (let i = 0; i < Number(count); i++) {
  if (kind === "bare") await Deno.connect({ hostname, port: Number(port) });
  else {
    const link = await RawLink.dial(address, 2_048);
    await link.enter("quiet");
    void link.listen();
  }
}
console.log(JSON.stringify({ type: "ready" }));
await Deno.stdin.read(new Uint8Array(1));
