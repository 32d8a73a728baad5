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

/**
 * Waits for the question that follows a text. What is typed before it would be echoed before
 * it, and leave the cursor behind it.
 */
async function asksForName(tmux: Tmux, after: string): Promise<void> {
  await tmux.until(`the question after "${after}"`, (lines) => {
    const shown = lines.findLastIndex((line) => line !== "");
    return /^your name \[.*\]:$/.test(lines[shown] ?? "") &&
      lines.slice(0, shown).some((line) => line.includes(after));
  });
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

Deno.test(
  "full screen: Ctrl-Z without a shell that could continue it changes nothing",
  options,
  async () => {
    await using tmux = await Tmux.start();
    await tmux.command("respawn-pane", "-k", `exec starling ${alone}`);
    await tmux.shows(/^\[#lobby\]$/m);
    await tmux.type("half a line");
    await tmux.shows("[#lobby] half a line");
    await tmux.press("C-z");
    await tmux.type(" and the rest");
    await tmux.shows("[#lobby] half a line and the rest");
    assertEquals(await tmux.fact("#{alternate_on}"), "1");
    await tmux.press("Enter");
    await tmux.shows(/bo │ half a line and the rest/);
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

Deno.test(
  "full screen: a draft survives 80 to 40 to 120 columns while it is typed",
  options,
  async () => {
    await using ann = await PeerProcess.start(ephemeral("ann"));
    await using tmux = await Tmux.start();
    await run(tmux, `${alone} --peer ${ann.address}`);
    await tmux.shows("● 1 peer");
    const text = "这是一行很长的消息 that wraps differently at every width 到处都一样";
    await ann.say(text);
    await tmux.shows("到处都一样");
    const draft = "typed while the window changes 大小 again and again until it is done";
    const sizes = [{ columns: 40, rows: 24 }, { columns: 120, rows: 30 }, {
      columns: 80,
      rows: 24,
    }];
    for (const [i, character] of [...draft].entries()) {
      const size = i % 12 === 5 ? sizes[Math.floor(i / 12) % sizes.length] : undefined;
      if (size !== undefined) await tmux.resize(size);
      await tmux.type(character);
    }
    for (const size of sizes) {
      await tmux.resize(size);
      const flat = (lines: readonly string[]) => lines.join("").replaceAll(" ", "");
      const lines = await tmux.until(
        `the draft at ${size.columns}`,
        (lines) =>
          lines.length === size.rows && flat(lines.slice(-3)).endsWith(draft.replaceAll(" ", "")) &&
          lines[0]!.startsWith(" #lobby"),
      );
      // The text of the post, without the columns beside it, is whole.
      const body = lines.slice(1, -2).map((line) => line.replace(/│[^│]*$|^.*?│/g, "")).join("");
      const all = (size.columns < 64
        ? lines.map((line) => line.replace(/^.*?│/, "")).join("")
        : body)
        .replaceAll(/[│ ]/g, "");
      assert(all.includes(text.replaceAll(" ", "")), lines.join("\n"));
      assert(lines.every((line) => line.length <= size.columns), lines.join("\n"));
    }
    await tmux.press("Enter");
    assertEquals(
      (await ann.until((line) => line.type === "message" && line.name === "bo")).text,
      draft,
    );
  },
);

Deno.test(
  "full screen: a paste of 50 lines is one draft and one post, after a question",
  options,
  async () => {
    await using ann = await PeerProcess.start(ephemeral("ann"));
    await using tmux = await Tmux.start();
    await run(tmux, `${alone} --peer ${ann.address}`);
    await tmux.shows("● 1 peer");
    const pasted = Array.from({ length: 50 }, (_, i) => `line ${i + 1} of the paste`).join("\n");
    await tmux.paste(pasted);
    const lines = await tmux.shows("line 50 of the paste");
    // Five rows of input, and nothing was sent.
    assertEquals(
      lines.slice(-5).map((line) => line.trim()),
      [46, 47, 48, 49, 50].map((n) =>
        n === 46 ? "[#lobby] line 46 of the paste" : `line ${n} of the paste`
      ),
    );
    await tmux.press("Enter");
    await tmux.shows("send 50 lines? y");
    await tmux.press("Escape");
    await tmux.until("the draft again", (lines) => !lines.join().includes("send 50 lines"));
    await tmux.press("Enter");
    await tmux.shows("send 50 lines? y");
    await tmux.type("y");
    await tmux.shows(/^\[#lobby\]$/m);
    const post = await ann.until((line) => line.type === "message" && line.name === "bo");
    assertEquals(post.text, pasted);
  },
);

Deno.test("full screen: scrolls through all of a history, and back", options, async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const ids: string[] = [];
  for (let i = 1; i <= 300; i++) ids.push(await ann.say(`entry ${i};`));
  await using tmux = await Tmux.start();
  await run(tmux, `${alone} --peer ${ann.address}`);
  await tmux.shows("entry 300;");
  // What came later would move what is looked at.
  await Promise.all(
    ids.map((id) => ann.until((line) => line.type === "receipt" && line.id === id)),
  );
  await tmux.until("as many entries as there is room for", (lines) => {
    const numbers = lines.flatMap((line) => /entry (\d+);/.exec(line)?.[1] ?? []).map(Number);
    return /entry \d+;/.test(lines[1]!) &&
      numbers.every((number, i) => number === 301 - numbers.length + i);
  });
  const first = (lines: readonly string[]) => Number(/entry (\d+);/.exec(lines.join("\n"))?.[1]);
  let top = first(await tmux.screen());
  // Each page goes on where the last one began.
  while (top > 1) {
    await tmux.press("PPage");
    const before = top;
    const lines = await tmux.until(`lines before ${before}`, (lines) => first(lines) < before);
    assert(lines.some((line) => line.includes(`entry ${before};`)), lines.join("\n"));
    assert(lines.at(-2)!.includes("↓ older lines"), lines.at(-2));
    top = first(lines);
  }
  await tmux.press("PPage");
  const isDay = (line: string | undefined) => /^─+ \w+day \d+ \w+ \d{4} ─+│●/.test(line ?? "");
  const above = await tmux.until("the day at the top", (lines) => isDay(lines[1]));
  await ann.say("said meanwhile");
  const lines = await tmux.shows("↓ 1 new below");
  assertEquals(lines.slice(1, -2), above.slice(1, -2));
  await tmux.press("NPage");
  await tmux.until("a page further down", (lines) => first(lines) > 10);
  await tmux.press("Escape");
  await tmux.shows("said meanwhile");
});

Deno.test(
  "full screen: two rooms, with activity, drafts and an unread line; Tab completes",
  options,
  async () => {
    await using ann = await PeerProcess.start(ephemeral("ann"));
    await ann.get({ type: "join", room: "dev" });
    await using tmux = await Tmux.start();
    await run(tmux, `${alone} --peer ${ann.address}`);
    await tmux.shows("●ann");
    await tmux.type("/jo");
    await tmux.press("Tab");
    await tmux.shows("[#lobby] /join");
    await tmux.line("dev");
    await tmux.shows(/^\[#dev\]$/m);
    await tmux.shows("●ann");
    await tmux.type("an");
    await tmux.press("Tab");
    await tmux.shows(/^\[#dev\] ann:$/m);
    await ann.say("in the other room");
    await ann.say("bo, look here!");
    await tmux.shows("1:#lobby(1!)");
    assertEquals(await tmux.fact("#{pane_title}"), "(1) dev");
    await tmux.press("M-1");
    const lines = await tmux.shows("bo, look here!");
    const unread = lines.findIndex((line) => /^─+ new \(2\) ─+│/.test(line));
    assert(unread >= 0 && lines[unread + 1]!.includes("in the other room"), lines.join("\n"));
    assert(lines.at(-1) === "[#lobby]", lines.at(-1));
    await tmux.press("M-Right");
    await tmux.shows(/^\[#dev\] ann:$/m);
    await tmux.line("hello");
    await tmux.shows(/bo │ ann: hello ✓✓/);
    await tmux.press("Up");
    await tmux.shows("[#dev] ann: hello");
    await tmux.press("C-c", "C-r");
    await tmux.type("hel");
    await tmux.shows("search: hel ann: hello");
  },
);

Deno.test(
  "full screen: the first run asks for a name, then shows what a friend types",
  options,
  async () => {
    await using tmux = await Tmux.start({ columns: 100, rows: 30 });
    await tmux.line("starling --data $HOME/new --listen 127.0.0.1:0");
    await asksForName(tmux, "");
    await tmux.line("\u200b");
    await asksForName(tmux, "shows nothing");
    await tmux.line("x".repeat(80));
    await asksForName(tmux, "at most");
    await tmux.line("小明");
    await tmux.shows(/^\[#lobby\]$/m);
    await tmux.shows(/-- you are 小明, key /);
    await tmux.shows(/-- a friend types: deno run -A mod.ts --peer 127/);
    await tmux.line("kept");
    await tmux.type("a draft to be kept");
    await tmux.shows("a draft to be kept");
    await tmux.press("M-Enter");
    await tmux.type("second line");
    await tmux.shows("second line");
    // A signal leaves as cleanly as a word.
    await new Deno.Command("pkill", { args: ["-TERM", "-P", await tmux.fact("#{pane_pid}")] })
      .output();
    await tmux.shows(/^\$ *$/m);
    await tmux.line("clear; starling --data $HOME/new --no-listen --lang zh");
    await tmux.shows(/小明 │ kept […✗]/);
    const again = await tmux.shows("second line");
    assertMatch(again.at(-2)!, /\[#lobby\] a draft to be kept$/);
    assertMatch(again.at(-3)!, /│ ○ 无连接 │ zh$/);
    assert(again.some((line) => / 小明 │ kept …|小明 │ kept ✗/.test(line)), again.join("\n"));
  },
);
