/** What a face itself refuses, in the words of its catalogue. */

import { ChatError } from "../peer/errors.ts";

/** A `ChatError` whose message is in the language of the person already. */
export class Refusal extends ChatError {}
