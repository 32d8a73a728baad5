/**
 * Limits of what touches the machine: sockets, disk, memory, and what a face may hand in. How
 * they are read: see `limits.ts`.
 */

/** Limits of sockets, the store, settings and faces. */
export interface MachineLimits {
  /** Received bytes of one connection that wait for the engine; beyond, its socket is not read. */
  readonly readAheadBytesMax: number;
  /** Received bytes in one step. Larger makes fewer transactions, smaller answers others sooner. */
  readonly stepBytesMax: number;
  /** Commands and other small inputs in one step. */
  readonly stepInputsMax: number;
  /** How long a closing connection may take for what was written before the close. */
  readonly closeMs: number;
  /** How often the machine's network interfaces are looked at. */
  readonly networkPollMs: number;

  /** Notices that wait for a screen; beyond, no socket is read until it has caught up. */
  readonly noticesMax: number;
  /** One line of NDJSON, and one WebSocket message. */
  readonly jsonLineBytesMax: number;
  /** Terminal cells of a person's name; wider ones would push the text off a small screen. */
  readonly nameCellsMax: number;

  /** How often the disk is probed after a failed append. */
  readonly diskProbeMs: number;
  /** How long after a post was stored work on the store that nobody waits for begins. */
  readonly careMs: number;
  /** Posts indexed for the search in that time while more keep coming; 128 take 4 ms. */
  readonly careBusyPosts: number;
  /** Posts indexed at once when no more come. Larger holds the loop longer, smaller takes longer. */
  readonly carePosts: number;
  /** How often it is looked for posts that need not be kept. */
  readonly pruneMs: number;
  /** How long posts are kept after they have arrived; set it to forget. */
  readonly retentionMs: number;
  /** Bytes on the disk that one room may take; beyond, the oldest arrivals go. */
  readonly roomBytesMax: number;
  /** Bytes on the disk for all rooms; beyond, strangers' posts go, then those of known people. */
  readonly folderBytesMax: number;

  /** UTF-8 bytes of what is searched for. */
  readonly searchBytesMax: number;
  /** Posts that one search gives. */
  readonly searchPostsMax: number;
  /** Posts after the read marker of a room, the newest, of which the unread ones are counted. */
  readonly unreadMax: number;
  /** UTF-8 bytes of the key of a setting. */
  readonly settingKeyBytesMax: number;
  /** UTF-8 bytes of a setting: the longest draft and a long history of input fit. */
  readonly settingBytesMax: number;
  /** Bytes of all settings and their keys. */
  readonly settingsBytesMax: number;
}

/** Their defaults. */
export const machineLimits: MachineLimits = {
  readAheadBytesMax: 64 * 1024,
  stepBytesMax: 32 * 1024,
  stepInputsMax: 256,
  closeMs: 1_000,
  networkPollMs: 5_000,

  noticesMax: 1_024,
  jsonLineBytesMax: 128 * 1024,
  nameCellsMax: 32,

  diskProbeMs: 5_000,
  careMs: 1_000,
  careBusyPosts: 128,
  carePosts: 256,
  pruneMs: 600_000,
  retentionMs: Number.MAX_SAFE_INTEGER,
  roomBytesMax: Number.MAX_SAFE_INTEGER,
  folderBytesMax: 4 * 2 ** 30,

  searchBytesMax: 256,
  searchPostsMax: 1_000,
  unreadMax: 1_000,
  settingKeyBytesMax: 128,
  settingBytesMax: 64 * 1024,
  settingsBytesMax: 1024 * 1024,
};
