/** Owned rooms in one engine: what it posts and refuses, shows and takes away again. */

import { assert, assertEquals } from "@std/assert";
import type { Outcome } from "../../peer/action.ts";
import type { Command, PowerDeed } from "../../peer/input.ts";
import type { Notice, ShownPost } from "../../peer/notice.ts";
import type { PostId, RoomId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { decodePost, type Post } from "../../wire/post.ts";
import { LoneEngine, type TestNeighbour } from "../lone_engine.ts";
import { relayed } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { OwnedAuthor } from "./owned_author.ts";

interface Stage {
  readonly engine: LoneEngine;
  /** `~` and the room's id. */
  readonly room: string;
  /** Sends posts as gossip. */
  readonly say: (...posts: readonly Post[]) => void;
  readonly neighbour: TestNeighbour;
  readonly person: () => OwnedAuthor;
}

const of = <T extends Notice["type"]>(engine: LoneEngine, type: T) =>
  engine.notices.filter((notice): notice is Extract<Notice, { type: T }> => notice.type === type);
const shown = (engine: LoneEngine): ShownPost[] => of(engine, "message").map(({ post }) => post);
const texts = (engine: LoneEngine) => shown(engine).map(({ kind, text }) => `${kind} ${text}`);
const codes = (engine: LoneEngine) => of(engine, "notice").map(({ code }) => code);
const withdrawn = (engine: LoneEngine) => of(engine, "withdrawn").map(({ id, by }) => [id, by]);

function stage(room: string | null, limits: Partial<Limits> = {}, seed = 5): Stage {
  const crypto = seededCrypto(seed);
  const identity = crypto.generateEd25519();
  const engine = new LoneEngine({ crypto, identity, limits });
  if (room === null) {
    assert(engine.command({ type: "found", name: "Club", kind: "owned", history: false }).ok);
  } else assert(engine.command({ type: "join", room }).ok);
  const open = engine.engine.rooms()[0]!;
  const neighbour = engine.link();
  neighbour.enter(open.id);
  const say = (...posts: readonly Post[]) =>
    void neighbour.say({ type: "posts", room: open.id, posts: posts.map((post) => relayed(post)) });
  const person = () => new OwnedAuthor(crypto, open.id);
  return { engine, room: open.room, say, neighbour, person };
}

/** A room that somebody else has founded, and the engine in it. */
function guest(limits: Partial<Limits> = {}): Stage & { founder: OwnedAuthor; founding: Post } {
  const founder = new OwnedAuthor(seededCrypto(77));
  const founding = founder.found("club");
  return { ...stage(`~${founder.room}`, limits), founder, founding };
}

const words = (room: string, text: string, kind: "text" | "topic" = "text"): Command => ({
  type: "say",
  room,
  kind,
  text,
  reply: null,
});
const power = (room: string, deed: PowerDeed): Command => ({ type: "power", room, deed });
const code = (outcome: Outcome) => outcome.ok ? null : outcome.code;

Deno.test("a founder announces, sets the topic, names admins, removes, and closes for good", () => {
  const { engine, room, say, person } = stage(null);
  const bob = person();
  const opened = engine.engine.rooms()[0]!;
  assertEquals(
    [opened.kind, opened.title, opened.role, opened.closed, room],
    ["owned", "club", "founder", false, `~${opened.id}`],
  );
  const give = (deed: PowerDeed) => code(engine.command(power(room, deed)));
  assertEquals(give({ act: "announce", text: "welcome" }), null);
  assertEquals(code(engine.command(words(room, "about us", "topic"))), null);
  assertEquals(engine.engine.rooms()[0]!.topic, "about us");
  const [first, rude, mine] = [bob.say(1, "hi"), bob.say(2, "rude"), bob.say(3, "mine")];
  say(first, rude, bob.post(4, { kind: "topic", text: "bob's" }), mine);
  say(bob.say(5, "fake", "announcement"));
  assertEquals(texts(engine), [
    "announcement welcome",
    "topic about us",
    "text hi",
    "text rude",
    "text mine",
  ]);
  assertEquals(engine.engine.rooms()[0]!.topic, "about us");

  assertEquals(code(engine.command({ type: "withdraw", id: rude.id })), null);
  assertEquals(withdrawn(engine), [[rude.id, engine.me]]);
  assert(engine.engine.shownAs(rude).hidden);
  assertEquals(code(engine.command({ type: "withdraw", id: rude.id })), "no-such-post");

  const { peer } = bob;
  assertEquals(give({ act: "admin", peer }), null);
  assertEquals(give({ act: "admin", peer }), "not-in-charge", "is one already");
  const places = () => {
    const { founder, admins, removed } = engine.engine.standing(room);
    return [founder?.peer, admins.map(({ peer }) => peer), removed.map(({ peer }) => peer)];
  };
  assertEquals(places(), [engine.me, [peer], []]);
  say(bob.say(6, "hear", "announcement"));
  assertEquals(texts(engine).at(-1), "announcement hear");
  assertEquals(give({ act: "no-admin", peer }), null);
  assertEquals(give({ act: "no-admin", peer }), "not-in-charge");
  assertEquals(places(), [engine.me, [], []]);
  assertEquals(give({ act: "remove", peer }), null);
  assertEquals(give({ act: "remove", peer }), "not-in-charge", "is removed already");
  assertEquals(places(), [engine.me, [], [peer]]);
  say(bob.say(7, "still here"));
  assertEquals(texts(engine).at(-1), "announcement hear");
  assertEquals(give({ act: "readmit", peer }), null);
  assertEquals(places(), [engine.me, [], []]);
  say(bob.say(8, "back"));
  assertEquals(texts(engine).at(-1), "text back");
  assertEquals(give({ act: "remove", peer: engine.me }), "not-in-charge");
  assertEquals(give({ act: "close" }), null);
  assertEquals(code(engine.command(words(room, "after the end"))), "room-closed");
  assertEquals(give({ act: "announce", text: "after the end" }), "room-closed");
  assertEquals(code(engine.command({ type: "withdraw", id: rude.id })), "no-such-post");
  assertEquals(engine.engine.rooms()[0]!.closed, true);
  assertEquals(codes(engine), [
    "admin-named",
    "admin-ended",
    "removed",
    "readmitted",
    "room-closed",
  ]);
  assertEquals(
    engine.engine.roomLog(room).map(({ act, peer }) => [act, peer]),
    [
      ["found", null],
      ["announce", null],
      ["topic", null],
      ["hide", null],
      ["admin", peer],
      ["announce", null],
      ["no-admin", peer],
      ["remove", peer],
      ["readmit", peer],
      ["close", null],
    ].filter(([act], i) => act !== "announce" || i === 1 || i === 5),
  );
});

Deno.test("who is not in charge is refused here, and whoever was removed may say nothing", () => {
  const { engine, room, say, founder, founding } = guest();
  const give = (deed: PowerDeed) => code(engine.command(power(room, deed)));
  assertEquals(give({ act: "close" }), "not-in-charge", "nothing is known yet");
  say(founding);
  assertEquals(engine.engine.rooms()[0]!.title, "club");
  const { peer } = founder;
  for (
    const deed of [
      { act: "announce", text: "x" },
      { act: "admin", peer },
      { act: "remove", peer },
      { act: "readmit", peer },
      { act: "close" },
    ] as const
  ) assertEquals(give(deed), "not-in-charge");
  assertEquals(code(engine.command(words(room, "mine", "topic"))), "not-in-charge");
  assertEquals(code(engine.command(words(room, "hi"))), null);
  say(founder.act(1, { act: "remove", peer: engine.me, logs: [] }));
  assertEquals(code(engine.command(words(room, "hi again"))), "removed");
  assertEquals(engine.engine.rooms()[0]!.role, "removed");
  // Those who came first are taken away, ours included: the removal named none of them.
  const own = shown(engine).find(({ text }) => text === "hi")!;
  assertEquals(withdrawn(engine), [[own.id, founder.peer]]);
});

Deno.test("in a room that is everybody's nobody is in charge, and no announcement is shown", () => {
  const { engine, room, say, person } = stage("lobby");
  const give = (deed: PowerDeed) => code(engine.command(power(room, deed)));
  assertEquals(give({ act: "announce", text: "x" }), "nobody-in-charge");
  assertEquals(give({ act: "close" }), "nobody-in-charge");
  const bob = person();
  say(bob.say(1, "obey", "announcement"), bob.say(2, "hi"));
  assertEquals(texts(engine), ["text hi"]);
});

Deno.test("what counts only once the founding post has come is shown then, and once", () => {
  const { engine, say, founder, founding, person } = guest();
  const bob = person();
  const announced = founder.say(1, "welcome", "announcement");
  say(bob.say(2, "fake", "announcement"), announced, bob.say(3, "hi"));
  assertEquals(texts(engine), ["text hi"]);
  say(founding);
  assertEquals(texts(engine), ["text hi", "announcement welcome"]);
  assertEquals(shown(engine).at(-1)!.late, true);
});

Deno.test("a removal and a closing that come late take away what was shown too long", () => {
  const { engine, say, founder, founding, person } = guest();
  const [bob, cat] = [person(), person()];
  const before = bob.say(1, "before");
  const removal = founder.act(2, { act: "remove", peer: bob.peer, logs: bob.marks() });
  const after = bob.say(3, "after");
  const closing = founder.act(5, { act: "close" });
  const late = cat.say(6, "late");
  say(founding, before, after, late);
  assertEquals(texts(engine), ["text before", "text after", "text late"]);
  say(removal);
  assertEquals(withdrawn(engine), [[after.id, founder.peer]]);
  say(closing);
  assertEquals(withdrawn(engine).slice(1), [[late.id, founder.peer]]);
  assertEquals(codes(engine), ["removed", "room-closed"]);
  // All of it is kept and passed on all the same: everybody holds the same posts.
  for (const post of [after, late]) assert(engine.store.has(post.id));
});

Deno.test("an act changes no more than the newest actsReviewedMax posts on screens", () => {
  const posts = 6;
  const { engine, say, founder, founding, person } = guest({ actsReviewedMax: 3 });
  const bob = person();
  const said = Array.from({ length: posts }, (_, i) => bob.say(i + 1, `${i}`));
  say(founding, ...said);
  const removal = founder.act(0, { act: "remove", peer: bob.peer, logs: [] });
  say(removal);
  assertEquals(withdrawn(engine).map(([id]) => id), said.slice(-3).map(({ id }) => id));
  assert(said.every((post) => !engine.engine.shownAs(post).counts), "read anew, none is shown");
});

Deno.test("an owned room comes back from the store as it was, open or not", () => {
  const { engine, room, say, founder, founding, person } = guest();
  const [ann, bob] = [person(), person()];
  const naming = founder.act(1, { act: "admin", peer: ann.peer, logs: [] });
  const rude = bob.say(2, "rude");
  const removal = ann.act(3, { act: "remove", peer: bob.peer, logs: [] });
  say(rude, removal, naming, founding, ann.post(4, { kind: "topic", text: "peace" }));
  assert(!engine.engine.shownAs(rude).counts);
  const log = engine.engine.roomLog(room);
  assert(engine.command({ type: "leave", room }).ok);
  assert(!engine.engine.shownAs(rude).counts, "of a room that is not open");
  assert(engine.command({ type: "join", room }).ok);
  assertEquals(engine.engine.roomLog(room), log);
  assertEquals(log.map(({ act }) => act), ["found", "admin", "remove", "topic"]);
  assertEquals(engine.engine.rooms()[0]!.topic, "peace");
});

Deno.test("a removal names the last post of each log of somebody, of many the newest", () => {
  const { engine, room, say, person } = stage(null);
  const bob = person();
  const logsMax = defaultLimits.logsPerAuthorMax;
  for (let i = 0; i < logsMax; i++) {
    bob.newLog();
    say(bob.say(i, "one"), bob.say(i, "two"));
  }
  assert(engine.command(power(room, { act: "remove", peer: bob.peer })).ok);
  const outcome = engine.engine.roomLog(room).at(-1)!;
  const removal = decodePost(engine.store.get(outcome.id as PostId)!, seededCrypto(1));
  assertEquals(removal.room, room.slice(1) as RoomId);
  assert(bob.posts.every((post) => engine.engine.shownAs(post).counts), "all that was said counts");
  bob.newLog();
  assert(!engine.engine.shownAs(bob.say(99, "later")).counts);
});
