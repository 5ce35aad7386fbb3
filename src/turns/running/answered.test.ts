import { describe, expect, it } from "vitest";
import { type TurnLab, turnLabs } from "../../../test/support/turn-lab.js";

const open = turnLabs();

async function ran(lab: TurnLab): Promise<void> {
  await lab.queue("t");
  lab.runner.start();
  await lab.ended("t");
}

describe("an agent that has answered, and puts its session in order", () => {
  /** Works before and after its answer, milliseconds. */
  const working = (beforeMs: number, afterMs: number, timeoutMs = 60_000): TurnLab =>
    open({
      timeoutMs,
      agent: async function* (_, signal, { clock }) {
        await clock.sleep(beforeMs, signal);
        yield { type: "text", text: "here you are" };
        yield { type: "answered" };
        await clock.sleep(afterMs, signal);
        signal.throwIfAborted();
        yield { type: "session", session: "in order" };
      },
    });

  it("loses no answer to the time limit of its turn (behaviour 6.8b)", async () => {
    const lab = working(50_000, 55_000);
    await ran(lab);
    expect(lab.ends.get("t")).toMatchObject({ outcome: "done", session: "in order" });
    expect(await lab.sent("t")).toEqual(["here you are"]);
    expect(lab.clock.waiting).toBe(0);
  });

  it("has the limit for its answer as everyone", async () => {
    const lab = working(61_000, 0);
    await ran(lab);
    expect(lab.ends.get("t")).toMatchObject({ outcome: "failed", error: { code: "AGENT_TIMEOUT" } });
  });

  it("is stopped all the same", async () => {
    const lab = working(1000, 600_000);
    await lab.queue("t");
    lab.runner.start();
    await lab.until(() => lab.asked.has("t"));
    await lab.clock.advance(90_000);
    expect(lab.ends.size).toBe(0);
    await lab.runner.cancel("s");
    await lab.ended("t");
    expect(lab.ends.get("t")?.outcome).toBe("cancelled");
    expect(await lab.sent("t")).toEqual([]);
  });
});
