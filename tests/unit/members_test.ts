/** Members of a room: how they become known, and when one becomes a neighbour. */

import { assert, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { limits, me, MembersRoom, recordOf, type Step, type StepOf, upTo } from "./members_room.ts";

const { activeTarget, activeMax, walkHops, walkHopsKept, membersMs, membersFirstMs } = limits;
const { activeOwn, passiveMax, yieldMs, shunMs, floodMax, neighbourAskMs } = limits;

Deno.test("Membership: a newcomer is told of members and walks over each other neighbour", () => {
  for (const [others, walks] of [[0, 3], [1, 3], [2, 0]] as const) {
    const room = new MembersRoom().fill([1, 2, 3], 3);
    room.share(9);
    room.members.takeSteps();
    room.members.onNeighbour(9, others, recordOf(9), 0);
    const steps = room.steps;
    const walk = steps.filter((step) => step.type === "walk");
    const record = recordOf(9);
    const expected = [1, 2, 3].slice(0, walks).map((link): Step => ({
      type: "walk",
      link,
      hopsLeft: walkHops - 1,
      record,
    }));
    assertEquals(walk, expected);
    const told = steps.filter((step) => step.type === "members");
    assertEquals(told, walks > 0 ? [{ type: "members", link: 9, ask: false }] : []);
    room.members.onNeighbour(9, others, recordOf(9), 0);
    assertEquals(room.only("walk"), [], "once");
  }
});

Deno.test("Membership: a walk goes on, and neither back nor to whom it is about", () => {
  const room = new MembersRoom().fill([1, 2, 3], 3);
  const record = { ...recordOf(2) };
  for (let i = 0; i < 20; i++) {
    room.members.onWalk(1, 5, record);
    assertEquals(room.steps, [{ type: "walk", link: 3, hopsLeft: 4, record }]);
  }
  const stranger = recordOf(30);
  for (let hopsLeft = walkHops; hopsLeft > 0; hopsLeft--) {
    const before = room.members.passive.size;
    room.members.onWalk(1, hopsLeft, stranger);
    const [step] = room.only("walk");
    assertEquals(step?.hopsLeft, hopsLeft - 1);
    assertNotEquals(step?.link, 1);
    assertEquals(room.members.passive.size - before, hopsLeft === walkHopsKept ? 1 : 0);
  }
});

Deno.test("Membership: at its end a walk has the newcomer dialled, if there is room", () => {
  const record = recordOf(30);
  for (const [count, hopsLeft] of [[1, 5], [3, 0], [activeMax, 0]] as const) {
    const room = new MembersRoom().fill(upTo(count), 3);
    room.members.onWalk(1, hopsLeft, record);
    const dials = count < activeMax ? [{ type: "dial", record, urgent: false }] : [];
    assertEquals(room.steps, dials as Step[]);
    assertEquals(room.members.passive.size, 1);
  }
  const room = new MembersRoom().fill([1], 3);
  room.members.onWalk(1, 0, { ...record, peer: me });
  room.share(2);
  room.members.takeSteps();
  room.members.onWalk(2, 0, record);
  assertEquals(room.steps, [], "over a link that is no neighbour's nothing walks");
});

/** When members are asked for, and the links asked, up to the hundredth time. */
function exchanges(room: MembersRoom): { times: number[]; asked: Set<number> } {
  const times: number[] = [];
  const asked = new Set<number>();
  for (let nowMs = 0; times.length < 100; nowMs = room.members.deadlineMs) {
    room.members.onTime(nowMs);
    for (const { link, ask } of room.only("members")) {
      assert(ask);
      asked.add(link);
      times.push(nowMs);
    }
  }
  return { times, asked };
}

Deno.test("Membership: members are asked for after membersFirstMs, then ever more rarely, to membersMs", () => {
  const { times, asked } = exchanges(new MembersRoom().fill(upTo(activeTarget), 3));
  assertEquals(asked, new Set(upTo(activeTarget)));
  assert(times[0]! >= 0.5 * membersFirstMs && times[0]! <= 1.5 * membersFirstMs, `${times[0]}`);
  times.slice(1).forEach((ms, i) => {
    const pauseMs = Math.min(membersFirstMs * 2 ** i, membersMs);
    const gapMs = ms - times[i]!;
    assert(gapMs >= 0.75 * pauseMs && gapMs <= 1.25 * pauseMs, `${gapMs} of ${pauseMs}`);
  });
});

Deno.test("Membership: now and then a member takes the place of a neighbour", () => {
  const room = new MembersRoom().fill(upTo(activeTarget), 3);
  room.members.onMember(1, recordOf(30), 0);
  let nowMs = 0;
  const dials: StepOf<"dial">[] = [];
  for (; dials.length === 0; nowMs = room.members.deadlineMs) {
    room.members.onTime(nowMs);
    dials.push(...room.only("dial"));
    assertLess(nowMs, 10 * membersMs);
  }
  assertEquals(dials, [{ type: "dial", record: recordOf(30), urgent: false }]);
  room.share(30, nowMs, true);
  assertEquals(room.steps, [{ type: "neighbour", link: 30, others: 3 }]);
  room.members.onNeighbour(30, 3, null, nowMs);
  assertEquals(room.only("rest").length, 1);
  assertEquals([room.members.active.length, room.members.isActive(30)], [activeTarget, true]);
});

/** A room in which a member was dialled to take the place of a neighbour, and was asked. */
function asked(): { room: MembersRoom; nowMs: number } {
  const room = new MembersRoom().fill(upTo(activeTarget), 3, true);
  room.members.onMember(1, recordOf(30), 0);
  let nowMs = 0;
  while (room.only("dial").length === 0) room.members.onTime(nowMs = room.members.deadlineMs);
  room.share(30, nowMs, true);
  assertEquals(room.only("neighbour").map(({ link }) => link), [30]);
  return { room, nowMs };
}

Deno.test("Membership: who does not want the place is none that takes it later", () => {
  const { room, nowMs } = asked();
  room.members.onRest(30, nowMs);
  assertEquals(room.steps, []);
  room.members.onNeighbour(30, 2, null, nowMs);
  assertEquals(room.only("rest"), []);
  assertEquals(room.members.active, [...upTo(activeTarget), 30], "on top, like anybody");
});

Deno.test("Membership: nobody is put out for it where one has gone meanwhile", () => {
  const { room, nowMs } = asked();
  room.members.onUnshared(2, null, nowMs);
  room.members.onNeighbour(30, 2, null, nowMs);
  assertEquals(room.only("rest"), []);
  assertEquals(room.members.active.length, activeTarget);
});

Deno.test("Membership: nobody is mixed while the room is young", () => {
  const young = new MembersRoom().fill(upTo(activeTarget), 3, true);
  young.members.onMember(1, recordOf(30), 0);
  for (let nowMs = 0; nowMs <= 2 * membersFirstMs; nowMs += 100) young.members.onTime(nowMs);
  assertEquals(young.only("dial"), []);
});

Deno.test("Membership: activeOwn neighbours are of its own choice, if it knows of members", () => {
  for (const own of upTo(activeOwn + 1).map((count) => count - 1)) {
    const room = new MembersRoom().fill(upTo(own), 3, true);
    room.fill(upTo(activeTarget).slice(own), 3);
    for (let link = 30; link < 40; link++) room.members.onMember(1, recordOf(link), 0);
    let dials = 0;
    while (room.members.deadlineMs < 10 * membersMs) {
      room.members.onTime(room.members.deadlineMs);
      dials += room.only("dial").length;
    }
    // Beside those it looks for, one is mixed in with each exchange of members.
    const looks = dials * yieldMs / (10 * membersMs);
    assert(own < activeOwn ? looks > 0.8 : looks < 0.1, `${own} of its own: ${dials} dials`);
  }
  const near = new MembersRoom().fill(upTo(activeTarget), 3);
  near.members.onMember(1, recordOf(30), 0);
  near.share(20);
  let asks = 0;
  for (let nowMs = 0; nowMs < 10 * membersMs; nowMs = near.members.deadlineMs) {
    near.members.onTime(nowMs);
    for (const { link } of near.only("neighbour")) {
      near.members.onRest(link, nowMs);
      asks++;
    }
  }
  assert(asks < 15, `a link that others have dialled is only mixed in: ${asks} times`);
  const alone = new MembersRoom().fill(upTo(activeTarget), 3);
  alone.members.onTime(1);
  assertEquals(alone.steps, [], "who knows nobody else is content");
});

Deno.test("Membership: however many are named, passiveMax are kept", () => {
  const room = new MembersRoom().fill(upTo(activeTarget), 3);
  for (let link = 30; link < 200; link++) room.members.onMember(1, recordOf(link), 0);
  assertEquals(room.members.passive.size, passiveMax);
  assertEquals(room.only("dial"), [], "nobody more is wanted");
});

Deno.test("Membership: who announces and never sends loses its place, for shunMs", () => {
  const room = new MembersRoom().fill(upTo(activeTarget), 3);
  room.members.onMember(1, recordOf(30), 0);
  room.members.onSilent(2, 0);
  assertEquals(
    room.steps,
    [
      { type: "rest", link: 2 },
      { type: "down", link: 2 },
      { type: "dial", record: recordOf(30), urgent: false },
      ...[1, 3, 4, 5].map((link): Step => ({ type: "neighbour", link, others: 3 })),
    ].filter((step) => step.type !== "neighbour"),
  );
  room.members.onSilent(2, 0);
  assertEquals(room.steps, [], "once");
  room.members.onNeighbour(2, 0, recordOf(2), shunMs - 1);
  assertEquals(room.steps, [{ type: "rest", link: 2 }], "not even if it has nobody else");
  room.members.onUnshared(2, recordOf(2), shunMs - 1);
  room.members.onMember(1, recordOf(2), shunMs - 1);
  room.members.onWalk(1, 0, recordOf(2));
  room.share(2, shunMs - 1);
  assertEquals(room.only("dial").filter(({ record }) => record.peer === recordOf(2).peer), []);
  assertEquals(room.only("neighbour"), []);
  room.members.onTime(shunMs);
  room.members.onNeighbour(2, 3, recordOf(2), shunMs);
  assert(room.members.isActive(2), "afterwards it is like anybody");
});

Deno.test("Membership: who was put out for that is let in where hardly anybody else is left", () => {
  const room = new MembersRoom().fill(upTo(activeTarget), 3);
  room.members.onSilent(2, 0);
  const alone = upTo(activeTarget).filter((link) => link !== 2);
  for (const [i, link] of alone.entries()) {
    const left = alone.length - i;
    room.members.onNeighbour(2, 0, recordOf(2), 1);
    assertEquals(room.members.isActive(2), left < floodMax, `with ${left} others`);
    room.members.onUnshared(link, null, 1);
  }
  const other = new MembersRoom().fill(upTo(activeTarget), 3);
  other.members.onSilent(2, 0);
  for (const link of alone) other.members.onUnshared(link, null, 1);
  assertEquals(other.only("neighbour").filter(({ link }) => link === 2), []);
  other.members.onTime(neighbourAskMs * 2);
  assertEquals(other.only("neighbour").filter(({ link }) => link === 2).length, 1, "it is asked");
});

Deno.test("Membership: of those who were put out for that, passiveMax are remembered", () => {
  const links = upTo(passiveMax + 1);
  const room = new MembersRoom().fill(upTo(floodMax).map((i) => 1_000 + i), 0);
  for (const link of links) {
    room.fill([link], 0);
    room.members.onSilent(link, 0);
  }
  room.members.takeSteps();
  for (const link of links) room.members.onNeighbour(link, 0, null, 1);
  assertEquals(
    room.members.active,
    [...upTo(floodMax).map((i) => 1_000 + i), 1],
    "the oldest is forgotten",
  );
});
