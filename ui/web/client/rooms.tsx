/** The rooms and private chats, with what is unread, and the ways to more. */

import { useLayoutEffect, useState } from "preact/hooks";
import { Badge } from "./badge.tsx";
import { Icon } from "./icons.tsx";
import type { Page } from "./page.ts";
import type { Room } from "./room.ts";
import { plainText } from "./text_parts.ts";

export function Rooms({ model }: { readonly model: Page }) {
  const { words } = model;
  const rooms = [...model.rooms.values()];
  const direct = rooms.filter((room) => room.isDirect);
  const open = rooms.filter((room) => !room.isDirect);
  useLayoutEffect(() => {
    // The button "back" is hidden now.
    if (model.showsRooms) document.querySelector<HTMLElement>("[aria-current]")?.focus();
  }, [model.showsRooms]);
  return (
    <nav class="rooms" aria-label={words.rooms}>
      <header>
        <h1>{words.program}</h1>
        <button
          type="button"
          class="icon"
          aria-label={words.settings}
          title={words.settings}
          onClick={() => model.show({ type: "settings" })}
        >
          ⚙
        </button>
      </header>
      <h2>{words.rooms}</h2>
      <RoomList model={model} rooms={open} />
      {direct.length > 0 && <h2>{words.privateChats}</h2>}
      {direct.length > 0 && <RoomList model={model} rooms={direct} />}
      <Requests model={model} />
      <div class="ways">
        <button type="button" onClick={() => model.show({ type: "join" })}>{words.joinRoom}</button>
        <button type="button" onClick={() => model.show({ type: "found" })}>
          {words.foundRoom}
        </button>
        <button type="button" onClick={() => model.show({ type: "connect" })}>
          {words.connect}
        </button>
      </div>
      <p class="me">
        <span class="dot" aria-hidden="true" />
        {model.nameOf(model.me, model.name)}
      </p>
    </nav>
  );
}

/** Those who have written for the first time: nothing more of them is shown before an answer. */
function Requests({ model }: { readonly model: Page }) {
  const { words, deeds, requests } = model;
  const [problem, setProblem] = useState("");
  if (requests.length === 0) return null;
  const decide = (what: "accept" | "block", from: string) => {
    setProblem("");
    model.settle(deeds.decide(what, from), setProblem);
  };
  return (
    <>
      <h2>{words.requests}</h2>
      {problem !== "" && <p class="problem" role="alert">{problem}</p>}
      <ul class="requests">
        {requests.map(({ from, name, text }) => (
          <li key={from}>
            <p>
              <b>{model.nameOf(from, name)}</b>
            </p>
            <p class="text">{plainText(text)}</p>
            <div class="row">
              <button type="button" class="main" onClick={() => decide("accept", from)}>
                {words.accept}
              </button>
              <button type="button" onClick={() => decide("block", from)}>
                {words.block}
              </button>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function RoomList({ model, rooms }: { readonly model: Page; readonly rooms: readonly Room[] }) {
  const { words } = model;
  return (
    <ul>
      {rooms.map((room) => (
        <li key={room.name}>
          <button
            type="button"
            class="room-button"
            aria-current={room.name === model.current ? "page" : undefined}
            onClick={() => model.history.go(room.name)}
          >
            <span class="label">{model.label(room)}</span>
            {room.members !== null && (
              <>
                <Icon of="lock" size={16} />
                <span class="unseen">{words.foundKinds.private}</span>
              </>
            )}
            {room.closed && <small>{words.closedShort}</small>}
            <Badge model={model} room={room} />
          </button>
        </li>
      ))}
    </ul>
  );
}
