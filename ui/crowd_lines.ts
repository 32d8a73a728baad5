/**
 * What of coming and going gets a line: whoever opens links to us and closes them again, or comes,
 * goes and takes other names, under a new key each time, must not fill a screen. Lists and NDJSON
 * have all of it.
 */

import { Bucket } from "../peer/bucket.ts";
import type { Notice } from "../peer/notice.ts";
import { screenLimits } from "./screen_limits.ts";

/** The lines about what strangers can do as often as they like. */
export class CrowdLines {
  readonly #links = new Bucket(screenLimits.linkLinesMax, 1_000 / screenLimits.linkLineMs);
  readonly #people = new Bucket(screenLimits.peopleLinesMax, 1_000 / screenLimits.peopleLineMs);

  /**
   * Whether a notice gets a line.
   *
   * @param nowMs The monotonic clock.
   */
  takes(notice: Notice, nowMs: number = performance.now()): boolean {
    switch (notice.type) {
      case "peer":
        return notice.direction === "out" || this.#links.take(1, nowMs);
      case "presence":
      case "renamed":
        return this.#people.take(1, nowMs);
      default:
        return true;
    }
  }
}
