/**
 * A peer on the library for the bench of back-fill. It counts what comes as history, and says of
 * each live post when it was said and when it came. Commands: `fill N` writes so many posts,
 * `talk MS` one every so often until `hush`, `connect ADDRESS` dials.
 */

import { openChat } from "../../mod.ts";

interface Options {
  readonly data: string;
  readonly name: string;
  readonly peers: readonly string[];
}

/** What is measured is how fast history comes, not how fast people are let write. */
const unpaced = {
  budgetBurst: 1e9,
  budgetPerSecond: 1e9,
  allowancePosts: 1e9,
  allowanceBytes: 1e15,
};

const options: Options = JSON.parse(Deno.args[0] ?? "{}");
const chat = await openChat({
  data: options.data,
  name: options.name,
  peers: options.peers,
  limits: unpaced,
  listen: { host: "127.0.0.1", port: 0 },
});
const exactMs = () => performance.timeOrigin + performance.now();
const tell = (said: Record<string, unknown>) => console.log(JSON.stringify(said));
tell({ type: "ready", address: chat.listen[0] });

(async () => {
  let count = 0;
  for await (const notice of chat.notices) {
    if (notice.type === "peer" && notice.event === "up") tell({ type: "up", atMs: exactMs() });
    if (notice.type !== "message" || notice.post.origin === "own") continue;
    const { text } = notice.post;
    if (text.startsWith("at ")) {
      if (notice.post.origin !== "live") continue;
      tell({ type: "live", saidMs: Number(text.slice(3)), atMs: exactMs() });
    } else if (++count % 1_000 === 0) tell({ type: "history", count, atMs: exactMs() });
  }
})();

let talking: ReturnType<typeof setInterval> | undefined;
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  for (const command of text.split("\n").filter((piece) => piece !== "")) {
    const [verb, value = ""] = command.split(" ");
    if (verb === "connect") await chat.connect(value);
    if (verb === "hush") clearInterval(talking);
    if (verb === "talk") {
      talking = setInterval(() => chat.say("lobby", `at ${exactMs()}`), Number(value));
    }
    if (verb !== "fill") continue;
    for (let left = Number(value); left > 0; left -= 2_000) {
      const some = Array.from(
        { length: Math.min(2_000, left) },
        () => chat.say("lobby", "x".repeat(100)),
      );
      await Promise.all(some);
    }
    tell({ type: "filled" });
  }
}
clearInterval(talking);
await chat.close();
