import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { awaitWithin } from "./clock.js";

it("waits for work no longer than a time, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  expect(await awaitWithin(clock, 1000, Promise.resolve("done"))).toBe("done");
  expect(clock.waiting).toBe(0);
  await expect(awaitWithin(clock, 1000, Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(clock.waiting).toBe(0);
  const never = awaitWithin(clock, 1000, new Promise(() => {}));
  await clock.advance(1000);
  expect(await never).toBeUndefined();
});
