/**
 * Where one writes. Enter sends and Shift+Enter makes a new line, but Enter that ends a
 * composition of an input method never sends.
 */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";

/** Rows of the field before it scrolls, in pixels. */
const heightMax = 200;
/** A key event that belongs to an input method, in browsers that do not say so otherwise. */
const composingKey = 229;

export function Composer({ model, room }: { readonly model: Page; readonly room: Room }) {
  const { words, deeds } = model;
  const field = useRef<HTMLTextAreaElement>(null);
  const fit = () => {
    const { current } = field;
    if (current === null) return;
    current.style.height = "auto";
    current.style.height = `${Math.min(current.scrollHeight + 2, heightMax)}px`;
  };
  useLayoutEffect(() => {
    const { current } = field;
    if (current === null) return;
    current.value = deeds.draft(room);
    fit();
    // On a touch screen it would open the keyboard over the messages.
    if (matchMedia("(pointer:fine)").matches) current.focus({ preventScroll: true });
    // In one column what had the focus is hidden when one comes back from the rooms.
  }, [model.showsRooms]);
  useEffect(() => {
    // A text that was refused comes back, unless another one was begun.
    const { current } = field;
    if (room.problem === "" || current === null || current.value !== "") return;
    current.value = deeds.draft(room);
    fit();
  }, [room.problem]);
  const send = () => {
    const { current } = field;
    const text = current?.value ?? "";
    if (text.trim() === "" || current === null) return;
    current.value = "";
    deeds.keep(room, "");
    fit();
    void deeds.say(room, text);
  };
  const answered = room.replyTo === null ? undefined : room.log.find(room.replyTo);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {answered !== undefined && (
        <p class="replying">
          {words.replyTo(model.authorOf(answered))}
          <button
            type="button"
            class="icon"
            aria-label={words.cancel}
            onClick={() => {
              room.replyTo = null;
              field.current?.focus();
              model.changed();
            }}
          >
            ✕
          </button>
        </p>
      )}
      {room.problem !== "" && <p class="problem" role="alert">{room.problem}</p>}
      <div class="line">
        <textarea
          ref={field}
          rows={1}
          aria-label={words.write(model.label(room))}
          placeholder={words.write(model.label(room))}
          enterkeyhint="send"
          onInput={(event) => {
            deeds.keep(room, event.currentTarget.value);
            fit();
          }}
          onKeyDown={(event) => {
            if (event.isComposing || event.keyCode === composingKey) return;
            if (event.key === "Enter" && !event.shiftKey) {
              event.preventDefault();
              send();
            } else if (event.key === "Escape" && room.replyTo !== null) {
              room.replyTo = null;
              model.changed();
            }
          }}
        />
        <button type="submit" class="send">{words.send}</button>
      </div>
    </form>
  );
}
