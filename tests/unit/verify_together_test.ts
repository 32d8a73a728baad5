/** Verifying with the help of other threads, against its slow twin: one by one. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import { Desk, slotsMax } from "../../io/verify_desk.ts";
import { VerifyTogether } from "../../io/verify_together.ts";
import type { Signed } from "../../wire/crypto_suite.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(401);
const keys = [crypto.generateEd25519(), crypto.generateEd25519()] as const;
const identityPoint = Uint8Array.from({ length: 32 }, (_, i) => i === 0 ? 1 : 0);

/** An item in one of several states: right, or wrong in some way. */
function item(index: number, length = 100 + index): Signed {
  const { publicKey, secretKey } = keys[index % 2]!;
  const message = crypto.randomBytes(length);
  const signature = crypto.sign(secretKey, message);
  const wrong = index % 13;
  if (wrong === 3) signature[index % 64]! ^= 1;
  if (wrong === 5) message[0]! ^= 0x80;
  if (wrong === 7) return { publicKey: keys[(index + 1) % 2]!.publicKey, message, signature };
  if (wrong === 9) return { publicKey: identityPoint, message, signature };
  return { publicKey, message, signature };
}

function oneByOne(items: readonly Signed[]): boolean[] {
  return items.map(({ publicKey, message, signature }) =>
    crypto.verify(publicKey, message, signature)
  );
}

function items(count: number): Signed[] {
  return Array.from({ length: count }, (_, i) => item(i));
}

Deno.test("VerifyTogether.verifyAll says of each what verify says, with and without helpers", () => {
  for (const helpers of [0, 1, 2]) {
    const together = new VerifyTogether(nodeCrypto(), { helpers, busyPosts: 50 });
    try {
      for (const count of [0, 1, 40, 200, 200, 200]) {
        const some = items(count);
        assertEquals(together.verifyAll(count, (i) => some[i]!), oneByOne(some));
      }
      assertEquals(together.helpers, helpers);
    } finally {
      together.close();
    }
  }
});

Deno.test("VerifyTogether.verifyAll takes more than slotsMax, and what fits no desk", () => {
  const together = new VerifyTogether(nodeCrypto(), { helpers: 1, busyPosts: 0 });
  try {
    const many = items(slotsMax + 90);
    assertEquals(together.verifyAll(many.length, (i) => many[i]!), oneByOne(many));
    const large = [item(0), item(1, 200_000), item(2), item(3, 200_000), item(4, 90_000), item(6)];
    assertEquals(together.verifyAll(large.length, (i) => large[i]!), oneByOne(large));
  } finally {
    together.close();
  }
});

Deno.test("VerifyTogether calls helpers for a back-fill and none for single posts", () => {
  const together = new VerifyTogether(nodeCrypto(), { helpers: 1 });
  try {
    const some = items(100);
    for (let i = 0; i < 9; i++) together.verifyAll(100, (index) => some[index]!);
    assertEquals(together.helpers, 0);
    together.verifyAll(100, (index) => some[index]!);
    assertEquals(together.helpers, 1);
  } finally {
    together.close();
  }
  assertEquals(together.helpers, 0);
});

Deno.test("VerifyTogether: helpers do take part, and a lent array is copied in time", async () => {
  const alone = nodeCrypto();
  let own = 0;
  const together = new VerifyTogether({
    ...alone,
    verify: (...args) => {
      own++;
      return alone.verify(...args);
    },
  }, { helpers: 1, busyPosts: 0 });
  try {
    const some = items(200);
    const expected = oneByOne(some);
    const lent = new Uint8Array(400);
    const lend = (index: number) => {
      const { message } = some[index]!;
      lent.set(message);
      return { ...some[index]!, message: lent.subarray(0, message.length) };
    };
    const right = expected.filter((each) => each).length;
    for (let round = 0; own >= round * 200; round++) {
      assert(round < 2_000, "in all of these rounds nobody has helped");
      assertEquals(together.verifyAll(200, lend), expected);
      // The helper's program has to be loaded first.
      await new Promise((resolve) => setImmediate(resolve));
    }
    assertNotEquals(right, 200);
  } finally {
    together.close();
  }
});

Deno.test("Desk.take gives each item once, and a verdict counts in its own round only", () => {
  const desk = new Desk();
  const [right, forged] = [item(0), item(3)];
  assert(desk.lay(right) && desk.lay(forged));
  desk.open();
  const other = new Desk(desk.memory);
  const late: boolean[] = [];
  other.serve((publicKey, message, signature) => {
    const verdict = crypto.verify(publicKey, message, signature);
    if (message.length === forged.message.length) {
      late.push(desk.isRight(0));
      // The table is laid anew while this item is looked at: its verdict is of no use.
      assert(desk.lay(forged) && desk.lay(forged));
      desk.open();
      late.push(desk.isRight(0));
      assertEquals([desk.take(), desk.take(), desk.take()], [0, 1, null]);
      desk.end();
      return true;
    }
    return verdict;
  });
  assertEquals(late, [true, false]);
  assert(!desk.isRight(1), "said of an item that is not on the table any more");
});
