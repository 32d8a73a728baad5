/**
 * The page's end of the one WebSocket: commands out, answers and events in, and a new socket
 * whenever the old one breaks. What the peer has told since the last event seen comes again
 * by its number; a text of which no answer came is sent again under the ref it had, and the
 * peer says it once.
 */

import { type Line, Refusal } from "./line.ts";
import { LinePump } from "./line_pump.ts";

export { type Line, Refusal };

/** How the connection to the peer is. */
export type LinkState =
  | "connecting"
  | "open"
  /** The peer does not answer; tried again. */
  | "away"
  /** The peer is there, but the token is not its own: it was started anew. */
  | "refused"
  /** The page is of another version. */
  | "old"
  | "closed";

/** Told what comes. */
export interface LinkReader {
  /** The connection has changed. */
  state(state: LinkState): void;
  /** The peer knows the page. `resumed`: nothing was missed. */
  greeted(hello: Line): void;
  event(event: Line): void;
}

interface Pending {
  readonly text: string;
  readonly isSay: boolean;
  /** Whether a run of the peer may have it. */
  wasSent: boolean;
  readonly resolve: (data: Line) => void;
  readonly reject: (error: Error) => void;
}

const protocol = "starling.1";
const version = 1;
const waitsMs = [200, 500, 1_000, 2_000, 4_000];
/** Codes of closing that ui/web/page_line.ts has. */
const closed = { loggedOut: 4000, wrongVersion: 4001 };

export class Link {
  #socket: WebSocket | null = null;
  #token = "";
  #run: string | null = null;
  #last = 0;
  #refs = 0;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Refs of this page differ from those of every other. */
  readonly #page = crypto.randomUUID().replaceAll("-", "").slice(0, 20);
  readonly #pending = new Map<string, Pending>();
  /** The language in which the peer writes its sentences. */
  lang = "en";

  /** Told what comes; set before the first `open`. */
  reader: LinkReader = { state: () => {}, greeted: () => {}, event: () => {} };

  /** Connects with a token, now and after each break. */
  open(token: string): void {
    this.#token = token;
    this.#drop();
    this.#tries = 0;
    this.#connect();
  }

  /** Ends the connection for good. */
  close(): void {
    this.#token = "";
    this.#drop();
    this.reader.state("closed");
  }

  /** Tries at once instead of later. */
  hurry(): void {
    if (this.#socket !== null || this.#token === "") return;
    this.#tries = 0;
    clearTimeout(this.#timer);
    this.#connect();
  }

  /** Gives a command and resolves with the `data` of its answer. */
  ask(command: Line): Promise<Line> {
    const ref = `${this.#page}-${++this.#refs}`;
    const text = JSON.stringify({ ref, ...command });
    const isSay = command.type === "say";
    const { promise, resolve, reject } = Promise.withResolvers<Line>();
    const isOpen = this.#socket?.readyState === WebSocket.OPEN;
    if (!isOpen && !isSay) reject(new Refusal("closed", ""));
    else {
      this.#pending.set(ref, { text, isSay, wasSent: isOpen, resolve, reject });
      if (isOpen) this.#socket!.send(text);
    }
    return promise;
  }

  /** Says in which language the peer should write. */
  speak(lang: string): void {
    this.lang = lang;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#hello(this.#socket);
  }

  #connect(): void {
    this.reader.state("connecting");
    const socket = new WebSocket(`ws://${location.host}/socket`, [
      protocol,
      `token.${this.#token}`,
    ]);
    this.#socket = socket;
    let wasOpen = false;
    socket.onopen = () => {
      wasOpen = true;
      this.#hello(socket);
    };
    const pump = new LinePump((text) => {
      const line: Line = JSON.parse(text);
      this.#take(line);
      return line.type === "result";
    });
    socket.onmessage = ({ data }) => pump.push(data);
    socket.onclose = ({ code }) => {
      pump.stop();
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#lost();
      if (code === closed.loggedOut) return this.close();
      if (code === closed.wrongVersion) return this.reader.state("old");
      if (wasOpen) this.#later();
      else this.#whyNot();
    };
  }

  #hello(socket: WebSocket): void {
    const ref = `${this.#page}-hello`;
    const run = this.#run;
    const hello = { ref, type: "hello", v: version, lang: this.lang, run, after: this.#last };
    socket.send(JSON.stringify(hello));
  }

  #take(line: Line): void {
    if (typeof line.n === "number") this.#last = line.n;
    if (line.type !== "result") return this.reader.event(line);
    const { ref, ok, error, data } = line;
    if (ref === `${this.#page}-hello`) return this.#greeted(data);
    const pending = this.#pending.get(ref);
    this.#pending.delete(ref);
    if (ok) pending?.resolve(data ?? {});
    else pending?.reject(new Refusal(error.code, error.message));
  }

  #greeted(hello: Line): void {
    this.#tries = 0;
    const isOtherRun = this.#run !== null && this.#run !== hello.run;
    this.#run = hello.run;
    if (!hello.resumed) this.#last = hello.after;
    this.reader.state("open");
    for (const [ref, pending] of this.#pending) {
      if (isOtherRun && pending.wasSent) {
        // Whether the run that has ended took it, this one does not know.
        this.#pending.delete(ref);
        pending.reject(new Refusal("unknown", ""));
      } else {
        pending.wasSent = true;
        this.#socket?.send(pending.text);
      }
    }
    this.reader.greeted(hello);
  }

  /** Gives up what is no text: it can be asked again. */
  #lost(): void {
    for (const [ref, { isSay, reject }] of this.#pending) {
      if (isSay) continue;
      this.#pending.delete(ref);
      reject(new Refusal("closed", ""));
    }
  }

  /** A browser does not say why a socket did not open: ask for the page itself. */
  async #whyNot(): Promise<void> {
    const token = this.#token;
    const isThere = await fetch("/icon.svg").then(() => true, () => false);
    if (this.#socket !== null || this.#token !== token) return;
    this.reader.state(isThere ? "refused" : "away");
    if (!isThere) this.#later();
  }

  #later(): void {
    if (this.#tries > 0 || document.visibilityState === "visible") this.reader.state("away");
    const waitMs = waitsMs[Math.min(this.#tries++, waitsMs.length - 1)]!;
    this.#timer = setTimeout(() => this.#connect(), waitMs);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#lost();
  }
}
