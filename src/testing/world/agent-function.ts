import type { Agent, AgentEvent, AgentTurn } from "../../agents/index.js";

/**
 * An agent as a function of its turn: what it returns is its answer, and none where that is empty. One that does more than
 * answer gives the events of a turn.
 */
export type AgentFunction = (
  turn: AgentTurn,
  signal: AbortSignal,
) => string | Promise<string> | AsyncIterable<AgentEvent>;

/** Makes an agent of a function. */
export function agentOf(answer: AgentFunction): Agent {
  return {
    run: (turn, signal) => events(answer(turn, signal)),
    reset: async () => {},
    close: async () => {},
  };
}

async function* events(
  answer: string | Promise<string> | AsyncIterable<AgentEvent>,
): AsyncIterable<AgentEvent> {
  if (typeof answer === "object" && Symbol.asyncIterator in answer) {
    yield* answer;
    return;
  }
  const text = await answer;
  if (text !== "") yield { type: "text", text };
}
