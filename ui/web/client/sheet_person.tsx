/** Somebody: who it is, and what one can do with them. */

import { useEffect, useState } from "preact/hooks";
import type { Line } from "./link.ts";
import type { Page } from "./page.ts";
import { placeIn, stateOf } from "./people.tsx";
import type { Room } from "./room.ts";
import { Squares } from "./squares.tsx";

interface PersonProps {
  readonly model: Page;
  readonly from: string;
}

export function PersonSheet({ model, from }: PersonProps) {
  const { words, deeds, link, rooms, room } = model;
  const [problem, setProblem] = useState("");
  const [digits, setDigits] = useState<readonly string[] | null>(null);
  const [address, setAddress] = useState(words.loading);
  useEffect(() => {
    link.ask({ type: "peers" }).then((list) => {
      const up = (list as unknown as Line[]).find(({ peer, state }) =>
        peer === from && state === "up"
      );
      setAddress(up?.address ?? words.noAddress);
    }, () => setAddress(words.notConnected));
  }, [from]);
  const shared = [...rooms.values()].filter((each) =>
    !each.isDirect && each.people.some((one) => one.from === from)
  );
  // What is said of somebody is said of the place that is looked at, if they are there.
  const place = room !== null && shared.includes(room) ? room : shared[0];
  const person = place?.people.find((one) => one.from === from);
  const isBlocked = person?.blocked === true;
  const isVerified = person?.mark === "verified";
  const act = (deed: Promise<void>) => {
    setProblem("");
    model.settle(deed, setProblem);
  };
  const state = person === undefined || place === undefined ? "" : stateOf(model, person, place);
  return (
    <>
      {state !== "" && <p>{state}</p>}
      {from !== model.me && (
        <div class="row">
          <button type="button" class="main" onClick={() => act(deeds.talk(from))}>
            {words.message}
          </button>
          <button
            type="button"
            onClick={() => act(deeds.decide(isBlocked ? "unblock" : "block", from))}
          >
            {isBlocked ? words.unblock : words.block}
          </button>
          <button type="button" onClick={() => act(deeds.safetyNumber(from).then(setDigits))}>
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
          <Squares model={model} text={digits.join(" ")} label={words.digitsSquares} />
          <div class="row">
            <button
              type="button"
              onClick={() => act(deeds.verify(from, !isVerified).then(() => setDigits(null)))}
            >
              {isVerified ? words.unverify : words.digitsEqual}
            </button>
          </div>
        </>
      )}
      {room !== null && <Power model={model} room={room} from={from} act={act} />}
      {problem !== "" && <p class="problem" role="alert">{problem}</p>}
      <dl class="facts">
        <dt>{words.key}</dt>
        <dd class="code">{from.match(/.{1,8}/g)?.join(" ")}</dd>
        {from !== model.me && <dt>{words.address}</dt>}
        {from !== model.me && <dd class="code">{address}</dd>}
        {shared.length > 0 && <dt>{words.sharedRooms}</dt>}
        <dd>{shared.map((each) => model.label(each)).join(", ")}</dd>
      </dl>
    </>
  );
}

interface PowerProps extends PersonProps {
  readonly room: Room;
  readonly act: (deed: Promise<void>) => void;
}

/** What somebody in charge of the room that is looked at can do about somebody. */
function Power({ model, room, from, act }: PowerProps) {
  const { words, deeds } = model;
  const place = placeIn(room, from);
  if (!room.isInCharge || from === model.me || place === "founder") return null;
  // Admins do nothing about one another here; among them the one named first can, by /remove.
  if (place === "admin" && room.role !== "founder") return null;
  const button = (label: string, ...words: readonly string[]) => (
    <button
      type="button"
      class={words[0] === "remove" ? "grave" : undefined}
      onClick={() => act(deeds.act(room, ...words))}
    >
      {label}
    </button>
  );
  return (
    <section aria-label={words.inRoom(model.label(room))}>
      <h3>{words.inRoom(model.label(room))}</h3>
      <div class="row">
        {place === "removed"
          ? button(words.readmit, "readmit", from)
          : button(words.remove, "remove", from)}
        {room.role === "founder" && place === "admin" &&
          button(words.endAdmin, "admin", from, "off")}
        {room.role === "founder" && place === null && button(words.makeAdmin, "admin", from)}
      </div>
    </section>
  );
}
