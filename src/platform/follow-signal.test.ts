import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { follow } from "./follow-signal.js";

it("ends a controller with a signal, and leaves nothing at it", () => {
  const long = new AbortController();
  const [one, two] = [new AbortController(), new AbortController()];
  const unfollow = [follow(one, long.signal), follow(two, long.signal)];
  unfollow[0]!();
  expect(getEventListeners(long.signal, "abort")).toHaveLength(1);
  long.abort();
  expect([one.signal.aborted, two.signal.aborted]).toEqual([false, true]);
  unfollow[1]!();
  expect(getEventListeners(long.signal, "abort")).toEqual([]);
});

it("ends a controller with the first of several", () => {
  const [one, two, follower] = [new AbortController(), new AbortController(), new AbortController()];
  const unfollow = follow(follower, one.signal, two.signal);
  two.abort();
  expect(follower.signal.aborted).toBe(true);
  unfollow();
  expect(getEventListeners(one.signal, "abort")).toEqual([]);
});

it("ends a controller at once whose signal has ended", () => {
  const late = new AbortController();
  follow(late, AbortSignal.abort())();
  expect(late.signal.aborted).toBe(true);
});
