/** Searching what was said in a room. */

import { useState } from "preact/hooks";
import type { Line } from "./link.ts";
import { Text } from "./message.tsx";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";

/** Posts that are shown. */
const foundMax = 50;

export function SearchSheet({ model, room }: { readonly model: Page; readonly room: Room }) {
  const { words, link } = model;
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<readonly Line[] | null>(null);
  const [problem, setProblem] = useState("");
  const search = () => {
    const ask = { type: "search", room: room.name, query: typed.trim(), limit: foundMax };
    link.ask(ask).then(({ messages }) => {
      setFound([...messages].reverse());
      setProblem("");
    }, (error) => setProblem(model.reasonOf(error)));
  };
  return (
    <>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== "") search();
        }}
      >
        <input
          type="search"
          aria-label={words.searchIn(model.label(room))}
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <button type="submit" class="main">{words.search}</button>
      </form>
      {problem !== "" && <p class="problem" role="alert">{problem}</p>}
      <div class="found" role="status">
        {found?.length === 0 && <p class="hint">{words.nothingFound}</p>}
        {found?.map(({ id, from, name, text, time }) => (
          <article key={id}>
            <p>
              <b>{model.nameOf(from, name)}</b> <small>{words.dateTime(time)}</small>
            </p>
            <p class="text">
              <Text text={text} />
            </p>
          </article>
        ))}
      </div>
    </>
  );
}
