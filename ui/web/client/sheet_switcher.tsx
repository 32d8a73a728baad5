/** Going to a room or to a person by typing a part of the name. */

import { useState } from "preact/hooks";
import type { Page } from "./page.ts";
import { OptionList } from "./option_list.tsx";

export function SwitcherSheet({ model }: { readonly model: Page }) {
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const people = new Map<string, string>();
  for (const room of model.rooms.values()) {
    for (const { from, name, self } of room.people) if (!self) people.set(from, name);
  }
  const options = [
    ...[...model.rooms.values()].map((room) => ({
      key: room.name,
      label: model.label(room),
      go: () => model.history.go(room.name),
    })),
    ...[...people].map(([from, name]) => ({
      key: from,
      label: model.nameOf(from, name),
      go: () => model.show({ type: "person", from, name }),
    })),
  ].filter(({ label }) => label.toLowerCase().includes(wanted));
  return (
    <OptionList label={model.words.switcher} typed={typed} onTyped={setTyped} options={options} />
  );
}
