/**
 * Transcripts: plays of a few engines, written as text. A line that begins with `>` says what
 * happens; below it stands, indented, every step that follows from it, with its inputs (`<`)
 * and the whole list of its actions (`>`). Lines that begin with `#` are for the reader.
 *
 * A test plays the `>` lines again and compares. Rewrite a transcript only on purpose:
 * `deno task transcripts`.
 */

import type { Command } from "../../peer/input.ts";
import { Stage } from "./stage.ts";

const seconds = 1_000;

/**
 * Plays a transcript.
 *
 * @param text A transcript, with or without its steps.
 * @returns The same `>` and `#` lines with the steps as they are now.
 * @throws {Error} At a line that says nothing known.
 */
export function play(text: string): string {
  const stage = new Stage();
  const written: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("#") || line === "") written.push(line);
    if (!line.startsWith("> ")) continue;
    written.push(line);
    perform(stage, line.slice(2).split(" "));
    stage.play();
    written.push(...stage.lines.splice(0));
  }
  return written.join("\n").replace(/\n*$/, "\n").replace(/\n{3,}/g, "\n\n");
}

function perform(stage: Stage, words: readonly string[]): void {
  const [who = "", verb = "", ...rest] = words;
  switch (who) {
    case "enter":
      return stage.enter(verb, Number(rest[0] ?? 0) * seconds);
    case "cut":
      return stage.cut(verb, rest[0] ?? "");
    case "wait":
      return stage.wait(Number(verb) * seconds);
  }
  if (verb === "disk") return stage.disk(who, rest[0] === "works");
  if (verb === "forges") return forge(stage, who, rest);
  stage.command(who, command(verb, rest));
}

function command(verb: string, rest: readonly string[]): Command {
  const [first = "", ...others] = rest;
  switch (verb) {
    case "joins":
      return { type: "join", room: first };
    case "leaves":
      return { type: "leave", room: first };
    case "connects":
      return { type: "connect", address: first };
    case "quits":
      return { type: "quit" };
    case "says":
      return { type: "say", room: first, kind: "text", text: others.join(" "), reply: null };
    case "renames":
      return { type: "rename", name: first };
    default:
      throw new Error(`A transcript has no word ${JSON.stringify(verb)}`);
  }
}

/** `eve forges ann text lobby`: passes off something spoilt of what eve has stored. */
function forge(
  stage: Stage,
  from: string,
  [to = "", what = "", room = ""]: readonly string[],
): void {
  const { signed, signature } = stage.stored(from, room);
  const spoilt = signed.slice();
  spoilt[spoilt.length - 1]! ^= 1;
  const roomId = stage.roomId(room);
  const posts = [{ signed: spoilt, signature }];
  if (what === "text") stage.slip(from, to, { type: "posts", room: roomId, posts });
  else if (what === "page") {
    stage.slip(from, to, { type: "page", room: roomId, request: 7, posts, last: true });
  } else throw new Error(`Nobody can forge ${JSON.stringify(what)}`);
}
