/** Frames of a WebSocket as a browser writes them: masked (RFC 6455, section 5.3). */

/**
 * A frame.
 *
 * @param payload Bytes, or a text.
 * @param form `opcode` 1 (text) and `last` unless said otherwise.
 */
export function clientFrame(
  payload: string | Uint8Array,
  { opcode = 1, last = true }: { readonly opcode?: number; readonly last?: boolean } = {},
): Uint8Array {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const mask = [1, 2, 3, 4];
  const { length } = bytes;
  const size = length < 126
    ? [length]
    : length < 65_536
    ? [126, length >> 8, length & 255]
    : [127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255];
  const head = [(last ? 0x80 : 0) | opcode, 0x80 | size[0]!, ...size.slice(1), ...mask];
  const frame = new Uint8Array(head.length + length);
  frame.set(head);
  bytes.forEach((byte, n) => frame[head.length + n] = byte ^ mask[n & 3]!);
  return frame;
}
