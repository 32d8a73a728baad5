/** Connecting to somebody, and how others connect to this peer. */

import { useEffect, useState } from "preact/hooks";
import type { PeerId } from "../../../wire/ids.ts";
import { type Linking, shortly } from "./deeds.ts";
import { Refusal } from "./link.ts";
import type { Page } from "./page.ts";
import { OneField } from "./sheet_join.tsx";
import { Reach } from "./reach.tsx";

type Linked = Extract<Linking, { readonly type: "linked" }>;

function linkedText({ words, names }: Page, { peer, waits }: Linked): string {
  const name = names.known(peer as PeerId);
  return waits ? words.linkedWaits(name) : words.linked(name);
}

export function ConnectSheet({ model }: { readonly model: Page }) {
  const { words, deeds } = model;
  const peers = model.peers ?? [];
  const [state, setState] = useState<string | Linked>("");
  useEffect(() => model.asks.peers(), []);
  return (
    <>
      <OneField
        model={model}
        label={words.connectAddress}
        button={words.connectGo}
        value=""
        act={async (typed) => {
          const address = typed.trim();
          if (address === "") throw new Refusal("bad-address", words.addressNeeded);
          setState(words.linking(shortly(address)));
          try {
            const linking = await deeds.connect(address);
            setState(
              linking.type === "linked"
                ? linking
                : linking.type === "failed"
                ? words.linkFailed(shortly(address), linking.reason)
                : words.linkSlow(shortly(address)),
            );
          } catch (error) {
            setState("");
            throw error;
          }
        }}
      />
      <p role="status">{typeof state === "string" ? state : linkedText(model, state)}</p>
      {peers.length > 0 && <h3>{words.peersTitle}</h3>}
      <ul class="links">
        {peers.map(({ peer, name, address, state, rttMs, lastError }) => (
          <li key={address}>
            <span class={state === "up" ? "dot" : "dot off"} aria-hidden="true" />
            <span class="grow">{peer === null ? address : model.nameOf(peer, name)}</span>
            <small>
              {state === "up"
                ? words.peerUp(rttMs)
                : state === "dialling"
                ? words.peerDialling
                : words.peerWaiting(lastError)}
            </small>
          </li>
        ))}
      </ul>
      <Reach model={model} />
    </>
  );
}
