import { statSync } from "node:fs";
import { endpointOf, knownAgent } from "../../../agents/index.js";
import {
  type AgentConfig,
  acpSettingsFor,
  type Config,
  expandHome,
  resolveAgents,
} from "../../../config/index.js";
import { findProgram, TapbackError } from "../../../platform/index.js";
import { type Context, readConfig } from "../../context.js";
import { exitCodes, printJson, printLine, styled } from "../../output.js";

interface Finding {
  id: string;
  runtime: string;
  ok: boolean;
  detail: string;
  remedy: string | null;
}

/** `tapback agents doctor`: whether each agent has what it needs; nothing is started and no model is asked. */
export async function doctor(context: Context, id: string | undefined): Promise<number> {
  const { config } = await readConfig(context);
  const agents = resolveAgents(config).filter((agent) => id === undefined || agent.id === id.toLowerCase());
  if (agents.length === 0)
    throw new TapbackError("AGENT_UNKNOWN", `there is no agent ${id}`, {
      hint: "`tapback agents list` lists them.",
    });
  const findings = agents.map((agent): Finding => {
    const found = examine(agent, config, context);
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

type Found = { ok: boolean; detail: string; remedy?: string };

function examine({ id, runtime, model }: AgentConfig, config: Config, context: Context): Found {
  switch (runtime.type) {
    case "acp": {
      const { command, agent, cwd } = acpSettingsFor(config, id);
      const known = knownAgent(agent ?? "");
      if (command === undefined && known === undefined)
        return { ok: false, detail: `"${agent}" is no known ACP agent`, remedy: "Set runtime.acp.command." };
      return program(command ?? known!.command, cwd, context, known?.install);
    }
    case "command":
      return program(runtime.command, runtime.cwd, context);
    case "http":
      return { ok: true, detail: `posts to ${runtime.url}` };
    case "llm":
      return modelsOf([runtime.model ?? model, ...(runtime.fallbackModels ?? [])], config, context);
    case "demo":
      return { ok: true, detail: "needs nothing" };
  }
}

function program(command: string, cwd: string | undefined, { env, home }: Context, install?: string): Found {
  const path = findProgram(expandHome(command, home), env);
  if (!path)
    return {
      ok: false,
      detail: `${command} is not found`,
      remedy: install ?? "Install it, or give its whole path.",
    };
  const isThere =
    cwd === undefined || statSync(expandHome(cwd, home), { throwIfNoEntry: false })?.isDirectory();
  if (isThere) return { ok: true, detail: `starts ${path}` };
  return { ok: false, detail: `its folder ${cwd} does not exist`, remedy: "Create it, or change its cwd." };
}

/** The first of them that cannot be asked, else all. */
function modelsOf(models: (string | undefined)[], config: Config, context: Context): Found {
  const found = models.map((model) => modelOf(model, config, context));
  return (
    found.find(({ ok }) => !ok) ?? { ok: true, detail: found.map(({ detail }) => detail).join(", then ") }
  );
}

function modelOf(model: string | undefined, config: Config, { env }: Context): Found {
  if (model === undefined)
    return {
      ok: false,
      detail: "names no model",
      remedy: "Set agents.defaults.model, e.g. anthropic/claude-sonnet-4-5.",
    };
  try {
    const { baseUrl } = endpointOf(model, config.models.providers, env);
    return { ok: true, detail: `${model} at ${baseUrl}` };
  } catch (error) {
    if (!(error instanceof TapbackError)) throw error;
    return { ok: false, detail: error.message, ...(error.hint && { remedy: error.hint }) };
  }
}
