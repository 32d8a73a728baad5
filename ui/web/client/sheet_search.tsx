/** Searching what was said in a room, or in all. */

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
  const [isWide, setWide] = useState(false);
  const [found, setFound] = useState<readonly Line[]>();
  const [hasMore, setMore] = useState(false);
  const [problem, setProblem] = useState("");
  const search = (isWide: boolean) => {
    const where = isWide ? {} : { room: room.name };
    const ask = { type: "search", query: typed.trim(), limit: foundMax, ...where };
    if (ask.query === "") return;
    link.ask(ask).then(({ messages, more }) => {
      setFound([...messages].reverse());
      setMore(more);
      setProblem("");
    }, (error) => setProblem(model.reasonOf(error)));
  };
  useEffect(() => search(false), []);
  return (
    <>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          search(isWide);
        }}
      >
        <select
          aria-label={words.searchWhere}
          value={`${isWide}`}
          onChange={({ currentTarget: { value } }) => {
            setWide(value === "true");
            search(value === "true");
          }}
        >
          <option value="false">{words.inRoom(model.label(room))}</option>
          <option value="true">{words.searchAll}</option>
        </select>
        <input
          autofocus
          role="searchbox"
          enterkeyhint="search"
          autocomplete="off"
          aria-label={words.search}
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <button type="submit" class="main">{words.search}</button>
      </form>
      {problem !== "" && <p class="problem" role="alert">{problem}</p>}
      <div class="found" role="status">
        {found?.length === 0 && <p class="hint">{words.nothingFound}</p>}
        {found?.map((line) => (
          <Found key={line.id} model={model} line={line} isWide={isWide} onProblem={setProblem} />
        ))}
        {hasMore && <p class="hint">{words.foundMax(found?.length ?? 0)}</p>}
      </div>
    </>
  );
}

interface FoundProps {
  readonly model: Page;
  readonly line: Line;
  /** Whether one must be told where it was said. */
  readonly isWide: boolean;
  readonly onProblem: (reason: string) => void;
}

/** A post that was found: the way to where it was said, which opens that room. */
function Found(
  { model, line: { id, room: name, from, name: called, text, time }, isWide, onProblem }:
    FoundProps,
) {
  const { words, rooms } = model;
  const room = rooms.get(name);
  const go = async () => {
    if (!rooms.has(name)) await model.deeds.join(name);
    await model.history.goTo(rooms.get(name)!, id);
  };
  return (
    <button type="button" onClick={() => model.settle(go(), onProblem)}>
      <b>{model.nameOf(from, called)}</b>{" "}
      <small>{isWide && room && model.label(room)} {words.dateTime(time)}</small>
      <span class="text">{plainText(text)}</span>
      {room === undefined && <small>{words.foundElsewhere}</small>}
    </button>
  );
}
