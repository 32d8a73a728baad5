/** Signs that no font has everywhere, drawn on a square of 24 in the colour of the text. */

/** Lines, as a path has them. */
const lines = {
  /** Three dots: there is more to it. */
  more: "M5 12h0M12 12h0M19 12h0",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  /** Two of them. */
  people:
    "M13 7.5a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM2 20c0-4 3-6 7-6s7 2 7 6M16 4a4 4 0 0 1 0 7M18 14.5c2.5.8 4 2.6 4 5.5",
  /** A magnifying glass. */
  search: "M15.5 15.5 21 21M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0z",
} as const;

/** One of them, of so many pixels a side; readers of screens pass it over. */
export function Icon({ of, size = 20 }: {
  readonly of: keyof typeof lines;
  readonly size?: number;
}) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path
        fill="none"
        stroke="currentColor"
        stroke-width={of === "more" ? 3.6 : 2.1}
        stroke-linecap="round"
        stroke-linejoin="round"
        d={lines[of]}
      />
    </svg>
  );
}
