/** Everything that is fuzzed. */

import { actsTarget } from "./acts_target.ts";
import { briefTarget } from "./brief_target.ts";
import { cborTarget, messagesTarget, postsTarget, presencesTarget } from "./codec_targets.ts";
import { engineTarget } from "./engine_target.ts";
import { forgeriesTarget } from "./forgeries_target.ts";
import { framesTarget } from "./frames_target.ts";
import { initiatorTarget, responderTarget } from "./handshake_targets.ts";
import { inviteTarget } from "./invite_target.ts";
import { ndjsonTarget } from "./ndjson_target.ts";
import { privateEngineTarget } from "./private_engine_target.ts";
import { privateTarget } from "./private_target.ts";
import { redeemTarget } from "./redeem_target.ts";
import { sealedTarget } from "./sealed_target.ts";
import type { Target } from "./target.ts";

/** In the order in which they run. */
export const targets: readonly Target[] = [
  framesTarget,
  cborTarget,
  messagesTarget,
  postsTarget,
  presencesTarget,
  briefTarget,
  sealedTarget,
  initiatorTarget,
  responderTarget,
  engineTarget,
  forgeriesTarget,
  inviteTarget,
  redeemTarget,
  actsTarget,
  privateTarget,
  privateEngineTarget,
  ndjsonTarget,
];
