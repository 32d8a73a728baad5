/** What a person sets: name, language, theme, notifications; and leaving. */

import { useEffect, useState } from "preact/hooks";
import { LanguageChoice } from "./login.tsx";
import type { Page } from "./page.ts";
import { notifies, switchNotify } from "./notify.ts";
import { OneField } from "./sheet_join.tsx";
import { chooseTheme, type Theme, theme, themes } from "./theme.ts";

/** Days for which posts may be kept; 0: for ever. */
const keepChoices = [0, 365, 90, 30, 7];

export function SettingsSheet({ model }: { readonly model: Page }) {
  const { words, deeds } = model;
  const [state, setState] = useState("");
  const [chosen, setChosen] = useState(theme());
  const [days, setDays] = useState(0);
  useEffect(() => {
    model.link.ask({ type: "keep" }).then((kept) => setDays(kept.days ?? 0), () => {});
  }, []);
  const choices = [...new Set([...keepChoices, days])];
  const [notify, setNotify] = useState(notifies());
  return (
    <>
      <OneField
        model={model}
        label={words.yourName}
        button={words.save}
        value={model.name}
        needed={words.nameNeeded}
        act={async (typed) => {
          await deeds.rename(typed);
          setState(words.nameChanged);
        }}
      />
      <p role="status">{state}</p>
      <label>
        {words.languageLabel}
        <LanguageChoice model={model} />
      </label>
      <label>
        {words.theme}
        <select
          value={chosen}
          onChange={({ currentTarget }) => {
            const next = currentTarget.value as Theme;
            chooseTheme(next);
            setChosen(next);
          }}
        >
          {themes.map((each) => <option key={each} value={each}>{words.themes[each]}</option>)}
        </select>
      </label>
      <label>
        {words.keep}
        <select
          value={days}
          onChange={({ currentTarget }) => {
            const next = Number(currentTarget.value);
            setDays(next);
            const kept = model.link.ask({ type: "keep", days: next === 0 ? null : next });
            model.settle(kept, (reason) => {
              setDays(days);
              setState(reason);
            });
          }}
        >
          {choices.map((each) => <option key={each} value={each}>{words.keepDays(each)}</option>)}
        </select>
      </label>
      <p class="hint">{words.keepMeans}</p>
      <label class="check">
        <input
          type="checkbox"
          checked={notify}
          onChange={async ({ currentTarget }) => {
            const wanted = currentTarget.checked;
            const isOn = await switchNotify(wanted);
            setNotify(isOn);
            setState(wanted && !isOn ? words.notifyDenied : "");
          }}
        />
        {words.notifyOn}
      </label>
      <hr />
      <button type="button" onClick={() => deeds.logout()}>{words.logout}</button>
      <p class="hint">{words.logoutMeans}</p>
    </>
  );
}
