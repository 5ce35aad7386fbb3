import { sleep, TapbackError } from "../platform/index.js";
import type { Agent, AgentEvent, AgentTurn } from "./contract.js";

/** How long a runtime may take to clean up once it was told to stop, milliseconds; then the turn ends without it. */
const cleanUpMs = 10_000;

/**
 * Puts the time limit of behaviour 6.2 on an agent, the same for every runtime, and makes sure that a turn which was
 * cut off ends: as a failure, and soon, also when the runtime does not listen.
 * @param ms of a whole turn, milliseconds
 * @returns an agent whose turns throw AGENT_TIMEOUT when they take longer, and the signal's reason when it aborts
 */
export function withTimeLimit(agent: Agent, ms: number): Agent {
  return {
    run: (turn, signal) => limited(agent, turn, signal, ms),
    reset: (sessionKey) => agent.reset(sessionKey),
    close: () => agent.close(),
  };
}

async function* limited(
  agent: Agent,
  turn: AgentTurn,
  signal: AbortSignal,
  ms: number,
): AsyncGenerator<AgentEvent> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(timeout(ms)), ms);
  const either = AbortSignal.any([signal, limit.signal]);
  const done = new AbortController();
  const steps = agent.run(turn, either)[Symbol.asyncIterator]();
  const overdue = whenOverdue(either, done.signal);
  try {
    for (;;) {
      const step = await Promise.race([steps.next(), overdue]);
      either.throwIfAborted();
      if (step.done) return;
      yield step.value;
    }
  } catch (error) {
    throw either.aborted ? either.reason : error;
  } finally {
    clearTimeout(timer);
    // Left early by the consumer: the runtime is told, too.
    limit.abort(new TapbackError("AGENT_CANCELLED", "The turn was given up"));
    await Promise.race([steps.return?.(undefined)?.catch(() => {}), sleep(cleanUpMs, done.signal)]);
    done.abort();
  }
}

/** Rejects when the runtime has not ended some time after it was told to; never resolves. */
function whenOverdue(told: AbortSignal, done: AbortSignal): Promise<never> {
  const overdue = new Promise<never>((_, reject) => {
    told.addEventListener("abort", () => void sleep(cleanUpMs, done).then(() => reject(told.reason)), {
      once: true,
    });
  });
  overdue.catch(() => {});
  return overdue;
}

function timeout(ms: number): TapbackError {
  return new TapbackError("AGENT_TIMEOUT", `The agent did not finish within ${Math.round(ms / 1000)} s`, {
    hint: "Raise `agents.defaults.timeoutSeconds` when its work takes longer.",
  });
}
