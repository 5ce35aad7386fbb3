import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { SleepWatch } from "./sleep-watch.js";

const hourMs = 3600_000;

it("finds when the machine slept, tells it once, and forgets it after a day", async () => {
  const clock = new FakeClock(0);
  const told: string[] = [];
  const watch = new SleepWatch({ clock, log: { warn: (text) => void told.push(text) } });
  watch.start();
  await clock.advance(hourMs);
  expect(watch.sleeps).toEqual([]);
  await clock.jump(2 * hourMs);
  await clock.advance(60_000);
  await clock.jump(50_000);
  const [from, to] = ["1970-01-01T01:00:00.000Z", "1970-01-01T03:00:00.000Z"];
  expect(watch.sleeps).toEqual([{ from, to }]);
  expect(told).toEqual([expect.stringMatching(/slept from .* to /)]);
  await clock.advance(24 * hourMs);
  expect(watch.sleeps).toEqual([]);
  watch.stop();
  expect(clock.waiting).toBe(0);
});
