import { expect, it } from "vitest";
import { fakeTurn, runTurn } from "../../../test/support/agent-turn.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { createFunctionAgent } from "./agent.js";
import type { FunctionTurn } from "./turn.js";

it("does not call the function for a turn that was stopped before", async () => {
  const called: string[] = [];
  const answer = ({ text }: { text: string }) => void called.push(text);
  const agent = createFunctionAgent(answer, { workspace: "/nowhere" }, { clock: new FakeClock() });
  const stopped = AbortSignal.abort(new Error("stopped"));
  await expect(runTurn(agent, fakeTurn("stopped"), stopped)).rejects.toThrow("stopped");
  await runTurn(agent, fakeTurn("neighbour"));
  expect(called).toEqual(["neighbour"]);
});

it.each(["id", "scheduleId"])("cancels what it scheduled by %s, and nothing else", async (name) => {
  const turn = fakeTurn("no reminders, please");
  for (const text of ["stretch", "drink"]) await turn.schedule.add(turn.now() + 60_000, text);
  const answer = async ({ act }: FunctionTurn) => {
    const [first] = (await act("schedule", { do: "list" })) as { id: string }[];
    const { cancelled } = (await act("schedule", { do: "cancel", [name]: first!.id })) as {
      cancelled: boolean;
    };
    return `cancelled: ${cancelled}`;
  };
  const agent = createFunctionAgent(answer, { workspace: "/nowhere" }, { clock: new FakeClock() });
  expect((await runTurn(agent, turn)).text).toBe("cancelled: true");
  expect(turn.scheduled).toMatchObject([{ text: "drink" }]);
});
