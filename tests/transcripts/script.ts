/**
 * The scripts of the transcripts. A line that begins with `$` says what happens next; what
 * follows it, up to the next such line or comment, is what the engines made of it.
 *
 * - `$ peers ann bo` puts engines on the stage; `$ stranger eve` somebody without one.
 * - `$ ann: join lobby; say lobby hello | bo: connect ann` gives commands, those of one peer in
 *   one step, those of several before any of them moves; `paste lobby 6` says 6 long texts.
 * - `$ wait 20 s` lets time pass.
 * - `$ ann stops`, `$ ann starts`, `$ disk of ann fills up`, `$ disk of ann works`,
 *   `$ clock of ann jumps by 660 s`.
 * - `$ cut ann bo` breaks their links; `$ silence ann bo` loses all that is sent from now on,
 *   both ways; `$ hold ann bo` keeps what ann sends to bo until `$ release ann bo`.
 * - `$ eve dials bo`, `$ eve sends bo: a good post` (stranger.ts has the list).
 * - `$ (bo: connect ann)` does it without a word: for what other transcripts tell.
 */

import type { Command } from "../../peer/input.ts";
import { publicRoomId } from "../../wire/text.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { Stage } from "./stage.ts";
import { Stranger } from "./stranger.ts";

/** The rooms that scripts may open. */
const rooms = ["lobby", "den"];

/**
 * Plays a transcript.
 *
 * @param text A transcript: comments, script lines, and any results below them.
 * @returns The same comments and script lines, with the results that they have now.
 */
export function play(text: string): string {
  const lines: string[] = [];
  let isSilent = false;
  const player = new Player((line) => {
    if (!isSilent) lines.push(line);
  });
  for (const line of text.split("\n")) {
    const isKept = line.startsWith("#") || line.startsWith("$");
    if (!isKept && line !== "") continue;
    if (line === "" && lines.at(-1) === "") continue;
    lines.push(line);
    if (!line.startsWith("$")) continue;
    const [, inner] = /^\$ \((.*)\)$/.exec(line) ?? [];
    isSilent = inner !== undefined;
    player.play(inner ?? line.slice(2));
  }
  return lines.join("\n").trimEnd() + "\n";
}

class Player {
  readonly #stage: Stage;
  readonly #strangers = new Map<string, Stranger>();

  constructor(write: (line: string) => void) {
    this.#stage = new Stage(write);
    const crypto = seededCrypto(0);
    for (const room of rooms) this.#stage.words.call(publicRoomId(room, crypto), `#${room}`);
  }

  play(line: string): void {
    const stage = this.#stage;
    const [, verb = "", rest = ""] = /^(\w+) ?(.*)$/.exec(line) ?? [];
    const [first = "", second = ""] = rest.split(" ");
    if (/^\w+:/.test(line)) this.#command(line);
    else if (verb === "peers") { for (const name of rest.split(" ")) stage.add(name); }
    else if (verb === "stranger") {
      this.#strangers.set(first, new Stranger(stage, first, rooms[0]!));
    } else if (verb === "wait") stage.wait(seconds(rest));
    else if (verb === "disk") stage.actor(second).isDiskFull = rest.endsWith("fills up");
    else if (verb === "clock") stage.actor(second).clockOffsetMs += seconds(rest.split(" by ")[1]!);
    else if (verb === "cut") this.#cut(first, second);
    else if (verb === "hold" || verb === "release") {
      for (const end of stage.endsBetween(first, second)) end.hold(verb === "hold");
    } else if (verb === "silence") {
      for (
        const end of [...stage.endsBetween(first, second), ...stage.endsBetween(second, first)]
      ) {
        end.silence();
      }
    } else if (first === "stops") stage.stop(verb);
    else if (first === "starts") stage.start(verb);
    else if (first === "dials") this.#strangers.get(verb)!.dial(second);
    else if (first === "sends") {
      this.#strangers.get(verb)!.say(second.slice(0, -1), line.slice(line.indexOf(":") + 2));
    } else throw new Error(`Cannot play ${JSON.stringify(line)}`);
    stage.settle();
  }

  #cut(first: string, second: string): void {
    for (const end of this.#stage.endsBetween(first, second)) end.lose("connection reset");
    for (const end of this.#stage.endsBetween(second, first)) end.lose("connection reset");
  }

  #command(line: string): void {
    for (const part of line.split(" | ")) {
      const [, name, commands] = /^(\w+): (.*)$/.exec(part)!;
      for (const typed of commands!.split("; ")) {
        for (const command of this.#read(typed)) this.#stage.command(name!, command);
      }
    }
  }

  #read(typed: string): Command[] {
    const [verb = "", first = "", ...others] = typed.split(" ");
    const text = others.join(" ");
    switch (verb) {
      case "say":
        return [{ type: "say", room: first, kind: "text", text, reply: null }];
      case "paste":
        return Array.from({ length: Number(text) }, (_, i): Command => {
          const long = `${i + 1} ${"x".repeat(16_000)}`;
          return { type: "say", room: first, kind: "text", text: long, reply: null };
        });
      case "action":
      case "topic":
        return [{ type: "say", room: first, kind: verb, text, reply: null }];
      case "join":
      case "leave":
        return [{ type: verb, room: first }];
      case "withdraw":
        return [{ type: "withdraw", id: this.#stage.words.postCalled(first) }];
      case "rename":
        return [{ type: "rename", name: first }];
      case "away":
        return [{ type: "away", reason: first }];
      case "connect":
        return [{ type: "connect", address: `${first}:9797` }];
      case "disconnect":
        return [{ type: "disconnect", target: `${first}:9797` }];
      case "reconnect":
        return [{ type: "reconnect", target: null }];
      case "quit":
        return [{ type: "quit" }];
      default:
        throw new Error(`No command ${JSON.stringify(typed)}`);
    }
  }
}

function seconds(text: string): number {
  const found = /^(-?[\d.]+) s$/.exec(text);
  if (found === null) throw new Error(`Cannot read ${JSON.stringify(text)}: write 20 s`);
  return Number(found[1]) * 1_000;
}
