/** Joining a room and founding one. */

import { useState } from "preact/hooks";
import { Refusal } from "./link.ts";
import type { Page } from "./page.ts";

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

/** Founding a room. */
export function FoundSheet({ model }: { readonly model: Page }) {
  const { words } = model;
  return (
    <>
      <OneField
        model={model}
        label={words.roomName}
        button={words.found}
        value=""
        act={async (typed) => {
          await model.deeds.found(typed);
          model.show({ type: "invite" });
        }}
      />
      <p class="hint">{words.foundMeans}</p>
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
