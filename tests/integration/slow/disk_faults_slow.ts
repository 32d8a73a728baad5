/** The long run of disk_faults_test.ts. */

import { diskFaults } from "../disk_faults.ts";

Deno.test("500 writes and fsyncs that fail: 0 false acknowledgements, 0 ends", () =>
  diskFaults(500));
