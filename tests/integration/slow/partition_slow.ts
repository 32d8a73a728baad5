/** Cuts that outlast the links. */

import { lackingForNamespaces } from "../namespaces.ts";
import { bothWays, oneWay, partitions, sidesOf } from "../partition.ts";

const lacking = await lackingForNamespaces("nft");
if (lacking !== null) console.log(`partition_slow.ts: not run, ${lacking}`);

const minute = { cutMs: 60_000, healMs: 10_000 };

Deno.test({
  name: "partition of 8 peers for 60 s: 10 s after it all hold the same, once, in one order",
  ignore: lacking !== null,
  fn: () => partitions(5, [{ ...bothWays, ...minute }]),
});

Deno.test({
  name: "one-way losses between 8 peers for 60 s: 10 s after it all hold the same, once",
  ignore: lacking !== null,
  fn: () => partitions(6, [{ ...oneWay, ...minute }]),
});

for (const [count, machines] of [[2, 6], [3, 4]] as const) {
  Deno.test({
    name:
      `partition of 12 peers into ${count} sides for 60 s, 2,000 posts each: all equal after it`,
    ignore: lacking !== null,
    fn: () => {
      const texts = Math.ceil(2_000 / machines);
      // Who was lost is dialled every 15 to 45 s.
      return partitions(6 + count, [{ ...bothWays, cutMs: 60_000, healMs: 60_000 }], {
        sides: sidesOf(count, machines),
        texts,
        standsMs: 20_000,
      });
    },
  });
}
