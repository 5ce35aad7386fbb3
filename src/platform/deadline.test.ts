import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { deadline, deadlineSleep } from "./deadline.js";

const hourMs = 3600_000;

function set(ms: number) {
  const clock = new FakeClock(0);
  const seen: number[] = [];
  const stop = deadline(clock, ms, () => seen.push(clock.now()));
  return { clock, seen, stop };
}

it("is reached at its time, and not after it was stopped", async () => {
  const { clock, seen } = set(30_000);
  await clock.advance(29_999);
  expect(seen).toEqual([]);
  await clock.advance(1);
  expect(seen).toEqual([30_000]);
  const other = set(30_000);
  other.stop();
  expect(other.clock.waiting).toBe(0);
});

it("gives a short time more where the machine slept through it, as often as it did", async () => {
  const { clock, seen, stop } = set(30_000);
  await clock.advance(20_000);
  await clock.jump(hourMs);
  await clock.jump(hourMs);
  expect(seen).toEqual([]);
  await clock.advance(9_999);
  expect(seen).toEqual([]);
  await clock.advance(1);
  expect(seen).toEqual([2 * hourMs + 30_000]);
  stop();
  const stopped = set(30_000);
  await stopped.clock.jump(hourMs);
  stopped.stop();
  expect(stopped.clock.waiting).toBe(0);
  // No longer than it was to begin with.
  const short = set(500);
  await short.clock.jump(hourMs);
  await short.clock.advance(500);
  expect(short.seen).toEqual([hourMs + 500]);
});

it("is a wait too, that what came meanwhile cuts short", async () => {
  const clock = new FakeClock(0);
  const answered = new AbortController();
  const passed = deadlineSleep(clock, 5000, answered.signal);
  await clock.jump(hourMs);
  answered.abort();
  expect(await passed).toBe(false);
});
