/** The names of people: the newest wins, and the least recently named are forgotten. */

import { assertEquals } from "@std/assert";
import { People } from "../../peer/people.ts";
import type { PeerId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const rng = seededRng(101);
const ann = sampleId<PeerId>(rng), bo = sampleId<PeerId>(rng), cy = sampleId<PeerId>(rng);
const at = (ms: number, counter = 0) => ({ ms, counter });

Deno.test("People knows the newest name by logical time, whatever came last", () => {
  const people = new People(defaultLimits);
  assertEquals(people.nameOf(ann), "");
  assertEquals(people.onName(ann, "Ann", at(5)), null);
  assertEquals(people.onName(ann, "Old", at(4, 9)), null);
  assertEquals(people.nameOf(ann), "Ann");
  assertEquals(people.onName(ann, "Anna", at(5, 1)), "Ann");
  assertEquals(people.onName(ann, "Anna", at(6)), null, "the same name is no news");
  assertEquals(people.nameOf(ann), "Anna");
});

Deno.test("People lets two keys share a name", () => {
  const people = new People(defaultLimits);
  people.onName(ann, "Sam", at(1));
  people.onName(bo, "Sam", at(2));
  assertEquals([people.nameOf(ann), people.nameOf(bo), people.nameOf(cy)], ["Sam", "Sam", ""]);
});

Deno.test("People forgets whom it has not heard of for longest, beyond namesMax", () => {
  const people = new People({ ...defaultLimits, namesMax: 2 });
  people.onName(ann, "Ann", at(1));
  people.onName(bo, "Bo", at(2));
  people.onName(ann, "Ann", at(3));
  people.onName(cy, "Cy", at(4));
  assertEquals([...people.all].map(([, { name }]) => name), ["Ann", "Cy"]);
  assertEquals(people.nameOf(bo), "");
});

Deno.test("namesMax: made-up keys push out no name of somebody whose key a person has named", () => {
  const people = new People({ ...defaultLimits, namesMax: 2 }, (peer) => peer === ann);
  people.onName(ann, "Ann", at(1));
  for (let ms = 2; ms < 9; ms++) people.onName(sampleId<PeerId>(rng), "Ann?", at(ms));
  people.onName(bo, "Bo", at(9));
  assertEquals([...people.all].map(([, { name }]) => name), ["Ann", "Bo"]);
});
