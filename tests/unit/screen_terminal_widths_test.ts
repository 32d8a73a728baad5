import { assertEquals } from "@std/assert";
import stringWidth from "string-width";
import {
  answersExpected,
  expectedWidths,
  measureOf,
  question,
  widthsOf,
} from "../../ui/screen/terminal_widths.ts";
import { FakeScreen } from "./fake_screen.ts";
import { Grid } from "./screen_grid.ts";

Deno.test("terminal widths: a terminal that measures as string-width does changes nothing", () => {
  const grid = new Grid(80, 2).write(question);
  assertEquals(grid.asked.length, answersExpected);
  assertEquals(widthsOf(grid.asked), expectedWidths);
  const measure = measureOf(expectedWidths, stringWidth);
  for (const text of ["a", "你", "👍🏽", "👨‍👩‍👧", "🇩🇪", "☺️", "1️⃣", "क्षि"]) {
    assertEquals(measure(text), stringWidth(text), text);
  }
});

Deno.test("terminal widths: each kind is measured as the terminal has answered", () => {
  // As tmux 3.3 does it, and a terminal that joins nothing and draws signs wide.
  const tmux = measureOf(widthsOf([2, 5, 3, 3, 2]), stringWidth);
  assertEquals(["…", "👍🏽", "👨‍👩‍👧", "🇩🇪", "☺️", "1️⃣"].map(tmux), [1, 4, 2, 2, 1, 1]);
  const plain = measureOf(widthsOf([3, 5, 7, 5, 2]), stringWidth);
  assertEquals(["…", "👍🏽", "👨‍👩‍👧", "🇩🇪", "☺️", "你"].map(plain), [2, 4, 6, 4, 1, 2]);
});

Deno.test("FullScreen: a terminal with wide signs gets signs of ASCII", async () => {
  const screen = await new FakeScreen({ columns: 80, rows: 8 }).start("welcome");
  assertEquals(screen.status, " [12:41] 1:#lobby │ ○ alone │ en");
  await screen.type("\x1b[1;3R\x1b[1;3R\x1b[1;3R\x1b[1;3R\x1b[1;3R");
  assertEquals(screen.status, " [12:41] 1:#lobby | o alone | en");
  // An answer that nobody waits for is no key.
  await screen.type("\x1b[1;9R");
  assertEquals(screen.input, "[#lobby]");
});
