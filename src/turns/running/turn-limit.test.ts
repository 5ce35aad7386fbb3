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
