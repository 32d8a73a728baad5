/**
 * A bot that says everything after its writer, in ~20 lines on the library.
 *
 * Run: `deno run -A examples/echo.ts 127.0.0.1:9797`, with the addresses of peers to dial.
 */

import { openChat } from "../mod.ts";

await using chat = await openChat({
  ephemeral: true,
  name: "echo",
  listen: { port: 0 },
  peers: Deno.args,
});
console.log(`echo is reached at ${chat.listen.join(", ")}`);
Deno.addSignalListener("SIGINT", () => chat.close());

for await (const notice of chat.notices) {
  if (notice.type !== "message") continue;
  const { post } = notice;
  // Own posts come back too: an echo of an echo would never end.
  if (post.origin !== "live" || post.kind !== "text") continue;
  await chat.say(post.room, `${post.name}: ${post.text}`, { reply: post.id });
}
