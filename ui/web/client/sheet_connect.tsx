/** Connecting to somebody, and how others connect to this peer. */

import { useEffect, useState } from "preact/hooks";
import type { PeerId } from "../../../wire/ids.ts";
import { type Linking, shortly } from "./dialling.ts";
import type { Page } from "./page.ts";
import { OneField } from "./sheet_join.tsx";
import { Reach } from "./reach.tsx";

type Linked = Extract<Linking, { readonly type: "linked" }>;

function linkedText({ words, names }: Page, { peer, waits }: Linked): string {
  const name = names.known(peer as PeerId);
  return waits ? words.linkedWaits(name) : words.linked(name);
}

export function ConnectSheet({ model }: { readonly model: Page }) {
  const { words } = model;
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
        needed={words.addressNeeded}
        isFirst
        act={async (address) => {
          setState(words.linking(shortly(address)));
          try {
            const linking = await model.dialling.to(address);
            // An invite has led to its room: that is what one wants to see.
            if (linking.type === "linked" && linking.room !== null) return model.show(null);
            setState(
              linking.type === "linked"
                ? linking
                : linking.type === "refused"
                ? linking.reason
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
