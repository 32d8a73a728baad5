/** Connecting to somebody, and how others connect to this peer. */

import { useEffect, useState } from "preact/hooks";
import { shortly } from "./deeds.ts";
import { Refusal } from "./link.ts";
import type { Page } from "./page.ts";
import { OneField } from "./sheet_join.tsx";
import { Reach } from "./reach.tsx";

export function ConnectSheet({ model }: { readonly model: Page }) {
  const { words, deeds } = model;
  const peers = model.peers ?? [];
  const [state, setState] = useState("");
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
                ? linking.waits ? words.linkedWaits(linking.name) : words.linked(linking.name)
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
      <p role="status">{state}</p>
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
