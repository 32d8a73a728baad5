import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DataError, type DataErrorCode } from "../../io/data_error.ts";
import { refusal } from "../../peer/refusal.ts";
import { ChatError } from "../../peer/errors.ts";
import { catalogueOf, loadCatalogues } from "../../ui/catalogue.ts";
import { errorText, systemReason } from "../../ui/error_text.ts";
import { Refusal } from "../../ui/refusal.ts";
import { postId } from "./fake_chat.ts";

await loadCatalogues();
const [english, chinese] = [catalogueOf("en"), catalogueOf("zh")];

/** All codes, which the compiler keeps complete. */
const dataCodes: Readonly<Record<DataErrorCode, true>> = {
  "in-use": true,
  "unusable": true,
  "open-to-others": true,
  "key-damaged": true,
  "key-newer": true,
  "no-identity": true,
  "key-missing": true,
  "key-exists": true,
  "passphrase": true,
  "passphrase-wanted": true,
  "profile-name": true,
  "no-home": true,
  "database-disk-full": true,
  "database-disk-error": true,
  "database-damaged": true,
  "database-newer": true,
  "database-foreign": true,
};

Deno.test("errorText() leaves an error in English, and what a face has said in its language", () => {
  const error = new ChatError("not-joined", 'Room "dev" is not open; /join it first');
  assertEquals(errorText(error, english), error.message);
  const refused = new Refusal("not-joined", "没有打开的房间");
  assertEquals(errorText(refused, chinese), "没有打开的房间");
  const unknown = Object.assign(new Error("Cannot x"), { code: "not-known" });
  assertEquals(errorText(unknown, chinese), "Cannot x");
});

Deno.test("errorText() says in Chinese what was seen and why", () => {
  const said = (code: ChatError["code"], message: string) =>
    errorText(new ChatError(code, message), chinese);
  assertEquals(
    said("not-joined", 'Room "a \\"b\\"" is not open; /join it first'),
    '房间 "a \\"b\\"" 没有打开；先用 /join 打开',
  );
  assertStringIncludes(
    said("no-such-post", `No post ${postId(7)} is stored here`),
    `消息 ${postId(7)} 不在这里`,
  );
  assertEquals(
    said("too-many-rooms", "64 rooms are open; /part one first"),
    "已经打开 64 个房间；先用 /part 关一个",
  );
  assertEquals(
    said("file", 'Cannot export to "/x": permission denied'),
    '文件 "/x" 用不了：没有权限',
  );
  assertEquals(errorText(refusal("name", "control", "a\tb"), chinese), '名字 "a\\tb" 含有控制字符');
  const message = 'Cannot open the data folder "/x y": no such file or directory. ' +
    "Check that it exists and belongs to you, or name another place.";
  assertEquals(
    errorText(new DataError("unusable", "/x y", message), chinese),
    '"/x y" 用不了：没有这个文件或目录。请确认它存在而且属于你，或换一个位置。',
  );
});

Deno.test("errorText() says in Chinese which address and which option, never a piece of one", () => {
  const said = (code: ChatError["code"], message: string) =>
    errorText(new ChatError(code, message), chinese);
  assertEquals(
    said(
      "port-taken",
      "Cannot listen on 127.0.0.1:9797: the port is taken by another program; " +
        "choose another with --listen PORT, or 0 for any",
    ),
    "端口 127.0.0.1:9797 被其他程序占用；用 --listen 换一个，0 表示任意",
  );
  assertEquals(
    said(
      "port-taken",
      "Cannot serve the page on port 9780: it is taken by another program; " +
        "choose another with --web=PORT, or 0 for any",
    ),
    "端口 9780 被其他程序占用；用 --web=端口 换一个，0 表示任意",
  );
  assertEquals(
    said(
      "bad-port",
      "Cannot listen on [::1]:0: address not available on this machine. " +
        "Choose another port or address; a port alone is one on all of this machine's.",
    ),
    "不能在这里监听 [::1]:0：本机没有这个地址；换一个端口或地址；只写端口就是本机的所有地址",
  );
  assertEquals(
    said("no-such-post", `No post ${postId(7)} is stored here in the room "lobby"`),
    `消息 ${postId(7)} 不在这里，或已撤回`,
  );
  assertEquals(
    said("not-a-member", '"bo" is no member of this room; invite first'),
    '"bo" 不是这个房间的成员；请先邀请',
  );
  assertEquals(
    said("own-address", "10.0.0.5:9797 is this peer itself; give another's address"),
    "这个地址 10.0.0.5:9797 就是你自己；请给别人的地址",
  );
});

Deno.test("errorText() has its own Chinese for sentences that share a code, all of which are said", () => {
  const whole = Object.keys(chinese.errors ?? {}).filter((key) => key.includes(" "));
  assert(whole.length >= 7, `${whole.length}`);
  const source = ["peer", "io"].flatMap((folder) =>
    [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".ts"))
      .map(({ name }) => Deno.readTextFileSync(`${folder}/${name}`))
  ).join("\n");
  for (const message of whole) {
    assertStringIncludes(source, `"${message}"`);
    const own = errorText(new ChatError("not-available", message), chinese);
    const shared = errorText(new ChatError("not-available", "Something else"), chinese);
    assert(own !== shared && /\p{Script=Han}/u.test(own), own);
  }
});

Deno.test("systemReason() takes numbers and calls off, and is translated", () => {
  const full = new Error("No space left on device (os error 28)");
  assertEquals(systemReason(full, english), "no space left on device");
  assertEquals(systemReason(full, chinese), "磁盘空间不足");
});

Deno.test("errorText() has Chinese for every code of a data folder", () => {
  for (const code of Object.keys(dataCodes) as DataErrorCode[]) {
    const text = errorText(new DataError(code, "/x", 'Cannot use "/x"'), chinese);
    assert(/\p{Script=Han}/u.test(text), code);
  }
});

Deno.test("Catalogue.reason has Chinese for all that networks are said to do", () => {
  const words = (path: string, pattern: RegExp) =>
    [...Deno.readTextFileSync(path).matchAll(pattern)].map(([, text]) => text!);
  const said = [
    ...words("io/network_error.ts", /(?:\["\w+", |return )"([^"]+)"/g),
    ...words("peer/link_handshakes.ts", /#refuse\(link, "[\w-]+", "([^"]+)"/g),
    ...words("wire/foreign_protocol.ts", /, "([^"]*[a-z] [^"]*)"\]/g).map((each) =>
      `it looks like ${each}`
    ),
  ];
  assert(said.length > 20, `${said.length}`);
  for (const text of said) {
    assert(/\p{Script=Han}/u.test(chinese.reason(text)), text);
    assert(!/[a-z]{3,} [a-z]{3,}/.test(chinese.reason(text)), chinese.reason(text));
    assertEquals(english.reason(text), text);
  }
  assertEquals(chinese.reason("something new"), "something new");
});
