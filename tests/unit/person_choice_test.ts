/** Which person a command means. */

import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../peer/errors.ts";
import { catalogueOf } from "../../ui/catalogue.ts";
import { Conversation } from "../../ui/conversation.ts";
import { personFirst, personNamed } from "../../ui/person_choice.ts";
import type { Setting } from "../../ui/setting.ts";
import { Words } from "../../ui/words.ts";
import { FakeChat, peerId, somebody } from "./fake_chat.ts";

/** Two who are called bo, one "Zoë B", and this person. */
function setting(): Setting {
  const chat = new FakeChat();
  const known = (peer: string, name: string) => {
    chat.known.push(somebody(peer, name));
  };
  known("3f2a", "bo");
  known("9c1d", "bo");
  known("77", "Zoë B");
  known("a", "ann");
  const words = new Words("en");
  return {
    chat,
    conversation: new Conversation(chat.me),
    words,
    catalogue: catalogueOf("en"),
  } as unknown as Setting;
}

const refusal = (typed: string) => assertThrows(() => personNamed(typed, setting()), ChatError);

Deno.test("personNamed: one person of a name, however it is typed", () => {
  for (const typed of ["Zoë B", "@Zoë B", `Zoë B·${"7700"}`]) {
    const { peer, name } = personNamed(typed, setting());
    assertEquals([peer, name], [peerId("77"), "Zoë B"], typed);
  }
});

Deno.test("personNamed: of several people of a name the tag decides, and nothing else", () => {
  const { message, code } = refusal("bo");
  assertEquals(code, "no-such-peer");
  assertEquals(
    message,
    "several people are called bo: bo·3f2a, bo·9c1d. Type the name with its tag",
  );
  assertEquals(personNamed("bo·9c1d", setting()).peer, peerId("9c1d"));
  assertEquals(refusal("bo·0000").code, "no-such-peer");
});

Deno.test("personNamed: of several people with names of ours the tags are told all the same", () => {
  const here = setting();
  const [first] = here.chat.whois("bo");
  const named = { ...first!, name: "old friend" };
  const chat = {
    ...here.chat,
    me: here.chat.me,
    whois: () => [named, ...here.chat.whois("bo").slice(1)],
  };
  const refused = assertThrows(
    () => personNamed("bo", { ...here, chat } as unknown as Setting),
    ChatError,
  );
  assertEquals(
    refused.message,
    "several people are called bo: old friend·3f2a, bo·9c1d. Type the name with its tag",
  );
});

Deno.test("personNamed: refuses oneself, and nobody", () => {
  assertEquals(refusal("ann").message, "that is you");
  assertEquals(refusal("eve").code, "no-such-peer");
  assertEquals(refusal("@").code, "no-such-peer");
});

Deno.test("personFirst: the longest name at the start counts, the rest is the text", () => {
  const { peer, rest } = personFirst("Zoë B  see you\nthere", setting());
  assertEquals([peer, rest], [peerId("77"), "see you\nthere"]);
  assertEquals(personFirst("bo·3f2a hi", setting()).rest, "hi");
  assertThrows(() => personFirst("eve hi there", setting()), ChatError, "called eve");
});
