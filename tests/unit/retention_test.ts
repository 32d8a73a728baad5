import { assertEquals } from "@std/assert";
import { Retention } from "../../io/retention.ts";
import type { RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";

const room = "ab".repeat(32) as RoomId;
const day = 86_400_000;

Deno.test("Retention takes the limits, then what is set for all rooms, then for one", () => {
  const settings = new Map<string, string>();
  const limits = { retentionMs: 7 * day, roomBytesMax: 5_000, folderBytesMax: 9_000 };
  const retention = new Retention(limits, (key) => settings.get(key) ?? null);
  const rules = () => [
    retention.ruleOf(room, "lobby", 100 * day),
    retention.ruleOf(room, null, 100 * day),
    retention.folderBytesMax,
  ];
  const rule = (days: number, bytesMax: number) => ({ arrivedBeforeMs: days * day, bytesMax });
  assertEquals(rules(), [rule(93, 5_000), rule(93, 5_000), 9_000]);
  settings.set("keep-days", "30").set("room-mib", "2").set("folder-mib", "3");
  assertEquals(rules(), [rule(70, 2 * 2 ** 20), rule(70, 2 * 2 ** 20), 3 * 2 ** 20]);
  settings.set("keep-days:lobby", "1").set(`room-mib:~${room}`, "4");
  assertEquals(rules(), [rule(99, 2 * 2 ** 20), rule(70, 4 * 2 ** 20), 3 * 2 ** 20]);
  for (const wrong of ["", "0", "-1", "1.5", "x", "9999999999"]) settings.set("folder-mib", wrong);
  assertEquals(retention.folderBytesMax, 9_000);
});

Deno.test("Retention keeps everything up to 4 GiB where nothing is said", () => {
  const retention = new Retention(defaultLimits, () => null);
  const { arrivedBeforeMs, bytesMax } = retention.ruleOf(room, "lobby", Date.now());
  assertEquals([arrivedBeforeMs < 0, bytesMax], [true, Number.MAX_SAFE_INTEGER]);
  assertEquals(retention.folderBytesMax, 4 * 2 ** 30);
});
