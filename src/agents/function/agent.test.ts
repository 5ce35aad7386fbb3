import { expect, it } from "vitest";
import { fakeTurn, runTurn } from "../../../test/support/agent-turn.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { createFunctionAgent } from "./agent.js";

it("does not call the function for a turn that was stopped before", async () => {
  const called: string[] = [];
  const answer = ({ text }: { text: string }) => void called.push(text);
  const agent = createFunctionAgent(answer, { workspace: "/nowhere" }, { clock: new FakeClock() });
  const stopped = AbortSignal.abort(new Error("stopped"));
  await expect(runTurn(agent, fakeTurn("stopped"), stopped)).rejects.toThrow("stopped");
  await runTurn(agent, fakeTurn("neighbour"));
  expect(called).toEqual(["neighbour"]);
});
