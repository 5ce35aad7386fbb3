import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { Heartbeat } from "./heartbeat.js";

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock(1_000_000);
});

function start(pulse: { busy: boolean; lastAnswerAt?: number | undefined }) {
  let asked = 0;
  const heartbeat = new Heartbeat({ lastAnswerAt: undefined, ...pulse }, 30_000, clock, async () => {
    asked += 1;
  });
  return { heartbeat, asked: () => asked };
}

describe("the heartbeat", () => {
  it("asks after 30 s of silence, and again", async () => {
    const { heartbeat, asked } = start({ busy: false });
    await clock.advance(29_999);
    expect(asked()).toBe(0);
    await clock.advance(1);
    expect(asked()).toBe(1);
    await clock.advance(30_000);
    expect(asked()).toBe(2);
    heartbeat.stop();
    await clock.advance(120_000);
    expect(asked()).toBe(2);
    expect(clock.waiting).toBe(0);
  });

  it("waits for the rest of the silence after an answer", async () => {
    const { heartbeat, asked } = start({ busy: false, lastAnswerAt: 1_020_000 });
    await clock.advance(49_999);
    expect(asked()).toBe(0);
    await clock.advance(1);
    expect(asked()).toBe(1);
    heartbeat.stop();
  });

  it("leaves a busy child alone", async () => {
    const { heartbeat, asked } = start({ busy: true });
    await clock.advance(180_000);
    expect(asked()).toBe(0);
    heartbeat.stop();
  });

  it("is not put off by a clock that was set back", async () => {
    const { heartbeat, asked } = start({ busy: false, lastAnswerAt: 9_000_000 });
    await clock.advance(30_000);
    expect(asked()).toBe(1);
    heartbeat.stop();
  });
});
