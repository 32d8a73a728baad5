/** What a person or program wants: the commands of the engine. */

import type { PostId } from "../wire/ids.ts";
import { decodePost } from "../wire/post.ts";
import type { PostBody } from "../wire/post_body.ts";
import { checkName, checkReason, checkText } from "../wire/text.ts";
import { shownAs } from "./engine_charge.ts";
import { acceptInvite, connect, disconnect, reconnect } from "./engine_dialling.ts";
import { endWaiting, postProfile, sayDirect } from "./engine_direct.ts";
import { askForMore } from "./engine_history.ts";
import { importPosts } from "./engine_import.ts";
import { needDisk, post } from "./engine_post.ts";
import { mayHide, needVoice, usePower } from "./engine_power.ts";
import { announce, wordState } from "./engine_presence.ts";
import { sayLast } from "./engine_receipts.ts";
import {
  endSilence,
  foundRoom,
  join,
  leave,
  needInvites,
  needPrivate,
  openRoom,
} from "./engine_rooms.ts";
import type { EngineState } from "./engine_state.ts";
import { accept, decide, nameForUs, verify } from "./engine_trust.ts";
import { ChatError } from "./errors.ts";
import type { Command, Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import { refusal } from "./refusal.ts";

/**
 * Carries out a command and answers it, at once or when its post is on disk.
 *
 * @returns What it means for links.
 */
export function onCommand(
  state: EngineState,
  ref: number,
  command: Command,
  now: Now,
): LinkEvent[] {
  try {
    return carryOut(state, ref, command, now);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    const { code, message } = error;
    state.act({ type: "acknowledge", ref, outcome: { ok: false, code, message } });
    return [];
  }
}

/** What a start gives by itself, and the end: nothing is said by them. */
const silentCommands: ReadonlySet<Command["type"]> = new Set(["join", "import", "connect", "quit"]);

function carryOut(state: EngineState, ref: number, command: Command, now: Now): LinkEvent[] {
  if (state.quitting) throw new ChatError("closed", "This peer is leaving");
  if (!silentCommands.has(command.type)) endSilence(state, now);
  switch (command.type) {
    case "say":
      return say(state, ref, command, now);
    case "direct":
      sayDirect(state, ref, command, now);
      return [];
    case "accept":
      accept(state, command.peer);
      if (state.direct !== null) state.direct.openChat(command.peer);
      return done(state, ref);
    case "verify":
      verify(state, command.peer, command.on);
      return done(state, ref);
    case "petname":
      nameForUs(state, command.peer, command.name);
      return done(state, ref);
    case "block":
      if (command.peer === state.me) throw new ChatError("no-such-peer", "That is you");
      decide(state, command.peer, { blocked: command.on });
      return done(state, ref);
    case "withdraw":
      return withdraw(state, ref, command.id, now);
    case "join":
      if (!join(state, command.room, now)) return done(state, ref);
      state.batch.refs.push({ ref, post: null });
      return [];
    case "found":
      foundRoom(state, ref, command, now);
      return [];
    case "add-member":
      needPrivate(state).addMember(command.room, command.guest, now);
      return done(state, ref);
    case "adopt":
      needPrivate(state).adopt(command.secret, now);
      return done(state, ref);
    case "make-invite":
      needInvites(state).make(command.room, command, ref, now);
      return [];
    case "revoke-invite":
      needInvites(state).revoke(command.room, command.invite, ref, now);
      return [];
    case "power":
      usePower(state, openRoom(state, command.room), command.deed, ref, now);
      return [];
    case "leave":
      leave(state, command.room, now);
      return done(state, ref);
    case "rename":
      return rename(state, ref, command.name, now);
    case "away":
      return away(state, ref, command.reason, now);
    case "connect":
      connect(state, command.address, now);
      return done(state, ref);
    case "accept-invite":
      acceptInvite(state, command, now);
      return done(state, ref);
    case "disconnect":
      return [...disconnect(state, command.target, now), ...done(state, ref)];
    case "reconnect":
      reconnect(state, command.target, now);
      return done(state, ref);
    case "more":
      askForMore(state, openRoom(state, command.room));
      return done(state, ref);
    case "import":
      needDisk(state);
      if (!importPosts(state, command.posts, now)) return done(state, ref);
      state.batch.refs.push({ ref, post: null });
      return [];
    case "quit":
      return quit(state, ref, now);
  }
}

function done(state: EngineState, ref: number): LinkEvent[] {
  state.act({ type: "acknowledge", ref, outcome: { ok: true, id: null } });
  return [];
}

function say(
  state: EngineState,
  ref: number,
  command: Extract<Command, { type: "say" }>,
  now: Now,
): LinkEvent[] {
  const open = openRoom(state, command.room);
  const { kind, text, reply } = command;
  const problem = kind === "topic" && text === "" ? null : checkText(text);
  if (problem !== null) throw refusal("text", problem, text);
  needVoice(state, open, kind === "topic" ? "topic" : "word");
  const body: PostBody = kind === "topic" ? { kind, text } : { kind, text, reply };
  post(state, open, body, ref, now);
  return [];
}

function withdraw(state: EngineState, ref: number, id: PostId, now: Now): LinkEvent[] {
  const stored = state.reader.get(id);
  if (stored === null) throw new ChatError("no-such-post", `No post ${id} is stored here`);
  const target = decodePost(stored, state.crypto);
  const room = state.rooms.get(target.room);
  const hides = room !== undefined && mayHide(state, room, target.author);
  if (target.author !== state.me && !hides) {
    throw new ChatError("not-the-author", `Post ${id} is by somebody else and stays`);
  }
  if (state.reader.isWithdrawn(id) || shownAs(state, target).hidden) {
    throw new ChatError("no-such-post", `Post ${id} is taken back already`);
  }
  if (room === undefined) {
    throw new ChatError("not-joined", `The room of post ${id} is not open; /join it first`);
  }
  needVoice(state, room, "word");
  post(state, room, { kind: "tombstone", target: id }, ref, now);
  return [];
}

function rename(state: EngineState, ref: number, name: string, now: Now): LinkEvent[] {
  const problem = checkName(name);
  if (problem !== null) throw refusal("name", problem, name);
  needDisk(state);
  let told = false;
  for (const open of state.rooms.values()) {
    told = postProfile(state, open, name, now) || told;
  }
  if (!told) {
    takeName(state, name, now);
    return done(state, ref);
  }
  state.batch.newName = name;
  state.batch.refs.push({ ref, post: null });
  return [];
}

/** Bears a new name from now on, whose posts are stored. */
export function takeName(state: EngineState, name: string, now: Now): void {
  state.name = name;
  state.act({ type: "rememberName", name });
  for (const open of state.rooms.values()) {
    announce(state, open, wordState(state), now);
  }
}

function away(state: EngineState, ref: number, reason: string | null, now: Now): LinkEvent[] {
  const problem = reason === null ? null : checkReason(reason);
  if (problem !== null) throw refusal("text", problem, reason ?? "");
  const isNews = state.away !== reason;
  state.away = reason;
  for (const open of state.rooms.values()) {
    announce(state, open, wordState(state), now);
    const who = { room: open.room.name, from: state.me, name: state.name };
    if (isNews) state.notify({ type: "away", ...who, reason });
  }
  return done(state, ref);
}

function quit(state: EngineState, ref: number, now: Now): LinkEvent[] {
  for (const open of state.rooms.values()) {
    sayLast(state, open, now);
    announce(state, open, "left", now);
  }
  endWaiting(state, Infinity);
  state.quitting = true;
  state.links.rest();
  const events = [...state.links.sessions].map((s) => state.links.end(s, "leaving", now));
  return [...events, ...done(state, ref)];
}
