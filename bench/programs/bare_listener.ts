/** Connections at their cheapest, to compare with: one 4 KiB buffer and one read each. */

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(JSON.stringify({ type: "ready", port: listener.addr.port }));
for await (const conn of listener) {
  (async () => {
    const buffer = new Uint8Array(4_096);
    while (await conn.read(buffer).catch(() => null) !== null);
  })();
}
