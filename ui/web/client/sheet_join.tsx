/** Joining a room and founding one. */

import { useId, useState } from "preact/hooks";
import { closedRooms } from "./closed_rooms.ts";
import { Refusal } from "./link.ts";
import type { Page } from "./page.ts";

export function JoinSheet({ model }: { readonly model: Page }) {
  const { words } = model;
  const closed = closedRooms(model);
  const [problem, setProblem] = useState("");
  const join = async (typed: string) => {
    await model.deeds.join(typed);
    model.show(null);
  };
  return (
    <>
      <OneField
        model={model}
        label={words.roomName}
        button={words.join}
        value=""
        needed={words.roomNameNeeded}
        isFirst
        act={join}
      />
      {closed.length > 0 && <h3>{words.closedHere}</h3>}
      <div class="row">
        {closed.map(([name, label]) => (
          <button
            key={name}
            type="button"
            onClick={() => model.settle(join(name), setProblem)}
          >
            {label}
          </button>
        ))}
      </div>
      {problem !== "" && <p class="problem" role="alert">{problem}</p>}
    </>
  );
}

/** Founding a room: for everybody who has the invite, or for members alone. */
export function FoundSheet({ model }: { readonly model: Page }) {
  const { words } = model;
  const [kind, setKind] = useState<"owned" | "private">("private");
  return (
    <>
      <fieldset>
        <legend>{words.foundFor}</legend>
        {(["private", "owned"] as const).map((each) => (
          <label key={each} class="check">
            <input
              type="radio"
              name="kind"
              checked={kind === each}
              onChange={() => setKind(each)}
            />
            {words.foundKinds[each]}
          </label>
        ))}
      </fieldset>
      <p class="hint">{words.foundMeans[kind]}</p>
      <OneField
        model={model}
        label={words.roomName}
        button={words.found}
        value=""
        needed={words.roomNameNeeded}
        isFirst
        act={async (typed) => {
          await model.deeds.found(typed, kind);
          model.show({ type: "invite" });
        }}
      />
    </>
  );
}

interface OneFieldProps {
  readonly model: Page;
  readonly label: string;
  readonly button: string;
  readonly value: string;
  /** What is said if nothing was typed, where something must be. */
  readonly needed?: string;
  /** Whether one types here at once. */
  readonly isFirst?: boolean;
  /** Gets what was typed, without white space around it. */
  readonly act: (typed: string) => Promise<void>;
}

/** A field and a button; what is refused is said beside them. */
export function OneField(
  { model, label, button, value, needed = "", isFirst = false, act }: OneFieldProps,
) {
  const [typed, setTyped] = useState(value);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const id = useId();
  const submit = async () => {
    const text = typed.trim();
    if (text === "" && needed !== "") return setProblem(needed);
    setBusy(true);
    setProblem("");
    try {
      await act(text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setProblem(model.reasonOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="one"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label for={id}>{label}</label>
      <div class="line">
        <input
          id={id}
          value={typed}
          autocomplete="off"
          autofocus={isFirst}
          spellcheck={false}
          aria-invalid={problem !== ""}
          aria-describedby={problem === "" ? undefined : `${id}-problem`}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <button type="submit" class="main" disabled={busy}>{button}</button>
      </div>
      {problem !== "" && <small id={`${id}-problem`} class="problem" role="alert">{problem}</small>}
    </form>
  );
}
