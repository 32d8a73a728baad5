/** An invite to a room: one word to be sent to somebody, and the same to be photographed. */

import { useEffect, useState } from "preact/hooks";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";
import { Squares } from "./squares.tsx";

/** How many a private invite lets in; `null`: any number. */
const counts = [1, 10, null];

export function InviteSheet({ model, room }: { readonly model: Page; readonly room: Room }) {
  const { words, link } = model;
  const [invite, setInvite] = useState<string | null>(null);
  const [count, setCount] = useState<number | null>(room.members === null ? null : 1);
  const [isCopied, setCopied] = useState(false);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const wishes = count === null ? {} : { count };
    const ask = link.ask({ type: "invite", room: room.name, ...wishes });
    setCopied(false);
    model.settle(ask.then((answer) => setInvite(answer.invite)), setProblem);
  }, [count]);
  if (problem !== "") return <p class="problem" role="alert">{problem}</p>;
  if (invite === null) return <p role="status">{words.loading}</p>;
  return (
    <>
      <p>{room.members === null ? words.inviteMeans : words.inviteSecret}</p>
      {room.members !== null && (
        <label>
          {words.inviteCount}
          <select
            value={String(count)}
            onChange={({ currentTarget }) =>
              setCount(counts.find((each) => String(each) === currentTarget.value) ?? null)}
          >
            {counts.map((each) => (
              <option key={each} value={String(each)}>{words.inviteCounts(each)}</option>
            ))}
          </select>
        </label>
      )}
      <p class="code invite">{invite}</p>
      <div class="row">
        <button
          type="button"
          class="main"
          onClick={() =>
            navigator.clipboard?.writeText(invite).then(() => setCopied(true), () => {})}
        >
          {isCopied ? words.copied : words.copy}
        </button>
      </div>
      {/* In capitals it takes the dense alphabet of QR codes, and fewer squares. */}
      <Squares model={model} text={invite.toUpperCase()} label={words.inviteSquares} />
      <p class="hint">{count === null ? words.inviteHolds : words.inviteHoldsHere}</p>
    </>
  );
}
