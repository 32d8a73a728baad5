/** Decisions about people, and those who wait for one. */

import { assert, assertEquals } from "@std/assert";
import { Acquaintances } from "../../peer/acquaintances.ts";
import { nobodyYet } from "../../peer/letter.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { peerId, postId } from "./fake_chat.ts";

const [bo, cy] = [peerId("b"), peerId("c")];
const request = (from = bo, text = "hi") => ({ from, name: "bo", text, id: postId(1) });

Deno.test("Acquaintances: about somebody new nothing is decided, and decisions add up", () => {
  const people = new Acquaintances([[cy, { ...nobodyYet, petname: "Cy" }]], defaultLimits);
  assertEquals(people.of(bo), nobodyYet);
  assertEquals(people.decide(bo, { accepted: true }), { ...nobodyYet, accepted: true });
  assertEquals(people.decide(bo, { blocked: true }), {
    ...nobodyYet,
    accepted: true,
    blocked: true,
  });
  assertEquals(people.of(cy).petname, "Cy");
});

Deno.test("Acquaintances: of somebody who waits the first message is told, until it is decided", () => {
  const people = new Acquaintances([], defaultLimits);
  assert(people.onRequest(request()));
  assertEquals(people.onRequest(request(bo, "hello?")), false);
  assert(people.onRequest(request(cy)));
  assertEquals(people.requests, [request(), request(cy)]);
  people.decide(bo, { verified: true });
  assertEquals(people.requests.length, 2);
  people.decide(bo, { accepted: true });
  people.decide(cy, { blocked: true });
  assertEquals(people.requests, []);
});

Deno.test("requestsMax: the longest waiting leaves; peopleDecidedMax: one more is not kept", () => {
  const limits = { ...defaultLimits, requestsMax: 2, peopleDecidedMax: 2 };
  const people = new Acquaintances([], limits);
  for (const digit of ["1", "2", "3"]) people.onRequest(request(peerId(digit)));
  assertEquals(people.requests.map(({ from }) => from), [peerId("2"), peerId("3")]);
  assert(people.decide(bo, { blocked: true }) !== null);
  assert(people.decide(cy, { blocked: true }) !== null);
  assertEquals(people.decide(peerId("d"), { blocked: true }), null);
  assert(people.decide(cy, { blocked: false }) !== null);
  assertEquals(people.sizes, { people: 2, requests: 2 });
});

Deno.test("requestsToldBurst: of many strangers at once so many are told of, then requestsToldPerMinute", () => {
  const limits = { ...defaultLimits, requestsToldBurst: 3, requestsToldPerMinute: 2 };
  const people = new Acquaintances([], limits);
  const tellings = (atMs: number) =>
    Array.from({ length: 9 }, () => people.mayTellRequest(atMs)).filter((told) => told).length;
  assertEquals([0, 29_000, 31_000, 95_000, 3_600_000].map(tellings), [3, 0, 1, 2, 3]);
});
