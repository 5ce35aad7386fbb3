import { type AgentConfig, normalizeId, resolveAgents } from "../../../config/index.js";
import { TapbackError } from "../../../platform/index.js";
import { proofOf } from "../../../turns/index.js";
import { type Context, readConfig } from "../../context.js";
import { exitCodes, printJson, printLine, styled } from "../../output.js";
import { thisProgram } from "../../this-program.js";

interface AgentFinding {
  id: string;
  runtime: string;
  ok: boolean;
  detail: string;
  remedy: string | null;
}

/** An agent may be downloaded by its first start, milliseconds. */
const startMs = 180_000;

/** What is to be done where that is not enough: nothing waits longer. */
const lateRemedies: Partial<Record<AgentConfig["runtime"]["type"], string>> = {
  acp: "Start it once by hand, to see what it waits for; `tapback agents list` says how known agents are started.",
  llm: "Its endpoint takes the connection and does not answer: look at the server's own log.",
  http: "Its address takes the connection and does not answer: look at the service's own log.",
};

/**
 * `tapback agents doctor`: brings each agent to the point before its first token (behaviour 6.7), side by side.
 * @param limitMs how long each is waited for, milliseconds
 * @returns 1 when one is not ready
 * @throws `AGENT_UNKNOWN`
 */
export async function doctor(context: Context, id: string | undefined, limitMs = startMs): Promise<number> {
  const { config } = await readConfig(context);
  const agents = resolveAgents(config).filter((agent) => id === undefined || agent.id === normalizeId(id));
  if (agents.length === 0)
    throw new TapbackError("AGENT_UNKNOWN", `there is no agent ${id}`, {
      hint: "`tapback agents list` lists them.",
    });
  const place = { ...context, program: thisProgram(context) };
  const findings = await Promise.all(
    agents.map(async (agent): Promise<AgentFinding> => {
      const late = lateRemedies[agent.runtime.type] ?? "Look at it where it runs.";
      const { ok, detail, remedy = null } = await proofOf(agent, config, place, limitMs, late);
      return { id: agent.id, runtime: agent.runtime.type, ok, detail, remedy };
    }),
  );
  if (context.json) printJson(findings);
  else
    for (const { id: name, runtime, ok, detail, remedy } of findings) {
      printLine(`${ok ? styled("green", "✓") : styled("red", "✗")} ${name} (${runtime}): ${detail}`);
      if (remedy) printLine(`  ${remedy}`);
    }
  if (!context.json && findings.every(({ ok }) => ok))
    printLine('The whole proof is an answer: tapback agents try <id> "hello"');
  return findings.every(({ ok }) => ok) ? exitCodes.done : exitCodes.refused;
}
