import { assertEquals } from "@std/assert";
import { openChat } from "../../mod.ts";
import { Seen } from "../../peer/seen.ts";
import type { PostId } from "../../wire/ids.ts";
import { within } from "../within.ts";

const at = (ms: number) => ({ time: { ms, counter: 0 }, id: "00".repeat(32) as PostId });

Deno.test("Seen: late is what stands above what was stored, or above what was said since", () => {
  const seen = new Seen(at(100), 1_000);
  assertEquals(seen.isLate(at(99), "history"), true);
  assertEquals(seen.isLate(at(900), "history"), false, "missed, below what was stored");
  assertEquals(seen.isLate(at(1_500), "live"), false);
  assertEquals(seen.isLate(at(1_200), "live"), false, "said just now, whatever the clocks say");
  assertEquals(seen.isLate(at(1_499), "history"), true);
  assertEquals(seen.isLate(at(1_501), "history"), false);
  assertEquals(seen.isLate(at(999), "history"), false, "from before it was opened");
});

Deno.test("Seen: nothing is late for who comes to a room for the first time", () => {
  const seen = new Seen(null, 1_000);
  assertEquals(seen.isLate(at(1_100), "own"), false);
  assertEquals(seen.isLate(at(10), "history"), false);
});

Deno.test("Seen: a newcomer who speaks first gets a history that is not late; who was away does", async () => {
  const local = { ephemeral: true, listen: { host: "127.0.0.1", port: 0 } };
  const folder = Deno.makeTempDirSync();
  try {
    await using ann = await openChat({ name: "ann", ...local });
    for (const text of ["one", "two"]) await ann.say("lobby", text);
    await using cy = await openChat({ name: "cy", ...local });
    await cy.say("lobby", "said apart");
    await ann.say("lobby", "three");
    const lateUntil = async (peers: readonly string[], last: string) => {
      await using bo = await openChat({ name: "bo", data: folder, listen: false });
      await bo.say("lobby", "hi");
      for (const peer of peers) await bo.connect(peer);
      const read = async () => {
        const late: string[] = [];
        for await (const notice of bo.notices) {
          if (notice.type !== "message") continue;
          if (notice.post.late) late.push(notice.post.text);
          if (notice.post.text === last) return late;
        }
        throw new Error(`${last} has not come`);
      };
      return await within(read());
    };
    assertEquals(await lateUntil(ann.listen, "three"), []);
    assertEquals(await lateUntil(cy.listen, "said apart"), ["said apart"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
