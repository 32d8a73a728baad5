/**
 * What the commands of NDJSON mode do, and the `data` of their answers; texts are said by
 * ndjson.ts, which also sees to the order.
 */

import { looksLikeInvite } from "../discovery/address.ts";
import type { Chat, PostInfo, TimelinePage } from "../peer/chat.ts";
import { normalRoomName } from "../wire/text.ts";
import { parseLine } from "./commands.ts";
import type { Conversation } from "./conversation.ts";
import type { JsonCommand } from "./ndjson_commands.ts";
import {
  codeEvent,
  fitting,
  infoData,
  madeInviteData,
  messageEvent,
  peerData,
  personData,
  requestData,
  roomData,
} from "./ndjson_events.ts";
import type { CommandLine } from "./perform.ts";
import type { Performance } from "./performance.ts";
import type { Preferences } from "./preferences.ts";
import { postLine } from "./post_line.ts";
import { Refusal } from "./refusal.ts";
import { inertLine } from "./sanitize.ts";
import { currentRoom, type Setting } from "./setting.ts";

/** What commands are carried out on. */
export interface PerformerSetting {
  /** What is shown. */
  readonly chat: Chat;
  /** For the sentences in notices and errors. */
  readonly preferences: Preferences;
  /** Called when the program wants to leave. */
  readonly quit: () => void;
}

/** A text to be said. */
export type Say = Extract<JsonCommand, { readonly type: "say" }>;
type SlashLine = Extract<JsonCommand, { readonly type: "command" }>;

/** Carries out commands. */
export class NdjsonPerformer {
  /**
   * Does nothing by itself.
   *
   * @param conversation Names, and the room that slash commands work on.
   * @param write Writes a line beside the answer: a notice of what did not fit in it.
   */
  constructor(
    private readonly setting: PerformerSetting,
    private readonly conversation: Conversation,
    private readonly write: (line: string) => void,
  ) {}

  /**
   * Carries out a command; resolves with the `data` of its answer, as JSON.
   *
   * @param ref Of the answer: what fits beside it is given.
   * @throws {ChatError} If it is refused.
   */
  async run(ref: string, command: Exclude<JsonCommand, Say>): Promise<string> {
    const { chat } = this.setting;
    switch (command.type) {
      case "join":
      case "part":
        await this.#perform({
          type: "command",
          command: { name: command.type, room: command.room },
        });
        return "null";
      case "connect": {
        const { address } = command;
        await this.#perform({ type: "command", command: { name: "connect", address } });
        if (!looksLikeInvite(address.trim())) return "null";
        return (await import("./invite_command.ts")).inviteData(address);
      }
      case "invite": {
        const { room, count, expires } = command;
        const wishes = { ...expires === undefined ? {} : { expiresMs: expires } };
        const link = await chat.invite(room, count === null ? wishes : { ...wishes, count });
        return JSON.stringify({ invite: link });
      }
      case "invites":
        return this.#list(ref, chat.invites(command.room).map(madeInviteData), "last");
      case "revoke":
        return `{"id":"${await chat.revokeInvite(command.room, command.id)}"}`;
      case "disconnect":
        await chat.disconnect(command.target);
        return "null";
      case "accept":
      case "block":
      case "unblock":
        await chat[command.type](command.from);
        return "null";
      case "requests":
        return this.#list(ref, chat.requests().map(requestData));
      case "who":
        return this.#list(ref, chat.who(command.room).map(personData));
      case "info":
        return this.#info(ref, chat.info(command.id));
      case "withdraw":
        return `{"id":"${await chat.withdraw(command.id)}"}`;
      case "peers":
        return this.#list(ref, chat.peers().map(peerData));
      case "history": {
        const { before, after, limit } = command;
        const page = chat.timeline(command.room, {
          before: before ?? undefined,
          after: after ?? undefined,
          limit,
        });
        return `{${messagesOf(page, ref, after === null ? "last" : "first")}}`;
      }
      case "search": {
        const { query, room, before, limit } = command;
        const page = chat.search(query, {
          room: room ?? undefined,
          before: before ?? undefined,
          limit,
        });
        return `{${messagesOf(page, ref, "last")},"unsearched":${page.unsearched}}`;
      }
      case "read":
        chat.markRead(command.room, command.id);
        return "null";
      case "rooms":
        return this.#list(ref, chat.rooms().map(roomData));
      case "command":
        return `{"lines":${this.#list(ref, await this.#slashCommand(command), "last")}}`;
      case "quit":
        return "null";
    }
  }

  /** A private room has more members than a line holds beside a long post. */
  #info(ref: string, info: PostInfo): string {
    const holders = info.holders.map((holder) => JSON.stringify(holder));
    return infoData(info, this.#list(`${ref}${messageEvent(info.post)}`, holders));
  }

  /** Slash commands are loaded with the first one: many programs send none. */
  async #perform(line: CommandLine): Promise<Performance> {
    const { perform } = await import("./perform.ts");
    return await perform(line, this.#here);
  }

  /** Performs a slash command; resolves with its lines, each as JSON. */
  async #slashCommand({ line, room }: SlashLine): Promise<string[]> {
    const { chat, quit } = this.setting;
    const { catalogue } = this.setting.preferences.words;
    if (room !== null) this.#goTo(room);
    const parsed = parseLine(line);
    if (parsed.type === "text") {
      if (!line.startsWith("/")) {
        throw new Refusal("bad-command", catalogue.jsonField("line", catalogue.formSlash));
      }
      await chat.say(currentRoom(this.#here), parsed.text);
      return [];
    }
    const { lines, posts = [], wants } = await this.#perform(parsed);
    if (wants === "quit") quit();
    const shown = posts.flatMap((post) =>
      postLine(post, this.conversation.names, catalogue).split("\n")
    );
    return [...lines.map(inertLine), ...shown].map((each) => JSON.stringify(each));
  }

  #goTo(typed: string): void {
    const { chat, preferences: { words } } = this.setting;
    const room = normalRoomName(typed);
    if (!chat.rooms().some((open) => open.room === room)) {
      throw new Refusal("not-joined", words.catalogue.notOpen(typed));
    }
    this.conversation.room = room;
  }

  /** What slash commands work on. */
  get #here(): Setting {
    const { chat, preferences } = this.setting;
    const { catalogue } = preferences.words;
    return { chat, preferences, catalogue, columns: null, conversation: this.conversation };
  }

  /**
   * A JSON array of as many elements as one line holds, the first ones or the last; a notice
   * tells of the others.
   *
   * @param ref Of the answer, and what else stands in it.
   */
  #list(ref: string, elements: readonly string[], side: "first" | "last" = "first"): string {
    const kept = fitting(side === "first" ? elements : elements.toReversed(), ref);
    if (kept < elements.length) {
      const text = this.setting.preferences.words.catalogue.listCut(kept, elements.length);
      this.write(codeEvent("list-cut", text, null));
    }
    return `[${
      side === "first" ? elements.slice(0, kept) : elements.slice(elements.length - kept)
    }]`;
  }
}

/**
 * A page as fields of an answer: as much of it as one line holds; the rest can be asked for.
 *
 * @param side Which posts stay.
 */
function messagesOf(page: TimelinePage, ref: string, side: "first" | "last"): string {
  const messages = page.posts.map(messageEvent);
  const kept = fitting(side === "first" ? messages : messages.toReversed(), ref);
  const more = page.more || kept < messages.length;
  const given = side === "first" ? messages.slice(0, kept) : messages.slice(messages.length - kept);
  return `"messages":[${given}],"more":${more}`;
}
