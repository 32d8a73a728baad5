/** A field with the list of what fits to it; arrows choose, Enter goes there. */

import { useState } from "preact/hooks";

/** Something to go to. */
export interface Option {
  readonly key: string;
  readonly label: string;
  readonly go: () => void;
}

interface OptionListProps {
  readonly label: string;
  readonly typed: string;
  readonly onTyped: (text: string) => void;
  readonly options: readonly Option[];
}

export function OptionList({ label, typed, onTyped, options }: OptionListProps) {
  const [at, setAt] = useState(0);
  const chosen = Math.min(at, options.length - 1);
  return (
    <div class="options">
      <input
        autofocus
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls="options"
        aria-activedescendant={options.length > 0 ? `option-${chosen}` : undefined}
        autocomplete="off"
        value={typed}
        onInput={({ currentTarget }) => {
          onTyped(currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (by !== 0 && options.length > 0) {
            event.preventDefault();
            setAt((chosen + by + options.length) % options.length);
          } else if (event.key === "Enter") {
            event.preventDefault();
            options[chosen]?.go();
          }
        }}
      />
      <ul id="options" role="listbox" aria-label={label}>
        {options.map((option, index) => (
          <li
            key={option.key}
            id={`option-${index}`}
            role="option"
            aria-selected={index === chosen}
            onClick={option.go}
          >
            {option.label}
          </li>
        ))}
      </ul>
    </div>
  );
}
