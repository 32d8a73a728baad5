/** How others reach this peer, and the line that a friend types. */

import { useState } from "preact/hooks";
import type { Page } from "./page.ts";

export function Reach({ model }: { readonly model: Page }) {
  const { words, listen, room } = model;
  const [copied, setCopied] = useState("");
  // Loopback comes first; a friend is on another machine.
  const remote = listen.filter((address) => !/^(127\.|\[::1\]|localhost)/.test(address));
  const best = remote[0] ?? listen[0];
  if (best === undefined) return <p class="hint">{words.firstNoListen}</p>;
  const line = (label: string, text: string) => (
    <>
      <dt>{label}</dt>
      <dd class="copied">
        <code>{text}</code>
        <button
          type="button"
          class="small"
          onClick={() => navigator.clipboard?.writeText(text).then(() => setCopied(text), () => {})}
        >
          {copied === text ? words.copied : words.copy}
        </button>
      </dd>
    </>
  );
  return (
    <dl class="reach">
      <dt>{words.firstReached}</dt>
      <dd>
        {[...remote, ...listen.slice(0, 1)].map((each) => <code key={each}>{each}</code>)}
      </dd>
      {line(words.firstFriend, words.friendTypes(best))}
      {line(words.firstNode, words.friendTypesNode(best))}
      {room !== null && !/^[@~]/.test(room.name) && (
        <dd class="hint">{words.firstOpen(room.name)}</dd>
      )}
    </dl>
  );
}
