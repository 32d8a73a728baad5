import { assert, assertEquals } from "@std/assert";
import { Inbox } from "../../io/inbox.ts";
import type { ConnectionId, Input } from "../../peer/input.ts";
import { defaultLimits } from "../../wire/limits.ts";

const limits = { ...defaultLimits, stepBytesMax: 8_192, stepInputsMax: 4 };

function connect(inbox: Inbox, connection: ConnectionId, direction: "in" | "out" = "in"): void {
  inbox.connected({ type: "connected", connection, direction, address: `10.0.0.${connection}:1` });
}

/** One line per input: its type, connection and bytes. */
function told(inputs: readonly Input[]): string[] {
  return inputs.map((input) => {
    if (input.type === "received") return `received ${input.connection} ${input.bytes.length}`;
    return "connection" in input ? `${input.type} ${input.connection}` : input.type;
  });
}

function takeAll(inbox: Inbox): string[][] {
  const steps: string[][] = [];
  while (!inbox.empty) steps.push(told(inbox.take()));
  return steps;
}

Deno.test("Inbox gives a connection's inputs in order: open, bytes, closed", () => {
  const inbox = new Inbox(limits);
  connect(inbox, 1);
  inbox.received(1, new Uint8Array(10));
  inbox.received(1, new Uint8Array(20));
  inbox.drained(1);
  inbox.disconnected({ type: "disconnected", connection: 1, reason: "gone" });
  assertEquals(takeAll(inbox), [
    ["connected 1", "drained 1", "received 1 10", "received 1 20", "disconnected 1"],
  ]);
});

Deno.test("Inbox gives commands before bytes, a bounded number in one step", () => {
  const inbox = new Inbox(limits);
  connect(inbox, 1);
  for (let ref = 0; ref < 6; ref++) {
    inbox.push({ type: "command", ref, command: { type: "join", room: "lobby" } });
  }
  inbox.wake();
  assertEquals(takeAll(inbox), [
    ["command", "command", "command", "command", "wake", "connected 1"],
    ["command", "command"],
  ]);
});

Deno.test("Inbox cuts what is larger than a step and loses no byte", () => {
  const inbox = new Inbox(limits);
  connect(inbox, 1);
  inbox.take();
  const sent = Uint8Array.from({ length: 20_000 }, (_, i) => i & 255);
  inbox.received(1, sent);
  inbox.disconnected({ type: "disconnected", connection: 1, reason: "gone" });
  assertEquals(inbox.bytesOf(1), 20_000);
  const parts: number[] = [];
  const steps: string[][] = [];
  while (!inbox.empty) {
    const inputs = inbox.take();
    steps.push(told(inputs));
    for (const input of inputs) if (input.type === "received") parts.push(...input.bytes);
  }
  assertEquals(steps, [
    ["received 1 8192"],
    ["received 1 8192"],
    ["received 1 3616", "disconnected 1"],
  ]);
  assertEquals(Uint8Array.from(parts), sent);
});

Deno.test("Inbox lets no flood delay the others: lanes take turns", () => {
  const inbox = new Inbox(limits);
  for (const id of [1, 2, 3]) connect(inbox, id);
  inbox.take();
  inbox.received(1, new Uint8Array(60_000));
  inbox.received(2, new Uint8Array(100));
  inbox.received(3, new Uint8Array(100));
  assertEquals(told(inbox.take()), ["received 1 2730", "received 2 100", "received 3 100"]);
  inbox.received(2, new Uint8Array(50));
  assertEquals(told(inbox.take()), ["received 1 4096", "received 2 50"]);
});

Deno.test("Inbox counts a turn for something however short, as handshakes take long", () => {
  const inbox = new Inbox(limits);
  for (let id = 1; id <= 20; id++) connect(inbox, id);
  assertEquals(inbox.arriving, 20);
  assertEquals(inbox.take().length, 8);
  assertEquals(inbox.arriving, 12);
  assertEquals(takeAll(inbox).map((step) => step.length), [8, 4]);
  assertEquals(inbox.arriving, 0);
});

Deno.test("Inbox.forget drops what waits of a closed connection, and what comes late", () => {
  const inbox = new Inbox(limits);
  connect(inbox, 1);
  connect(inbox, 2, "out");
  inbox.received(1, new Uint8Array(5));
  inbox.forget(1);
  inbox.received(1, new Uint8Array(5));
  inbox.drained(1);
  inbox.disconnected({ type: "disconnected", connection: 1, reason: "late" });
  assertEquals(inbox.arriving, 0);
  assertEquals(takeAll(inbox), [["connected 2"]]);
  assert(inbox.empty);
});
