import { expect, it } from "vitest";
import { WakeLatch } from "./wake-latch.js";

function latched() {
  const ends: (() => void)[] = [];
  let atOnce = 0;
  let most = 0;
  const latch = new WakeLatch(async () => {
    most = Math.max(most, ++atOnce);
    await new Promise<void>((resolve) => ends.push(resolve));
    atOnce--;
  });
  const finish = async () => {
    const { underWay } = latch;
    ends.at(-1)!();
    await underWay;
  };
  return { latch, finish, began: () => ends.length, most: () => most };
}

it("begins at once, and is idle again when the work is done", async () => {
  const { latch, finish, began } = latched();
  expect(latch.underWay).toBeUndefined();
  latch.wake();
  expect(began()).toBe(1);
  await finish();
  expect(latch.underWay).toBeUndefined();
  expect(began()).toBe(1);
});

it("works once more for all who asked meanwhile, never twice at once", async () => {
  const { latch, finish, began, most } = latched();
  for (let asks = 0; asks < 4; asks++) latch.wake();
  expect(began()).toBe(1);
  await finish();
  expect(began()).toBe(2);
  await finish();
  expect(latch.underWay).toBeUndefined();
  expect([began(), most()]).toEqual([2, 1]);
});

it("can be asked for by the work itself", async () => {
  let left = 3;
  const latch = new WakeLatch(async () => {
    if (--left > 0) latch.wake();
  });
  latch.wake();
  while (latch.underWay) await latch.underWay;
  expect(left).toBe(0);
});
