import { assert, assertEquals } from "@std/assert";
import { notification } from "../../ui/notification.ts";

Deno.test("notification() calls by bell, OSC 9 or OSC 777, or not at all", () => {
  assertEquals(notification("off", "bo", "hi"), "");
  assertEquals(notification("bell", "bo", "hi"), "\x07");
  assertEquals(notification("osc9", "bo", "hi"), "\x1b]9;bo: hi\x07");
  assertEquals(notification("osc777", "bo", "hi"), "\x1b]777;notify;bo;hi\x07");
});

Deno.test("notification() carries nothing that could end it early, and not much", () => {
  const hostile = "a;b\x07\x1b\\\x9c\nx".repeat(100);
  for (const how of ["osc9", "osc777"] as const) {
    const text = notification(how, hostile, hostile);
    assert(text.length < 400, how);
    // deno-lint-ignore no-control-regex -- controls are what it looks for
    assertEquals(text.match(/[\x00-\x1f\x7f-\x9f]/g), ["\x1b", "\x07"], how);
    assertEquals(text.split(";").length, how === "osc9" ? 2 : 4, how);
  }
});
