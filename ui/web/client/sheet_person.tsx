/** Somebody: who it is, and what one can do with them. */

import { useEffect, useState } from "preact/hooks";
import type { Line } from "./link.ts";
import type { Page } from "./page.ts";
import { stateOf } from "./people.tsx";

export function PersonSheet({ model, from }: { readonly model: Page; readonly from: string }) {
  const { words, link, rooms } = model;
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    link.ask({ type: "peers" }).then((list) => {
      const up = (list as unknown as Line[]).find(({ peer, state }) =>
        peer === from && state === "up"
      );
      setAddress(up?.address ?? null);
    }, () => {});
  }, [from]);
  const shared = [...rooms.values()].filter((room) => room.people.some((one) => one.from === from));
  const person = shared[0]?.people.find((one) => one.from === from);
  const state = person === undefined ? "" : stateOf(model, person);
  return (
    <>
      {state !== "" && <p>{state}</p>}
      <dl class="facts">
        <dt>{words.key}</dt>
        <dd class="code">{from.match(/.{1,8}/g)?.join(" ")}</dd>
        <dt>{words.address}</dt>
        <dd class="code">{address ?? words.noAddress}</dd>
        <dt>{words.sharedRooms}</dt>
        <dd>{shared.map((room) => model.label(room)).join(", ")}</dd>
      </dl>
    </>
  );
}
