import { describe, expect, it } from "vitest";
import { acpLab, ask, inSession } from "../../support/acp-lab.js";
import { fakeTurn, runTurn } from "../../support/agent-turn.js";
import { isAlive, until } from "../../support/process-alive.js";

const lab = acpLab();
describe("acp agent, many sessions", () => {
  it("bounds its processes, serves all, in order", { tags: ["long"] }, async () => {
    const agent = await lab.agentOf({ maxProcesses: 3 });
    const order: number[] = [];
    let most = 0;
    await Promise.all(
      Array.from({ length: 9 }, async (_, index) => {
        expect(await ask(agent, `say ${index}`, inSession(`s${index}`))).toBe(`You said: say ${index}`);
        order.push(index);
        most = Math.max(most, agent.sessions!().length);
      }),
    );
    expect(most).toBeLessThanOrEqual(3);
    expect(order.slice(0, 3).every((index) => index < 5)).toBe(true);
    expect(await ask(agent, "prompts", { ...inSession("s0"), session: undefined })).toBe(
      '["say 0","prompts"]',
    );
  });

  it("closes a process that idles", async () => {
    const agent = await lab.agentOf({ idleSeconds: 0.1 });
    await ask(agent, "hi");
    const pid = agent.sessions!()[0]!.pid;
    await until("it is closed", () => agent.sessions!().length === 0 && !isAlive(pid));
    expect(await ask(agent, "prompts")).toBe('["hi","prompts"]');
  });

  it("gives up waiting for a place when the turn is aborted", async () => {
    const agent = await lab.agentOf({ maxProcesses: 1 });
    const busy = ask(agent, "slow 500");
    const abort = new AbortController();
    const waiting = runTurn(agent, fakeTurn("x", inSession("b")), abort.signal);
    abort.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    expect(await busy).toMatch(/^done/);
    expect(await ask(agent, "hi", inSession("c"))).toBe("You said: hi");
  });
});
