/** A QR code, dark on white in both themes: what photographs it needs that. */

import { useEffect, useState } from "preact/hooks";
import type { Page } from "./page.ts";

/** Empty squares around it, with which those that photograph find it. */
const margin = 4;

interface SquaresProps {
  readonly model: Page;
  readonly text: string;
  readonly label: string;
}

export function Squares({ model, text, label }: SquaresProps) {
  const [rows, setRows] = useState<readonly string[]>([]);
  useEffect(() => {
    // Without it the text is there still.
    model.settle(
      model.link.ask({ type: "qr", text }).then((answer) => setRows(answer.rows)),
      () => {},
    );
  }, [text]);
  if (rows.length === 0) return null;
  const size = rows.length + 2 * margin;
  const path = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(({ index, 0: run }) =>
      `M${index + margin} ${y + margin}h${run.length}v1h-${run.length}z`
    )
  ).join("");
  return (
    <svg class="squares" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}
