/**
 * What a full screen holds: its rooms, the names of people, what was looked up and what was
 * found. Notices (arrivals.ts) and the person (full_screen.ts, deeds.ts) change it; sight.ts
 * shows it. It draws nothing and waits for nothing.
 */

import type { Chat } from "../../peer/chat.ts";
import type { RoomName, ShownPost } from "../../peer/notice.ts";
import type { PeerId } from "../../wire/ids.ts";
import type { Catalogue } from "../catalogue.ts";
import { Conversation } from "../conversation.ts";
import { errorText } from "../error_text.ts";
import { mentionOf } from "../mention.ts";
import { mutedRooms } from "../mute_command.ts";
import type { Names } from "../names.ts";
import type { Preferences } from "../preferences.ts";
import { screenLimits } from "../screen_limits.ts";
import { Cells } from "./cells.ts";
import type { ScreenDevice } from "./device.ts";
import { Facts, type Known } from "./facts.ts";
import type { Found } from "./found.ts";
import { Memory } from "./memory.ts";
import { Remarks } from "./remarks.ts";
import type { RoomView } from "./room_view.ts";
import { Rooms } from "./rooms.ts";

/** What a screen is about. */
export interface StateSetting {
  /** What is shown. */
  readonly chat: Chat;
  /** The language, colours and signs. */
  readonly preferences: Preferences;
  /** The terminal. */
  readonly device: ScreenDevice;
}

/** The state of one screen. */
export class ScreenState {
  readonly cells = new Cells();
  readonly conversation: Conversation;
  readonly rooms: Rooms;
  readonly memory: Memory;
  readonly remarks = new Remarks();
  readonly facts: Facts;
  /** What a search has found, while it is looked through. */
  found: Found | null = null;
  /** Commands under way. */
  #performing = 0;
  #isNamed: (text: string) => boolean;

  /** No rooms before `open`. */
  constructor(readonly setting: StateSetting) {
    const { chat } = setting;
    this.conversation = new Conversation(chat.me);
    this.conversation.names.titles = (room) => chat.title(room);
    this.#isNamed = mentionOf(chat.name);
    this.memory = new Memory(chat);
    this.facts = new Facts(chat);
    this.rooms = new Rooms({
      chat,
      mentions: (post) => this.isMention(post),
      // Before anything is drawn: a name that two people share gets its tag on all lines.
      onEntry: ({ post }) => this.names.shown(post.from, post.name),
      onNew: (view, { kind, room, title }) => {
        if (kind === "direct") this.names.shown(room.slice(1) as PeerId, title);
        this.memory.recall(view);
      },
      onTrouble: (error, view) => view.entries.note(errorText(error, this.catalogue), this.now()),
    });
  }

  /** Looks at what the chat has open. */
  open(): void {
    const { chat } = this.setting;
    this.names.shown(chat.me, chat.name);
    this.conversation.muted = new Set(mutedRooms(chat));
    this.sync();
  }

  /** Rooms were opened or closed. */
  sync(): void {
    this.rooms.sync(null);
    this.#stayHere();
  }

  /**
   * A command begins. A room that it chooses stays chosen until it is shown, whatever is noticed
   * meanwhile: what is typed next would be said in the room before.
   *
   * @returns To be called when it has ended.
   */
  performing(): () => void {
    this.#performing++;
    return () => {
      this.#performing--;
      this.#stayHere();
    };
  }

  /** Commands are about the room on the screen, unless one of them chooses another. */
  #stayHere(): void {
    if (this.#performing === 0) this.conversation.room = this.rooms.current.room || null;
  }

  /** Brings a room onto the screen. */
  show(view: RoomView): void {
    this.memory.draft(this.rooms.current);
    this.memory.read(this.rooms.current);
    this.rooms.show(view);
    this.conversation.room = view.room || null;
    this.facts.forget();
  }

  /** Keeps the draft and the read marker of the room on the screen. */
  keep(): void {
    const view = this.rooms.current;
    this.memory.draft(view);
    if (view.anchor === null) this.memory.read(view);
  }

  /** Tells the person something, in a room that is open or else in the one on the screen. */
  note(text: string, room: RoomName | null = null): void {
    const view = (room === null ? undefined : this.rooms.named(room)) ?? this.rooms.current;
    for (const line of text.split("\n")) view.entries.note(line, this.now());
  }

  /** The texts, in the language that is preferred now. */
  get catalogue(): Catalogue {
    return this.setting.preferences.words.catalogue;
  }

  /** How people are called. */
  get names(): Names {
    return this.conversation.names;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.setting.device.now();
  }

  /** Whether a post speaks to this person by name. */
  isMention(post: ShownPost): boolean {
    if (post.from === this.setting.chat.me || post.withdrawn) return false;
    return post.kind !== "topic" && this.#isNamed(post.text);
  }

  /** This person may have another name now. */
  renamed(): void {
    this.#isNamed = mentionOf(this.setting.chat.name);
  }

  /** Who has own posts is to be looked up again. */
  forgetTicks(): void {
    for (const { entries } of this.rooms.all) entries.forgetTicks(this.setting.chat.me);
  }

  /** Who is in the room on the screen, and how many links there are. */
  known(): Known {
    return this.facts.of(this.rooms.current.room, this.now());
  }

  /** What `/reply 1` and the like count from. */
  shownPosts(): ShownPost[] {
    return this.rooms.current.entries.all
      .flatMap((entry) => entry.type === "post" ? [entry.post] : [])
      .slice(-screenLimits.recentPostsMax);
  }

  /** Names of all who can be named here: who waits for an answer, this room, the other ones. */
  everybody(): string[] {
    const { names, setting: { chat } } = this;
    const waiting = chat.requests().map(({ from, name }) => names.shown(from, name));
    const elsewhere = chat.rooms().flatMap(({ room }) => chat.who(room))
      .filter(({ from }) => from !== chat.me)
      .map(({ from, name }) => names.shown(from, name));
    return [...new Set([...waiting, ...this.namesByLastWord(), ...elsewhere])];
  }

  /** Names of the others in the room on the screen, who spoke last first. */
  namesByLastWord(): string[] {
    const { names, setting: { chat } } = this;
    const shown = new Set<string>();
    for (const entry of this.rooms.current.entries.all.toReversed()) {
      if (entry.type !== "post" || entry.post.from === chat.me) continue;
      shown.add(names.shown(entry.post.from, entry.post.name));
    }
    for (const { from, name } of this.known().people) {
      if (from !== chat.me) shown.add(names.shown(from, name));
    }
    return [...shown];
  }
}
