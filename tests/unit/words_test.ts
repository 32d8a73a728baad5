import { assertEquals } from "@std/assert";
import { loadCatalogues } from "../../ui/catalogue.ts";
import { languageOfEnvironment, Words } from "../../ui/words.ts";
import { running } from "./running_face.ts";

Deno.test("languageOfEnvironment() takes the first of LC_ALL, LC_MESSAGES and LANG that is set", () => {
  const asked = (variables: Readonly<Record<string, string>>, system = "en-US") =>
    languageOfEnvironment((name) => variables[name], system);
  assertEquals(asked({}), "en");
  assertEquals(asked({}, "zh-Hans-CN"), "zh");
  for (const tag of ["zh_CN.UTF-8", "zh", "zh_TW", "zh-Hans", "zh_HK.Big5@x", "ZH_CN"]) {
    assertEquals(asked({ LANG: tag }), "zh", tag);
  }
  for (const tag of ["C", "POSIX", "C.UTF-8", "en_US.UTF-8", "de_DE", "zha_CN"]) {
    assertEquals(asked({ LANG: tag }, "zh-CN"), "en", tag);
  }
  assertEquals(asked({ LANG: "zh_CN", LC_MESSAGES: "en_US" }), "en");
  assertEquals(asked({ LANG: "en", LC_MESSAGES: "zh_CN" }), "zh");
  assertEquals(asked({ LC_ALL: "C", LC_MESSAGES: "zh_CN" }), "en");
  assertEquals(asked({ LC_ALL: "", LANG: "zh_CN" }), "zh", "an empty one counts as not set");
});

Deno.test("Words change while they are used", async () => {
  await loadCatalogues();
  const words = new Words("en");
  assertEquals(words.catalogue.leaveHint, "leave? /quit");
  words.speak("zh");
  assertEquals(words.catalogue.leaveHint, "要离开吗？/quit");
});

Deno.test("/lang changes the language of everything that follows", async () => {
  const face = await running({}, { in: true, out: true });
  await face.type("/lang\n/lang de\n/lang zh\n/lang\n/frob\nexit\n/help lang\n/lang en\nexit\n");
  assertEquals(face.lines().slice(-9), [
    "-- the language is English; /lang zh 换成中文",
    '-- lang "de": must be en, zh, or default',
    "-- 现在用中文",
    "-- 语言：中文；/lang en switches to English",
    "-- 没有这个命令：/frob。/help 列出全部；以 // 开头可发送以斜杠开头的消息",
    "-- 要离开吗？/quit",
    "-- /lang [en|zh]        查看或切换语言",
    "-- English from now on",
    "-- leave? /quit",
  ]);
  await face.stop();
});

Deno.test("/lang works on the NDJSON interface, whose fields and codes stay", async () => {
  const face = await running({ ui: "json" });
  face.lines();
  await face.type('{"ref":1,"type":"command","line":"/lang zh"}\n{"ref":2,"type":"frob"}\n');
  assertEquals(face.lines().map((line) => JSON.parse(line)), [
    { type: "result", ref: 1, ok: true, error: null, data: { lines: ["现在用中文"] } },
    {
      type: "result",
      ref: 2,
      ok: false,
      error: { code: "bad-command", message: "没有这个命令：frob" },
      data: null,
    },
  ]);
  await face.stop();
});
