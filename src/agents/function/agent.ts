import { type Clock, messageOf, TapbackError } from "../../platform/index.js";
import type { Agent, AgentEvent, AgentTurn, ChosenAnswer } from "../contract.js";
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
  signal.throwIfAborted();
  const events = new EventQueue();
  const left = new AbortController();
  const both = AbortSignal.any([signal, left.signal]);
  // A function that does not listen is left behind.
  const onAbort = () => events.fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const speech = new Speech(events);
  answerOf(answer, turnOf(turn, { signal: both, clock, events, speech }), speech).then(
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

/** Most that a function may say in one turn, bytes of UTF-8. */
const mostBytes = 1_000_000;

/** What a function says becomes events, as far as it is text. */
class Speech {
  #bytes = 0;

  constructor(private readonly events: EventQueue) {}

  /** @throws `AGENT_OUTPUT` */
  say(text: unknown, files: readonly string[] = []): void {
    if (typeof text !== "string") throw unfit(`The function said ${kindOf(text)} where a text was expected`);
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes > mostBytes) throw unfit("The function said more than 1 MB");
    this.events.push({ type: "text", text, ...(files.length > 0 && { media: [...files] }) });
  }
}

async function answerOf(agent: FunctionAgent, turn: FunctionTurn, speech: Speech): Promise<void> {
  const said: unknown = await agent(turn);
  if (said === undefined || said === null) return;
  if (!isBlocks(said)) return speech.say(said);
  for await (const text of said) {
    // Leaving the loop tells a generator that nobody listens any more.
    if (turn.signal.aborted) return;
    speech.say(text);
  }
}

function isBlocks(said: unknown): said is AsyncIterable<unknown> | readonly unknown[] {
  return Array.isArray(said) || (typeof said === "object" && said !== null && Symbol.asyncIterator in said);
}

function kindOf(value: unknown): string {
  return value === null ? "null" : `a value of the kind ${typeof value}`;
}

function unfit(message: string): TapbackError {
  return new TapbackError("AGENT_OUTPUT", message, {
    hint: "An answer is a text, a list of texts, or an async iterable of texts.",
  });
}

/** As it will be when it is read again; what is changed later is not remembered. */
function asKept(session: unknown): unknown {
  try {
    return session === undefined ? undefined : JSON.parse(JSON.stringify(session));
  } catch (error) {
    throw new TapbackError("AGENT_OUTPUT", `The session cannot be kept: ${messageOf(error)}`, {
      hint: "Remember plain values, as JSON has them.",
    });
  }
}

interface Speaking {
  signal: AbortSignal;
  clock: Clock;
  events: EventQueue;
  speech: Speech;
}

function turnOf(turn: AgentTurn, { signal, clock, events, speech }: Speaking): FunctionTurn {
  const { envelope, attempt, session, temporaryFolder } = turn;
  const act = async (action: string, parameters: Record<string, unknown> = {}) => {
    const done = await actFor(turn, action, parameters);
    if (!done.ok) throw done.error;
    return done.value;
  };
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
    remember: (next) => events.push({ type: "session", session: asKept(next) }),
    say: (text, files) => speech.say(text, files),
    act: (action, parameters) => heeded(act(action, parameters), events),
    begun: () => turn.message.begun(),
    ask: (question, options, how) =>
      heeded(act("ask", { ...how, question, options: [...options] }) as Promise<ChosenAnswer>, events),
    note: (text) => events.push({ type: "note", text }),
    sleep: (ms) => clock.sleep(ms, signal),
  };
}

/** What fails and is not waited for must not end the process; the failure stands in the turn's notes. */
function heeded<T>(work: Promise<T>, events: EventQueue): Promise<T> {
  work.catch((error) => {
    const code = error instanceof TapbackError ? `${error.code}: ` : "";
    events.push({ type: "note", text: `${code}${messageOf(error)}` });
  });
  return work;
}
