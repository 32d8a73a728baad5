/** One post: when it was said and stored, and who has it. */

import { useEffect, useState } from "preact/hooks";
import type { Line } from "./link.ts";
import { Text } from "./message.tsx";
import type { Page } from "./page.ts";

export function InfoSheet({ model, id }: { readonly model: Page; readonly id: string }) {
  const { words, link } = model;
  const [info, setInfo] = useState<Line | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    link.ask({ type: "info", id }).then(setInfo, (error) => setProblem(model.reasonOf(error)));
  }, [id]);
  if (problem !== "") return <p class="problem" role="alert">{problem}</p>;
  if (info === null) return <p role="status">{words.loading}</p>;
  const { message, holders, members, arrived } = info;
  const names = (holders as Line[]).map(({ peer, name }) => model.nameOf(peer, name)).join(", ");
  return (
    <>
      <p class="text">
        <Text text={message.text} />
      </p>
      <dl class="facts">
        <dt>{words.said}</dt>
        <dd>{words.dateTime(message.time)}</dd>
        <dt>{words.arrived}</dt>
        <dd>{words.dateTime(arrived)}</dd>
        {message.origin === "own" && <dt>{words.holders}</dt>}
        {message.origin === "own" && (
          <dd>{names === "" ? words.nobodyYet : `${names} (${holders.length}/${members})`}</dd>
        )}
      </dl>
      <p class="code small">{id}</p>
    </>
  );
}
