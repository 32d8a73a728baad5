/** An invite to a room: one word to be sent to somebody, and the same to be photographed. */

import { useEffect, useState } from "preact/hooks";
import type { Line } from "./line.ts";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";
import { Squares } from "./squares.tsx";

/** How many a private invite lets in; `null`: any number. */
const counts = [1, 10, null];

export function InviteSheet({ model, room }: { readonly model: Page; readonly room: Room }) {
  const { words, link } = model;
  const [invite, setInvite] = useState<string | null>(null);
  const [count, setCount] = useState<number | null>(room.members === null ? null : 1);
  /** Those of before that still let somebody in. */
  const [given, setGiven] = useState<readonly Line[]>([]);
  const [isCopied, setCopied] = useState(false);
  const [problem, setProblem] = useState("");
  const isPrivate = room.members !== null;
  const list = async () => {
    const all = await link.ask({ type: "invites", room: room.name }) as unknown as Line[];
    setGiven(all.filter(({ ended }) => ended === null));
  };
  const make = async () => {
    if (isPrivate) await list();
    const wishes = count === null ? {} : { count };
    setInvite((await link.ask({ type: "invite", room: room.name, ...wishes })).invite);
  };
  const revoke = async (id: string) => {
    await link.ask({ type: "revoke", room: room.name, id });
    setGiven(given.filter((each) => each.id !== id));
  };
  useEffect(() => {
    setCopied(false);
    model.settle(make(), setProblem);
  }, [count]);
  if (problem !== "") return <p class="problem" role="alert">{problem}</p>;
  if (invite === null) return <p role="status">{words.loading}</p>;
  return (
    <>
      <p>{isPrivate ? words.inviteSecret : words.inviteMeans}</p>
      {isPrivate && (
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
      {given.length > 0 && <h3>{words.invitesGiven}</h3>}
      <ul class="links">
        {given.map(({ id, from, name, time, count, used }) => (
          <li key={id}>
            <span class="grow">{model.nameOf(from, name)}</span>
            <small>{words.dateTime(time)}, {used}/{count ?? "∞"}</small>
            <button
              type="button"
              class="small"
              onClick={() => model.settle(revoke(id), setProblem)}
            >
              {words.revoke}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
