/** Runs scenarios of the gate in a thread of its own. */

import { answerOrders } from "../threads.ts";
import { simulateBig } from "./big_simulation.ts";
import { breaches } from "./ceilings.ts";
import { commandOf, type Scenario } from "./scenario.ts";

/** What came of a scenario. */
export interface Judged {
  /** What was not as it must be. */
  readonly found: readonly string[];
  readonly deliveries: number;
  /** What to type to run it again. */
  readonly command: string;
}

answerOrders((scenario: Scenario): Judged => {
  const measured = simulateBig(scenario, () => {});
  const { deliveries } = measured.talk;
  return { found: breaches(measured), deliveries, command: commandOf(scenario) };
});
