/**
 * What notices do to a full screen: posts and their ticks, people who come and go, gaps, and
 * what is told in a line. What calls a person to the terminal goes out with the next frame.
 */

import type { Notice, RoomName, ShownPost } from "../../peer/notice.ts";
import { CrowdLines } from "../crowd_lines.ts";
import { noticeText } from "../notice_text.ts";
import { notification } from "../notification.ts";
import { postWords, roomLabel } from "../post_line.ts";
import { inertLine } from "../sanitize.ts";
import { screenLimits } from "../screen_limits.ts";
import { Calls } from "./calls.ts";
import type { Display } from "./display.ts";
import type { RoomView } from "./room_view.ts";
import type { ScreenState } from "./state.ts";
import { deliver } from "./ticks.ts";

/** What arrivals are given. */
export interface ArrivalsSetting {
  readonly state: ScreenState;
  readonly display: Pick<Display, "layout" | "soon">;
  /** Calls back once, unless the returned function is called before. */
  readonly after: (delayMs: number, action: () => void) => () => void;
  /** Told of a post that may have been read. */
  readonly onShown: () => void;
}

/** Takes the notices of one screen. */
export class Arrivals {
  readonly #calls = new Calls();
  readonly #crowdLines = new CrowdLines();
  #stopTicks: (() => void) | null = null;
  #closed = false;

  /** Nothing has arrived yet. */
  constructor(private readonly setting: ArrivalsSetting) {}

  /** Takes a notice; what it changes is drawn before long. */
  notice(notice: Notice): void {
    const { state, display } = this.setting;
    switch (notice.type) {
      case "message":
        this.#arrived(notice.post);
        break;
      case "receipt":
      case "delivery":
        this.#delivered(notice);
        break;
      case "withdrawn":
        this.#withdrawn(notice.room, notice.id);
        break;
      case "room":
        state.sync();
        state.facts.forget();
        break;
      case "read":
        state.rooms.readElsewhere(notice.room);
        break;
      case "presence":
        this.#present(notice);
        break;
      case "gap": {
        const text = noticeText(notice, state.names, state.catalogue);
        const entries = state.rooms.named(notice.room)?.entries;
        entries?.stand(notice.from, notice.missing === 0 ? null : text, state.now());
        break;
      }
      case "progress":
        state.remarks.progress(notice.room, notice.fetched, notice.total);
        break;
      default:
        this.#told(notice);
    }
    display.soon();
  }

  /** Looks up nothing any more. */
  close(): void {
    this.#closed = true;
    this.#stopTicks?.();
  }

  /** Bells, titles and the like that are to be written now. */
  takeCalls(): string {
    const { rooms, names } = this.setting.state;
    const { urgent, current: { room } } = rooms;
    const label = inertLine(roomLabel(room, names)).replace(/^#/, "");
    return this.#calls.take(label, urgent);
  }

  #told(notice: Notice): void {
    const { state, display } = this.setting;
    if (notice.type === "renamed") display.layout++;
    const { linked } = state.facts;
    state.facts.forget();
    if (notice.type === "peer" && notice.event === "up") this.#failing(notice.address, null);
    // Coming and going says it already, and the status row counts.
    if (notice.type === "peer" && notice.event === "up" && linked > 0) return;
    if (notice.type === "peer" && notice.reason === "left") return;
    const text = noticeText(notice, state.names, state.catalogue);
    if (text === null || !this.#crowdLines.takes(notice)) return;
    if (notice.type === "notice" && notice.code === "dial-failed") {
      return this.#failing(notice.address, text);
    }
    const room = "room" in notice ? notice.room : null;
    state.note(text, room);
    // Whoever has waited for it may look at another room.
    const isAwaited = notice.type === "notice" && notice.code === "let-in";
    if (isAwaited && room !== state.rooms.current.room) state.note(text);
  }

  /** What was told of an address holds no more, wherever it stands: one line tells of the last try. */
  #failing(address: string, text: string | null): void {
    const { state } = this.setting;
    const { all, current } = state.rooms;
    const key = `dial ${address}`;
    for (const { entries } of [...all, current]) entries.stand(key, null, state.now());
    current.entries.stand(key, text, state.now());
  }

  #arrived(post: ShownPost): void {
    const { state, onShown } = this.setting;
    const { rooms } = state;
    const view = rooms.named(post.room) ?? this.#opened(post.room);
    if (view === undefined) return;
    state.names.shown(post.from, post.name);
    if (post.kind === "topic") rooms.look();
    const mention = state.isMention(post);
    const isUrgent = post.origin === "live" && !post.clockAhead &&
      (mention || post.room.startsWith("@"));
    if (isUrgent && !state.conversation.muted.has(post.room)) this.#call(post);
    const isCurrent = view === rooms.current;
    if (!isCurrent && view.isNew(post)) view.missed(isUrgent);
    if (isCurrent && isUrgent) view.urgent++;
    if (!view.opened) return;
    const isAbove = view.isAbove(post);
    if (view.anchor !== null && !isAbove) view.below++;
    const entry = view.entries.add(post, { late: post.late, mention });
    if (entry === null) return;
    if (post.origin === "own") [entry.isComplete, entry.tick] = [post.reply === null, "stored"];
    if (view.anchor === null) view.entries.trim("newest");
    if (isCurrent) onShown();
  }

  #opened(room: RoomName): RoomView | undefined {
    const { rooms } = this.setting.state;
    rooms.sync(null);
    return rooms.named(room);
  }

  /** Calls the person to the terminal, as is preferred. */
  #call(post: ShownPost): void {
    const { names, catalogue, setting: { preferences } } = this.setting.state;
    const how = preferences.get("notify");
    const name = names.shown(post.from, post.name);
    const words = postWords(post, name, catalogue, names);
    const title = `${name} (${roomLabel(post.room, names)})`;
    this.#calls.call(notification(how, title, words));
  }

  #delivered(notice: Extract<Notice, { type: "receipt" | "delivery" }>): void {
    const { room, id } = notice;
    const { rooms } = this.setting.state;
    rooms.named(room)?.entries.change(id, (entry) => deliver(entry, notice));
  }

  #withdrawn(room: RoomName, id: ShownPost["id"]): void {
    const { conversation, rooms } = this.setting.state;
    conversation.withdrawn(id);
    rooms.named(room)?.entries.change(id, (entry) => {
      entry.post = { ...entry.post, withdrawn: true, text: "" };
    });
  }

  #present(notice: Extract<Notice, { type: "presence" }>): void {
    const { state } = this.setting;
    state.names.shown(notice.from, notice.name);
    const event = notice.event === "join" ? "came" : "went";
    const view = state.rooms.named(notice.room);
    if (view?.opened) view.entries.presence(event, notice.from, state.now());
    if (event === "came" && !this.#closed) this.#stopTicks ??= this.#ticksLater();
    state.facts.forget();
  }

  /** Of posts of earlier runs nobody tells who has them: it is looked up when somebody came. */
  #ticksLater(): () => void {
    const { state, display, after } = this.setting;
    return after(screenLimits.ticksAgainMs, () => {
      this.#stopTicks = null;
      state.forgetTicks();
      display.soon();
    });
  }
}
