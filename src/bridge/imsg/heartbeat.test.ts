import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Heartbeat } from "./heartbeat.js";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

function start(pulse: { busy: boolean; lastAnswerAt?: number | undefined }) {
  let asked = 0;
  const heartbeat = new Heartbeat(
    { lastAnswerAt: undefined, ...pulse },
    30_000,
    () => Date.now(),
    async () => {
      asked += 1;
    },
  );
  return { heartbeat, asked: () => asked };
}

describe("the heartbeat", () => {
  it("asks after 30 s of silence, and again", async () => {
    const { heartbeat, asked } = start({ busy: false });
    await vi.advanceTimersByTimeAsync(29_999);
    expect(asked()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked()).toBe(1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(asked()).toBe(2);
    heartbeat.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked()).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits for the rest of the silence after an answer", async () => {
    const { heartbeat, asked } = start({ busy: false, lastAnswerAt: 1_020_000 });
    await vi.advanceTimersByTimeAsync(49_999);
    expect(asked()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked()).toBe(1);
    heartbeat.stop();
  });

  it("leaves a busy child alone", async () => {
    const { heartbeat, asked } = start({ busy: true });
    await vi.advanceTimersByTimeAsync(180_000);
    expect(asked()).toBe(0);
    heartbeat.stop();
  });

  it("is not put off by a clock that was set back", async () => {
    const { heartbeat, asked } = start({ busy: false, lastAnswerAt: 9_000_000 });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(asked()).toBe(1);
    heartbeat.stop();
  });
});
