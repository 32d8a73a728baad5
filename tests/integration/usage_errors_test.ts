/** Wrong command lines: one line that names option, value and form, exit code 2, nothing started. */

import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { TempFolder } from "./peer_process.ts";
import { Program } from "./program.ts";

/** Arguments, and what their one line must hold: the option, the value seen, the form wanted. */
const wrong: readonly (readonly [args: readonly string[], words: readonly string[]])[] = [
  [["--pear", "127.0.0.1:1"], ["--pear", "--peer"]],
  [["--zzzzzz"], ["--zzzzzz", "--help"]],
  [["-x"], ["-x", "--help"]],
  [["lobby"], ["lobby", "--room", "--peer"]],
  [["--peer"], ["--peer", "ip:port"]],
  [["--peer", "10.0.0.5"], ["--peer", '"10.0.0.5"', "ip:port"]],
  [["--peer", "10.0.0.5:0"], ["--peer", '"10.0.0.5:0"', "ip:port"]],
  [["--peer", "10.0.0.5:65536"], ["--peer", '"10.0.0.5:65536"', "ip:port"]],
  [["--peer", "10.0.0.256:1"], ["--peer", '"10.0.0.256:1"', "ip:port"]],
  [["--peer", "::1:9797"], ["--peer", '"::1:9797"', "[v6]:port"]],
  [["--peer", "http://host:1/"], ["--peer", '"http://host:1/"', "host:port"]],
  [["--peer", "starling:abc"], ["--peer", "damaged", "character 11"]],
  [["--listen", "65536"], ["--listen", '"65536"', "0 to 65535"]],
  [["--listen", "-1"], ["--listen", '"-1"', "0 to 65535"]],
  [["--listen", "web"], ["--listen", '"web"', "0 to 65535"]],
  [["--listen", "1", "--no-listen"], ["--listen", "--no-listen"]],
  [["--listen", "1", "--listen", "2"], ["--listen", "more than once"]],
  [["--no-listen=yes"], ["--no-listen", '"yes"']],
  [["--name", ""], ["--name", '""', "1 to 64 bytes"]],
  [["--name", "\u200b"], ["--name", "1 to 64 bytes", "seen"]],
  [["--name", "x".repeat(65)], ["--name", "xxx", "1 to 64 bytes"]],
  [["--name", "漢".repeat(17)], ["--name", "漢", "32 columns"]],
  [["--name", "a\x1b[2J"], ["--name", '"a\\u001b[2J"', "1 to 64 bytes"]],
  [["--room", "a b"], ["--room", '"a b"', "without white space"]],
  [["--room", ""], ["--room", '""', "1 to 64 bytes"]],
  [["--profile", "../x"], ["--profile", '"../x"', "letters"]],
  [["--data", ""], ["--data", '""', "a path"]],
  [["--data", "x", "--ephemeral"], ["--data", "--ephemeral"]],
  [["--data", "x", "--profile", "y"], ["--profile", "--data"]],
  [["--ui", "gui"], ["--ui", '"gui"', "full, line or json"]],
  [["--message", " "], ["--message", '" "', "1 to 16384 bytes"]],
  [["--message", "x".repeat(16_385)], ["--message", "xxx", "1 to 16384 bytes"]],
  [["--linger", "soon"], ["--linger", '"soon"', "seconds"]],
  [["--linger", "-1"], ["--linger", '"-1"', "seconds"]],
  [["--color", "red"], ["--color", '"red"', "auto, always or never"]],
  [["--lang", "fr"], ["--lang", '"fr"', "en or zh"]],
  [["--lang", "zh", "--ui", "x"], ["--ui", '"x"', "应为 full、line 或 json"]],
  [["--web=x"], ["--web"]],
  [["--lan=x"], ["--lan", "takes no value"]],
  [["--passphrase", "secret"], ["--passphrase", "never stands in a command line"]],
  [["--web", "9780"], ["--web", '"9780"', "--web=0"]],
  [["--config"], ["--config", "a path"]],
  [["--config", "a\x1b[2J\nb"], ["--config", "a␛[2J␊b", "JSON file"]],
  [["--config", "/nowhere/starling.json"], ["--config", "/nowhere/starling.json", "JSON file"]],
];

/** Runs a wrong command line in an empty home; gives what it printed. */
async function refusal(args: readonly string[], input = ""): Promise<string> {
  using home = new TempFolder();
  const env = { XDG_DATA_HOME: home.path };
  const { code, stdout, stderr } = await Program.run(args, input, { env });
  assertEquals([code, stdout], [2, ""], `${args}: ${stderr}`);
  assertEquals([...Deno.readDirSync(home.path)], [], `${args}: something was started`);
  const [line = "", ...rest] = stderr.split("\n");
  assertEquals(rest, [""], stderr);
  assertLess(line.length, 500);
  // deno-lint-ignore no-control-regex -- that there are none is what is checked
  assert(!/[\x00-\x1f\x7f-\x9f]/.test(line), line);
  return line;
}

/** Runs jobs two at a time, as many as there are processors here. */
async function inPairs<T>(items: readonly T[], job: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await job(item);
  };
  await Promise.all([worker(), worker()]);
}

Deno.test("command line: each wrong option is one line with option, value and form, and exit code 2", async () => {
  await inPairs(wrong, async ([args, words]) => {
    const line = await refusal(args);
    for (const word of words) assertStringIncludes(line, word);
  });
});

Deno.test("--config: a wrong file is one line with file, line, key and form, and exit code 2", async () => {
  using folder = new TempFolder();
  const path = folder.file("starling.json");
  const files: readonly (readonly [text: string, words: readonly string[]])[] = [
    ["{", ["not JSON"]],
    ["[]", ["must be a JSON object"]],
    ['{\n"nmae": "ann"}', [":2:", '"nmae"', '"name"']],
    ['{"name": 7}', ['"name"', "7"]],
    ['{"name": "a", "name": "b"}', ['"name"', "more than once"]],
    ['{"listen": "x"}', ['"listen"', '"x"', "0 to 65535"]],
    ['{"peer": [1]}', ['"peer"', "list of texts"]],
    ['{"limits": {\n\n"deadMs": "soon"}}', [":3:", "deadMs", "whole number"]],
    ['{"limits": {"deadMs": 0}}', ["deadMs", "whole number"]],
    ['{"limits": {"daedMs": 1}}', ["daedMs", "deadMs"]],
    ['{"limits": {"postBytesMax": 1}}', ["postBytesMax", "protocol"]],
    ['{"help": true}', ['"help"']],
  ];
  for (const [text, words] of files) {
    Deno.writeTextFileSync(path, text);
    const line = await refusal(["--config", path]);
    for (const word of [path, ...words]) assertStringIncludes(line, word);
  }
});

Deno.test("--peer -: reads one address, or says what is wrong with it", async () => {
  const args = ["--ephemeral", "--name", "x", "--no-listen", "--peer", "-"];
  assertStringIncludes(await refusal(args, "10.0.0.5\nhello\n"), '--peer - "10.0.0.5"');
  assertStringIncludes(await refusal(args, ""), '--peer - ""');
});
