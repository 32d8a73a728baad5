/** Acts of a private room come without what was said between them: none is refused for that. */

import { assert, assertEquals } from "@std/assert";
import { PrivateNetwork } from "./private_network.ts";

Deno.test("a log of many acts in many pieces tells a newcomer of all members", () => {
  const names = ["ann", "bo", "cy", "di", "eve", "flo"];
  const network = new PrivateNetwork(91, names, { rangesPerLogMax: 2 });
  const [ann, ...guests] = network.peers as [typeof network.peers[0], ...typeof network.peers];
  const last = guests.pop()!;
  const room = ann.found("Club");
  for (const guest of guests) {
    assert(ann.add(room, guest).ok);
    assert(ann.say(room, `welcome, ${guest.name}`).ok);
    assert(ann.say(room, "it rains").ok);
  }
  network.link(ann, last);
  assert(ann.invite(room, last).ok);
  network.pass(2_000);
  assertEquals(last.members(room), 6);
});
