/** What one peer has removed: it takes it from nobody again, and who asks for it is told. */

import { assert, assertEquals } from "@std/assert";
import type { ChatOptions } from "../../io/chat_options.ts";
import { openChat } from "../../io/open_chat.ts";
import type { ChatHandle } from "../../io/chat_handle.ts";
import type { Chat } from "../../peer/chat.ts";
import { within } from "../within.ts";

const local = { host: "127.0.0.1", port: 0 };
/** Everything that has arrived is too old at once. */
const forgetful = { careMs: 5, retentionMs: 1, pruneMs: 20 };

function open(options: ChatOptions): Promise<ChatHandle> {
  const all = { ephemeral: true, listen: local, debug: true, ...options };
  return openChat(all) as Promise<ChatHandle>;
}

const texts = (chat: Chat) => chat.timeline("lobby", { limit: 500 }).posts.map(({ text }) => text);

/** Looks again and again: nothing tells of what is removed. */
async function until(holds: () => boolean): Promise<void> {
  const wait = async () => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await within(wait());
}

/** Waits until a chat shows exactly these texts. */
function shows(chat: ChatHandle, expected: readonly string[]): Promise<void> {
  return until(() => texts(chat).join() === expected.join());
}

const count = (to: number) => Array.from({ length: to }, (_, n) => `text ${n + 1}`);

Deno.test("Engine: what was removed is taken from nobody again, live, as history or by import", async () => {
  const folder = Deno.makeTempDirSync();
  const file = `${folder}/export.ndjson`;
  try {
    await using ann = await open({ name: "ann" });
    for (const text of count(5)) await ann.say("lobby", text);
    await ann.exportTo(file);
    await using bo = await open({ name: "bo", peers: ann.listen, limits: forgetful });
    await shows(bo, ["text 5"]);
    // A new link states everything anew, and brings nothing back.
    await bo.disconnect(ann.listen[0]!);
    await bo.connect(ann.listen[0]!);
    const { added } = await bo.importFrom(file);
    assertEquals(added, 0);
    await ann.say("lobby", "text 6");
    await shows(bo, ["text 6"]);
    assertEquals(texts(ann), count(6));
    // The log goes on where it was, for both.
    const frontier = (chat: ChatHandle) =>
      chat.parts.store.frontier(chat.rooms()[0]!.id).filter(({ author }) => author === ann.me)
        .map(({ top, topId, above }) => ({ top, topId, above }));
    assertEquals(frontier(bo), frontier(ann));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("Engine: who asks for what was removed is told so, and gets the rest", async () => {
  await using ann = await open({ name: "ann" });
  for (const text of count(5)) await ann.say("lobby", text);
  await using bo = await open({ name: "bo", peers: ann.listen, limits: forgetful });
  await shows(bo, ["text 5"]);
  await ann.close();
  await using cy = await open({ name: "cy", peers: bo.listen, limits: { gapMs: 20 } });
  await shows(cy, ["text 5"]);
  const [{ id } = { id: null }] = cy.rooms();
  assert(id !== null);
  // The name of ann stands below the floor and is known all the same.
  assertEquals(cy.whois("ann").map(({ peer }) => peer), [ann.me]);
  // Nothing is left to be asked for.
  await until(() => cy.parts.engine.sizes.missingLogsMax === 0);
  // And nobody is told of a gap that nobody could close. The next post makes it look.
  await bo.say("lobby", "anything missing?");
  await until(() => cy.timeline("lobby").posts.some(({ text }) => text === "anything missing?"));
  const { room } = cy.rooms()[0]!;
  await cy.say(room, "no");
  await cy.close();
  for await (const notice of cy.notices) assert(notice.type !== "gap", JSON.stringify(notice));
});
