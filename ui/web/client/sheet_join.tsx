/** Joining a room, and saying what one is about. */

import { useState } from "preact/hooks";
import { Refusal } from "./link.ts";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";

export function JoinSheet({ model }: { readonly model: Page }) {
  const { words } = model;
  return (
    <OneField
      model={model}
      label={words.roomName}
      button={words.join}
      value=""
      act={async (typed) => {
        await model.deeds.join(typed.trim());
        model.show(null);
      }}
    />
  );
}

export function TopicSheet({ model, room }: { readonly model: Page; readonly room: Room }) {
  const { words, link } = model;
  return (
    <>
      <OneField
        model={model}
        label={words.setTopic}
        button={words.save}
        value={room.topic}
        act={async (typed) => {
          await link.ask({ type: "command", room: room.name, line: `/topic ${typed.trim()}` });
          model.show(null);
        }}
      />
      <button
        type="button"
        class="quiet"
        onClick={() => {
          model.settle(model.deeds.leave(room), (reason) => room.problem = reason);
          model.show(null);
        }}
      >
        {words.leaveRoom}
      </button>
    </>
  );
}

interface OneFieldProps {
  readonly model: Page;
  readonly label: string;
  readonly button: string;
  readonly value: string;
  readonly act: (typed: string) => Promise<void>;
}

/** A field and a button; what is refused is said beside them. */
export function OneField({ model, label, button, value, act }: OneFieldProps) {
  const [typed, setTyped] = useState(value);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    setProblem("");
    try {
      await act(typed);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setProblem(model.reasonOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label>
        {label}
        <input
          value={typed}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={problem !== ""}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      {problem !== "" && <small class="problem" role="alert">{problem}</small>}
      <button type="submit" class="main" disabled={busy}>{button}</button>
    </form>
  );
}
