/** An invite to a room: one word to be sent to somebody, and the same to be photographed. */

import { useEffect, useState } from "preact/hooks";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";
import { Squares } from "./squares.tsx";

export function InviteSheet({ model, room }: { readonly model: Page; readonly room: Room }) {
  const { words, link } = model;
  const [invite, setInvite] = useState<string | null>(null);
  const [isCopied, setCopied] = useState(false);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const ask = link.ask({ type: "invite", room: room.name });
    model.settle(ask.then((answer) => setInvite(answer.invite)), setProblem);
  }, []);
  if (problem !== "") return <p class="problem" role="alert">{problem}</p>;
  if (invite === null) return <p role="status">{words.loading}</p>;
  return (
    <>
      <p>{words.inviteMeans}</p>
      {/* In capitals it takes the dense alphabet of QR codes, and fewer squares. */}
      <Squares model={model} text={invite.toUpperCase()} label={words.inviteSquares} />
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
      <p class="hint">{words.inviteHolds}</p>
    </>
  );
}
