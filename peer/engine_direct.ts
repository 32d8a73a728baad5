/**
 * Direct messages in an engine: how a letter becomes a sealed post of a common room, what a
 * sealed post that came means to its recipient, and the renewal of keys. Those who only carry a
 * sealed post do with it what they do with any post.
 */

import { parseId, type PeerId, type PostId } from "../wire/ids.ts";
import { type Post, postKind } from "../wire/post.ts";
import type { LetterContent, Words } from "../wire/sealed.ts";
import { checkText } from "../wire/text.ts";
import type { Direct } from "./direct.ts";
import { post } from "./engine_post.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import { accept, called, needOwnName, warnOfName } from "./engine_trust.ts";
import { ChatError } from "./errors.ts";
import type { Command, Now } from "./input.ts";
import { directRoom, type Kept, type Letter, showLetter } from "./letter.ts";
import { refusal } from "./refusal.ts";

/** The person of a direct chat, from how it is called as a room; `null` for other rooms. */
export function directPeer(room: string): PeerId | null {
  return room.startsWith("@") ? parseId<PeerId>(room.slice(1)) : null;
}

/** Seals words to somebody and posts them; acknowledged with the post's id. */
export function sayDirect(
  state: EngineState,
  ref: number,
  { to, kind, text, reply }: Omit<Extract<Command, { type: "direct" }>, "type">,
  now: Now,
): void {
  const direct = needDirect(state);
  const problem = checkText(text);
  if (problem !== null) throw refusal("text", problem, text);
  if (to === state.me) throw new ChatError("no-key", "You cannot write to yourself");
  if (state.decided.of(to).blocked) {
    throw new ChatError("blocked", `${called(state, to)} is blocked; /unblock first`);
  }
  needOwnName(state, to);
  const words = { kind, text, reply };
  if (mayWait(state, direct, to)) {
    const untilMs = now.monoMs + state.limits.keyWaitMs;
    direct.waiting = [...direct.waiting, { ref, to, words, untilMs }];
    return;
  }
  send(state, direct, ref, to, words, now);
}

function send(
  state: EngineState,
  direct: Direct,
  ref: number,
  to: PeerId,
  words: Words,
  now: Now,
): void {
  const open = commonRoom(state, direct, to);
  if (!direct.sealer.canSeal(to)) throw noKey(state, to);
  // Whom one writes to, one wants to hear; where that cannot be kept nothing goes out.
  accept(state, to);
  seal(state, direct, open, to, words, now, { ref });
  direct.openChat(to);
}

/** Somebody who has just come speaks live, and the profile follows a moment later as history. */
function mayWait(state: EngineState, direct: Direct, to: PeerId): boolean {
  if (direct.sealer.isKnown(to) || direct.waiting.length >= state.limits.keyWaitingMax) {
    return false;
  }
  return [...state.rooms.values()].some(({ presence, room }) =>
    presence.has(to) || room.heardMs(to) !== null
  );
}

/** Keys of somebody have come: what waited for them goes. */
export function onKeys(state: EngineState, peer: PeerId, now: Now): void {
  const { direct } = state;
  if (direct === null || direct.waiting.length === 0) return;
  const due = direct.waiting.filter(({ to }) => to === peer);
  direct.waiting = direct.waiting.filter(({ to }) => to !== peer);
  for (const { ref, to, words } of due) {
    try {
      send(state, direct, ref, to, words, now);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      refuseWaiting(state, ref, error);
    }
  }
}

/** Refuses what has waited too long for a key; all of it when this peer leaves. */
export function endWaiting(state: EngineState, nowMs: number): void {
  const { direct } = state;
  if (direct === null) return;
  const late = direct.waiting.filter(({ untilMs }) => untilMs <= nowMs);
  direct.waiting = direct.waiting.filter(({ untilMs }) => untilMs > nowMs);
  for (const { ref, to } of late) refuseWaiting(state, ref, noKey(state, to));
}

function refuseWaiting(state: EngineState, ref: number, { code, message }: ChatError): void {
  state.act({ type: "acknowledge", ref, outcome: { ok: false, code, message } });
}

interface SealWishes {
  readonly ref?: number;
  /** The key to seal to, if not the one that the profile tells. */
  readonly sealing?: Uint8Array;
  readonly isCopy?: boolean;
}

function seal(
  state: EngineState,
  direct: Direct,
  open: OpenRoom,
  to: PeerId,
  content: LetterContent,
  now: Now,
  { ref, sealing, isCopy = false }: SealWishes = {},
): void {
  // Before a place in the log is taken, which could not be given back.
  if (!direct.sealer.canSeal(to, sealing)) throw noKey(state, to);
  direct.seenOf(to, now.wallMs);
  const letter: Letter = { peer: to, content, isCopy };
  const body = {
    kind: postKind.sealed,
    encode: (head: Parameters<typeof direct.sealer.seal>[0]) => {
      const sealed = direct.sealer.seal(head, to, content, sealing);
      if (sealed === null) throw new Error("A key that was good is none any more");
      return sealed;
    },
  };
  post(state, open, body, ref ?? null, now, { type: "letter", letter });
}

function noKey(state: EngineState, to: PeerId): ChatError {
  return new ChatError(
    "no-key",
    `No key of ${called(state, to)} is known yet: you need a room in common, and one of you must ` +
      "have heard of the other there",
  );
}

/** The open room in which somebody is, or was heard of last. */
function commonRoom(state: EngineState, direct: Direct, peer: PeerId): OpenRoom {
  if (!direct.sealer.isKnown(peer)) throw noKey(state, peer);
  let best: OpenRoom | null = null;
  let bestMs = -Infinity;
  for (const open of state.rooms.values()) {
    const heardMs = open.presence.has(peer) ? Infinity : open.room.heardMs(peer);
    if (heardMs === null || heardMs <= bestMs) continue;
    [best, bestMs] = [open, heardMs];
  }
  if (best === null) throw noKey(state, peer);
  return best;
}

/** Direct messages, if this peer has keys for them. */
export function needDirect(state: EngineState): Direct {
  if (state.direct !== null) return state.direct;
  throw new ChatError("not-available", "This peer has no keys for direct messages");
}

/** A sealed post of somebody else, before it is stored: what is to be kept with it. */
export function openSealed(state: EngineState, sealed: Post, now: Now): Kept | undefined {
  if (sealed.kind !== postKind.sealed || sealed.author === state.me) return undefined;
  const letter = state.direct?.sealer.open(sealed) ?? null;
  if (letter === null) return undefined;
  if (state.decided.of(letter.peer).accepted) state.direct?.seenOf(letter.peer, now.wallMs);
  return { type: "letter", letter };
}

/** A letter is on disk, of ours or for us. */
export function onLetter(
  state: EngineState,
  sealed: Post,
  letter: Letter,
  origin: "live" | "history" | "own",
  now: Now,
): void {
  const { direct } = state;
  if (direct === null) return;
  const { peer, content, isCopy } = letter;
  if (origin === "own") {
    if (content === null || content.kind === "resend" || isCopy) return;
    state.receipts.onOwnPost(sealed);
    state.deliveries.onOwnPost(sealed, now.monoMs);
    direct.onSent(sealed.id, peer);
    return show(state, direct, sealed, peer, content, "own", now);
  }
  const { accepted, blocked } = state.decided.of(peer);
  if (blocked) return;
  if (content === null) return onUnreadable(state, direct, sealed, accepted, now);
  if (content.kind === "resend") {
    return accepted ? onResend(state, direct, peer, content, now) : undefined;
  }
  if (accepted) {
    direct.openChat(peer);
    return show(state, direct, sealed, peer, content, origin, now);
  }
  if (state.reader.isWithdrawn(sealed.id)) return;
  const request = { from: peer, name: state.nameOf(peer), text: content.text, id: sealed.id };
  if (!state.decided.onRequest(request)) return;
  // It stands in the list of requests all the same.
  if (!state.decided.mayTellRequest(now.monoMs)) return;
  warnOfName(state, peer);
  state.notify({ type: "request", ...request });
}

function show(
  state: EngineState,
  direct: Direct,
  sealed: Post,
  peer: PeerId,
  content: Words,
  origin: "live" | "history" | "own",
  now: Now,
): void {
  const { id, room, seq, time } = sealed;
  const withdrawn = origin !== "own" && state.reader.isWithdrawn(id);
  const isMine = origin === "own";
  const letter = { id, room, peer, isMine, seq, time, arrivedMs: now.wallMs, content, withdrawn };
  const shown = showLetter(letter, state.me, {
    name: state.nameOf(isMine ? state.me : peer),
    origin,
    clockAhead: state.clock.isAhead(time, now.wallMs),
    late: direct.seenOf(peer, now.wallMs).isLate(sealed, origin),
  });
  state.notify({ type: "message", post: shown });
}

/** It is for us and no key opens it: asked for again, of people whom we want to hear. */
function onUnreadable(
  state: EngineState,
  direct: Direct,
  sealed: Post,
  accepted: boolean,
  now: Now,
): void {
  const { author: peer, id } = sealed;
  if (!accepted) return;
  const sealing = direct.keys.newest.publicKey;
  const asked = direct.mayResend(peer, id) &&
    reseal(state, direct, peer, { kind: "resend", id, sealing }, now);
  const name = state.nameOf(peer);
  state.notify({ type: "notice", room: directRoom(peer), code: "unreadable", peer, name, asked });
}

/** Somebody could not open a letter of ours. */
function onResend(
  state: EngineState,
  direct: Direct,
  peer: PeerId,
  { id, sealing }: Extract<LetterContent, { kind: "resend" }>,
  now: Now,
): void {
  const letter = direct.letters.letter(id);
  if (letter === null || !letter.isMine || letter.peer !== peer || letter.withdrawn) return;
  if (!direct.mayResend(peer, id + sealing.toHex())) return;
  reseal(state, direct, peer, letter.content, now, sealing);
}

/** Seals what nobody at this keyboard has asked for; says whether it could be done. */
function reseal(
  state: EngineState,
  direct: Direct,
  peer: PeerId,
  content: LetterContent,
  now: Now,
  sealing?: Uint8Array,
): boolean {
  try {
    const open = commonRoom(state, direct, peer);
    const wishes = sealing === undefined ? {} : { sealing };
    seal(state, direct, open, peer, content, now, { ...wishes, isCopy: true });
    return true;
  } catch (error) {
    if (error instanceof ChatError) return false;
    throw error;
  }
}

/** The room under which a person finds a letter; `null` if the post is none of ours or for us. */
export function letterRoom(state: EngineState, id: PostId): string | null {
  const letter = state.direct?.letters.letter(id) ?? null;
  return letter === null ? null : directRoom(letter.peer);
}

/** What was told of before is known again: chats, and those who wait for an answer. */
export function reloadLetters(state: EngineState): void {
  const { direct } = state;
  if (direct === null) return;
  for (const letter of direct.letters.correspondents(state.limits.directChatsMax).toReversed()) {
    const { peer, isMine, content, id, withdrawn } = letter;
    const { accepted, blocked } = state.decided.of(peer);
    if (accepted) direct.openChat(peer);
    else if (!blocked && !isMine && !withdrawn) {
      state.decided.onRequest({ from: peer, name: "", text: content.text, id });
    }
  }
}

/** Renews the own sealing key when it is time, drops old ones, and ends what waits in vain. */
export function onDirectTime(state: EngineState, now: Now): void {
  const { direct, limits } = state;
  if (direct === null) return;
  endWaiting(state, now.monoMs);
  if (now.monoMs < direct.lookMs) return;
  direct.lookMs = now.monoMs + limits.sealingLookMs;
  const isLinked = [...state.rooms.keys()].some((id) =>
    state.broadcast.targets(id, null).length > 0
  );
  const isWhole = state.fetch.missingLogs === 0;
  if (direct.keys.onTime(now.monoMs, isLinked, isWhole)) {
    state.act({ type: "rememberKeys", keys: direct.keys.all });
  }
  const wallMs = state.clock.correctedMs(now.wallMs);
  if (!direct.keys.isDue(wallMs) || state.probeMs !== null || state.rooms.size === 0) return;
  direct.keys.renew(state.crypto.generateX25519(), wallMs);
  for (const open of state.rooms.values()) postProfile(state, open, state.name, now);
}

/**
 * Tells in a room how we are called and what to seal to; new keys are stored with it.
 *
 * @returns Whether it did: in a private room only its members are told.
 */
export function postProfile(state: EngineState, open: OpenRoom, name: string, now: Now): boolean {
  if (open.isPrivate && !state.private?.mayWrite(open.room.id)) return false;
  const { direct } = state;
  if (direct === null) {
    post(state, open, { kind: "profile", name }, null, now);
    return true;
  }
  const keys = direct.keys.unsaved;
  const body = { kind: "profile", name, keys: direct.sealer.profileKeys } as const;
  post(state, open, body, null, now, keys === null ? undefined : { type: "keys", keys });
  return true;
}

/** Whether our profile in a room tells of us as we are now. */
export function isIntroduced(state: EngineState, open: OpenRoom): boolean {
  const key = state.direct?.keys.newest.publicKey.toHex() ?? null;
  return open.called === state.name && open.toldKey === key;
}
