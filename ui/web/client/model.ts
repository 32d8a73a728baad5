/**
 * What the page knows, and how it says that something is to be drawn anew. What changes it
 * stands elsewhere: events in page.ts, what a person does in deeds.ts and history.ts.
 *
 * Bursts cost one drawing per frame of the screen: events change the model at once and ask
 * for a drawing, which happens when the browser is about to show a frame.
 */

import { skeleton } from "../../../peer/look_alike.ts";
import type { PeerId } from "../../../wire/ids.ts";
import { englishPage } from "../../catalogue_page_en.ts";
import { chinesePage } from "../../catalogue_page_zh.ts";
import { mentionOf } from "../../mention.ts";
import { Names } from "../../names.ts";
import { inertLine } from "../../sanitize.ts";
import { type Line, Link, type LinkState, Refusal } from "./link.ts";
import type { Room } from "./room.ts";
import type { Row } from "./room_log.ts";
import { read, write } from "./storage.ts";

/** What is shown over the page. */
export type Sheet =
  | { readonly type: "person"; readonly from: string; readonly name: string }
  | { readonly type: "info"; readonly id: string }
  | { readonly type: "search"; readonly query: string }
  | { readonly type: "settings" | "connect" | "join" | "switcher" | "help" }
  | { readonly type: "people" | "room" | "found" | "invite" | "log" };

/** Languages of the page. */
export type Language = "en" | "zh";

/** Each with its tag, and as its speakers call it. */
export const languageNames: readonly (readonly [Language, tag: string, name: string])[] = [
  ["en", "en", englishPage.language],
  ["zh", "zh-CN", chinesePage.language],
];

const catalogues = { en: englishPage, zh: chinesePage };
/** Several changes of a room's people or of the links are one question. */
const askAgainMs = 150;
/** A drawing that takes longer than this is followed by a pause. */
const slowDrawMs = 8;
/** So many changes between two drawings are a burst. */
const burstChanges = 200;
/** A burst is drawn when it has ended, or after so long. */
const burstMs = 250;
/** How often a page is drawn that nobody sees. */
const hiddenDrawMs = 200;

export class Model {
  readonly link = new Link();
  readonly rooms = new Map<string, Room>();
  linkState: LinkState = "closed";
  loggedOut = false;
  /** Whether the peer has said who it is. */
  known = false;
  /** Nobody has chosen a name yet. */
  unnamed = false;
  me = "";
  name = "";
  listen: readonly string[] = [];
  /** The links, as `peers` has them; `null` before that was answered. */
  peers: readonly Line[] | null = null;
  /** Those who have written and wait for an answer, as `requests` has them. */
  requests: readonly Line[] = [];
  /** Whether the peer has said which rooms are open. */
  roomsKnown = false;
  current: string | null = null;
  sheet: Sheet | null = null;
  /** In one column: whether the rooms are shown instead of the current one. */
  showsRooms = false;
  lang: Language;
  names = new Names("" as PeerId);
  #mention = { name: "", isIn: (_text: string): boolean => false };
  #draw: () => void = () => {};
  #isDrawing = false;
  /** The frame that is waited for, if it is one. */
  #frame: number | null = null;
  /** How often something has changed since it was drawn. */
  #changes = 0;
  /** The same one frame before. */
  #changesBefore = 0;
  /** When the first of these changes is to be drawn. */
  #dueMs = 0;
  readonly #asking = new Set<string>();

  constructor() {
    this.lang = /^zh\b/i.test(read("lang") ?? navigator.language) ? "zh" : "en";
    this.link.lang = this.lang;
  }

  /** The words of the language. */
  get words(): typeof englishPage {
    return catalogues[this.lang];
  }

  /** The open room that is looked at. */
  get room(): Room | null {
    return this.current === null ? null : this.rooms.get(this.current) ?? null;
  }

  /** Links that are up; `null` as long as that is not known. */
  get up(): number | null {
    return this.peers?.filter(({ state }) => state === "up").length ?? null;
  }

  /** Whether somebody looks at the page. */
  get isLookedAt(): boolean {
    return document.visibilityState === "visible" && document.hasFocus();
  }

  /** Unread posts of all rooms. */
  get unread(): number {
    return [...this.rooms.values()].reduce((sum, room) => sum + room.unread, 0);
  }

  /** Who draws, whenever something has changed. */
  onChange(draw: () => void): void {
    this.#draw = draw;
    draw();
  }

  /** Something has changed: it is drawn with the next frame, or soon if nobody looks. */
  changed(): void {
    this.#changes++;
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    this.#dueMs = performance.now();
    if (document.visibilityState !== "visible") setTimeout(() => this.#drawn(), hiddenDrawMs);
    else this.#nextFrame();
  }

  #nextFrame(): void {
    this.#frame = requestAnimationFrame((now) => {
      // What is drawn now would be drawn again, and whatever comes would wait for both.
      const isComing = this.#changes > burstChanges && this.#changes !== this.#changesBefore;
      this.#changesBefore = this.#changes;
      if (isComing && now - this.#dueMs < burstMs) this.#nextFrame();
      else this.#drawn();
    });
  }

  /** Nobody looks any more: the frame that is waited for would come only when somebody does. */
  hidden(): void {
    if (this.#frame === null) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    setTimeout(() => this.#drawn(), hiddenDrawMs);
  }

  #drawn(): void {
    const start = performance.now();
    this.#frame = null;
    this.#changes = 0;
    this.#changesBefore = 0;
    const count = this.unread;
    const label = this.room === null ? "" : this.label(this.room).replace(/^#/, "");
    document.title = `${count > 0 ? `(${count}) ` : ""}${label} Starling`.trim();
    const drawn = () => {
      this.#isDrawing = false;
      if (this.#changes > 0) this.changed();
    };
    try {
      this.#draw();
    } finally {
      // In a burst the browser gets as long again for what comes as the drawing has taken.
      const took = performance.now() - start;
      if (took > slowDrawMs) setTimeout(drawn, took);
      else drawn();
    }
  }

  /** Shows something over the page, or nothing. */
  show(sheet: Sheet | null): void {
    this.sheet = sheet;
    this.changed();
  }

  /** Speaks another language. */
  speak(lang: Language): void {
    this.lang = lang;
    write("lang", lang);
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
    this.link.speak(lang);
    this.changed();
  }

  /** How a room is called: a chat for two like its person; with a tag where two are called so. */
  label({ name, title, isDirect }: Room): string {
    if (isDirect) {
      const peer = name.slice(1) as PeerId;
      return title === "" ? this.names.known(peer) : this.names.shown(peer, title);
    }
    if (!name.startsWith("~")) return inertLine(title === "" ? `#${name}` : title);
    if (title === "") return name.slice(0, 9);
    // Everybody may found another one that is called so: then their ids tell them apart.
    const looks = skeleton(title);
    const isAlone = [...this.rooms.values()].every((each) =>
      each.name === name || !each.isFounded || skeleton(each.title) !== looks
    );
    return `~${inertLine(title)}${isAlone ? "" : `·${name.slice(1, 5)}`}`;
  }

  /** Why something was refused, for a person. */
  reasonOf({ code, message }: Refusal): string {
    return code === "closed" && message === "" ? this.words.notConnected : message;
  }

  /** Waits for a deed. If the peer refuses it, `told` gets why, for a person. */
  settle(deed: Promise<unknown>, told: (reason: string) => void): void {
    deed.catch((error) => {
      if (!(error instanceof Refusal)) throw error;
      told(this.reasonOf(error));
      this.changed();
    });
  }

  /** How a person is called. */
  nameOf(from: string, name: string): string {
    return this.names.shown(from as PeerId, name);
  }

  /** How the author of a row is called now, whose name may have been another when it came. */
  authorOf({ from, name }: Row): string {
    return this.names.known(from as PeerId, name);
  }

  /** Whether a text names this person as a whole word. */
  isNamedIn(text: string): boolean {
    if (this.#mention.name !== this.name) {
      this.#mention = { name: this.name, isIn: mentionOf(this.name) };
    }
    return this.#mention.isIn(text);
  }

  /** Asks something soon, once for all who want to know it. */
  soon(what: string, ask: () => Promise<unknown>, ms = askAgainMs): void {
    if (this.#asking.has(what)) return;
    this.#asking.add(what);
    setTimeout(() => {
      this.#asking.delete(what);
      // A break or a room that was left meanwhile: what follows asks again.
      this.settle(ask().then(() => this.changed()), () => {});
    }, ms);
  }
}
