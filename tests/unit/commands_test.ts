import { assert, assertEquals, assertMatch } from "@std/assert";
import stringWidth from "string-width";
import { helpOf } from "../../ui/catalogue.ts";
import { commandNames, type ParsedLine, parseLine, type SlashCommand } from "../../ui/commands.ts";
import { languages } from "../../ui/language.ts";

function command(fields: SlashCommand): ParsedLine {
  return { type: "command", command: fields };
}

Deno.test("parseLine() reads texts and every command", () => {
  const lines: readonly (readonly [string, ParsedLine])[] = [
    ["hello", { type: "text", text: "hello" }],
    [" /join x", { type: "text", text: " /join x" }],
    ["//x y", { type: "text", text: "/x y" }],
    ["///", { type: "text", text: "//" }],
    ["/help", command({ name: "help", about: null })],
    ["/help /who", command({ name: "help", about: "who" })],
    ["/JOIN  #Dev ", command({ name: "join", room: "#Dev" })],
    ["/part", command({ name: "part", room: null })],
    ["/part dev", command({ name: "part", room: "dev" })],
    ["/more dev", command({ name: "more", room: "dev" })],
    ["/rooms", command({ name: "rooms" })],
    ["/who", command({ name: "who", room: null })],
    ["/whois Zoë B", command({ name: "whois", query: "Zoë B" })],
    ["/me waves  twice", command({ name: "me", text: "waves  twice" })],
    ["/nick new name", command({ name: "nick", nick: "new name" })],
    ["/topic", command({ name: "topic", text: null })],
    ["/topic release on Friday", command({ name: "topic", text: "release on Friday" })],
    ["/reply yes", command({ name: "reply", nth: null, text: "yes" })],
    ["/reply 2 yes\nno", command({ name: "reply", nth: "2", text: "yes\nno" })],
    ["/reply 2", command({ name: "reply", nth: null, text: "2" })],
    ["/reply 2nd", command({ name: "reply", nth: null, text: "2nd" })],
    ["/delete", command({ name: "delete", target: null })],
    ["/delete 3", command({ name: "delete", target: "3" })],
    ["/msg Zoë B psst", command({ name: "msg", rest: "Zoë B psst" })],
    ["/query Zoë B", command({ name: "query", who: "Zoë B" })],
    ["/requests", command({ name: "requests" })],
    ["/accept bo", command({ name: "accept", who: "bo" })],
    ["/verify bo yes", command({ name: "verify", rest: "bo yes" })],
    ["/petname bo = Bob", command({ name: "petname", rest: "bo = Bob" })],
    ["/block bo", command({ name: "block", who: "bo" })],
    ["/unblock bo·3f2a", command({ name: "unblock", who: "bo·3f2a" })],
    [
      "/room new club --owned",
      command({ name: "room", room: "club", kind: "owned", history: false }),
    ],
    [
      "/room new club --private",
      command({ name: "room", room: "club", kind: "private", history: false }),
    ],
    [
      "/room new club --private --history",
      command({ name: "room", room: "club", kind: "private", history: true }),
    ],
    ["/room new club --owned --history", { type: "misused", name: "room" }],
    ["/room new club", { type: "misused", name: "room" }],
    ["/announce hear, hear", command({ name: "announce", text: "hear, hear" })],
    ["/admin Zoë B off", command({ name: "admin", rest: "Zoë B off" })],
    ["/remove Zoë B", command({ name: "remove", who: "Zoë B" })],
    ["/readmit bo", command({ name: "readmit", who: "bo" })],
    ["/close", command({ name: "close", sure: false })],
    ["/close yes", command({ name: "close", sure: true })],
    ["/close no", { type: "misused", name: "close" }],
    ["/log", command({ name: "log" })],
    ["/peers", command({ name: "peers" })],
    ["/search  two words ", command({ name: "search", query: "two words" })],
    ["/net", command({ name: "net" })],
    ["/connect [::1]:9797", command({ name: "connect", address: "[::1]:9797" })],
    ["/connect starling:ab\n cd", command({ name: "connect", address: "starling:ab\n cd" })],
    ["/invite", command({ name: "invite", rest: "" })],
    ["/invite dev --count 3 --qr", command({ name: "invite", rest: "dev --count 3 --qr" })],
    ["/disconnect 10.0.0.5:9797", command({ name: "disconnect", target: "10.0.0.5:9797" })],
    ["/reconnect", command({ name: "reconnect", target: null })],
    ["/listen", command({ name: "listen", port: null })],
    ["/listen off", command({ name: "listen", port: "off" })],
    ["/lang", command({ name: "lang", language: null })],
    ["/lang zh", command({ name: "lang", language: "zh" })],
    ["/mute", command({ name: "mute", room: null })],
    ["/unmute dev", command({ name: "unmute", room: "dev" })],
    ["/set", command({ name: "set", key: null, value: null })],
    ["/set theme", command({ name: "set", key: "theme", value: null })],
    ["/set  theme  ascii ", command({ name: "set", key: "theme", value: "ascii" })],
    ["/set a b c", { type: "misused", name: "set" }],
    ["/listen 0", command({ name: "listen", port: 0 })],
    ["/last 7", command({ name: "last", count: 7 })],
    ["/info 00ff", command({ name: "info", target: "00ff" })],
    ["/away", command({ name: "away", reason: null })],
    ["/away for lunch", command({ name: "away", reason: "for lunch" })],
    ["/clear", command({ name: "clear" })],
    ["/export my file.ndjson", command({ name: "export", path: "my file.ndjson" })],
    ["/quit", command({ name: "quit" })],
  ];
  for (const [line, parsed] of lines) assertEquals(parseLine(line), parsed, line);
  const tried = lines.map(([, parsed]) => parsed.type === "command" ? parsed.command.name : "");
  assertEquals(commandNames.filter((name) => !tried.includes(name)), []);
});

Deno.test("parseLine() never takes a command that it does not know for a text", () => {
  const unknown: readonly (readonly [string, string | null])[] = [
    ["/jion dev", "join"],
    ["/qiut", "quit"],
    ["/wohis", "whois"],
    ["/recon", "reconnect"],
    ["/exit", "quit"],
    ["/DM bo hi", "msg"],
    ["/leave", "part"],
    ["/xyzzy", null],
    ["/", null],
    ["/ hello", null],
    ["/__proto__", null],
    ["/toString", null],
    [`/${"x".repeat(5_000)}`, null],
  ];
  for (const [line, near] of unknown) {
    const parsed = parseLine(line);
    assert(parsed.type === "unknown", line);
    assertEquals(parsed.near, near, line);
  }
});

Deno.test("parseLine() takes a wide slash before a command, and says it before anything else", () => {
  for (const line of ["/msg Zoë B psst", "/QUIT", "/qiut", "/join a b", "/exit"]) {
    assertEquals(parseLine(`／${line.slice(1)}`), parseLine(line), line);
  }
  for (const text of ["／", "／／quit", "／ quit", "／退出", "／xyzzy", " ／quit"]) {
    assertEquals(parseLine(text), { type: "text", text });
  }
});

Deno.test("parseLine() tells wrong uses", () => {
  const misused = [
    "/msg bo",
    "/query",
    "/accept",
    "/requests now",
    "/join",
    "/join a b",
    "/me",
    "/nick",
    "/reply",
    "/rooms now",
    "/listen 70000",
  ];
  for (
    const line of [...misused, "/last 0", "/last x", "/info", "/export", "/connect", "/quit now"]
  ) {
    assertEquals(parseLine(line).type, "misused", line);
  }
});

Deno.test("helpOf() shows the form of every command within 80 columns, in each language", async () => {
  for (const language of languages) {
    const { commands } = await helpOf(language);
    for (const name of commandNames) {
      const [form, does] = commands[name];
      assertMatch(form, new RegExp(`^/${name}\\b`));
      assert(Math.max(20, stringWidth(form)) + 1 + stringWidth(does) <= 80, form);
    }
  }
});
