/** The login card: a name, a room, and the address of a friend, if there is one. */

import { useState } from "preact/hooks";
import { shortly } from "./dialling.ts";
import { Refusal } from "./link.ts";
import { type Language, languageNames } from "./model.ts";
import type { Page } from "./page.ts";

/** Which field something is wrong with, and what. */
interface Problem {
  readonly field: "name" | "room" | "address";
  readonly text: string;
}

export function Login({ model }: { readonly model: Page }) {
  const { words, deeds } = model;
  const [name, setName] = useState("");
  const [room, setRoom] = useState("lobby");
  const [address, setAddress] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState("");
  const enter = async (withAddress: boolean) => {
    const asked = withAddress ? address.trim() : "";
    if (name.trim() === "") return setProblem({ field: "name", text: words.nameNeeded });
    setProblem(null);
    setBusy(asked === "" ? words.connecting : words.linking(shortly(asked)));
    let field: Problem["field"] = "name";
    let target = room.trim();
    try {
      await deeds.rename(name.trim());
      if (asked !== "") {
        field = "address";
        const linking = await model.dialling.to(asked);
        if (linking.type === "failed") {
          setProblem({ field, text: words.linkFailed(shortly(asked), linking.reason) });
          return;
        }
        if (linking.type === "refused") {
          setProblem({ field, text: linking.reason });
          return;
        }
        if (linking.type === "slow") {
          setProblem({ field, text: words.linkSlow(shortly(asked)) });
          return;
        }
        // An invite leads to its room, unless another one was asked for.
        if (linking.room !== null && target === "lobby") target = linking.room;
      }
      field = "room";
      await deeds.join(target);
      model.unnamed = false;
      model.changed();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setProblem({ field, text: model.reasonOf(error) });
    } finally {
      setBusy("");
    }
  };
  const note = (field: Problem["field"]) =>
    problem?.field === field
      ? <small id={`${field}-problem`} class="problem" role="alert">{problem.text}</small>
      : null;
  const described = (field: Problem["field"]) =>
    problem?.field === field
      ? { "aria-describedby": `${field}-problem`, "aria-invalid": true }
      : {};
  return (
    <main class="card">
      <h1>{words.loginTitle}</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enter(true);
        }}
      >
        <label>
          {words.yourName}
          <input
            autofocus
            name="name"
            value={name}
            autocomplete="nickname"
            maxLength={64}
            {...described("name")}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        {note("name")}
        <label>
          {words.room}
          <input
            name="room"
            value={room}
            autocomplete="off"
            {...described("room")}
            onInput={({ currentTarget }) => setRoom(currentTarget.value)}
          />
        </label>
        {note("room")}
        <label>
          {words.friendAddress}
          <input
            name="address"
            value={address}
            autocomplete="off"
            spellcheck={false}
            placeholder={words.addressForm}
            {...described("address")}
            onInput={({ currentTarget }) => setAddress(currentTarget.value)}
          />
        </label>
        {note("address")}
        <label>
          {words.languageLabel}
          <LanguageChoice model={model} />
        </label>
        <button type="submit" class="main" disabled={busy !== ""}>{words.enter}</button>
        {problem?.field === "address" && (
          <button
            type="button"
            disabled={busy !== ""}
            onClick={() => void enter(false)}
          >
            {words.enterAnyway}
          </button>
        )}
        <p class="hint" role="status">{busy === "" ? words.loginWhere : busy}</p>
      </form>
    </main>
  );
}

/** Chooses the language; each is called as its speakers call it. */
export function LanguageChoice({ model }: { readonly model: Page }) {
  return (
    <select
      name="language"
      value={model.lang}
      onChange={({ currentTarget }) => model.speak(currentTarget.value as Language)}
    >
      {languageNames.map(([value, lang, name]) => (
        <option key={value} value={value} lang={lang}>{name}</option>
      ))}
    </select>
  );
}
