import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ChatError } from "../../peer/errors.ts";
import { askName, askPassphrase, readPeer } from "../../ui/ask.ts";
import { catalogueOf } from "../../ui/catalogue.ts";
import { startLines } from "../../ui/first_start.ts";
import { Output } from "../../ui/output.ts";
import type { ScreenDevice } from "../../ui/screen/device.ts";
import { UsageError } from "../../ui/usage_error.ts";
import { FakeChat, peerId, post, postId } from "./fake_chat.ts";
import { FakeTerminal, settle } from "./fake_terminal.ts";
import { running } from "./running_face.ts";

const english = catalogueOf("en");
const up = {
  type: "peer",
  event: "up",
  peer: peerId("b"),
  name: "bo",
  address: "1.2.3.4:5",
  direction: "out",
  reason: null,
} as const;

Deno.test("runFace() leaves with 0 at the end of input when all is delivered", async () => {
  const run = await running({}, {}, (chat) => chat.awaitsDelivery = true);
  await run.type("one\ntwo\n", null);
  assertEquals(run.terminal.timers.map(({ delayMs }) => delayMs), [5_000]);
  run.chat.deliver();
  assertEquals(await run.code, 0);
  assertEquals(run.chat.closed, true);
  assertEquals(run.terminal.timers, []);
  assertEquals(run.terminal.handler, null);
});

Deno.test("runFace() leaves with 3 when posts stay undelivered without progress", async () => {
  const run = await running({ lingerMs: 700 }, {}, (chat) => chat.awaitsDelivery = true);
  await run.type("one\ntwo\n", null);
  const [first] = run.terminal.timers;
  run.chat.notify(up);
  await settle();
  const [second, ...more] = run.terminal.timers;
  assert(second !== first, "a new link starts the wait anew");
  assertEquals([second?.delayMs, more.length], [700, 0]);
  run.chat.undelivered = 1;
  run.chat.notify({ type: "receipt", id: postId(1), room: "lobby", have: 1, members: 1 });
  await settle();
  assert(run.terminal.timers[0] !== second, "a receipt starts the wait anew");
  run.terminal.expire();
  assertEquals(await run.code, 3);
  assertStringIncludes(run.terminal.stderr, "-- 1 post did not reach anybody else in time");
});

/** A terminal to draw on that answers what it is asked; it matters only when it is given back. */
function screenOf(terminal: FakeTerminal): ScreenDevice {
  return {
    size: () => ({ columns: 80, rows: 24 }),
    enter: () => {},
    write: (text) => {
      for (let asked = text.split("\x1b[6n").length; --asked > 0;) terminal.type("\x1b[1;2R");
      return Promise.resolve();
    },
    restore: () => terminal.stderr += "<restored>",
    suspend: () => {},
    list: () => [],
    now: () => 0,
  };
}

const byHand = { in: true, out: true } as const;

Deno.test("runFace() tells whoever leaves by hand what nobody else has yet, when the screen is gone", async () => {
  for (const ephemeral of [false, true]) {
    for (const full of [false, true]) {
      const run = await running({ ephemeral }, byHand, (chat, terminal) => {
        chat.awaitsDelivery = true;
        if (full) terminal.screen = screenOf(terminal);
      });
      const enter = full ? "\r" : "\n";
      await run.type(`one${enter}`, `/quit${enter}`);
      assertEquals(await run.code, 0);
      const told = "-- nobody else has confirmed 1 post of yours yet: " +
        (ephemeral ? "nothing was kept here\n" : "kept here, and sent at the next start\n");
      const { stdout, stderr } = run.terminal;
      if (full) assertStringIncludes(stderr, `<restored>${told}`);
      else assertEquals([stdout.endsWith(told), stderr], [true, ""]);
    }
  }
});

Deno.test("runFace() on a full screen gives that back before it tells of its end or a fault", async () => {
  const full = (chat: FakeChat, terminal: FakeTerminal) => {
    terminal.screen = screenOf(terminal);
    chat.say = () => Promise.reject(new TypeError("a fault"));
  };
  const ended = await running({}, byHand, full);
  await ended.chat.close();
  assertEquals(await ended.code, 1);
  assertStringIncludes(ended.terminal.stderr, `<restored>-- ${english.ended}\n`);
  const faulty = await running({}, byHand, full);
  const failing = assertRejects(() => faulty.code, TypeError, "a fault");
  await faulty.type("one\r");
  await failing;
  assertStringIncludes(faulty.terminal.stderr, "<restored>");
});

Deno.test("runFace() with --message sends one text, whatever it looks like, and waits", async () => {
  const options = { message: "/quit", lingerMs: 100 };
  const run = await running(options, { out: true }, (chat) => {
    chat.awaitsDelivery = true;
    chat.history.set("lobby", [post({ text: "old" })]);
    chat.notify({ type: "message", post: post({ text: "live" }) });
  });
  assertEquals(run.chat.calls, [["say", "lobby", "/quit", {}]]);
  assertEquals(run.terminal.stdout, "");
  run.chat.deliver();
  assertEquals(await run.code, 0);
  const refused = await running({ message: "x" }, {}, (chat) => {
    chat.nextRefusal = new ChatError("disk-full", "the disk is full");
  });
  assertEquals(await refused.code, 1);
  assertEquals(refused.terminal.stderr, "-- not sent: the disk is full\n");
  const json = await running({ ui: "json", message: "x" });
  assertEquals(await json.code, 0);
  assertStringIncludes(json.terminal.stdout, '"type":"result","ref":null,"ok":true');
});

Deno.test("runFace() sends the lines of a script when others have opened the room of its invite", async () => {
  const invited = { rooms: [], roomsNamed: true, lingerMs: 900 };
  const alone = (chat: FakeChat) => void chat.open.pop();
  const run = await running(invited, {}, (chat, terminal) => {
    alone(chat);
    terminal.type("words\n", null);
  });
  assertEquals([run.terminal.unreadChunks > 1, run.terminal.stderr], [true, ""]);
  await run.chat.join("dev");
  run.chat.notify({ type: "room", event: "open", room: "dev" });
  assertEquals(await run.code, 0);
  assertEquals(run.chat.calls.filter(([method]) => method === "say"), [[
    "say",
    "dev",
    "words",
    {},
  ]]);

  const late = await running(invited, {}, (chat, terminal) => {
    alone(chat);
    terminal.type("words\n", null);
  });
  assertEquals(late.terminal.timers.map(({ delayMs }) => delayMs), [900]);
  late.terminal.expire();
  assertEquals(await late.code, 3);
  assertEquals(
    late.terminal.stderr,
    "-- nobody has let you in in time: nothing of the input was sent\n",
  );

  // A program is told, a person sees it, and what stays has time: none of them waits.
  for (const patient of [{ ui: "json" }, { stay: true }] as const) {
    const other = await running({ ...invited, ...patient }, {}, alone);
    assertEquals(other.terminal.timers, []);
    await other.stop();
  }
  const typed = await running(invited, { in: true }, alone);
  assertEquals(typed.terminal.timers, []);
  await typed.stop();
});

Deno.test("runFace() with --stay runs on after the end of input", async () => {
  const run = await running({ stay: true });
  await run.type("one\n", null);
  run.chat.notify({ type: "message", post: post({ text: "answer" }) });
  await settle();
  assertEquals(run.lines(), ["12:41\tlobby\tbo\tanswer"]);
  run.terminal.handler?.("terminate");
  assertEquals(await run.code, 0);
});

Deno.test("runFace() leaves at once when a person ends the input", async () => {
  const run = await running({}, { in: true, out: true }, (chat) => chat.awaitsDelivery = true);
  await run.type("hello\n", null);
  assertEquals(await run.code, 0);
});

Deno.test("runFace() leaves with 0 at Ctrl-C and with 130 at the second", async () => {
  const polite = await running();
  polite.terminal.handler?.("interrupt");
  assertEquals(await polite.code, 0);
  const hanging = await running();
  hanging.chat.close = () => new Promise(() => {});
  hanging.terminal.handler?.("interrupt");
  await settle();
  hanging.terminal.handler?.("interrupt");
  assertEquals(await hanging.code, 130);
});

Deno.test("runFace() leaves a script's undelivered words with 3 at a signal, and at a second with 130", async () => {
  const left = "-- 1 post did not reach anybody else in time\n";
  const awaits = (chat: FakeChat) => void (chat.awaitsDelivery = true);
  for (const signal of ["interrupt", "terminate"] as const) {
    const cut = await running({ message: "x" }, { in: true }, awaits);
    cut.terminal.handler?.(signal);
    assertEquals([await cut.code, cut.terminal.stderr], [3, left]);
  }
  const storing = await running({ message: "x" }, {}, (chat) => {
    chat.say = () => new Promise(() => {});
    chat.close = () => Promise.resolve();
  });
  storing.terminal.handler?.("interrupt");
  await settle();
  storing.terminal.handler?.("interrupt");
  assertEquals([await storing.code, storing.terminal.stderr], [130, left]);

  const lingering = await running({}, {}, awaits);
  await lingering.type("one\n", null);
  lingering.terminal.handler?.("interrupt");
  assertEquals([await lingering.code, lingering.terminal.stderr], [3, left]);
  const delivered = await running({}, {}, awaits);
  await delivered.type("one\n", null);
  delivered.chat.undelivered = 0;
  delivered.terminal.handler?.("interrupt");
  assertEquals([await delivered.code, delivered.terminal.stderr], [0, ""]);

  // Nobody has let it in, so that nothing was said.
  const early = await running({ rooms: [], roomsNamed: true }, {}, (chat) => void chat.open.pop());
  early.terminal.handler?.("interrupt");
  assertEquals(await early.code, 3);
  // Input that goes on is no script that waits for delivery.
  const open = await running({}, {}, awaits);
  await open.type("one\n");
  open.terminal.handler?.("interrupt");
  assertEquals([await open.code, open.terminal.stderr], [0, ""]);
});

Deno.test("runFace() ends quietly when nobody reads its output any more", async () => {
  const run = await running();
  run.terminal.failure = new Deno.errors.BrokenPipe("broken pipe");
  run.chat.notify({ type: "message", post: post({ text: "x" }) });
  assertEquals(await run.code, 0);
  assertEquals(run.terminal.stderr, "");
  const full = await running();
  full.terminal.failure = new Error("No space left on device");
  full.chat.notify({ type: "message", post: post({ text: "x" }) });
  assertEquals(await full.code, 1);
  assertStringIncludes(full.terminal.stderr, "cannot write to standard output: no space left");
});

Deno.test("runFace() does not wait for ever for a reader that stands still", async () => {
  const run = await running({}, {}, (_, terminal) => terminal.stalled = new Promise(() => {}));
  const big = post({ text: "x".repeat(16_000) });
  run.chat.notify(...Array.from({ length: 500 }, () => ({ type: "message", post: big } as const)));
  await settle();
  run.terminal.handler?.("terminate");
  await settle();
  assertEquals(run.terminal.timers.length, 1);
  run.terminal.expire();
  assertEquals(await run.code, 0);
});

Deno.test("runFace() leaves with 1 when the peer stops by itself", async () => {
  const run = await running();
  await run.chat.close();
  assertEquals(await run.code, 1);
  assertEquals(run.terminal.stderr, "-- the peer has stopped\n");
});

Deno.test("runFace() opens the rooms asked for and writes to the last", async () => {
  const run = await running({ rooms: ["lobby", "dev", ""] });
  await run.type("hi\n");
  assertEquals(run.chat.calls, [["join", "dev"], ["join", ""], ["say", "dev", "hi", {}]]);
  assertEquals(run.terminal.stderr, "-- the room's name is empty\n");
  await run.stop();
});

Deno.test("runFace() rejects with a fault of the program instead of hiding it", async () => {
  const run = await running({}, {}, (chat) => {
    chat.say = () => Promise.reject(new TypeError("a fault"));
  });
  run.terminal.type("hi\n");
  const fault = await run.code.catch((error) => error);
  assert(fault instanceof TypeError);
  assertEquals(run.chat.closed, true);
});

Deno.test("askName() asks again until the name is a good one", async () => {
  const terminal = new FakeTerminal({ in: true, out: true });
  terminal.type(
    "\u200b\n",
    `${"x".repeat(65)}\n`,
    `${"名".repeat(17)}\n`,
    "a\x07b\n",
    "  bo \r\nhello\n",
  );
  assertEquals(await askName(terminal, english, ""), "bo");
  assertEquals(terminal.stdout.match(/your name: /g)?.length, 5);
  assertStringIncludes(terminal.stdout, "-- the name is too long: at most 64 bytes");
  assertStringIncludes(terminal.stdout, "-- the name is 34 columns wide: at most 32");
  assertStringIncludes(terminal.stdout, "holds a control character");
  // What came with the answer is still there for the chat.
  assertEquals(await terminal.read(), new TextEncoder().encode("hello\n"));
});

Deno.test("askName() takes the suggestion for an empty answer, and null at the end", async () => {
  const terminal = new FakeTerminal({ in: true, out: true });
  assertEquals(await askName(terminal.type("\n"), english, "ann"), "ann");
  assertEquals(terminal.stdout, "your name [ann]: ");
  assertEquals(await askName(terminal.type(null), english, "ann"), null);
});

async function usageError(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => null, (reason) => reason);
  assert(error instanceof UsageError, String(error));
  return error.message;
}

Deno.test("askPassphrase() reads a line from a pipe and asks twice on a terminal", async () => {
  assertEquals(
    await askPassphrase(new FakeTerminal().type("geheim", null), english, "new"),
    "geheim",
  );
  assertEquals(
    await askPassphrase(new FakeTerminal().type("se", "cret\nmore", null), english, "new"),
    "secret",
  );
  await usageError(askPassphrase(new FakeTerminal().type(null), english, "present"));
  const terminal = new FakeTerminal({ in: true });
  terminal.secrets = ["a", "a", "a", "b", "c"];
  assertEquals(await askPassphrase(terminal, english, "new"), "a");
  assertStringIncludes(await usageError(askPassphrase(terminal, english, "new")), "differ");
  assertEquals(await askPassphrase(terminal, english, "present"), "c");
  await usageError(askPassphrase(terminal, english, "present"));
});

Deno.test("readPeer() asks on a terminal, beside the output if that is a pipe", async () => {
  for (const out of [true, false]) {
    const terminal = new FakeTerminal({ in: true, out }).type("h:1\n");
    assertEquals(await readPeer(terminal, english), "h:1");
    assertEquals(terminal[out ? "stdout" : "stderr"], "peer address or invite: ");
  }
});

Deno.test("readPeer() takes the first line for an address and leaves the others", async () => {
  const terminal = new FakeTerminal().type("[::1]:9797\r\nhello\n");
  assertEquals(await readPeer(terminal, english), "[::1]:9797");
  assertEquals(await terminal.read(), new TextEncoder().encode("hello\n"));
  const wrong = await usageError(readPeer(new FakeTerminal().type("nowhere\n"), english));
  assertEquals(
    wrong,
    '--peer - "nowhere": must be ip:port, [v6]:port, host:port or an invite (starling:…)',
  );
  await usageError(readPeer(new FakeTerminal().type(null), english));
  assertStringIncludes(
    await usageError(readPeer(new FakeTerminal().type("starling:x\n"), english)),
    "--peer -: The invite is damaged: copy all of it",
  );
});

Deno.test("startLines() explains a first start", () => {
  const start = {
    profile: "default",
    name: "ann",
    me: new FakeChat().me,
    rooms: ["lobby"],
    invite: "starling:x",
    surroundings: null,
    first: true,
    lacksModes: false,
  };
  const addresses = [
    "127.0.0.1:9797",
    "[::1]:9797",
    "[2001:db8::1]:9797",
    "192.168.1.5:9797",
    "[fe80::1]:9797",
  ];
  assertEquals(startLines({ ...start, addresses }, english), [
    "you are ann, profile default, key aaaa…",
    "others reach you at:",
    "  192.168.1.5:9797",
    "  [2001:db8::1]:9797",
    "  same machine: 127.0.0.1:9797",
    "a friend types: deno run -A mod.ts --peer 192.168.1.5:9797",
    "or, without Deno: npx -y deno@2.9.6 run -A mod.ts --peer 192.168.1.5:9797",
    "or, so that nobody else can answer in your place, after --peer an invite, which holds for " +
    "7 days: starling:x",
    "a firewall here must let in TCP port 9797; for people elsewhere your router must forward " +
    "that port to this computer",
    "#lobby is open: whoever reaches this address can join and read what was said in it. " +
    "For two people only: /query NAME, for members only: /room new NAME --private",
  ]);
  const local = startLines({ ...start, profile: null, addresses: ["127.0.0.1:80"] }, english);
  assertEquals(local[3], "a friend types: deno run -A mod.ts --peer 127.0.0.1:80");
  assertEquals(local.length, 7);
  const bare = startLines({ ...start, addresses, lacksModes: true }, english);
  assert(bare[1]!.includes("read your key"));
  assertEquals(bare.length, 11);
  const wsl = startLines({ ...start, addresses, surroundings: "wsl" }, english);
  assert(wsl.some((line) => line.includes("WSL") && line.includes("9797")));
  const container = startLines({ ...start, addresses, surroundings: "container" }, english);
  assert(container.some((line) => line.includes("-p 9797:9797")));
  assertEquals(startLines({ ...start, addresses: [] }, english).length, 2);
  assertEquals(startLines({ ...start, addresses, first: false }, english).length, 2);
});

Deno.test("Output gathers the lines of a turn in one write and keeps their order", async () => {
  const terminal = new FakeTerminal();
  const output = new Output(terminal, "stdout", () => {});
  for (let n = 0; n < 1_000; n++) output.write(`${n}\n`);
  await output.drained();
  assertEquals(terminal.writes, 1);
  assertEquals(terminal.stdout, Array.from({ length: 1_000 }, (_, n) => `${n}\n`).join(""));
});
