import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import stringWidth from "string-width";
import { type Invocation, parseArguments } from "../../ui/arguments.ts";
import { type Options, withPeer } from "../../ui/options.ts";
import type { PeerId } from "../../wire/ids.ts";
import { encodeInvite } from "../../wire/invite.ts";

const defaults: Options = {
  peers: [],
  peerFromStdin: false,
  listen: { host: null, port: 9797, exact: false },
  lan: false,
  name: null,
  rooms: ["lobby"],
  roomsNamed: false,
  profile: null,
  data: null,
  ephemeral: false,
  web: null,
  webOpen: false,
  ui: null,
  message: null,
  lingerMs: 5_000,
  stay: false,
  log: null,
  import: null,
  exportIdentity: null,
  importIdentity: null,
  passphrase: null,
  lang: null,
  color: null,
  limits: {},
};

function parse(line: readonly string[]): Promise<Invocation> {
  const readText = () => {
    throw new Error("no file here");
  };
  return parseArguments(line, readText, "en");
}

Deno.test("parseArguments() opens no room for an invite to a private one, which others must open", async () => {
  const invite = encodeInvite({
    peer: "ab".repeat(32) as PeerId,
    room: `~${"cd".repeat(32)}`,
    addresses: ["127.0.0.1:1"],
    expiresMs: null,
    ticket: { seed: new Uint8Array(16), past: false },
  });
  const rooms = async (...more: readonly string[]) => {
    const parsed = await parse(["--peer", invite, ...more]);
    assert(parsed.type === "run");
    return [parsed.options.rooms, parsed.options.roomsNamed];
  };
  assertEquals(await rooms(), [[], true]);
  assertEquals(await rooms("--room", "dev"), [["dev"], true]);
  const parsed = await parse(["--peer", "-"]);
  assert(parsed.type === "run");
  const { rooms: typed, roomsNamed } = await withPeer(parsed.options, invite);
  assertEquals([typed, roomsNamed], [[], true]);
});

Deno.test("parseArguments() reads every option", async () => {
  const right: readonly (readonly [readonly string[], Partial<Options>])[] = [
    [[], {}],
    [["--peer", "10.0.0.5:9797"], { peers: ["10.0.0.5:9797"] }],
    [["--web"], { web: { port: null } }],
    [["--web=0"], { web: { port: 0 } }],
    [["--web=9780", "--web-open"], { web: { port: 9780 }, webOpen: true }],
    [["--web-open"], { web: { port: null }, webOpen: true }],
    [["--peer", "[::1]:1", "--peer=h.lan:2"], { peers: ["[::1]:1", "h.lan:2"] }],
    [["--peer", "-"], { peerFromStdin: true }],
    [["--peer=-", "--peer", "a:1"], { peers: ["a:1"], peerFromStdin: true }],
    [["--listen", "9800"], { listen: { host: null, port: 9800, exact: true } }],
    [["--listen", "9797"], { listen: { host: null, port: 9797, exact: true } }],
    [["--listen", "0"], { listen: { host: null, port: 0, exact: true } }],
    [["--listen", "127.0.0.1:0"], { listen: { host: "127.0.0.1", port: 0, exact: true } }],
    [["--listen", "[::1]:80"], { listen: { host: "::1", port: 80, exact: true } }],
    [["--listen", "localhost:80"], { listen: { host: "localhost", port: 80, exact: true } }],
    [["--no-listen"], { listen: null }],
    [["--lan"], { lan: true }],
    [["--name", "bo"], { name: "bo" }],
    [["--name", "小明"], { name: "小明" }],
    [["--name", "-x-"], { name: "-x-" }],
    [["--name=--x"], { name: "--x" }],
    [["--name", "007"], { name: "007" }],
    [["--name", "a=b"], { name: "a=b" }],
    [["--room", "#Dev", "--room", "b", "--room", "dev"], { rooms: ["dev", "b"], roomsNamed: true }],
    [["--profile", "work-2"], { profile: "work-2" }],
    [["--data", "/tmp/x y"], { data: "/tmp/x y" }],
    [["--passphrase"], { passphrase: "protect" }],
    [["--ephemeral", "--stay"], { ephemeral: true, stay: true }],
    [["--ui", "json"], { ui: "json" }],
    [["--message", "two\nlines"], { message: "two\nlines" }],
    [["--message", "-5"], { message: "-5" }],
    [["--linger", "0.5"], { lingerMs: 500 }],
    [["--linger", "0"], { lingerMs: 0 }],
    [["--log", "a.log", "--import", "b.ndjson"], { log: "a.log", import: "b.ndjson" }],
    [["--export-identity", "me.key"], { exportIdentity: "me.key" }],
    [["--import-identity=me.key"], { importIdentity: "me.key" }],
    [["--lang", "en", "--color", "never"], { lang: "en", color: "never" }],
  ];
  for (const [line, options] of right) {
    assertEquals(
      await parse(line),
      { type: "run", options: { ...defaults, ...options } },
      `${line}`,
    );
  }
});

Deno.test("parseArguments() names option, value seen and form wanted in one line", async () => {
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [["--pear", "x"], "--pear: no such option; did you mean --peer?"],
    [["--nolisten"], "--nolisten: no such option; did you mean --no-listen?"],
    [["--wat"], "--wat: no such option; --help lists them"],
    [["--wat=5"], "--wat=5: no such option; --help lists them"],
    [["-p", "x"], "-p: no such option; --help lists them"],
    [["-peer", "x"], "-peer: no such option; did you mean --peer?"],
    [["lobby"], "lobby: not an option; a room is given as --room lobby"],
    [["--stay", "--", "x"], "x: not an option"],
    [["--", "7"], "7: not an option"],
    [["--peer"], "--peer: a value is missing: ip:port, [v6]:port, host:port or an invite"],
    [["--name", "--stay"], "--name: a value is missing"],
    [["--peer", "10.0.0.5"], '--peer "10.0.0.5": must be ip:port'],
    [["--peer", "10.0.0.5:70000"], '--peer "10.0.0.5:70000": must be ip:port'],
    [["--peer", "::1:9"], '--peer "::1:9": must be ip:port'],
    [["--peer", "starling:abc"], "--peer: The invite is damaged: character 11 is wrong"],
    [["--peer", "\x1b[31m:1"], '--peer "\\u001b[31m:1": must be ip:port'],
    [["--listen", "65536"], '--listen "65536": must be a port from 0 to 65535'],
    [["--listen", "-1"], '--listen "-1": must be a port'],
    [["--listen", "::1:80"], '--listen "::1:80": must be a port'],
    [["--listen", "1", "--listen", "2"], "--listen: given more than once"],
    [["--listen", "1", "--no-listen"], "--listen: does not go with --no-listen"],
    [["--no-listen=9"], '--no-listen: takes no value, but has "9"'],
    [["--stay=yes"], '--stay: takes no value, but has "yes"'],
    [["--name", ""], '--name "": must be a name'],
    [["--name", "\u200b"], '--name "\\u200b": must be a name of 1 to 64 bytes'],
    [["--room", "a\u202e\u{e0001}"], '--room "a\\u202e\\u{e0001}": must be a name'],
    [["--web", "9780"], '--web "9780": must be a port from 0 to 65535, behind "=", as in --web=0'],
    [["--passphrase", "geheim"], "--passphrase: stands alone"],
    [["--name", "x".repeat(33)], "at most 32 columns wide"],
    [["--name", "名".repeat(17)], "at most 32 columns wide"],
    [["--name", "é".repeat(33)], "--name"],
    [["--name", "a\nb"], '--name "a\\nb"'],
    [["--room", "a b"], '--room "a b": must be a name of 1 to 64 bytes'],
    [["--room", ""], '--room ""'],
    [["--room", "~abc"], "or ~ and the 64 digits of a room with a founder"],
    [["--profile", "../x"], '--profile "../x": must be 1 to 32 letters'],
    [["--profile", "x".repeat(33)], "must be 1 to 32 letters"],
    [["--profile", "nul"], '--profile "nul": must be 1 to 32 letters'],
    [["--room", "@ann"], '--room "@ann": must be a name'],
    [["--room", "##a"], '--room "##a": must be a name'],
    [Array.from({ length: 257 }, (_, i) => `--room=r${i}`), "--room: given too often; at most 256"],
    [["--peer", "-", "--peer", "-"], "--peer -: given more than once"],
    [["--export-identity", "f", "--ephemeral"], "--ephemeral: does not go with --export-identity"],
    [["--message", "x", "--export-identity", "f"], "--message: does not go with --export-identity"],
    [["--peer", "h:1", "--export-identity", "f"], "--peer: does not go with --export-identity"],
    [["--data", "x", "--profile", "y"], "--profile: does not go with --data"],
    [["--data", ""], '--data "": must be a path'],
    [["--ui", "gui"], '--ui "gui": must be full, line or json'],
    [["--message", " \n"], '--message " \\n": must be a text of 1 to 16384 bytes'],
    [["--message", "x".repeat(16_385)], "--message"],
    [["--linger", "-5"], '--linger "-5": must be seconds from 0 to 86400'],
    [["--linger", "1e3"], '--linger "1e3"'],
    [["--linger", "86401"], '--linger "86401"'],
    [["--lang", "de"], '--lang "de": must be en or zh'],
    [["--color", "blue"], '--color "blue": must be auto, always or never'],
    [["--__proto__", "x"], "--__proto__: no such option"],
    [["--peer.x", "y"], "--peer.x: no such option"],
    [["--config", "none.json"], '--config "none.json": cannot be read (no file here)'],
    [["--config", ""], '--config "": cannot be read'],
    [["--config", "a\x1b[2J\nb"], '--config "a␛[2J␊b": cannot be read'],
  ];
  for (const [line, message] of wrong) {
    const invocation = await parse(line);
    assert(invocation.type === "refuse", `${line} was taken`);
    assertStringIncludes(invocation.message, message);
    assert(!/\p{Cc}/u.test(invocation.message), JSON.stringify(invocation.message));
    assert(invocation.message.length < 300, invocation.message);
  }
});

Deno.test("parseArguments() prints help within 80 columns, naming every option", async () => {
  for (const line of [["--help"], ["-h"], ["--stay", "--help"], ["--help", "--lang", "zh"]]) {
    const invocation = await parse(line);
    assert(invocation.type === "print");
    for (const each of invocation.text.split("\n")) assert(stringWidth(each) <= 80, each);
    const { optionNames } = await import("../../ui/option_table.ts");
    for (const name of optionNames) assertStringIncludes(invocation.text, `--${name}`);
  }
});

Deno.test("parseArguments() speaks the language of --lang, even about what stands before it", async () => {
  const message = async (line: readonly string[]) => {
    const invocation = await parse(line);
    assert(invocation.type === "refuse");
    return invocation.message;
  };
  assertEquals(await message(["--ui", "x", "--lang", "zh"]), '--ui "x"：应为 full、line 或 json');
  assertEquals(
    await message(["--lang=zh", "--nmae", "x"]),
    "--nmae：没有这个选项；是不是 --name？",
  );
  assertEquals(await message(["--lang", "zh", "--lang"]), "--lang：缺少值：en 或 zh");
  assertEquals(await message(["--lang", "xx"]), '--lang "xx": must be en or zh');
});

Deno.test("parseArguments() prints the version of deno.json", async () => {
  const { version } = JSON.parse(Deno.readTextFileSync("deno.json"));
  assertEquals(await parse(["--version"]), { type: "print", text: `starling ${version}\n` });
});
