/** A room: what it is about, who is in charge, what they did, and how one leaves it. */

import { useEffect, useState } from "preact/hooks";
import { inertLine } from "../../sanitize.ts";
import type { Page } from "./page.ts";
import type { Named, Room } from "./room.ts";
import { OneField } from "./sheet_join.tsx";
import { Text } from "./message.tsx";

interface RoomProps {
  readonly model: Page;
  readonly room: Room;
}

export function RoomSheet({ model, room }: RoomProps) {
  const { words, deeds } = model;
  const maySetTopic = !room.isDirect && (room.isFounded ? room.isInCharge : true);
  return (
    <>
      {room.isDirect && <p class="hint">{words.sealed}</p>}
      {room.members !== null && <p class="hint">{words.membersOnly(room.members)}</p>}
      {room.isFounded && <Officers model={model} room={room} />}
      {maySetTopic && (
        <OneField
          model={model}
          label={words.topic}
          button={words.save}
          value={room.topic}
          act={async (typed) => {
            await deeds.setTopic(room, typed);
            model.show(null);
          }}
        />
      )}
      {!maySetTopic && room.topic !== "" && (
        <p class="text">
          <Text text={room.topic} />
        </p>
      )}
      {room.isInCharge && (
        <OneField
          model={model}
          label={words.announceLabel}
          button={words.announce}
          value=""
          needed={words.announcementNeeded}
          act={async (typed) => {
            await deeds.act(room, "announce", typed);
            model.show(null);
          }}
        />
      )}
      <div class="row">
        {room.isDirect && (
          <button
            type="button"
            onClick={() =>
              model.show({ type: "person", from: room.name.slice(1), name: room.title })}
          >
            {words.aboutPerson(model.label(room))}
          </button>
        )}
        {!room.isDirect && room.isOpen && (
          <button
            type="button"
            onClick={() => model.show({ type: "invite" })}
          >
            {words.invite}
          </button>
        )}
        {room.isFounded && (
          <button type="button" onClick={() => model.show({ type: "log" })}>
            {words.roomLog}
          </button>
        )}
      </div>
      <hr />
      <Ends model={model} room={room} />
    </>
  );
}

/** Who is in charge, and who was removed. */
function Officers({ model, room }: RoomProps) {
  const { words } = model;
  const [problem, setProblem] = useState("");
  const { charge } = room;
  if (charge === null) return <p class="hint">{words.loading}</p>;
  const named = ({ peer, name }: Named) => (
    <button
      key={peer}
      type="button"
      class="link"
      onClick={() => model.show({ type: "person", from: peer, name })}
    >
      {model.nameOf(peer, name)}
    </button>
  );
  return (
    <>
      <dl class="facts">
        <dt>{words.founder}</dt>
        <dd>{charge.founder === null ? words.notKnownYet : named(charge.founder)}</dd>
        {charge.admins.length > 0 && <dt>{words.admins}</dt>}
        {charge.admins.length > 0 && <dd>{charge.admins.map(named)}</dd>}
      </dl>
      {charge.removed.length > 0 && (
        <>
          <h3>{words.removedPeople}</h3>
          <ul class="links">
            {charge.removed.map(({ peer, name }) => (
              <li key={peer}>
                <span class="grow">{model.nameOf(peer, name)}</span>
                {room.isInCharge && (
                  <button
                    type="button"
                    class="small"
                    aria-label={words.readmitName(model.nameOf(peer, name))}
                    onClick={() => {
                      const deed = model.deeds.act(room, "readmit", peer);
                      model.settle(deed, setProblem);
                    }}
                  >
                    {words.readmit}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {problem !== "" && <p class="problem" role="alert">{problem}</p>}
    </>
  );
}

/** Leaving it, and for those in charge closing it. What cannot be undone is asked twice. */
function Ends({ model, room }: RoomProps) {
  const { words, deeds } = model;
  const [asked, setAsked] = useState<"leave" | "close" | null>(null);
  const [problem, setProblem] = useState("");
  const isMember = room.members !== null && room.role !== "removed";
  const does = (deed: Promise<void>) => model.settle(deed.then(() => model.show(null)), setProblem);
  const close = () => does(deeds.leave(room));
  return (
    <>
      <div class="row">
        {/* They stay when they have asked: the focus would go with them. */}
        <button type="button" onClick={isMember ? () => setAsked("leave") : close}>
          {room.isDirect ? words.leaveChat : words.leaveRoom}
        </button>
        {room.isInCharge && (
          <button type="button" class="grave" onClick={() => setAsked("close")}>
            {words.closeRoom}
          </button>
        )}
      </div>
      {asked !== null && (
        <>
          <p role="alert">
            {asked === "close"
              ? words.closeMeans(model.label(room))
              : room.role === "founder"
              ? words.founderStays
              : words.leaveMeans}
          </p>
          <div class="row">
            {asked === "leave" && <button type="button" onClick={close}>{words.closeHere}</button>}
            {(asked === "close" || room.role !== "founder") && (
              <button
                type="button"
                class="grave"
                onClick={() =>
                  does(asked === "close" ? deeds.act(room, "close", "yes") : deeds.resign(room))}
              >
                {asked === "close" ? words.closeForGood : words.leaveForGood}
              </button>
            )}
            <button type="button" onClick={() => setAsked(null)}>{words.cancel}</button>
          </div>
        </>
      )}
      {problem !== "" && <p class="problem" role="alert">{problem}</p>}
    </>
  );
}

/** What those in charge did, oldest first. */
export function LogSheet({ model, room }: RoomProps) {
  const { words, link } = model;
  const [lines, setLines] = useState<readonly string[] | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const ask = link.ask({ type: "command", room: room.name, line: "/log" });
    model.settle(ask.then((answer) => setLines(answer.lines)), setProblem);
  }, []);
  if (problem !== "") return <p class="problem" role="alert">{problem}</p>;
  if (lines === null) return <p role="status">{words.loading}</p>;
  return (
    <ol class="acts">
      {lines.map((line, index) => <li key={index}>{inertLine(line)}</li>)}
    </ol>
  );
}
