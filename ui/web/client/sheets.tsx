/** What is shown over the page, one at a time, as a dialog of the browser. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Sheet } from "./model.ts";
import type { Page } from "./page.ts";
import { People } from "./people.tsx";
import { ConnectSheet } from "./sheet_connect.tsx";
import { InfoSheet } from "./sheet_info.tsx";
import { InviteSheet } from "./sheet_invite.tsx";
import { FoundSheet, JoinSheet } from "./sheet_join.tsx";
import { LogSheet, RoomSheet } from "./sheet_room.tsx";
import { PersonSheet } from "./sheet_person.tsx";
import { SearchSheet } from "./sheet_search.tsx";
import { SettingsSheet } from "./sheet_settings.tsx";
import { SwitcherSheet } from "./sheet_switcher.tsx";

export function Sheets({ model }: { readonly model: Page }) {
  const { sheet } = model;
  if (sheet === null) return null;
  return (
    <Dialog key={sheet} model={model} sheet={sheet} title={titleOf(model, sheet)}>
      <Content model={model} sheet={sheet} />
    </Dialog>
  );
}

function titleOf(model: Page, sheet: Sheet): string {
  const { words, room } = model;
  switch (sheet.type) {
    case "person":
      return model.nameOf(sheet.from, sheet.name);
    case "info":
      return words.info;
    case "settings":
      return words.settings;
    case "connect":
      return words.connectTitle;
    case "join":
      return words.joinRoom;
    case "room":
      return room === null ? words.aboutRoom : model.label(room);
    case "found":
      return words.foundRoom;
    case "invite":
      return room === null ? words.invite : words.inviteTo(model.label(room));
    case "log":
      return words.roomLog;
    case "search":
      return words.search;
    case "switcher":
      return words.switcher;
    case "help":
      return words.help;
    case "people":
      return words.people;
  }
}

function Content({ model, sheet }: { readonly model: Page; readonly sheet: Sheet }) {
  const { words, room } = model;
  switch (sheet.type) {
    case "person":
      return <PersonSheet model={model} from={sheet.from} />;
    case "info":
      return <InfoSheet model={model} id={sheet.id} />;
    case "settings":
      return <SettingsSheet model={model} />;
    case "connect":
      return <ConnectSheet model={model} />;
    case "join":
      return <JoinSheet model={model} />;
    case "room":
      return room === null ? null : <RoomSheet model={model} room={room} />;
    case "found":
      return <FoundSheet model={model} />;
    case "invite":
      return room === null ? null : <InviteSheet model={model} room={room} />;
    case "log":
      return room === null ? null : <LogSheet model={model} room={room} />;
    case "search":
      return room === null ? null : <SearchSheet model={model} room={room} query={sheet.query} />;
    case "switcher":
      return <SwitcherSheet model={model} />;
    case "help":
      return (
        <dl class="keys">
          {words.keys.map(([key, does]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      );
    case "people":
      return room === null ? null : (
        <div class="people">
          <People model={model} room={room} />
        </div>
      );
  }
}

interface DialogProps {
  readonly model: Page;
  readonly sheet: Sheet;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Dialog({ model, sheet, title, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Closed before it is taken away: the browser gives the focus back to where it was.
    return () => shown?.close();
  }, []);
  // Another one may be shown by the time the browser says that this one is closed.
  const close = () => {
    if (model.sheet === sheet) model.show(null);
  };
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby="sheet-title"
      // Told at once: whoever closes one and types a key in the same moment means the page.
      onCancel={close}
      onClose={close}
      onClick={(event) => {
        // A click beside it: on the dialog itself, which its content covers.
        if (event.target === dialog.current) close();
      }}
    >
      <div class="sheet-body">
        <header>
          <h2 id="sheet-title">{title}</h2>
          <button type="button" class="icon" aria-label={model.words.close} onClick={close}>
            ✕
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
