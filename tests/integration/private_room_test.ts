/**
 * A private room between real processes, looked at from the disks: an outsider who carries the
 * lobby beside it holds nothing of it, and a removed member holds nothing that was written after
 * its removal, though it stays linked and starts again.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { PeerProcess, TempFolder } from "./peer_process.ts";

/** Everything that a folder holds, as text of one byte a character. */
function everything(path: string): string {
  const latin1 = new TextDecoder("latin1");
  return [...Deno.readDirSync(path)].map(({ name, isFile }) =>
    isFile ? latin1.decode(Deno.readFileSync(`${path}/${name}`)) : everything(`${path}/${name}`)
  ).join("\n");
}

const raw = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

interface Held {
  /** Of the room and of all its epochs. */
  readonly secrets: readonly Uint8Array[];
  /** Ids of its posts. */
  readonly posts: readonly Uint8Array[];
  /** What was signed of them. */
  readonly signed: readonly Uint8Array[];
}

/** What a stopped peer's disk holds of a room. */
function heldIn(folder: string, room: string): Held {
  const db = new DatabaseSync(`${folder}/history.db`, { readOnly: true });
  try {
    const key = Uint8Array.fromHex(room.slice(1));
    const rows = db.prepare(
      "SELECT hash, signed FROM post WHERE room = (SELECT id FROM room WHERE key = ?)",
    ).all(key) as unknown as { hash: Uint8Array; signed: Uint8Array }[];
    const secrets = ["room_secret", "epoch_secret"].flatMap((table) =>
      db.prepare(`SELECT secret FROM ${table} WHERE room = ?`).all(key) as unknown as {
        secret: Uint8Array;
      }[]
    );
    return {
      secrets: secrets.map(({ secret }) => secret),
      posts: rows.map(({ hash }) => hash),
      signed: rows.map(({ signed }) => signed),
    };
  } finally {
    db.close();
  }
}

Deno.test("an outsider's folder holds nothing of a private room, a removed member's nothing from after", async () => {
  using folder = new TempFolder();
  const args = (name: string, ...more: readonly string[]) => [
    "--data",
    folder.file(name),
    "--name",
    name,
    "--listen",
    "127.0.0.1:0",
    ...more,
  ];
  const [before, after] = [["heron one", "heron two", "heron three"], ["kestrel", "kite", "owl"]];
  let room: string;
  const annArgs = args("ann");
  {
    await using ann = await PeerProcess.start(annArgs);
    await ann.command("/room new birds --private");
    const rooms = await ann.get({ type: "rooms" });
    room = rooms.find(({ private: isPrivate }: { private?: boolean }) => isPrivate).room;
    const { invite } = await ann.get({ type: "invite", room });
    await using eve = await PeerProcess.start(args("eve", "--peer", ann.address));
    await eve.meets(ann.id);
    await using bo = await PeerProcess.start(args("bo", "--peer", eve.address, "--peer", invite));
    await bo.notice("let-in");
    {
      await using cy = await PeerProcess.start(args("cy", "--peer", eve.address, "--peer", invite));
      await cy.notice("let-in");
      for (const [i, peer] of [ann, bo, cy].entries()) await peer.say(before[i]!, room);
      for (const peer of [ann, bo, cy]) {
        await Promise.all(
          before.filter((text) => text !== before[[ann, bo, cy].indexOf(peer)]).map((text) =>
            peer.hears(text)
          ),
        );
      }
      await ann.get({ type: "command", line: `/remove ${cy.id}`, room });
      await Promise.all([cy.notice("removed"), bo.notice("removed")]);
      for (const [i, peer] of [ann, bo].entries()) await peer.say(after[i]!, room);
      await Promise.all([ann.hears(after[1]!), bo.hears(after[0]!)]);
      const refused = await cy.ask({ type: "say", room, text: "let me in" });
      assertEquals(refused.error?.code, "removed");
      await cy.end();
    }
    {
      // It comes back, and says over each link that it knows the room.
      await using cy = await PeerProcess.start(args("cy", "--peer", ann.address));
      await cy.linkedTo(ann.id);
      await ann.say(after[2]!, room);
      await bo.hears(after[2]!);
      // What is said in the lobby meanwhile has gone the same way, and has come.
      await ann.say("good evening");
      await Promise.all([cy.hears("good evening"), eve.hears("good evening")]);
      const mine = (await cy.get({ type: "rooms" })).find((each: { room: string }) =>
        each.room === room
      );
      assertEquals([mine.role, mine.members], ["removed", 2]);
      await cy.end();
    }
    // Whoever leaves for good is out at once.
    await bo.get({ type: "command", line: "/remove bo", room });
    await ann.notice("member-left");
    const own = (await ann.get({ type: "rooms" })).find((each: { room: string }) =>
      each.room === room
    );
    assertEquals(own.members, 1);
    await Promise.all([bo.end(), eve.end(), ann.end()]);
  }
  const held = heldIn(folder.file("ann"), room);
  const [outside, removed] = [everything(folder.file("eve")), everything(folder.file("cy"))];
  assertStringIncludes(outside, "good evening", "what it carries is found by this search");
  const hidden = [...before, ...after, "birds", room.slice(1)];
  for (const text of hidden) assert(!outside.includes(text), `eve holds ${text}`);
  for (const bytes of [Uint8Array.fromHex(room.slice(1)), ...held.secrets, ...held.posts]) {
    assert(!outside.includes(raw(bytes)), "eve holds an id or a secret");
  }
  assert(held.secrets.length >= 3, "a room and two epochs");
  // Of all that ann holds cy has what is up to its removal.
  const cyHolds = heldIn(folder.file("cy"), room);
  const old = new Set(cyHolds.posts.map((hash) => hash.toHex()));
  const later = held.posts.filter((hash) => !old.has(hash.toHex()));
  const bytesLater = held.signed.filter((_, i) => !old.has(held.posts[i]!.toHex()));
  assert(later.length >= after.length + 2, "three posts, an epoch and a departure");
  for (const bytes of [...later, ...bytesLater]) {
    assert(!removed.includes(raw(bytes)), "cy holds a byte from after its removal");
  }
  for (const text of after) assert(!removed.includes(text), `cy holds ${text}`);
  const unknown = held.secrets.filter((secret) => !removed.includes(raw(secret)));
  assert(unknown.length >= 1, "the secret under which the others write now");
});
