/** Cuts that outlast the links. */

import { lackingForNamespaces } from "../namespaces.ts";
import { bothWays, oneWay, partitions } from "../partition.ts";

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
