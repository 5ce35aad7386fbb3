import { realpath } from "node:fs/promises";
import { TapbackError } from "../../platform/index.js";
import type { ToolsProof } from "../contract.js";
import type { AcpRuntime, AgentDefinition, AgentDeps } from "../definition.js";
import type { ChildOptions } from "../process/child.js";
import { programOptions } from "../process/program.js";
import { AcpConnection } from "./connection.js";
import { nodeHint } from "./errors.js";
import { programOf } from "./program.js";
import { type KnownAgent, knownAgent } from "./registry.js";
import { AcpSession } from "./session.js";

/** Until the agent answers `initialize`, seconds. */
const startSeconds = 120;
/** Until it asks a server that it was handed for its tools, milliseconds; most do within a second. */
const listMs = 5000;
const lookMs = 100;

/**
 * Starts the agent, has it answer `initialize`, open a session and ask for the gateway's tools, and ends it. One that asks
 * for them later than that is ready all the same, and it is said.
 * @throws AGENT_NOT_FOUND, AGENT_NO_ANSWER, AGENT_LOGIN and the other errors of a start; the signal's reason
 */
export async function proveAcp(
  { acp }: AcpRuntime,
  definition: Pick<AgentDefinition, "workspace">,
  deps: Pick<AgentDeps, "env" | "home" | "clock">,
  signal: AbortSignal,
  tools?: ToolsProof,
): Promise<string> {
  const known = knownAgent(acp.agent ?? "");
  const child = programOptions(programOf(acp), definition, deps, {});
  const name = acp.agent ?? acp.command ?? "the agent";
  let connection: AcpConnection | undefined;
  try {
    const startTimeoutMs = (acp.startTimeoutSeconds ?? startSeconds) * 1000;
    const options = { name, ...(known && { known }), child, clock: deps.clock, startTimeoutMs };
    const opened = await AcpConnection.open(options, signal);
    connection = opened;
    const { model, sessionMode } = acp;
    const choices = {
      ...(model !== undefined && { model }),
      ...(sessionMode !== undefined && { sessionMode }),
    };
    const notes: string[] = [];
    const note = (text: string) => notes.push(text);
    const mcp = tools ? [tools.endpoint] : [];
    const listed = await opened.until(signal, async () => {
      const session = await AcpSession.open(opened, { cwd: await realpath(child.cwd), mcp, choices }, note);
      const isListed = tools && (await areListed(tools, deps.clock, signal));
      await session.close();
      return isListed;
    });
    if (listed === false) note("it did not ask for Tapback's tools before a first message");
    const done =
      listed === true
        ? "started, opened a session and asked for Tapback's tools"
        : "started and opened a session";
    return [`${name} ${done}`, ...notes].join("; ");
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof TapbackError ? withAdvice(error, child, known) : error;
  } finally {
    await connection?.close();
  }
}

async function areListed(
  tools: ToolsProof,
  clock: AgentDeps["clock"],
  signal: AbortSignal,
): Promise<boolean> {
  const until = clock.now() + listMs;
  for (;;) {
    if (await tools.listed()) return true;
    if (clock.now() >= until || !(await clock.sleep(lookMs, signal))) return false;
  }
}

/** What is to be done here: nothing starts it again, no log has its stderr, and the registry knows how to get it. */
function withAdvice(error: TapbackError, { command, args }: ChildOptions, known?: KnownAgent): TapbackError {
  const { code, message, cause } = error;
  const hint =
    code === "AGENT_CRASHED"
      ? `Run it by hand to see more: ${[command, ...args].join(" ")}.${nodeHint(known)}`
      : code === "AGENT_NOT_FOUND"
        ? known?.install
        : undefined;
  return hint === undefined ? error : new TapbackError(code, message, { hint, cause });
}
