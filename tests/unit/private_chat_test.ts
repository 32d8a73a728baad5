/** A private room on a real disk: encrypted there, readable again after a start, found and exported. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { openChat } from "../../io/open_chat.ts";
import { ChatError } from "../../peer/errors.ts";

const words = "the heron waits";

function open(data: string) {
  return openChat({ data, name: "ann", listen: false, rooms: [] });
}

/** All files of a folder, byte for byte, as Latin-1. */
function everythingIn(folder: string): string {
  const latin1 = new TextDecoder("latin1");
  return [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile)
    .map(({ name }) => latin1.decode(Deno.readFileSync(`${folder}/${name}`))).join("\n");
}

Deno.test("a private room rests encrypted and is open again after a start", async () => {
  const folder = Deno.makeTempDirSync();
  const data = `${folder}/ann`;
  try {
    let room: string;
    {
      await using chat = await open(data);
      room = await chat.createRoom("Herons", { kind: "private" });
      const id = await chat.say(room, words);
      await chat.say(room, "something else");
      const { posts } = chat.timeline(room);
      assertEquals(posts.map(({ text }) => text), [words, "something else"]);
      assert(posts.every((post) => post.private));
      assertEquals(chat.info(id).post.text, words);
      assertEquals(chat.search("heron").posts.map(({ text }) => text), [words]);
      const [summary] = chat.rooms();
      assertEquals([summary?.kind, summary?.title, summary?.members], ["private", "herons", 1]);
    }
    const disk = everythingIn(data);
    for (const text of ["heron", "something else"]) assert(!disk.includes(text), text);
    {
      await using chat = await open(data);
      assertEquals(chat.rooms().map((each) => each.room), [room]);
      assertEquals(chat.timeline(room).posts.map(({ text }) => text), [words, "something else"]);
      await chat.say(room, "after a start");
      assertEquals(chat.search("start", { room }).posts.length, 1);
      const taken = await chat.say(room, "taken back");
      await chat.withdraw(taken);
      assertEquals(chat.search("taken").posts, []);
      await chat.exportTo(`${folder}/export`);
      assert(Deno.readTextFileSync(`${folder}/export`).includes(words));
      await chat.leave(room);
      assertEquals(chat.search("heron").posts.map(({ text }) => text), [words], "closed, not gone");
    }
    {
      await using chat = await open(data);
      assertEquals(chat.rooms(), [], "what was parted from stays closed");
      await chat.join(room);
      assertEquals(chat.timeline(room).posts.at(0)?.text, words);
      assertEquals(chat.rooms()[0]?.role, "founder");
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("an owned room is open again after a start, too", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    let room: string;
    {
      await using chat = await open(folder + "/ann");
      room = await chat.createRoom("club");
    }
    await using chat = await open(folder + "/ann");
    assertEquals(chat.rooms().map(({ room, kind }) => [room, kind]), [[room, "owned"]]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("who leaves a room that is his own is told to close it instead", async () => {
  await using chat = await openChat({ ephemeral: true, name: "ann", listen: false, rooms: [] });
  const room = await chat.createRoom("club", { kind: "private" });
  const refused = await assertRejects(() => chat.remove(room, chat.me), ChatError);
  assertEquals(refused.code, "not-available");
  await chat.closeRoom(room);
  const late = await assertRejects(() => chat.say(room, "late"), ChatError);
  assertEquals(late.code, "room-closed");
  assertEquals(chat.roomLog(room).map(({ act }) => act), ["found", "close"]);
});
