import { canTrace } from "./disk_log.ts";
import { powerLoss } from "./power_loss.ts";

const hasStrace = await canTrace();
if (!hasStrace) console.log("power loss: strace is missing, or may not trace here");

Deno.test("a loss of power at any moment: 0 acknowledged lost, the database whole, 0 refused", {
  ignore: !hasStrace,
}, () => powerLoss(25, Date.now() % 1_000_000));
