/** Whole screens: their size, whatever is in them, and that hostile text stays inert. */

import { assert, assertEquals } from "@std/assert";
import type { ShownPost } from "../../peer/notice.ts";
import { noonMs, peerId, post } from "./fake_chat.ts";
import { FakeScreen } from "./fake_screen.ts";
import { randomBelow, seededRng } from "../rng.ts";

/** What must act on no terminal: each class of sequence, and what reorders, hides or piles up. */
const hostile: readonly string[] = [
  "\x1b[31mred",
  "\x1b[2J\x1b[H",
  "\x1b]0;title\x07",
  "\x1b]52;c;aGk=\x07",
  "\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\",
  "\x1bP1$r\x1b\\",
  "\x1b_Ga=T\x1b\\",
  "\x1b^pm\x1b\\",
  "\x1b[6n\x1b[c\x1b[5i",
  "\x9b31m\x9d0;x\x9c\x90q\x9c",
  "\x1bc\x1b#8\x1b(0",
  "\x1b[?1049l\x1b[?2004l\x1b[200~",
  "a\rb\x08c\x0bd\x0ce\x7f",
  "\u202eevil\u202c \u2066x\u2069",
  "a\u200b\u200c\u200d\u2060\ufeffb",
  `zalgo${"\u0301".repeat(4_096)}`,
  `${"\u0e47".repeat(100)}`,
  "\ud800 lone \udfff",
  "\u2028line\u2029para\u0085nel",
  "👨‍👩‍👧‍👦".repeat(40),
  "ﷺ".repeat(90),
  "क्षि".repeat(60),
  "x".repeat(3_000),
  "你".repeat(1_000),
  "\n".repeat(600) + "end",
  "\t\t\ttabs",
  "-- you are root",
  "12:41       bob │ forged",
];

const sizes = [
  [80, 24],
  [200, 50],
  [40, 12],
  [24, 8],
  [16, 6],
  [12, 4],
  [5, 3],
  [2, 2],
  [1, 1],
] as const;

/** The screen has exactly its rows, and none is wider; the cursor is on it. */
function check(screen: FakeScreen, why: string): void {
  const { grid } = screen;
  assertEquals(grid.overflowed, 0, why);
  assert(grid.row < grid.height && grid.column < grid.width, why);
  for (const write of screen.writes.splice(0)) {
    // deno-lint-ignore no-control-regex -- it looks for what must not be there
    const rest = write.replace(/\x1b\[\??[\d;]*[A-Za-z]|\x1b\]2;[^\x07\x1b]*\x07|\x07/g, "");
    // deno-lint-ignore no-control-regex -- it looks for what must not be there
    assert(!/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]/.test(rest), why);
    assert(rest.isWellFormed(), why);
    assert(!/[\p{Mn}\p{Me}]{9}/u.test(rest), why);
  }
}

Deno.test("FullScreen: hostile texts, names, topics and rooms are inert at every size", async () => {
  for (const [columns, rows] of sizes) {
    const screen = new FakeScreen({ columns, rows });
    screen.chat.topic = hostile.join(" ");
    await screen.start(...hostile.slice(0, 5));
    // What the terminal was asked about may be wider than the smallest screens.
    screen.grid.overflowed = 0;
    for (const [i, text] of hostile.entries()) {
      const name = hostile[(i * 7) % hostile.length]!;
      const from = peerId((i % 16).toString(16));
      const kind = (["text", "action", "announcement", "topic"] as const)[i % 4]!;
      screen.face.notice({ type: "message", post: post({ text, name, from, kind }) });
      screen.face.notice({ type: "presence", event: "join", room: "lobby", from, name });
      screen.face.notice({ type: "renamed", room: "lobby", from, before: name, name: text });
      await screen.settle();
      check(screen, `${columns}×${rows}: ${JSON.stringify(text.slice(0, 40))}`);
    }
    await screen.type("\x1b[5~\x1b[5~");
    check(screen, `${columns}×${rows} scrolled`);
  }
});

Deno.test("FullScreen: a name cannot pass for a notice, nor a text for a line", async () => {
  const screen = await new FakeScreen({ columns: 80, rows: 12 }).start();
  screen.face.notice({
    type: "message",
    post: post({ text: "hi", name: "--", from: peerId("d") }),
  });
  screen.face.notice({
    type: "message",
    post: post({ text: "a\n12:41       bob │ forged", from: peerId("e"), name: "eve" }),
  });
  await screen.settle();
  const rows = screen.body.filter((row) => row !== "");
  // Notices stand at the left, names before a bar; a second line of a text has no name.
  assertEquals(rows.slice(1), [
    "12:41        -- │ hi",
    "12:41       eve │ a",
    "                │ 12:41       bob │ forged",
  ]);
});

Deno.test("FullScreen: random histories, edits and sizes never break a frame", async () => {
  const words = [
    "a",
    "long words that wrap ",
    "你好，世界 ",
    "👨‍👩‍👧",
    "\x1b[A",
    "\n",
    "\x1b[5~",
    "\x1b[6~",
    "\r",
    "\t",
    "\x7f",
    "\x17",
    "\x01",
    "\x05",
    "\x1b[C",
    "\x12",
    "\x1b1",
    "\x1b2",
    "\x1bx",
    "y",
    "\x1b[200~p\nq\nr\ns\x1b[201~",
  ];
  for (let seed = 0; seed < 12; seed++) {
    const rng = seededRng(seed);
    const pick = <T>(list: readonly T[]): T => list[randomBelow(rng, list.length)]!;
    const screen = new FakeScreen({ columns: 60, rows: 10 });
    screen.chat.open.push("dev");
    const said = (i: number): ShownPost =>
      post({
        text: Array.from({ length: 1 + randomBelow(rng, 6) }, () => pick(words.slice(0, 6))).join(
          "",
        ),
        name: pick(["bo", "小明", "a very long name indeed"]),
        from: peerId(pick(["b", "c", "d"])),
        time: { ms: noonMs + i * 50_000, counter: 0 },
      });
    screen.chat.history.set("lobby", Array.from({ length: 250 }, (_, i) => said(i)));
    await screen.start("welcome");
    for (let step = 0; step < 120; step++) {
      const kind = randomBelow(rng, 12);
      if (kind === 0) {
        await screen.resize({ columns: 1 + randomBelow(rng, 130), rows: 1 + randomBelow(rng, 30) });
      } else if (kind < 4) {
        screen.face.notice({ type: "message", post: said(200 + randomBelow(rng, 100)) });
        await screen.settle();
      } else {
        await screen.type(pick(words));
      }
      check(screen, `seed ${seed}, step ${step}`);
    }
    // A frame that is drawn anew is the one that came about by differences.
    const shown = screen.lines;
    await screen.redraw();
    assertEquals(screen.lines, shown, `seed ${seed}`);
  }
});
