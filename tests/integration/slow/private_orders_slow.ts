/** A removed member against a private room, over 10,000 random orders of arrival. */

import { resistInOrders } from "../../unit/private_orders.ts";

Deno.test("a removed member with old keys and 100 fresh identities changes nothing, in 10,000 orders", () => {
  resistInOrders(10_000);
});
