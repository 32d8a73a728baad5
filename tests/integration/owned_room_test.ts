/**
 * A room with a founder between three real processes: announcing, an admin's removal and
 * readmission, closing; each of them seen by all, and still so after a restart.
 */

import { assert, assertEquals } from "@std/assert";
import { allMeet, PeerProcess, TempFolder } from "./peer_process.ts";

const line = (room: string, text: string) => ({ type: "command", line: text, room });

Deno.test("three peers in an owned room: announce, admin, remove, readmit, close", async () => {
  using folder = new TempFolder();
  const dataC = folder.file("c");
  let room: string;
  {
    await using a = await PeerProcess.start(
      ["--data", folder.file("a"), "--name", "ann", "--listen", "127.0.0.1:0"],
    );
    const hidden = ["--no-listen", "--peer", a.address];
    await using b = await PeerProcess.start([
      "--data",
      folder.file("b"),
      "--name",
      "bob",
      ...hidden,
    ]);
    await using c = await PeerProcess.start(["--data", dataC, "--name", "cat", ...hidden]);
    await allMeet(a, b, c);
    const all = [a, b, c];
    const told = (code: string) =>
      Promise.all(all.map((peer) => peer.until((each) => each.code === code)));

    const { lines } = await a.get({ type: "command", line: "/room new club --owned" });
    const rooms = await a.get({ type: "rooms" }) as { room: string; role?: string }[];
    room = rooms.find(({ role }) => role === "founder")!.room;
    assert(/^~[0-9a-f]{64}$/.test(room), room);
    assert(lines[0].includes(room), "it says what others type");
    await Promise.all([b, c].map((peer) => peer.get({ type: "join", room })));
    await Promise.all([b, c].map(async (peer, i) => {
      await peer.get({ type: "say", room, text: `guest ${i}` });
      await Promise.all(all.map((each) => each.hears(`guest ${i}`)));
    }));

    await a.get(line(room, "/announce the room is open"));
    for (const peer of [b, c]) {
      const heard = await peer.hears("the room is open");
      assertEquals([heard.kind, heard.from, heard.room], ["announcement", a.id, room]);
    }
    const refused = await b.ask(line(room, "/announce me too"));
    assertEquals([refused.ok, refused.error.code], [false, "not-in-charge"]);

    await a.get(line(room, "/admin bob"));
    await told("admin-named");
    await b.get(line(room, "/topic what bob says"));
    for (const peer of [a, c]) {
      assertEquals((await peer.hears("what bob says")).kind, "topic");
    }
    await b.get(line(room, "/remove cat"));
    await told("removed");
    const silenced = await c.ask({ type: "say", room, text: "still here" });
    assertEquals(silenced.error.code, "removed");
    await b.get(line(room, "/readmit cat"));
    await told("readmitted");
    await c.get({ type: "say", room, text: "back again" });
    await Promise.all([a, b].map((peer) => peer.hears("back again")));

    await a.get(line(room, "/close"));
    await b.get({ type: "say", room, text: "that only asked" });
    await Promise.all([a, c].map((peer) => peer.hears("that only asked")));
    await a.get(line(room, "/close yes"));
    await told("room-closed");
    for (const peer of all) {
      const late = await peer.ask({ type: "say", room, text: "too late" });
      assertEquals(late.error.code, "room-closed");
      const texts = (await peer.history(room)).map(({ text }) => text);
      assertEquals(texts.slice(-4), [
        "the room is open",
        "what bob says",
        "back again",
        "that only asked",
      ]);
    }
    const log = await c.get(line(room, "/log"));
    assertEquals(log.lines.length, 7, log.lines.join("\n"));
  }
  await using again = await PeerProcess.start(
    ["--data", dataC, "--no-listen", "--room", room],
  );
  const [open] = await again.get({ type: "rooms" }) as { title: string; closed: boolean }[];
  assertEquals([open!.title, open!.closed], ["club", true]);
  const log = await again.get(line(room, "/log"));
  assertEquals(log.lines.length, 7, log.lines.join("\n"));
});
