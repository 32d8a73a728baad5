import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseArguments } from "../../ui/arguments.ts";

function parse(text: string, ...args: readonly string[]) {
  return parseArguments(["--config", "star.json", ...args], (path) => {
    assertEquals(path, "star.json");
    return text;
  });
}

async function optionsOf(text: string, ...args: readonly string[]) {
  const invocation = await parse(text, ...args);
  assert(invocation.type === "run", JSON.stringify(invocation));
  return invocation.options;
}

const file = `{
  "name": "ann",
  "peer": ["10.0.0.5:9797", "h:1"],
  "room": "dev",
  "listen": 9800,
  "linger": 2.5,
  "stay": true,
  "lan": true,
  "ephemeral": false,
  "limits": { "connectionsInMax": 2000, "dialBackoffMs": [10, 20] }
}`;

Deno.test("readConfig() takes the keys of the command line, and limits", async () => {
  const options = await optionsOf(`\uFEFF${file}`);
  assertEquals(options.name, "ann");
  assertEquals(options.peers, ["10.0.0.5:9797", "h:1"]);
  assertEquals(options.rooms, ["dev"]);
  assertEquals(options.listen, { host: null, port: 9800, exact: true });
  assertEquals(options.lingerMs, 2_500);
  assertEquals(options.stay, true);
  assertEquals(options.lan, true);
  assertEquals(options.ephemeral, false);
  assertEquals(options.limits, { connectionsInMax: 2_000, dialBackoffMs: [10, 20] });
});

Deno.test("parseArguments() lets flags win over a file, alternatives included", async () => {
  const options = await optionsOf(file, "--name", "bo", "--no-listen", "--peer", "x:1");
  assertEquals(options.name, "bo");
  assertEquals(options.listen, null);
  assertEquals(options.peers, ["x:1"]);
  assertEquals(options.stay, true);
});

Deno.test("readConfig() names the key, the file, the line and what is allowed", async () => {
  const wrong: readonly (readonly [string, string])[] = [
    ["{", "star.json: not JSON: "],
    ["[]", "star.json: must be a JSON object"],
    ["null", "star.json: must be a JSON object"],
    ['{\n\n"nam": 1}', 'star.json:3: "nam": no such key; did you mean "name"?'],
    ['{"zzz": 1}', 'star.json:1: "zzz": no such key; allowed: peer, listen, '],
    ['{"help": true}', 'star.json:1: "help": no such key'],
    ['{"config": "x"}', 'star.json:1: "config": no such key'],
    ['{\n"stay": "yes"}', 'star.json:2: "stay" "yes": must be true or false'],
    ['{\n"name": 5}', 'star.json:2: "name" 5: must be a name of 1 to 64 bytes'],
    ['{\n"name": ""}', 'star.json:2: "name" "": must be a name'],
    ['{"peer": [1]}', 'star.json:1: "peer" [1]: must be a text or a list of texts'],
    ['{\n"peer":\n"nowhere"}', 'star.json:2: "peer" "nowhere": must be ip:port'],
    ['{"name": "a",\n"name": "b"}', 'star.json:2: "name": given more than once'],
    ['{"linger": -1}', 'star.json:1: "linger" "-1": must be seconds from 0 to 86400'],
    ['{"web": "x"}', 'star.json:1: "web" "x": must be a port from 0 to 65535'],
    ['{"listen": 1,\n"no-listen": true}', 'star.json:1: "listen": does not go with star.json:2'],
    ['{"limits": 5}', 'star.json:1: "limits" 5: must be an object'],
    ['{"limits": {\n"pingMS": 5}}', '"limits.pingMS": no such key; did you mean "pingMs"?'],
    ['{"limits": {\n"pingMs": "5"}}', 'star.json:2: "limits.pingMs" "5": must be a whole number'],
    ['{"limits": {"pingMs": 0}}', '"limits.pingMs" 0: must be a whole number from 1'],
    ['{"limits": {"pingMs": 1.5}}', '"limits.pingMs" 1.5'],
    ['{"limits": {"dialBackoffMs": 5}}', '"limits.dialBackoffMs" 5: must be a list of whole'],
    ['{"limits": {"dialBackoffMs": []}}', '"limits.dialBackoffMs" []'],
    ['{"limits": {"textBytesMax": 5}}', '"limits.textBytesMax": is part of the protocol'],
    ['{"limits": {"wantRangesMax": 65}}', '"limits.wantRangesMax": is part of the protocol'],
    ['{"limits": {"rekeyFramesMax": 2}}', '"limits.rekeyFramesMax": is part of the protocol'],
    ['{"limits": {"nameCellsMax": 5}}', '"limits.nameCellsMax": cannot be changed'],
    ['{"limits": {"jsonLineBytesMax": 5}}', '"limits.jsonLineBytesMax": cannot be changed'],
    ['{"limits": {"toString": 5}}', '"limits.toString": no such key'],
    ['{"a{\\"": 1}', "no such key"],
  ];
  for (const [text, message] of wrong) {
    const invocation = await parse(text);
    assert(invocation.type === "refuse", text);
    assertStringIncludes(invocation.message, message);
    assert(!invocation.message.includes("\n"), invocation.message);
  }
});

Deno.test("readConfig() says in both languages why a file cannot be read, in one inert line", async () => {
  const message = async (language: "en" | "zh", path: string, read: () => string) => {
    const invocation = await parseArguments(["--config", path], read, language);
    assert(invocation.type === "refuse");
    return invocation.message;
  };
  const missing = () => {
    throw new Deno.errors.NotFound("No such file or directory (os error 2): readfile 'x'");
  };
  assertEquals(
    await message("en", "x", missing),
    '--config "x": cannot be read (no such file or directory); give a JSON file',
  );
  assertEquals(
    await message("zh", "x", missing),
    '--config "x"：无法读取（没有这个文件或目录）；请给一个 JSON 文件',
  );
  for (const text of ["{", "[]", '{"x": 1}', '{"name": 5}', "{\n\x1b\n}"]) {
    const line = await message("en", "a\x1b[2J\nb", () => text);
    assert(line.startsWith("a␛[2J␊b:"), line);
    assert(!/\p{Cc}/u.test(line), JSON.stringify(line));
  }
});
