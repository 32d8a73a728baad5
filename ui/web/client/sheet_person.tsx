/** Somebody: who it is, and what one can do with them. */

import { useEffect, useState } from "preact/hooks";
import type { Line } from "./link.ts";
import type { Page } from "./page.ts";
import { stateOf } from "./people.tsx";

export function PersonSheet({ model, from }: { readonly model: Page; readonly from: string }) {
  const { words, deeds, link, rooms } = model;
  const [problem, setProblem] = useState("");
  const [digits, setDigits] = useState<readonly string[] | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    link.ask({ type: "peers" }).then((list) => {
      const up = (list as unknown as Line[]).find(({ peer, state }) =>
        peer === from && state === "up"
      );
      setAddress(up?.address ?? null);
    }, () => {});
  }, [from]);
  const shared = [...rooms.values()].filter((room) =>
    !room.isDirect && room.people.some((one) => one.from === from)
  );
  const person = shared[0]?.people.find((one) => one.from === from);
  const isBlocked = person?.blocked === true;
  const isVerified = person?.mark === "verified";
  const verify = (on: boolean) =>
    act(async () => {
      await deeds.verify(from, on);
      setDigits(null);
    });
  const act = (deed: () => Promise<void>) => model.settle(deed(), setProblem);
  const state = person === undefined ? "" : stateOf(model, person);
  return (
    <>
      {state !== "" && <p>{state}</p>}
      {from !== model.me && (
        <div class="row">
          <button type="button" class="main" onClick={() => act(() => deeds.talk(from))}>
            {words.message}
          </button>
          <button
            type="button"
            onClick={() => act(() => deeds.decide(isBlocked ? "unblock" : "block", from))}
          >
            {isBlocked ? words.unblock : words.block}
          </button>
          <button
            type="button"
            onClick={() => act(async () => setDigits(await deeds.safetyNumber(from)))}
          >
            {words.verify}
          </button>
        </div>
      )}
      {digits !== null && (
        <>
          <p>{words.compareDigits}</p>
          <p class="code">
            {digits.map((row) => (
              <span key={row}>
                {row}
                <br />
              </span>
            ))}
          </p>
          <div class="row">
            <button type="button" onClick={() => verify(!isVerified)}>
              {isVerified ? words.unverify : words.digitsEqual}
            </button>
          </div>
        </>
      )}
      {problem !== "" && <p class="problem" role="alert">{problem}</p>}
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
