/** Posts that attack: forged, replayed, of another room or author. Never shown, never passed on. */

import { assertEquals } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import {
  idBytes,
  type LogId,
  logIdBytes,
  type PeerId,
  type PostId,
  type RoomId,
  toId,
} from "../../wire/ids.ts";
import { publicRoomId } from "../../wire/text.ts";
import { within } from "../within.ts";
import { allMeet, ephemeral, type Line, PeerProcess, TempFolder } from "./peer_process.ts";
import { forged, gossip, lobby, RawAuthor } from "./raw_author.ts";
import { newRawIdentity, RawLink } from "./raw_link.ts";

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
const isDown = (peer: string) => (line: Line) =>
  line.type === "peer" && line.event === "down" && line.peer === peer;

Deno.test("forged posts: are neither shown nor passed on, and the third ends and bans the link", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await allMeet(a, b);
  const identity = newRawIdentity();
  const victim = new RawAuthor(newRawIdentity());
  using link = await RawLink.dial(a.address, 65_536, identity);
  await link.enter();
  for (let i = 0; i < 3; i++) await link.send(gossip(forged(victim.post(`forged ${i}`))));
  await within(link.listen());
  assertEquals((await a.until(isDown(identity.peer))).reason, "wrong signatures");
  await a.notice("banned");
  // Banned is the key: another connection of it is refused, one of somebody else is not.
  const told = a.next((line) => line.code === "refused-link");
  using again = await RawLink.dial(a.address, 65_536, identity);
  await within(again.listen());
  await told;
  using other = await RawLink.dial(a.address);
  await other.enter();
  await other.send(gossip(new RawAuthor(other.identity).post("right")));
  await Promise.all([a.hears("right"), b.hears("right")]);
  for (const peer of [a, b]) {
    assertEquals(peer.messages.map(({ text }) => text), ["right"]);
    assertEquals((await peer.history()).map(({ text }) => text), ["right"]);
  }
});

Deno.test("a spoilt copy: does not keep out the right one that comes after it", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  using link = await RawLink.dial(a.address);
  await link.enter();
  const post = new RawAuthor(link.identity).post("the words are right");
  await link.send(gossip(forged(post)), gossip(post), gossip(post));
  await a.hears("the words are right");
  await a.say("end");
  assertEquals(a.messages.map(({ text }) => text), ["the words are right", "end"]);
});

Deno.test("a replayed post: is shown once, ever, from whatever link and after a restart", async () => {
  using folder = new TempFolder();
  const args = ["--data", folder.file("a"), "--name", "a", "--listen", "127.0.0.1:0"];
  const author = new RawAuthor(newRawIdentity());
  const post = author.post("said long ago");
  const replay = async (a: PeerProcess, behind: string) => {
    using link = await RawLink.dial(a.address);
    await link.enter();
    await link.send(gossip(post), gossip(post));
    await link.send(gossip(post), gossip(new RawAuthor(link.identity).post(behind)));
    await a.hears(behind);
  };
  {
    await using a = await PeerProcess.start(args);
    await replay(a, "behind it");
    await replay(a, "behind it again");
    assertEquals(a.count("said long ago"), 1);
    await a.kill();
  }
  await using a = await PeerProcess.start(args);
  await replay(a, "behind it after the restart");
  assertEquals(a.count("said long ago"), 0);
  const texts = (await a.history()).map(({ text }) => text);
  assertEquals(texts.filter((text) => text === "said long ago").length, 1);
});

Deno.test("a post of another room: ends the link, and is shown in neither room", async () => {
  await using a = await PeerProcess.start(ephemeral("a", "--room", "lobby", "--room", "kitchen"));
  using link = await RawLink.dial(a.address);
  await link.enter("lobby");
  await link.enter("kitchen");
  const kitchen = publicRoomId("kitchen", nodeCrypto());
  await link.send(gossip(new RawAuthor(link.identity).post("for the lobby"), kitchen));
  await within(link.listen());
  const { reason } = await a.until(isDown(link.identity.peer));
  assertEquals(reason, "malformed: post of another room");
  for (const room of ["lobby", "kitchen"]) assertEquals(await a.history(room), []);
});

Deno.test("posts that were not asked for: a page nobody wanted is not taken", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  using link = await RawLink.dial(a.address);
  await link.enter();
  const author = new RawAuthor(link.identity);
  const { signed, signature } = author.post("not asked for");
  await link.send({
    type: "page",
    room: author.room,
    request: 7,
    posts: [{ signed, signature }],
    last: true,
  });
  await link.send(gossip(author.post("said aloud")));
  await a.hears("said aloud");
  assertEquals(a.count("not asked for"), 0);
});

Deno.test("holdings that do not exist: do not keep out the history of those who have some", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  using liar = await RawLink.dial(a.address);
  await liar.enter();
  const listening = liar.listen();
  for (let i = 0; i < 50; i++) {
    const entries = Array.from({ length: 100 }, () => ({
      author: toId<PeerId>(random(idBytes)),
      log: toId<LogId>(random(logIdBytes)),
      top: Number.MAX_SAFE_INTEGER,
      topId: toId<PostId>(random(idBytes)),
      above: [],
    }));
    await liar.send({ type: "frontier", room: lobby, entries, last: i === 49 });
  }
  await using b = await PeerProcess.start(ephemeral("b"));
  await Promise.all(Array.from({ length: 100 }, (_, i) => b.say(`line ${i}`)));
  await b.get({ type: "connect", address: a.address });
  await Promise.all(Array.from({ length: 100 }, (_, i) => a.hears(`line ${i}`)));
  assertEquals(a.lines.filter(isDown(liar.identity.peer)), []);
  liar[Symbol.dispose]();
  await listening;
});

Deno.test("two posts with one number: both are shown everywhere, and nobody's history stalls", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await allMeet(a, b);
  using link = await RawLink.dial(a.address);
  await link.enter();
  const [log, forks] = [toId<LogId>(random(logIdBytes)), ["fork one", "fork two"]];
  for (const text of forks) {
    await link.send(gossip(new RawAuthor(link.identity, lobby, log).post(text)));
  }
  await Promise.all([a, b].flatMap((peer) => forks.map((text) => peer.hears(text))));
  await a.say("and on");
  await b.hears("and on");
  assertEquals(b.messages.length, 3);
  await using late = await PeerProcess.start(ephemeral("late", "--peer", b.address));
  await late.hears("and on");
});

Deno.test("too many rooms: a neighbour that names more than it may loses its link, a person is told", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  using link = await RawLink.dial(a.address);
  const rooms = Array.from({ length: 257 }, () => toId<RoomId>(random(idBytes)));
  await link.send(...rooms.map((room) => ({ type: "join", room }) as const));
  await within(link.listen());
  assertEquals((await a.until(isDown(link.identity.peer))).reason, "malformed: too many rooms");
  const join = (room: string) => a.ask({ type: "join", room });
  const joined = await Promise.all(Array.from({ length: 256 }, (_, i) => join(`room-${i}`)));
  const refused = joined.filter(({ ok }) => !ok);
  assertEquals(refused.map(({ error }) => error.code), ["too-many-rooms"]);
});
