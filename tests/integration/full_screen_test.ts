/** The full screen in a real terminal, which tmux plays: what a person types and sees. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { ephemeral, PeerProcess } from "./peer_process.ts";
import { lackingTmux, Tmux } from "./tmux.ts";

const options = { ignore: lackingTmux !== null };
const alone = "--ephemeral --name bo --no-listen";

/** Waits until the program has left and the shell can be typed at again. */
async function back(tmux: Tmux, code: number): Promise<void> {
  await tmux.shows(`left with ${code};`);
  assertEquals(await tmux.fact("#{alternate_on} #{cursor_flag} #{wrap_flag}"), "0 1 1");
  await tmux.line(
    "clear; stty -a | tr ' ;' '\\n\\n' | grep -E '^-?(icanon|echo|isig)$' | tr '\\n' ' '",
  );
  await tmux.until("a terminal that is not raw", (lines) => lines[0] === "isig icanon echo $");
  await tmux.line("clear");
  await tmux.until("an empty screen", (lines) => lines[0] === "$");
}

async function run(tmux: Tmux, args: string): Promise<void> {
  await tmux.line(`starling ${args}; echo "left with $?;"`);
  await tmux.shows(/^\[#lobby\]$/m);
}

Deno.test(
  "full screen: opens, says, and gives the terminal back however one leaves",
  options,
  async () => {
    await using tmux = await Tmux.start();
    await run(tmux, alone);
    assertEquals(await tmux.fact("#{alternate_on} #{wrap_flag}"), "1 0");
    await tmux.line("hello 你好 👨‍👩‍👧");
    const lines = await tmux.shows(/bo │ hello 你好/);
    assertMatch(lines[0]!, /^ #lobby +1 here$/);
    assertMatch(lines.at(-2)!, /^ \[\d\d:\d\d\] 1:#lobby │ ○ alone │ en$/);
    await tmux.line("/quit");
    await back(tmux, 0);

    await run(tmux, alone);
    await tmux.press("C-d");
    await back(tmux, 0);

    await run(tmux, alone);
    await tmux.type("a draft");
    await tmux.shows("[#lobby] a draft");
    await tmux.press("C-c");
    await tmux.shows(/^\[#lobby\]$/m);
    await tmux.press("C-c");
    await tmux.shows("Ctrl+C once more leaves");
    await tmux.press("C-c");
    await back(tmux, 0);

    for (const signal of ["TERM", "HUP", "INT"]) {
      await run(tmux, alone);
      await new Deno.Command("pkill", {
        args: [`-${signal}`, "-P", await tmux.fact("#{pane_pid}")],
      }).output();
      await back(tmux, 0);
    }
  },
);

Deno.test(
  "full screen: Ctrl-Z gives the shell back, fg brings all of it again",
  options,
  async () => {
    await using tmux = await Tmux.start();
    await run(tmux, alone);
    await tmux.line("before");
    await tmux.shows(/bo │ before/);
    await tmux.type("half a line");
    await tmux.shows("[#lobby] half a line");
    await tmux.press("C-z");
    await tmux.shows("Stopped");
    assertEquals(await tmux.fact("#{alternate_on}"), "0");
    await tmux.line('fg; echo "left with $?;"');
    const lines = await tmux.shows(/^\[#lobby\] half a line$/m);
    assert(lines.some((line) => / bo │ before/.test(line)), lines.join("\n"));
    await tmux.line(" and the rest");
    await tmux.shows("half a line and the rest");
    await tmux.press("C-d");
    await back(tmux, 0);
  },
);

Deno.test("full screen: lines that arrive never disturb the draft", options, async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  await using tmux = await Tmux.start();
  await run(tmux, `${alone} --peer ${ann.address}`);
  await tmux.shows("● 1 peer");
  await tmux.shows("●ann");
  const draft = "我在写一句很长的话 while many lines come in 还没有写完 👍🏽 and it wraps 又一行";
  const saying = (async () => {
    for (let i = 1; i <= 60; i++) await ann.say(`line ${i} 你好`);
  })();
  for (const character of draft) await tmux.type(character);
  await saying;
  const lines = await tmux.until(
    "the last line and all of the draft",
    (lines) =>
      lines.some((line) => /│ line 60 你好/.test(line)) &&
      lines.at(-1)?.endsWith("又一行") === true,
  );
  const input = lines.at(-2)! + lines.at(-1)!;
  assertEquals(input.replaceAll(" ", ""), `[#lobby] ${draft}`.replaceAll(" ", ""));
  const numbers = lines.flatMap((line) => /│ line (\d+) 你好/.exec(line)?.[1] ?? []).map(Number);
  assertEquals(numbers, Array.from({ length: numbers.length }, (_, i) => 61 - numbers.length + i));
  assert(numbers.length >= 15, lines.join("\n"));
  await tmux.press("Enter");
  assertEquals(
    (await ann.until((line) => line.type === "message" && line.name === "bo")).text,
    draft,
  );
});
