import { resolveAgents } from "../../../config/index.js";
import { needsOf } from "../../../doctor/index.js";
import { TapbackError } from "../../../platform/index.js";
import { type Context, readConfig } from "../../context.js";
import { exitCodes, printJson, printLine, styled } from "../../output.js";

interface AgentFinding {
  id: string;
  runtime: string;
  ok: boolean;
  detail: string;
  remedy: string | null;
}

/** `tapback agents doctor`: whether each agent has what it needs; nothing is started and no model is asked. @throws `AGENT_UNKNOWN` */
export async function doctor(context: Context, id: string | undefined): Promise<number> {
  const { config } = await readConfig(context);
  const agents = resolveAgents(config).filter((agent) => id === undefined || agent.id === id.toLowerCase());
  if (agents.length === 0)
    throw new TapbackError("AGENT_UNKNOWN", `there is no agent ${id}`, {
      hint: "`tapback agents list` lists them.",
    });
  const findings = agents.map((agent): AgentFinding => {
    const found = needsOf(agent, config, context);
    return { id: agent.id, runtime: agent.runtime.type, remedy: null, ...found };
  });
  if (context.json) printJson(findings);
  else
    for (const { id: name, runtime, ok, detail, remedy } of findings) {
      printLine(`${ok ? styled("green", "✓") : styled("red", "✗")} ${name} (${runtime}): ${detail}`);
      if (remedy) printLine(`  ${remedy}`);
    }
  if (!context.json && findings.every(({ ok }) => ok)) printLine('Try one: tapback agents try <id> "hello"');
  return findings.every(({ ok }) => ok) ? exitCodes.done : exitCodes.refused;
}
