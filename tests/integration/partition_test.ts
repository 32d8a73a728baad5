/** The network is cut for seconds: nobody notices more than a delay. */

import { lackingForNamespaces } from "./namespaces.ts";
import { bothWays, oneWay, partitions } from "./partition.ts";

const lacking = await lackingForNamespaces("nft");
if (lacking !== null) console.log(`partition_test.ts: not run, ${lacking}`);

const seconds = { cutMs: 5_000, healMs: 20_000 };

Deno.test({
  name: "partition of 8 peers for 5 s, then one-way losses: after each all hold the same, once",
  ignore: lacking !== null,
  fn: () => partitions(4, [{ ...bothWays, ...seconds }, { ...oneWay, ...seconds }]),
});
