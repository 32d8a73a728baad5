/** Membership of a room: whom a peer asks, lets in and puts out. */

import { assert, assertEquals } from "@std/assert";
import { limits, me, MembersRoom, peerOf, recordOf, upTo } from "./members_room.ts";

const { activeTarget, activeMax, activeNeedyMax, neighbourAskMs, yieldMs } = limits;

Deno.test("Membership: a shared room is asked for, and carries gossip once both have said so", () => {
  const { members } = new MembersRoom();
  members.onShared(1, peerOf(1), false, false, 0);
  assertEquals(members.takeSteps(), [{ type: "neighbour", link: 1, others: 0 }]);
  assertEquals([members.active, members.sharedCount], [[], 1]);
  members.onNeighbour(1, 3, recordOf(1), 0);
  assertEquals(members.takeSteps(), [{ type: "up", link: 1, needy: false }]);
  assertEquals([members.active, members.isActive(1)], [[1], true]);
  for (const [others, needy] of [[0, true], [1, true], [2, false]] as const) {
    const room = new MembersRoom();
    room.share(1);
    room.members.onNeighbour(1, others, null, 0);
    assertEquals(room.only("up"), [{ type: "up", link: 1, needy }]);
  }
});

Deno.test("Membership: who was lost and comes back takes the place of a neighbour, one at a time", () => {
  const room = new MembersRoom().fill(upTo(activeTarget), 3);
  const [fresh, back, second] = [101, 102, 103];
  room.share(fresh);
  assertEquals(room.steps, [], "there are neighbours enough");
  room.share(back, 0, false, true);
  assertEquals(room.only("neighbour").map(({ link }) => link), [back]);
  room.share(second, 0, false, true);
  assertEquals(room.steps, []);
  room.members.onNeighbour(back, 3, recordOf(back), 0);
  const steps = room.steps;
  assert(steps.some((step) => step.type === "up" && step.link === back));
  assertEquals(steps.filter(({ type }) => type === "rest").length, 1, "one has made room");
  assertEquals(room.members.active.length, activeTarget);
});

Deno.test("Membership: who was asked for a place and has gone, or never answers, does not bar the next", () => {
  for (const goes of [true, false]) {
    const room = new MembersRoom().fill(upTo(activeTarget), 3);
    const [back, next] = [101, 102];
    room.share(back, 0, false, true);
    assertEquals(room.only("neighbour").map(({ link }) => link), [back]);
    if (goes) room.members.onUnshared(back, null, 1);
    else room.members.onTime(2 * neighbourAskMs);
    room.only("neighbour");
    room.share(next, 2 * neighbourAskMs, false, true);
    assertEquals(room.only("neighbour").map(({ link }) => link), [next]);
  }
});

Deno.test("Membership: activeTarget neighbours are asked for, and activeMax let in", () => {
  const room = new MembersRoom();
  for (const link of upTo(20)) room.share(link);
  assertEquals(room.only("neighbour").map(({ link }) => link), upTo(activeTarget));
  const later = upTo(20).slice(activeTarget);
  for (const link of later) room.members.onNeighbour(link, 2, null, 0);
  const steps = room.steps;
  const answers = later.map((link) =>
    steps.find((step) => "link" in step && step.link === link && step.type !== "up")?.type
  );
  assertEquals(
    answers.slice(0, activeMax - activeTarget),
    Array(activeMax - activeTarget).fill("neighbour"),
  );
  assert(answers.slice(activeMax - activeTarget).every((type) => type === "rest"));
});

Deno.test("Membership: who has one other or none is let in for somebody who has three", () => {
  for (const others of [0, 1]) {
    const room = new MembersRoom().fill(upTo(activeMax), 3);
    room.share(9);
    room.members.onNeighbour(9, others, recordOf(9), 0);
    const steps = room.steps;
    const put = steps.filter(({ type }) => type === "rest");
    const down = steps.filter(({ type }) => type === "down");
    assertEquals([put.length, down.length], [1, 1]);
    assertEquals([room.members.active.length, room.members.isActive(9)], [activeMax, true]);
  }
});

Deno.test("Membership: where nobody has three others, a lonely one comes on top, for a while", () => {
  const room = new MembersRoom().fill(upTo(activeMax), 2);
  room.share(9);
  room.members.onNeighbour(9, 0, recordOf(9), 0);
  assertEquals([room.only("rest"), room.members.active.length], [[], activeMax + 1]);
  room.members.onNeighbour(4, 3, null, 0);
  assertEquals(room.only("rest"), [{ type: "rest", link: 4 }]);
  assertEquals(room.members.active, [1, 2, 3, 5, 6, 7, 8, 9]);
});

Deno.test("Membership: activeNeedyMax neighbours are the most, however lonely the next one is", () => {
  const room = new MembersRoom().fill(upTo(activeMax), 2);
  for (let link = 20; link < 20 + 2 * activeNeedyMax; link++) {
    room.share(link);
    room.members.onNeighbour(link, 0, recordOf(link), 0);
  }
  assertEquals(room.members.active.length, activeNeedyMax);
});

Deno.test("Membership: a link that the tree can do without is given up first", () => {
  for (const seed of upTo(5)) {
    const room = new MembersRoom(seed).fill(upTo(activeMax), 3);
    for (const link of upTo(activeMax)) if (link !== 4) room.branches.add(link);
    room.share(9);
    room.members.onNeighbour(9, seed % 2, recordOf(9), 0);
    assertEquals(room.only("rest"), [{ type: "rest", link: 4 }]);
  }
});

Deno.test("Membership: one who is not in need comes in for one with enough others, every yieldMs", () => {
  const calls = (others: number, own: boolean) => {
    const room = new MembersRoom().fill(upTo(activeMax), others, own);
    let link = 9;
    return [0, 1, yieldMs - 1, yieldMs, 2 * yieldMs - 1, 2 * yieldMs].map((nowMs) => {
      room.share(++link, nowMs);
      room.members.onNeighbour(link, 2, recordOf(link), nowMs);
      const put = room.only("rest").filter((step) => step.link !== link);
      assertEquals(room.members.active.length, activeMax);
      assertEquals(put.length, room.members.isActive(link) ? 1 : 0);
      return room.members.isActive(link);
    });
  };
  assertEquals(calls(3, false), [true, false, false, true, false, true]);
  const never = new Array<boolean>(6).fill(false);
  assertEquals(calls(2, false), never, "nobody can be spared");
  assertEquals(calls(3, true), never, "nor those of our own choice");
});

Deno.test("Membership: no caller takes the place of one that this peer has dialled", () => {
  for (const others of [0, 1]) {
    const room = new MembersRoom().fill([1, 2, 3, 5, 6, 7, 8], 3, true).fill([4], 3);
    room.branches.add(4);
    room.share(9);
    room.members.onNeighbour(9, others, recordOf(9), 0);
    assertEquals(room.only("rest"), [{ type: "rest", link: 4 }], "though posts come over it");
  }
  const room = new MembersRoom().fill(upTo(activeMax), 3, true);
  for (const link of [9, 10]) {
    room.share(link);
    room.members.onNeighbour(link, 0, recordOf(link), 0);
  }
  const { active } = room.members;
  assert(active.length >= activeMax && [9, 10].every((link) => active.includes(link)));
});

Deno.test("Membership: between being let in anywhere and being put out lies a step", () => {
  const room = new MembersRoom().fill(upTo(activeMax), 2);
  room.share(9);
  room.members.onNeighbour(9, 2, recordOf(9), 0);
  assertEquals(room.only("rest"), [{ type: "rest", link: 9 }]);
  assertEquals(room.members.active, upTo(activeMax));
});

Deno.test("Membership: neighbours are told how many others there are, up to three", () => {
  const room = new MembersRoom();
  const told: number[] = [];
  for (const link of upTo(activeTarget)) {
    room.share(link);
    room.members.onNeighbour(link, 3, null, 0);
    for (const step of room.only("neighbour")) if (step.link === 1) told.push(step.others);
  }
  assertEquals(told, [0, 1, 2, 3]);
  for (const link of upTo(activeTarget).slice(1)) {
    room.members.onUnshared(link, null, 0);
    for (const step of room.only("neighbour")) if (step.link === 1) told.push(step.others);
  }
  assertEquals(told, [0, 1, 2, 3, 2, 1, 0]);
});

Deno.test("Membership: a refusal ends what was, and is not answered by asking again at once", () => {
  const room = new MembersRoom().fill([1, 2], 3);
  room.members.onRest(1, 0);
  assertEquals(room.steps, [
    { type: "down", link: 1 },
    { type: "neighbour", link: 2, others: 0 },
  ]);
  room.members.onTime(neighbourAskMs / 2 - 1);
  assertEquals(room.only("neighbour"), []);
  room.members.onTime(3 * neighbourAskMs);
  assertEquals(room.only("neighbour"), [{ type: "neighbour", link: 1, others: 1 }]);
});

Deno.test("Membership: a lost neighbour is replaced, over an open link before a new one", () => {
  const room = new MembersRoom().fill(upTo(activeTarget), 3);
  room.share(9);
  assertEquals(room.steps, [], "nobody more is wanted");
  room.members.onMember(1, recordOf(30), 0);
  room.members.onUnshared(1, null, 1);
  const steps = room.steps;
  assertEquals(steps[0], { type: "down", link: 1 });
  assertEquals(steps[1], { type: "neighbour", link: 9, others: 3 });
  assertEquals(steps.filter(({ type }) => type === "dial"), []);
  room.members.onUnshared(2, null, 2);
  const record = recordOf(30);
  assertEquals(room.only("dial"), [{ type: "dial", record, urgent: false }]);
  assert(room.members.isWanted(record.peer));
  room.share(10, 3);
  assertEquals(room.only("withdraw"), [{ type: "withdraw", peer: record.peer }]);
});

Deno.test("Membership: a dial is urgent for who has no neighbour, and one in vain is forgotten", () => {
  const room = new MembersRoom();
  room.members.onMember(1, recordOf(30), 0);
  assertEquals(room.only("dial"), [{ type: "dial", record: recordOf(30), urgent: true }]);
  room.members.onUnreachable(peerOf(30), 0);
  assertEquals([room.members.passive.size, room.members.isWanted(peerOf(30))], [0, false]);
  assertEquals(room.only("dial"), []);
});

Deno.test("Membership: whose link is lost stays known, who is linked is not dialled", () => {
  const room = new MembersRoom().fill([1], 3);
  room.members.onMember(1, recordOf(1), 0);
  room.members.onMember(1, { ...recordOf(1), peer: me }, 0);
  assertEquals([room.members.passive.size, room.only("dial")], [0, []]);
  room.members.onUnshared(1, recordOf(1), 0);
  assertEquals(room.members.passive.size, 1);
  assertEquals(room.only("dial").map(({ record }) => record), [recordOf(1)]);
});

Deno.test("Membership: words over links that do not share the room do nothing", () => {
  const room = new MembersRoom();
  room.members.onNeighbour(7, 0, recordOf(7), 0);
  room.members.onRest(7, 0);
  room.members.onUnshared(7, recordOf(7), 0);
  room.members.onWalk(7, 3, recordOf(8));
  assertEquals([room.steps, room.members.passive.size, room.members.active], [[], 0, []]);
});
