import { expect, it, vi } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { TurnLimit } from "./turn-limit.js";

it("stands still while the turn waits for a person, however many questions are open", async () => {
  const clock = new FakeClock();
  const reached = vi.fn();
  const limit = new TurnLimit(1000, reached, clock);
  await clock.advance(900);
  const first = limit.wait();
  const second = limit.wait();
  await clock.advance(5000);
  first();
  first();
  await clock.advance(5000);
  expect(reached).not.toHaveBeenCalled();
  second();
  await clock.advance(99);
  expect(reached).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(reached).toHaveBeenCalledTimes(1);
});

it("is of no effect once the turn is over", async () => {
  const clock = new FakeClock();
  const reached = vi.fn();
  const limit = new TurnLimit(1000, reached, clock);
  const goOn = limit.wait();
  limit.end();
  goOn();
  await clock.advance(5000);
  expect(reached).not.toHaveBeenCalled();
});

it("leaves a turn that the machine slept through a moment to be heard", async () => {
  const clock = new FakeClock();
  const reached = vi.fn();
  const limit = new TurnLimit(60_000, reached, clock);
  await clock.jump(3600_000);
  expect(reached).not.toHaveBeenCalled();
  await clock.advance(9_999);
  limit.end();
  await clock.advance(60_000);
  expect(reached).not.toHaveBeenCalled();
  // The same where it waited for a person after that.
  const asking = new TurnLimit(60_000, reached, clock);
  await clock.jump(3600_000);
  asking.wait()();
  await clock.jump(0);
  expect(reached).not.toHaveBeenCalled();
  await clock.advance(10_000);
  expect(reached).toHaveBeenCalledTimes(1);
});
