/** One post, or a line of the page. Drawn anew only if its row is another one. */

import { Component, type VNode } from "preact";
import { colourOf } from "./colour.ts";
import type { Language } from "./model.ts";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";
import type { Row, Tick } from "./room_log.ts";
import { plainText, textParts } from "./text_parts.ts";

interface MessageProps {
  readonly model: Page;
  readonly room: Room;
  readonly row: Row;
  /** By the same person as the one above, and soon after it. */
  readonly goesOn: boolean;
  /** The post that it answers, if that is here. */
  readonly answered: Row | undefined;
  readonly lang: Language;
  /** How its author is called now. */
  readonly name: string;
}

/** Characters of the post that is answered. */
const quoteMax = 80;
const marks = { sending: "…", stored: "…", handed: "✓", held: "✓✓", undelivered: "✗" } as const;

interface MessageState {
  /** Somebody has pointed at it, or gone there by keys: only then it gets its buttons. */
  readonly isMet: boolean;
  /** What it answers was asked for, and is not to be had. */
  readonly isAlone: boolean;
}

export class Message extends Component<MessageProps, MessageState> {
  override state: MessageState = { isMet: false, isAlone: false };
  readonly #meet = () => {
    if (!this.state.isMet) this.setState({ isMet: true });
  };

  override shouldComponentUpdate(next: MessageProps, { isMet, isAlone }: MessageState): boolean {
    const { row, goesOn, answered, lang, name } = this.props;
    return row !== next.row || goesOn !== next.goesOn || answered !== next.answered ||
      lang !== next.lang || name !== next.name || isMet !== this.state.isMet ||
      isAlone !== this.state.isAlone;
  }

  override render({ model, row, goesOn, name }: MessageProps, { isMet }: MessageState): VNode {
    const { words } = model;
    if (row.kind === "note") {
      return (
        <p class="note" data-row>
          <Text text={row.text} />
        </p>
      );
    }
    if (row.kind === "answer") {
      return (
        <p class="answer" data-row>
          <Text text={row.text} />
        </p>
      );
    }
    if (row.kind === "topic") {
      return (
        <p class="note" data-row data-id={row.id} tabIndex={-1}>
          <Text text={words.topicIs(name, row.text)} />
        </p>
      );
    }
    const classes = [
      "message",
      row.own ? "own" : "other",
      goesOn ? "goes-on" : "",
      row.withdrawn ? "withdrawn" : "",
      `is-${row.kind}`,
      !row.own && model.isNamedIn(row.text) ? "names-me" : "",
    ].filter((each) => each !== "").join(" ");
    return (
      <article
        class={classes}
        data-row
        data-id={row.id}
        aria-label={name}
        tabIndex={-1}
        onMouseEnter={this.#meet}
        onFocusIn={this.#meet}
      >
        {!goesOn && (
          <header>
            {row.own ? <span class="name">{words.you}</span> : (
              <button
                type="button"
                class={`name ${colourOf(row.from)}`}
                onClick={() => model.show({ type: "person", from: row.from, name: row.name })}
              >
                {name}
              </button>
            )}
          </header>
        )}
        <div class="bubble">
          {row.reply !== null && this.#quote(row.reply)}
          {row.kind === "announcement" && <strong class="kind">{words.announcement}</strong>}
          <p class="text">
            {row.withdrawn ? words.withdrawnText : row.kind === "action"
              ? (
                <em>
                  {name} <Text text={row.text} />
                </em>
              )
              : <Text text={row.text} />}
          </p>
          {this.#foot()}
        </div>
        {isMet && row.kind !== "pending" && !row.withdrawn && this.#actions()}
      </article>
    );
  }

  /** What it answers, in a few words, and the way there. */
  #quote(id: string): VNode {
    const { model: { words }, model, room, answered } = this.props;
    if (answered === undefined && this.state.isAlone) {
      return <p class="quote" role="alert">{words.answersUnknown}</p>;
    }
    return (
      <button
        type="button"
        class="quote"
        onClick={({ currentTarget }) =>
          model.settle(model.history.goTo(room, id), (reason) => {
            if (model.linkState !== "open") {
              room.problem = reason;
              return;
            }
            // The button goes: the focus stays at the message.
            currentTarget.closest<HTMLElement>("article")?.focus();
            this.setState({ isAlone: true });
          })}
      >
        {answered === undefined ? words.answersElsewhere : (
          <>
            <b>{words.answers(model.authorOf(answered))}</b>{" "}
            {answered.withdrawn ? words.withdrawnText : beginning(answered.text)}
          </>
        )}
      </button>
    );
  }

  #foot(): VNode {
    const { model, room, row } = this.props;
    const { words } = model;
    return (
      <p class="foot">
        {row.clockAhead && <span title={words.clockAhead}>⏩</span>}
        {row.late && <span title={words.late}>↷</span>}
        <time dateTime={new Date(row.time).toISOString()} title={words.dateTime(row.time)}>
          {clock(row.time)}
        </time>
        {row.own && row.tick !== null && (
          <span
            class={`tick ${row.tick.state}`}
            onMouseEnter={() => model.history.askHolders(room, row.id)}
            title={tickWords(model, row.tick)}
            role="img"
            aria-label={tickWords(model, row.tick)}
          >
            {marks[row.tick.state]}
          </span>
        )}
      </p>
    );
  }

  #actions(): VNode {
    const { model, room, row } = this.props;
    const { words } = model;
    const action = (mark: string, label: string, act: (event: MouseEvent) => void) => (
      <button type="button" class="icon" aria-label={label} title={label} onClick={act}>
        {mark}
      </button>
    );
    return (
      <div class="actions">
        {action("↩", words.reply, () => {
          room.replyTo = row.id;
          model.changed();
          document.querySelector<HTMLElement>("textarea")?.focus();
        })}
        {action("ⓘ", words.info, () => model.show({ type: "info", id: row.id }))}
        {(row.own || room.isInCharge) &&
          action(
            "⌫",
            row.own ? words.withdraw : words.hide,
            ({ currentTarget }) => {
              // These buttons go with the text: the focus stays at the message.
              (currentTarget as Element).closest<HTMLElement>("article")?.focus();
              void model.deeds.withdraw(room, row.id);
            },
          )}
      </div>
    );
  }
}

/** A text with its links. Only ever text nodes: nothing of it is markup. */
export function Text({ text }: { readonly text: string }) {
  return (
    <>
      {textParts(text).map(({ text, href }, index) =>
        href === null
          ? text
          : <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">{text}</a>
      )}
    </>
  );
}

/** The first line of a text. */
function beginning(text: string): string {
  const said = plainText(text);
  const [line = ""] = said.split("\n");
  const start = [...line].slice(0, quoteMax).join("");
  return start === said ? start : `${start}…`;
}

function clock(ms: number): string {
  const time = new Date(ms);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}`;
}

function tickWords({ words }: Page, tick: Tick): string {
  const { state, have, members, reason, names = "" } = tick;
  if (names !== "") return words.heldBy(names);
  switch (state) {
    case "sending":
      return words.sending;
    case "stored":
      return words.stored;
    case "handed":
      return members > 0 ? words.handed(have, members) : words.handedOn;
    case "held":
      return words.held;
    case "undelivered":
      return words.undelivered(reason ?? "");
  }
}
