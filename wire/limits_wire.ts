/**
 * The limits that two implementations must agree on: what is beyond them is malformed, and who
 * sends it loses the link. No configuration changes them; PROTOCOL.md lists them, and a test
 * compares. How they are read: see `limits.ts`.
 */

/** Limits of the wire. Sizes are bytes unless the name says otherwise. */
export interface WireLimits {
  /** One Noise message with its tag; the Noise specification, section 3, allows no more. */
  readonly frameBytesMax: number;
  /** A frame of the handshake; the longest real one has 202 bytes. */
  readonly handshakeFrameBytesMax: number;
  /** Frames under one key; then it is renewed (Noise section 11.3 leaves the number to us). */
  readonly rekeyFramesMax: number;
  /** Nesting of CBOR arrays; the deepest real message has 5 levels. */
  readonly cborDepthMax: number;
  /** CBOR items in one message; a full frame of post ids has about 2,000. */
  readonly cborItemsMax: number;
  /** An encoded post: text, signature and fields. Smaller would cut the longest text. */
  readonly postBytesMax: number;
  /** UTF-8 bytes of a text: a long mail, not a file. */
  readonly textBytesMax: number;
  /** UTF-8 bytes of a person's name. */
  readonly nameBytesMax: number;
  /** UTF-8 bytes of a reason for being away. */
  readonly awayBytesMax: number;
  /** UTF-8 bytes of a room's name. */
  readonly roomNameBytesMax: number;
  /** Heads of others that a post may name. More cost bytes, fewer show less of what was seen. */
  readonly headsMax: number;
  /** Ranges held above the contiguous top in one frontier entry; what is beyond is asked again. */
  readonly rangesAboveMax: number;
  /** Plaintext bytes of one message of a page or frontier, so that live posts get in between. */
  readonly pageBytesMax: number;
  /** Posts that two requests in flight name together; with fewer links idle between them. */
  readonly wantPostsAheadMax: number;
  /** Ranges in one request for history. */
  readonly wantRangesMax: number;
  /** Addresses in one address record. */
  readonly addressesMax: number;
  /** Addresses in an invite: more make the word longer that people copy. */
  readonly inviteAddressesMax: number;
  /** Characters of an invite; beyond 1,023 symbols its checksum would miss swaps. */
  readonly inviteCharactersMax: number;
  /** People who may come by one counted invite. */
  readonly inviteCountMax: number;
  /** Bytes of a welcome's box: the secret of a room, its founder and its name. */
  readonly welcomeBytesMax: number;
  /** Steps of a random walk with a newcomer's record (HyParView's ARWL). */
  readonly walkHops: number;
  /** Records in one message of members. */
  readonly membersPerMessage: number;
  /** Posts announced or asked for in one message. */
  readonly marksPerMessage: number;
  /** Ends of branches of one log in one message. */
  readonly forkEndsMax: number;
  /** Posts that one question for an id may bring. */
  readonly seekPostsMax: number;
  /** Logs that a link's brief posts can name by number; with fewer, busy rooms name anew. */
  readonly briefLogsMax: number;
  /** The last posts of each direction of a link that brief posts can name by number. */
  readonly briefPostsMax: number;
  /** Logs in one receipt; of more those in which something was said last are told of. */
  readonly receiptLogsMax: number;
  /** Ranges of one log in a receipt, the highest; what is left out counts as not held. */
  readonly receiptRangesMax: number;
  /** Logs that an act about somebody names. */
  readonly logMarksMax: number;
  /** Seals of an epoch's secret in one post. */
  readonly sealsMax: number;
}

/** Their values, the same on all peers. */
export const wireLimits: WireLimits = {
  frameBytesMax: 65_535,
  handshakeFrameBytesMax: 1_024,
  rekeyFramesMax: 2 ** 20 - 1,
  cborDepthMax: 16,
  cborItemsMax: 16_384,
  postBytesMax: 20 * 1024,
  textBytesMax: 16_384,
  nameBytesMax: 64,
  awayBytesMax: 256,
  roomNameBytesMax: 64,
  headsMax: 4,
  rangesAboveMax: 32,
  pageBytesMax: 60 * 1024,
  wantPostsAheadMax: 1_024,
  wantRangesMax: 64,
  addressesMax: 8,
  inviteAddressesMax: 4,
  inviteCharactersMax: 1_000,
  inviteCountMax: 1_000,
  welcomeBytesMax: 512,
  walkHops: 6,
  membersPerMessage: 8,
  marksPerMessage: 1_024,
  forkEndsMax: 8,
  seekPostsMax: 64,
  briefLogsMax: 64,
  briefPostsMax: 256,
  receiptLogsMax: 64,
  receiptRangesMax: 4,
  logMarksMax: 256,
  sealsMax: 128,
};
