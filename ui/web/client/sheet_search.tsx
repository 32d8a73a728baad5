/** Searching what was said in a room. */

import { useEffect, useState } from "preact/hooks";
import type { Line } from "./link.ts";
import { Text } from "./message.tsx";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";

/** Posts that are shown. */
const foundMax = 50;

interface SearchProps {
  readonly model: Page;
  readonly room: Room;
  /** What is searched for at once, unless it is empty. */
  readonly query: string;
}

export function SearchSheet({ model, room, query }: SearchProps) {
  const { words, link } = model;
  const [typed, setTyped] = useState(query);
  const [found, setFound] = useState<readonly Line[] | null>(null);
  const [problem, setProblem] = useState("");
  const search = () => {
    const ask = { type: "search", room: room.name, query: typed.trim(), limit: foundMax };
    link.ask(ask).then(({ messages }) => {
      setFound([...messages].reverse());
      setProblem("");
    }, (error) => setProblem(model.reasonOf(error)));
  };
  useEffect(() => {
    if (query !== "") search();
  }, []);
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
          autofocus
          role="searchbox"
          enterkeyhint="search"
          autocomplete="off"
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
