/**
 * Limits of links: how many there are, how they are made, watched, filled and ended, and whom
 * a peer dials. How they are read: see `limits.ts`.
 */

/** Limits of links, handshakes, queues, bans and dials. */
export interface LinkLimits {
  /**
   * Links that others opened to us; each costs about 35 KiB (bench/links.ts), and up to 80 KiB
   * more for each direction in which `briefPostsMax` brief posts have gone.
   */
  readonly connectionsInMax: number;
  /** Links that we opened. */
  readonly connectionsOutMax: number;
  /** Links below which remembered addresses are dialled. */
  readonly linksKept: number;
  /** Inbound links of strangers from one public address. */
  readonly linksPerPublicHost: number;
  /** Inbound links of strangers from one address of a private network; many share one there. */
  readonly linksPerPrivateHost: number;
  /** Keys of people that this peer has been told to dial; the oldest are forgotten. */
  readonly knownKeysMax: number;
  /** Inbound links that strangers leave to known keys, as a part of all. */
  readonly knownSlotsPart: number;
  /** How long a link that no room needs is kept. */
  readonly idleLinkMs: number;
  /** Links of one peer that are opened within this time of one another are a crossing dial. */
  readonly crossingMs: number;

  /** Links whose handshake has not ended; accepting waits beyond that. */
  readonly handshakesMax: number;
  /** From accept to the end of the handshake. Smaller cuts off slow links, larger feeds silent ones. */
  readonly handshakeMs: number;
  /** How long a handshake may take when the places are full: silent links must not lock out others. */
  readonly handshakeGraceMs: number;
  /** Silence after which a ping goes out. */
  readonly pingMs: number;
  /** Silence after which a link counts as dead. */
  readonly deadMs: number;
  /** How long a link may take no bytes at all while some wait. */
  readonly stallMs: number;
  /** Age of a key before it is renewed. */
  readonly rekeyMs: number;

  /** Bytes handed to a connection and not yet taken by the system: above, the engine holds back. */
  readonly writeHighWaterBytes: number;
  /** Bytes below which a connection reports `drained`. */
  readonly writeLowWaterBytes: number;
  /** Bytes of control messages that wait for one link; beyond, it does not read and is ended. */
  readonly outboxControlBytesMax: number;
  /** Bytes of gossip that wait for one link; beyond, it is dropped and history brings it. */
  readonly outboxLiveBytesMax: number;

  /** Invalid signatures from one peer before it is banned. */
  readonly invalidMax: number;
  /** First ban; each further one doubles. */
  readonly banMs: number;
  /** Bans kept in memory, oldest out first. */
  readonly bansMax: number;
  /** Refused links that are told of at once; further ones only every `refusedNoticeMs`. */
  readonly refusedNoticesMax: number;
  /** How often a refused link is told of during a flood of them. */
  readonly refusedNoticeMs: number;

  /** One dial attempt. */
  readonly dialMs: number;
  /** Waiting times between dials of one address, in order; the last repeats. */
  readonly dialBackoffMs: readonly number[];
  /** A link that lasted this long resets the waiting time. */
  readonly goodLinkMs: number;
  /** Addresses remembered and dialled. */
  readonly addressBookMax: number;
  /** Dials in a row that a remembered address may fail before this run gives it up. */
  readonly rememberedFailuresMax: number;
  /** Between two dials to addresses that others told of. Smaller makes a peer a better scanner. */
  readonly learntDialMs: number;
  /** Dials to one IP address that others told of, within `learntHostMs`. */
  readonly learntHostTriesMax: number;
  /** See `learntHostTriesMax`. */
  readonly learntHostMs: number;
  /** Peers that wait to be dialled at addresses that others told of. */
  readonly learntQueueMax: number;
  /** How long a peer that answers at none of them is left alone, in order; the last repeats. */
  readonly learntBackoffMs: readonly number[];
  /** Peers of whom it is known that they did not answer, oldest out first. */
  readonly learntFailuresMax: number;
  /** Peers whose links broke that are dialled again and again. */
  readonly lostPeersMax: number;
  /** How often each of them is; a host is dialled no more than `learntHostTriesMax` allows. */
  readonly lostRetryMs: number;
  /** For how long. */
  readonly lostMs: number;

  /** Messages with records that a neighbour may send at once; each record costs a verification. */
  readonly recordMessagesBurst: number;
  /** Such messages a second in the long run; walks of a busy room come one by one. */
  readonly recordMessagesPerSecond: number;
  /** Age after which our own address record is signed anew. */
  readonly recordRenewMs: number;
  /** Age after which an address record counts for nothing; its owner signs anew long before. */
  readonly recordMaxAgeMs: number;
  /** How far ahead of our clock an address record may be. */
  readonly recordAheadMs: number;
}

/** Their defaults. */
export const linkLimits: LinkLimits = {
  connectionsInMax: 1_024,
  connectionsOutMax: 32,
  linksKept: 8,
  linksPerPublicHost: 4,
  linksPerPrivateHost: 64,
  knownKeysMax: 1_024,
  knownSlotsPart: 1 / 16,
  idleLinkMs: 30_000,
  crossingMs: 5_000,

  handshakesMax: 64,
  handshakeMs: 5_000,
  handshakeGraceMs: 250,
  pingMs: 15_000,
  deadMs: 40_000,
  stallMs: 20_000,
  rekeyMs: 3_600_000,

  writeHighWaterBytes: 256 * 1024,
  writeLowWaterBytes: 64 * 1024,
  outboxControlBytesMax: 256 * 1024,
  outboxLiveBytesMax: 512 * 1024,

  invalidMax: 3,
  banMs: 600_000,
  bansMax: 4_096,
  refusedNoticesMax: 10,
  refusedNoticeMs: 10_000,

  dialMs: 5_000,
  dialBackoffMs: [1_000, 5_000, 15_000, 60_000, 300_000],
  goodLinkMs: 15_000,
  addressBookMax: 256,
  rememberedFailuresMax: 6,
  learntDialMs: 1_000,
  learntHostTriesMax: 2,
  learntHostMs: 60_000,
  learntQueueMax: 64,
  learntBackoffMs: [60_000, 300_000, 1_800_000],
  learntFailuresMax: 1_024,
  lostPeersMax: 8,
  lostRetryMs: 30_000,
  lostMs: 3_600_000,

  recordMessagesBurst: 50,
  recordMessagesPerSecond: 5,
  recordRenewMs: 600_000,
  recordMaxAgeMs: 7 * 86_400_000,
  recordAheadMs: 300_000,
};
