import type { Clock } from "../../platform/index.js";
import type { Agent, AgentEvent, AgentTurn } from "../contract.js";
import type { AgentDefinition, AgentDeps } from "../definition.js";
import { readableFiles } from "../envelope-files.js";
import { EventQueue } from "../event-queue.js";
import { mediaRoots } from "../media.js";
import { replyBlock } from "../reply-block.js";
import { actFor } from "../turn-action.js";
import type { FunctionAgent, FunctionTurn } from "./turn.js";

/** The runtime of an agent that is a function of this process: it keeps nothing of its own between turns. */
export function createFunctionAgent(
  answer: FunctionAgent,
  { workspace }: Pick<AgentDefinition, "workspace">,
  { clock }: Pick<AgentDeps, "clock">,
): Agent {
  return {
    run: (turn, signal) => run(answer, workspace, clock, turn, signal),
    reset: async () => {},
    close: async () => {},
  };
}

async function* run(
  answer: FunctionAgent,
  workspace: string,
  clock: Clock,
  turn: AgentTurn,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const events = new EventQueue();
  const left = new AbortController();
  const both = AbortSignal.any([signal, left.signal]);
  // A function that does not listen is left behind.
  const onAbort = () => events.fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  ask(answer, turnOf(turn, both, clock, events), events).then(
    () => events.end(),
    (error) => events.fail(error),
  );
  try {
    for await (const event of events) {
      if (event.type !== "text" || event.media === undefined) {
        yield event;
        continue;
      }
      const { block, refused } = await replyBlock(event, mediaRoots(turn, workspace));
      for (const { error } of refused) yield { type: "note", text: `${error.code}: ${error.message}` };
      if (block) yield block;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    left.abort();
  }
}

async function ask(answer: FunctionAgent, turn: FunctionTurn, events: EventQueue): Promise<void> {
  const said = await answer(turn);
  if (typeof said === "string") events.push({ type: "text", text: said });
  else if (said) for await (const text of said) events.push({ type: "text", text });
}

function turnOf(turn: AgentTurn, signal: AbortSignal, clock: Clock, events: EventQueue): FunctionTurn {
  const { envelope, attempt, session, temporaryFolder } = turn;
  return {
    text: envelope.text,
    sender: envelope.sender,
    chat: envelope.chat,
    files: readableFiles(envelope),
    envelope,
    attempt,
    session,
    temporaryFolder,
    signal,
    remember: (next) => events.push({ type: "session", session: next }),
    say: (text, files = []) =>
      events.push({ type: "text", text, ...(files.length > 0 && { media: [...files] }) }),
    act: async (action, parameters = {}) => {
      const done = await actFor(turn, { ...parameters, type: "action", id: 0, action });
      if (!done.ok) throw done.error;
      return done.value;
    },
    note: (text) => events.push({ type: "note", text }),
    sleep: (ms) => clock.sleep(ms, signal),
  };
}
