/**
 * A bot that says everything after its writer, in ~25 lines on the library.
 *
 * Run: `deno run -A examples/echo.ts 127.0.0.1:9797`, with the addresses of peers to dial.
 */

import { ChatError, openChat } from "../mod.ts";

/** Says in one line what was refused; anything else is a fault of this program. */
function tell(error: unknown): void {
  if (!(error instanceof ChatError)) throw error;
  console.error(error.message);
}

const options = { ephemeral: true, name: "echo", listen: { port: 0 }, peers: Deno.args };
await using chat = await openChat(options).catch((error) => (tell(error), Deno.exit(1)));
console.log(`echo is reached at ${chat.listen.join(", ")}`);
Deno.addSignalListener("SIGINT", () => chat.close());

for await (const notice of chat.notices) {
  if (notice.type !== "message") continue;
  const { post } = notice;
  // Own posts come back too: an echo of an echo would never end.
  if (post.origin !== "live" || post.kind !== "text") continue;
  // The longest text has no room for a name in front of it: then there is no echo.
  await chat.say(post.room, `${post.name}: ${post.text}`, { reply: post.id }).catch(tell);
}
