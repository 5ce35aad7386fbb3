import { expect, it } from "vitest";
import { FakeClock } from "../support/fake-clock.js";

it("lets timers go off in the order of their times, each at its own", async () => {
  const clock = new FakeClock(0);
  const seen: [name: string, at: number][] = [];
  const note = (name: string) => () => void seen.push([name, clock.now()]);
  clock.after(30, note("late"));
  clock.after(10, () => clock.after(5, note("of the first")));
  const stop = clock.every(12, note("again"));
  const never = clock.after(20, note("never"));
  never();
  await clock.advance(30);
  stop();
  await clock.advance(100);
  expect(seen).toEqual([
    ["again", 12],
    ["of the first", 15],
    ["again", 24],
    ["late", 30],
  ]);
  expect([clock.now(), clock.waiting]).toEqual([130, 0]);
});

it("sleeps until its time came, or until it is told to stop", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const woken: boolean[] = [];
  void clock.sleep(100).then((passed) => woken.push(passed));
  void clock.sleep(1000, stop.signal).then((passed) => woken.push(passed));
  await clock.advance(100);
  expect(woken).toEqual([true]);
  stop.abort();
  await clock.advance(0);
  expect(woken).toEqual([true, false]);
  expect(clock.waiting).toBe(0);
});

it("moves from timer to timer until something is so, and says when nothing can make it so", async () => {
  const clock = new FakeClock(0);
  let beats = 0;
  const stop = clock.every(1000, () => beats++);
  await clock.advanceUntil(() => beats === 5);
  expect(clock.now()).toBe(5000);
  stop();
  await expect(clock.advanceUntil(() => beats === 6)).rejects.toThrow(/it is not so/);
});
