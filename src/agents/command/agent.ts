import { mkdir } from "node:fs/promises";
import type { Agent, AgentEvent, AgentTurn } from "../contract.js";
import type { AgentDefinition, AgentDeps, CommandSettings } from "../definition.js";
import { mediaRoots } from "../media.js";
import { Child } from "../process/child.js";
import { programOptions } from "../process/program.js";
import { exitError } from "./exit.js";
import { readText } from "./text-output.js";

/**
 * A program per turn (behaviour 6.5a): the envelope as one line of JSON on stdin, the answer on stdout. The program and
 * all that it started are ended with the turn.
 */
export function createCommandAgent(
  settings: CommandSettings,
  definition: Pick<AgentDefinition, "workspace">,
  deps: Pick<AgentDeps, "env" | "home" | "clock" | "records">,
): Agent {
  return {
    run: (turn, signal) => runProgram(settings, definition, deps, turn, signal),
    reset: async () => {},
    close: async () => {},
  };
}

async function* runProgram(
  settings: CommandSettings,
  definition: Pick<AgentDefinition, "workspace">,
  deps: Pick<AgentDeps, "env" | "home" | "clock" | "records">,
  turn: AgentTurn,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  signal.throwIfAborted();
  const { sessionKey, turnId } = turn.envelope;
  const { temporaryFolder } = turn;
  if (temporaryFolder !== undefined) await mkdir(temporaryFolder, { recursive: true, mode: 0o700 });
  const env = {
    TAPBACK_SESSION: sessionKey,
    TAPBACK_TURN: turnId,
    ...(temporaryFolder !== undefined && { TAPBACK_TEMP: temporaryFolder }),
  };
  // Loaded first: what is written before somebody reads it is lost when the program is gone by then.
  const readEvents = settings.output === "jsonl" ? await jsonlReader() : undefined;
  const child = await Child.start(programOptions(settings, definition, deps, env));
  const stop = () => void child.stop();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    child.stdin.write(`${JSON.stringify(turn.envelope)}\n`);
    if (readEvents) {
      const { endedByUs } = yield* readEvents(
        child,
        turn,
        { roots: mediaRoots(turn, definition.workspace), clock: deps.clock },
        signal,
      );
      if (endedByUs) return;
    } else {
      child.stdin.end();
      yield* readText(child);
    }
    const end = await child.ended;
    signal.throwIfAborted();
    if (child.stderr !== "") yield { type: "note", text: `stderr: ${child.stderr}` };
    if (end.code !== 0) throw exitError(settings.command, end, child.stderr);
  } finally {
    signal.removeEventListener("abort", stop);
    await child.stop();
  }
}

async function jsonlReader() {
  const { readEvents } = await import("./jsonl-output.js");
  return readEvents;
}
