/** The smallest program, to compare with: says hello and stays. */

console.log(JSON.stringify({ type: "ready" }));
await Deno.stdin.read(new Uint8Array(1));
