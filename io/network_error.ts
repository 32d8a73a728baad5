/**
 * What the system says about sockets, in plain words: these end up in `/peers`, in notices
 * and in log lines, so they tell a person what happened and never quote a stack.
 */

/** Words for the runtime's classes of errors; other errors keep their own message. */
const words: ReadonlyMap<string, string> = new Map([
  ["ConnectionRefused", "connection refused: nothing listens there"],
  ["ConnectionReset", "connection reset"],
  ["ConnectionAborted", "connection aborted"],
  ["BrokenPipe", "connection reset"],
  ["NotConnected", "connection reset"],
  ["UnexpectedEof", "connection closed"],
  ["NetworkUnreachable", "network unreachable"],
  ["HostUnreachable", "host unreachable"],
  ["AddrNotAvailable", "address not available on this machine"],
  ["TimedOut", "no answer"],
  ["NotCapable", "not allowed by this program's permissions"],
  ["PermissionDenied", "not allowed by the system"],
  ["Interrupted", "closed"],
  ["BadResource", "closed"],
]);

/**
 * Describes a failure of a socket.
 *
 * @param error What was thrown.
 * @returns A few words in lower case without a full stop.
 */
export function describeNetworkError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = words.get(error.name);
  if (known !== undefined) return known;
  if (/os error 1(?:01|13)\b/.test(error.message)) return "network unreachable";
  if (isDescriptorLimit(error)) return "this machine allows no more open files";
  if (/lookup|getaddrinfo|ENOTFOUND|EAI_/.test(error.message)) return "unknown host";
  return error.message.replace(/ \(os error \d+\)$/, "").toLowerCase();
}

/** Whether the process or the system has no file descriptor left. */
function isDescriptorLimit(error: unknown): boolean {
  return error instanceof Error && /os error 2[34]\b|too many open files/i.test(error.message);
}
