/**
 * The messages of a room. The end is followed while it is looked at; otherwise what is looked
 * at stays where it is, whatever comes above or below it.
 */

import { Component, createRef, type VNode } from "preact";
import type { Page } from "./page.ts";
import { Message } from "./message.tsx";
import { Reach } from "./reach.tsx";
import type { Room } from "./room.ts";
import { isPost, type Row } from "./room_log.ts";

interface LogProps {
  readonly model: Page;
  readonly room: Room;
}

/** The row that is looked at, and where it stood. */
interface Anchor {
  readonly row: HTMLElement;
  readonly top: number;
}

/** Nearer to an edge than this, in pixels, more is asked for. */
const edge = 600;
/** So near to the end counts as there. */
const endSlack = 40;
/** One sender's posts within this time go without the name. */
const runMs = 5 * 60_000;

export class Log extends Component<LogProps> {
  readonly #scroller = createRef<HTMLDivElement>();
  /** When the end was followed last. */
  #height = 0;

  /** A window that grew narrow, a keyboard on the screen or a longer draft: the end stays in sight. */
  readonly #resized = new ResizeObserver(() => this.#follow());

  override componentDidMount(): void {
    this.#follow();
    this.#seek();
    if (this.#scroller.current !== null) this.#resized.observe(this.#scroller.current);
  }

  override componentWillUnmount(): void {
    this.#resized.disconnect();
  }

  override getSnapshotBeforeUpdate(): Anchor | null {
    const scroller = this.#scroller.current;
    if (scroller === null || this.props.room.atEnd) return null;
    const { top } = scroller.getBoundingClientRect();
    for (const row of scroller.querySelectorAll<HTMLElement>("[data-row]")) {
      const box = row.getBoundingClientRect();
      if (box.bottom > top) return { row, top: box.top };
    }
    return null;
  }

  override componentDidUpdate(_: LogProps, __: unknown, anchor: Anchor | null): void {
    const scroller = this.#scroller.current;
    if (scroller === null || this.#seek()) return;
    if (this.props.room.atEnd) return this.#follow();
    if (anchor !== null && anchor.row.isConnected) {
      scroller.scrollTop += anchor.row.getBoundingClientRect().top - anchor.top;
    }
  }

  #follow(): void {
    const scroller = this.#scroller.current;
    if (scroller === null || !this.props.room.atEnd) return;
    scroller.scrollTop = scroller.scrollHeight;
    this.#height = scroller.clientHeight;
  }

  /** Brings the post that was asked for into the middle, and the focus with it; marks it. */
  #seek(): boolean {
    const scroller = this.#scroller.current;
    const { room } = this.props;
    const row = room.sought === null
      ? null
      : scroller?.querySelector<HTMLElement>(`[data-id="${room.sought}"]`) ?? null;
    room.sought = null;
    if (scroller === null || row === null) return false;
    const { top, height } = row.getBoundingClientRect();
    // Of one that is higher than the window, the beginning.
    const space = Math.max(0, (scroller.clientHeight - height) / 2);
    scroller.scrollTop += top - scroller.getBoundingClientRect().top - space;
    row.focus({ preventScroll: true });
    row.classList.add("sought");
    row.onanimationend = () => row.classList.remove("sought");
    this.#scrolled();
    return true;
  }

  #scrolled(): void {
    const scroller = this.#scroller.current;
    const { model, room } = this.props;
    if (scroller === null || !room.loaded) return;
    // The end is on its way, and what is shown till then has only been left.
    if (room.atEnd && room.log.newer && room.loading?.part === "end") return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    // It has moved before it was told that it is another size: nobody has left the end.
    if (room.atEnd && clientHeight !== this.#height) return this.#follow();
    const left = scrollHeight - scrollTop - clientHeight;
    const atEnd = left < endSlack && !room.log.newer;
    if (atEnd !== room.atEnd) {
      room.atEnd = atEnd;
      model.changed();
    }
    if (atEnd) model.history.look();
    if (scrollTop < edge && room.log.older && !room.isCleared) void model.history.loadOlder(room);
    else if (left < edge && room.log.newer) void model.history.loadNewer(room);
  }

  /** The button that was pressed is gone then: the focus stays among the messages. */
  #toEnd(): void {
    const { model, room } = this.props;
    this.#scroller.current?.focus({ preventScroll: true });
    void model.history.toEnd(room);
  }

  /** Arrows go from one message to the next; what can be done with it is a Tab away then. */
  #pressed(event: KeyboardEvent): void {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    const scroller = this.#scroller.current;
    if (by === 0 || event.altKey || event.ctrlKey || event.metaKey || scroller === null) return;
    const rows = [...scroller.querySelectorAll<HTMLElement>("article[data-row]")];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const { bottom } = scroller.getBoundingClientRect();
    const next = at >= 0
      ? rows[at + by]
      : rows.findLast((row) => row.getBoundingClientRect().top < bottom);
    if (next === undefined) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  override render({ model, room }: LogProps): VNode {
    const { words } = model;
    const { log } = room;
    return (
      <div class="log-box">
        <div
          id="log"
          class="log"
          role="log"
          aria-label={words.messagesOf(model.label(room))}
          aria-busy={!room.loaded}
          tabIndex={0}
          ref={this.#scroller}
          onScroll={() => this.#scrolled()}
          onKeyDown={(event) => this.#pressed(event)}
        >
          {this.#edge()}
          {this.#rows(log.rows)}
          {room.loaded && model.up === 0 &&
            !log.rows.some((row) => isPost(row) || row.kind === "pending") && (
            <section class="first">
              <h2>{words.firstTitle}</h2>
              {!room.isDirect && model.listen.length > 0 && (
                <button
                  type="button"
                  class="main"
                  onClick={() => model.show({ type: "invite" })}
                >
                  {words.invite}
                </button>
              )}
              <Reach model={model} />
            </section>
          )}
        </div>
        {!room.atEnd && (
          <button
            type="button"
            class="pill"
            onClick={() => this.#toEnd()}
          >
            ↓ {room.below > 0 ? words.newBelow(room.below) : words.toNewest}
          </button>
        )}
      </div>
    );
  }

  /** What is above the first post; whatever was not loaded by scrolling is a button away. */
  #edge(): VNode {
    const { model, room } = this.props;
    const { words } = model;
    const { rows, older } = room.log;
    if (room.loaded && older && !room.loading) {
      return (
        <p class="edge">
          <button type="button" class="small" onClick={() => void model.history.loadOlder(room)}>
            {words.earlier}
          </button>
        </p>
      );
    }
    return (
      <p class="edge">
        {!room.loaded || older ? words.loading : rows.length === 0 ? words.empty : words.beginning}
      </p>
    );
  }

  /** The posts with what stands between them: days, the line "new". */
  #rows(rows: readonly Row[]): VNode[] {
    const { model, room } = this.props;
    const { words } = model;
    const shown: VNode[] = [];
    const byId = new Map(rows.map((row) => [row.id, row]));
    let before: Row | null = null;
    let day = "";
    for (const row of rows) {
      const rowDay = words.day(row.time);
      const isNewDay = rowDay !== day;
      if (isNewDay) shown.push(<p key={`day ${row.id}`} class="day">{rowDay}</p>);
      day = rowDay;
      const isFirstNew = row.id === room.firstUnread;
      if (isFirstNew) {
        shown.push(<p key="new" class="new">{words.newLine(room.newCount)}</p>);
      }
      const goesOn = !isNewDay && !isFirstNew && before !== null && isSpoken(before) &&
        isSpoken(row) && before.from === row.from && row.reply === null &&
        row.time - before.time < runMs;
      shown.push(
        <Message
          key={row.id}
          model={model}
          room={room}
          row={row}
          goesOn={goesOn}
          answered={row.reply === null ? undefined : byId.get(row.reply)}
          lang={model.lang}
          name={model.authorOf(row)}
        />,
      );
      before = row;
    }
    return shown;
  }
}

function isSpoken({ kind }: Row): boolean {
  return kind === "text" || kind === "pending";
}
