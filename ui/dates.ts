/**
 * Dates as a language writes them, in local time. The formatters are made when the first
 * date is shown: making one takes 16 ms, which a start without dates need not pay.
 */

/** How a language writes dates. */
export interface Dates {
  /** A day in full, as a separator shows it: `Friday 20 November 2026`. */
  readonly day: (ms: number) => string;
  /** A date with the time to the second: `20 Nov 2026, 12:41:07`. */
  readonly dateTime: (ms: number) => string;
}

/**
 * The formatters of a language.
 *
 * @param locale A BCP 47 tag.
 */
export function dates(locale: string): Dates {
  let day: Intl.DateTimeFormat | undefined;
  let dateTime: Intl.DateTimeFormat | undefined;
  return {
    day: (ms) => {
      day ??= new Intl.DateTimeFormat(locale, {
        weekday: "long",
        day: "numeric",
        month: "long",
        year: "numeric",
      });
      // British English puts a comma behind the weekday; a separator reads better without.
      return day.format(ms).replace(", ", " ");
    },
    dateTime: (ms) => {
      dateTime ??= new Intl.DateTimeFormat(locale, {
        dateStyle: "medium",
        timeStyle: "medium",
        hourCycle: "h23",
      });
      return dateTime.format(ms);
    },
  };
}
