import { statSync } from "node:fs";
import { endpointOf, knownAgent } from "../agents/index.js";
import {
  type AgentConfig,
  acpSettingsFor,
  type Config,
  expandHome,
  normalizeId,
  resolveAgents,
} from "../config/index.js";
import { findProgram, TapbackError } from "../platform/index.js";
import { type Finding, failed, fine, warn } from "./check.js";

/** Where programs and keys are looked for. */
interface Surroundings {
  env: Record<string, string | undefined>;
  home: string;
}

/** Whether an agent has what it needs, and the remedy where it has not. */
export interface Needs {
  ok: boolean;
  detail: string;
  remedy?: string;
}

/** Every agent, for the doctor. The demo agent that nobody asked for is worth a word: it answers real people. */
export function checkAgents(config: Config, surroundings: Surroundings): Finding[] {
  const chosen = new Set(
    config.agents.list.filter(({ runtime }) => runtime !== undefined).map(({ id }) => normalizeId(id)),
  );
  return resolveAgents(config).map((agent) => {
    const check = `agent/${agent.id}`;
    if (agent.runtime.type === "demo" && !chosen.has(agent.id))
      return warn(
        check,
        "the demo agent answers, because no model and no runtime is named",
        "Set agents.defaults.model, or the runtime of an agent in agents.list (docs/agents.md).",
      );
    const { ok, detail, remedy } = needsOf(agent, config, surroundings);
    return ok ? fine(check, detail) : failed(check, detail, remedy ?? "See `tapback agents doctor`.");
  });
}

/** What an agent needs and whether it is there; nothing is started and no model is asked. */
export function needsOf({ id, runtime, model }: AgentConfig, config: Config, context: Surroundings): Needs {
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

function program(
  command: string,
  cwd: string | undefined,
  { env, home }: Surroundings,
  install?: string,
): Needs {
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
function modelsOf(models: (string | undefined)[], config: Config, context: Surroundings): Needs {
  const found = models.map((model) => modelOf(model, config, context));
  return (
    found.find(({ ok }) => !ok) ?? { ok: true, detail: found.map(({ detail }) => detail).join(", then ") }
  );
}

function modelOf(model: string | undefined, config: Config, { env }: Surroundings): Needs {
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
