/** Signs that no font has everywhere, drawn on a square of 24 in the colour of the text. */

/** Lines, as the attributes of a path. */
const lines = {
  /** Three dots: there is more to it. */
  more: { d: "M5 12h0M12 12h0M19 12h0", "stroke-width": "3.6", "stroke-linecap": "round" },
  lock: {
    d: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
    "stroke-width": "2",
    "stroke-linejoin": "round",
  },
  /** Two of them. */
  people: {
    d: "M13 7.5a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM2 20c0-4 3-6 7-6s7 2 7 6M16 4a4 4 0 0 1 0 7M18 14.5c2.5.8 4 2.600 4 5.500",
    "stroke-width": "2",
    "stroke-linecap": "round",
  },
  /** A magnifying glass. */
  search: {
    d: "M15.5 15.5 21 21M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0z",
    "stroke-width": "2.2",
    "stroke-linecap": "round",
  },
} as const;

/** One of them, of so many pixels a side; readers of screens pass it over. */
export function Icon({ of, size = 20 }: {
  readonly of: keyof typeof lines;
  readonly size?: number;
}) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path fill="none" stroke="currentColor" {...lines[of]} />
    </svg>
  );
}
