/** What a screen remembers is bounded, whatever comes: each limit is reached. */

import { assert, assertEquals } from "@std/assert";
import { Completion } from "../../ui/screen/completion.ts";
import { Entries } from "../../ui/screen/entries.ts";
import { InputBox } from "../../ui/screen/input_box.ts";
import { draftOf } from "../../ui/screen/line_editor.ts";
import { Memory } from "../../ui/screen/memory.ts";
import { RoomView } from "../../ui/screen/room_view.ts";
import { screenLimits } from "../../ui/screen_limits.ts";
import { FakeChat, noonMs, peerId, post } from "./fake_chat.ts";

Deno.test("Entries: a window lets go of what is far from what is kept", () => {
  const { roomPostsMax, scrollPagePosts } = screenLimits;
  const entries = new Entries();
  entries.reachesStart = true;
  const marks = { late: false, mention: false };
  for (let i = 0; i <= roomPostsMax + scrollPagePosts; i++) {
    entries.add(post({ text: `${i}`, time: { ms: noonMs + i, counter: 0 } }), marks);
    entries.trim("newest");
  }
  assertEquals(entries.all.length, roomPostsMax);
  assertEquals([entries.reachesStart, entries.reachesEnd], [false, true]);
  assertEquals(entries.edge("last")?.post.text, `${roomPostsMax + scrollPagePosts}`);
});

Deno.test("Entries: standing sentences and folded names have an end", () => {
  const { standingNotesMax, foldedNamesMax } = screenLimits;
  const entries = new Entries();
  for (let i = 0; i < standingNotesMax + 5; i++) entries.stand(`${i}`, "a gap", noonMs);
  assertEquals(entries.all.length, standingNotesMax);
  entries.clear();
  for (let i = 0; i <= foldedNamesMax; i++) {
    entries.presence("came", peerId(i.toString(16).padStart(4, "0")), noonMs);
  }
  assertEquals(entries.all.length, 2);
});

Deno.test("InputBox: the oldest lines leave the input history", () => {
  const { inputHistoryMax } = screenLimits;
  const input = new InputBox();
  for (let i = 0; i < inputHistoryMax + 3; i++) {
    input.draft = draftOf(`line ${i}`);
    input.send(true);
  }
  assertEquals([input.sent.length, input.sent[0]], [inputHistoryMax, "line 3"]);
  input.recall(Array.from({ length: inputHistoryMax }, (_, i) => `older ${i}`));
  assertEquals(input.sent.length, inputHistoryMax);
});

Deno.test("Memory: long histories and drafts are kept in part, lines with an invite never", () => {
  const chat = new FakeChat();
  const kept = new Map<string, string | null>();
  chat.saveSetting = (key, value) => void kept.set(key, value);
  const memory = new Memory(chat);
  const view = new RoomView("lobby");
  for (let i = 0; i < 100; i++) {
    view.input.draft = draftOf(`${i} ${"x".repeat(500)}`);
    view.input.send(true);
  }
  view.input.draft = draftOf("/connect starling:secret");
  view.input.send(true);
  memory.sent(view);
  const sent = kept.get("sent:lobby") ?? "";
  assert(sent.length <= screenLimits.inputHistoryCharactersMax && sent.includes("99 xxx"), sent);
  assert(!sent.includes("starling:"));
  for (const text of ["starling:secret", "y".repeat(screenLimits.keptDraftCharactersMax + 1)]) {
    view.input.draft = draftOf(text);
    memory.draft(view);
    assertEquals(kept.get("draft:lobby") ?? null, null);
  }
  view.input.draft = draftOf("an ordinary draft");
  memory.draft(view);
  assertEquals(kept.get("draft:lobby"), "an ordinary draft");
});

Deno.test("Completion: offers no more than anybody walks through", () => {
  const names = Array.from({ length: screenLimits.completionsMax + 50 }, (_, i) => `n${i}`);
  const none = () => [];
  const texts = { commands: none, rooms: none, addresses: none, files: none };
  const sources = { ...texts, names: () => names, people: none };
  const completion = Completion.of(draftOf("n"), sources);
  const seen = new Set<string>();
  const cells = { graphemes: (text: string) => text.split("") } as never;
  for (let i = 0; i < 300; i++) seen.add(completion!.next(1, cells).text);
  assertEquals(seen.size, screenLimits.completionsMax);
  assert(seen.has("n0: "));
});
