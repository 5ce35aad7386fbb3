import { normalizeId, resolveAgents } from "../../../config/index.js";
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
const limitMs = 180_000;

/**
 * `tapback agents doctor`: brings each agent to the point before its first token (behaviour 6.7), side by side.
 * @returns 1 when one is not ready
 * @throws `AGENT_UNKNOWN`
 */
export async function doctor(context: Context, id: string | undefined): Promise<number> {
  const { config } = await readConfig(context);
  const agents = resolveAgents(config).filter((agent) => id === undefined || agent.id === normalizeId(id));
  if (agents.length === 0)
    throw new TapbackError("AGENT_UNKNOWN", `there is no agent ${id}`, {
      hint: "`tapback agents list` lists them.",
    });
  const findings = await Promise.all(
    agents.map(async (agent): Promise<AgentFinding> => {
      const {
        ok,
        detail,
        remedy = null,
      } = await proofOf(agent, config, { ...context, program: thisProgram(context) }, limitMs);
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
