/** Signs that no font has everywhere, drawn. */

/** Three dots: there is more to it. */
export function MoreIcon() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path
        d="M5 12h0M12 12h0M19 12h0"
        stroke="currentColor"
        stroke-width="3.6"
        stroke-linecap="round"
      />
    </svg>
  );
}

/** A lock. */
export function LockIcon() {
  return (
    <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
      <path
        d="M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linejoin="round"
      />
    </svg>
  );
}

/** Two people. */
export function PeopleIcon() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path
        d="M13 7.5a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM2 20c0-4 3-6 7-6s7 2 7 6M16 4a4 4 0 0 1 0 7M18 14.5c2.5.8 4 2.600 4 5.500"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
      />
    </svg>
  );
}

/** A magnifying glass. */
export function SearchIcon() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path
        d="M15.5 15.5 21 21M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0z"
        fill="none"
        stroke="currentColor"
        stroke-width="2.2"
        stroke-linecap="round"
      />
    </svg>
  );
}
