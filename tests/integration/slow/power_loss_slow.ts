/** The long run of power_loss_test.ts. */

import { powerLoss } from "../power_loss.ts";

Deno.test("a loss of power, 500 images: 0 acknowledged lost, the database whole, 0 refused", () =>
  powerLoss(500, Date.now() % 1_000_000));
