import { keepKeys } from "../../ui/keep_command.ts";
import { assertEquals } from "@std/assert";
import { isChoice, isPreferenceKey, preferenceKeys } from "../../ui/preference_table.ts";
import { Preferences } from "../../ui/preferences.ts";
import { nameColour } from "../../ui/theme.ts";
import type { ShownPost } from "../../peer/notice.ts";
import { peerId, post } from "./fake_chat.ts";
import { settle } from "./fake_terminal.ts";
import { englishOnly, type Running, running } from "./running_face.ts";

Deno.test("Preferences: what is asked for goes before the environment, a choice before both", () => {
  const variables: Record<string, string> = { LANG: "zh_CN.UTF-8", NO_COLOR: "1" };
  const surroundings = { variable: (name: string) => variables[name], language: "en" };
  const asked = new Preferences({ lang: "en", color: "always" }, surroundings);
  assertEquals([asked.get("lang"), asked.get("color"), asked.colours(false)], [
    "en",
    "always",
    true,
  ]);
  const left = new Preferences({ lang: null, color: null }, surroundings);
  assertEquals([left.get("lang"), left.get("color"), left.colours(true)], ["zh", "auto", false]);
  assertEquals([left.get("theme"), left.get("notify")], ["unicode", "bell"]);
  asked.load((key) =>
    ({ lang: "zh", color: "never", theme: "ascii", notify: "loud" })[key as "lang"] ?? null
  );
  assertEquals(
    [asked.get("lang"), asked.get("color"), asked.get("theme"), asked.get("notify")],
    ["en", "always", "ascii", "bell"],
    "what was saved comes behind what is asked for; what there is not counts as nothing",
  );
  asked.choose("color", "never");
  assertEquals(asked.get("color"), "never");
  asked.choose("color", null);
  assertEquals(asked.get("color"), "always");
  left.choose("lang", "en");
  left.choose("notify", "osc9");
  assertEquals([left.get("lang"), left.get("notify")], ["en", "osc9"]);
  assertEquals(left.words.catalogue.language, "en");
});

Deno.test("isPreferenceKey() and isChoice() know what there is, and nothing of Object", () => {
  assertEquals(["lang", "theme", "x", "toString"].map(isPreferenceKey), [true, true, false, false]);
  assertEquals(["ascii", "unicode", "ASCII", ""].map((value) => isChoice("theme", value)), [
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("LineMode is coloured where a person reads, and plain where NO_COLOR or a pipe is", async () => {
  const from = peerId("b");
  const said = post({ from, name: "bo", text: "hi" });
  const lines = async (out: boolean, variables: Record<string, string>) => {
    const face = await running({}, { in: true, out }, () => {}, englishOnly(variables));
    face.lines();
    face.chat.notify({ type: "message", post: said });
    await face.type("/frob\n");
    await face.stop();
    return face.lines();
  };
  const [first, second] = await lines(true, { TERM: "xterm" });
  assertEquals(
    first,
    `\x1b[90m12:41\x1b[0m\tlobby\t\x1b[${nameColour(from)}mbo\x1b[0m\thi`,
  );
  assertEquals(second?.startsWith("\x1b[90m-- no such command"), true);
  for (const variables of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
    assertEquals((await lines(true, variables))[0], "12:41\tlobby\tbo\thi");
  }
  assertEquals((await lines(false, { TERM: "xterm" }))[0], "12:41\tlobby\tbo\thi");
});

Deno.test("LineMode calls by the bell or a notification when somebody is mentioned, not for history", async () => {
  const face = await running({}, { in: true, out: true });
  face.lines();
  const hears = async (text: string, fields: Partial<ShownPost> = {}) => {
    face.chat.notify({ type: "message", post: post({ text, ...fields }) });
    await settle();
    return face.lines();
  };
  assertEquals(await hears("Ann: hi"), ["\x0712:41\tlobby\tbo\tAnn: hi"]);
  assertEquals(await hears("banner"), ["12:41\tlobby\tbo\tbanner"]);
  assertEquals(await hears("ann?", { origin: "history" }), ["12:41\tlobby\tbo\tann?"]);
  face.preferences.choose("notify", "osc777");
  assertEquals(await hears("hi ann"), ["\x1b]777;notify;bo;hi ann\x0712:41\tlobby\tbo\thi ann"]);
  face.preferences.choose("notify", "off");
  assertEquals(await hears("hi ann"), ["12:41\tlobby\tbo\thi ann"]);
  await face.stop();

  const dumb = await running({}, { in: true, out: true }, () => {}, englishOnly({ TERM: "dumb" }));
  dumb.lines();
  dumb.preferences.choose("notify", "osc9");
  dumb.chat.notify({ type: "message", post: post({ text: "ann!" }) });
  await dumb.type("/clear\n");
  assertEquals(dumb.lines(), ["\x0712:41\tlobby\tbo\tann!"]);
  await dumb.stop();

  const piped = await running({}, { in: true, out: false });
  piped.chat.notify({ type: "message", post: post({ text: "ann!" }) });
  await settle();
  assertEquals(piped.terminal.stdout, "12:41\tlobby\tbo\tann!\n");
  await piped.stop();
});

Deno.test("/set lists, shows, changes and keeps; what is wrong names itself and what is allowed", async () => {
  const face = await running({}, { in: true, out: true });
  face.lines();
  await face.type("/set\n");
  const all = face.lines();
  assertEquals(all.map((line) => line.split(/ +/)[1]), [
    ...preferenceKeys,
    ...keepKeys,
  ]);
  // One table, whatever the value is of.
  assertEquals(new Set(all.map((line) => /^-- \S+ +\S+ +/.exec(line)![0].length)), new Set([23]));
  await face.type("/set theme\n/set theme ascii\n/set theme\n/set notify default\n");
  assertEquals(face.lines(), [
    "-- theme      unicode  signs; ascii: for terminals that draw some of them too wide (unicode, ascii)",
    "-- theme is ascii now",
    "-- theme      ascii    signs; ascii: for terminals that draw some of them too wide (unicode, ascii)",
    "-- notify is bell now",
  ]);
  assertEquals([...face.chat.settings], [["set.theme", "ascii"]]);
  await face.type("/set tehme ascii\n/set zzz 1\n/set times 9\n/set lang zh\n/set lang default\n");
  assertEquals(face.lines(), [
    '-- "tehme": no such setting; did you mean theme?',
    '-- "zzz": no such setting; there are lang, color, theme, notify, times, noise, ' +
    "keep-days, room-mib, folder-mib",
    '-- times "9": must be on, seconds, off, or default',
    "-- lang 现在是 zh",
    "-- lang is en now",
  ]);
  assertEquals([...face.chat.settings], [["set.theme", "ascii"]]);
  await face.stop();
});

Deno.test("/set keep-days, room-mib and folder-mib take whole numbers, for all rooms or for one", async () => {
  const face = await running({}, { in: true, out: true });
  face.lines();
  await face.type("/set keep-days\n/set keep-days 30\n/set room-mib:lobby 5\n/set folder-mib 0\n");
  assertEquals(face.lines(), [
    "-- keep-days  default  days for which posts are kept after they have come",
    "-- keep-days  30       days for which posts are kept after they have come",
    "-- room-mib:lobby 5        MiB on the disk that a room may take in lobby",
    '-- folder-mib "0": must be a whole number, or default',
  ]);
  assertEquals([...face.chat.settings], [["keep-days", "30"], ["room-mib:lobby", "5"]]);
  await face.type("/set keep-days default\n/set folder-mib:x 5\n");
  assertEquals(
    face.lines()[0],
    "-- keep-days  default  days for which posts are kept after they have come",
  );
  assertEquals([...face.chat.settings], [["room-mib:lobby", "5"]]);
  await face.stop();
});

Deno.test("/set times and noise change what line mode shows a person, and no script", async () => {
  const came = {
    type: "presence",
    event: "join",
    room: "lobby",
    from: peerId("c"),
    name: "cy",
  } as const;
  const shown = async (out: boolean, commands: string) => {
    const face = await running({}, { in: true, out });
    await face.type(commands);
    face.lines();
    face.chat.notify(came, { type: "message", post: post({ text: "hi" }) });
    await settle();
    const lines = face.lines();
    await face.stop();
    return lines;
  };
  assertEquals(await shown(true, ""), ["-- cy is here (#lobby)", "12:41\tlobby\tbo\thi"]);
  assertEquals(await shown(true, "/set times seconds\n/set noise hide\n"), [
    "12:41:07\tlobby\tbo\thi",
  ]);
  assertEquals(await shown(true, "/set times off\n/set noise hide\n"), ["lobby\tbo\thi"]);
  assertEquals(await shown(false, "/set times off\n"), ["12:41\tlobby\tbo\thi"]);
});

Deno.test("/mute keeps a room from ringing, in this run and the next; /unmute ends that", async () => {
  const rings = async (face: Running, room: string) => {
    face.lines();
    face.chat.notify({ type: "message", post: post({ text: "ann!", room }) });
    await settle();
    return face.lines()[0]?.startsWith("\x07");
  };
  const face = await running({}, { in: true, out: true }, (chat) => chat.open.push("dev"));
  face.lines();
  await face.type("/mute #dev\n/mute nowhere\n");
  assertEquals(face.lines(), [
    "-- #dev is muted: it rings no bell; /unmute #dev undoes it",
    '-- the room "nowhere" is not open; join it first',
  ]);
  assertEquals([await rings(face, "dev"), await rings(face, "lobby")], [false, true]);
  assertEquals([...face.chat.settings], [["muted", "dev"]]);
  const later = await running({}, { in: true, out: true }, (chat) => {
    chat.open.push("dev");
    chat.settings.set("muted", "dev");
  });
  assertEquals(await rings(later, "dev"), false);
  await later.type("/unmute dev\n");
  assertEquals([await rings(later, "dev"), later.chat.settings.size], [true, 0]);
  assertEquals(await rings(later, `@${peerId("b")}`), true, "a private message rings by itself");
  await Promise.all([face.stop(), later.stop()]);
});
