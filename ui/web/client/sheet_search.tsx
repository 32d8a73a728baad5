/** Searching what was said in a room. */

import { useEffect, useState } from "preact/hooks";
import type { Line } from "./link.ts";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";
import { plainText } from "./text_parts.ts";

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
        {found?.map((line) => (
          <Found key={line.id} model={model} line={line} onProblem={setProblem} />
        ))}
      </div>
    </>
  );
}

interface FoundProps {
  readonly model: Page;
  readonly line: Line;
  readonly onProblem: (reason: string) => void;
}

/** A post that was found: the way to where it was said, as long as that room is open. */
function Found(
  { model, line: { id, room: name, from, name: called, text, time }, onProblem }: FoundProps,
) {
  const { words } = model;
  const room = model.rooms.get(name);
  const said = (
    <>
      <b>{model.nameOf(from, called)}</b> <small>{words.dateTime(time)}</small>
      <span class="text">{plainText(text)}</span>
    </>
  );
  if (room === undefined) {
    return (
      <article>
        {said}
        <p class="hint">{words.foundElsewhere}</p>
      </article>
    );
  }
  return (
    <button
      type="button"
      onClick={() => model.settle(model.history.goTo(room, id), onProblem)}
    >
      {said}
    </button>
  );
}
