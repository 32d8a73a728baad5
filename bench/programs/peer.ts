/**
 * A peer on the library for the benches. Its arguments are a JSON object of options for
 * `openChat`; it prints a line when it listens, a line per message it is told to report, and
 * says what it reads: `count text` says the text so many times as fast as it can.
 */

import { openChat } from "../../mod.ts";

interface Options {
  readonly data: string;
  readonly name: string;
  readonly peers: readonly string[];
  /** Report after so many messages of others, each time. */
  readonly reportEvery: number;
  readonly limits: Record<string, number>;
}

/** The benches measure how fast posts go, not how fast people are let write. */
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
  limits: { ...unpaced, ...options.limits },
  listen: { host: "127.0.0.1", port: 0 },
});
const exactMs = () => performance.timeOrigin + performance.now();
console.log(JSON.stringify({ type: "ready", address: chat.listen[0] }));

(async () => {
  let heard = 0;
  for await (const notice of chat.notices) {
    if (notice.type === "presence") {
      console.log(JSON.stringify({ type: "presence", event: notice.event, name: notice.name }));
    }
    if (notice.type !== "message" || notice.post.origin === "own") continue;
    heard++;
    if (heard % options.reportEvery !== 0) continue;
    const { text } = notice.post;
    console.log(JSON.stringify({ type: "heard", heard, atMs: exactMs(), text: text.slice(0, 40) }));
  }
})();

for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  for (const command of text.split("\n").filter((piece) => piece !== "")) {
    const [count = "", ...words] = command.split(" ");
    const startMs = exactMs();
    await Promise.all(
      Array.from(
        { length: Number(count) },
        () => chat.say("lobby", words.join(" ") || String(exactMs())),
      ),
    );
    console.log(JSON.stringify({ type: "said", startMs, endMs: exactMs() }));
  }
}
await chat.close();
