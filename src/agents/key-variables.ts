import { acpSettingsFor, builtInProviders, type Config, resolveAgents } from "../config/index.js";
import { knownAgent } from "./acp/registry.js";

/**
 * The variables that hold the keys of the configured agents, as far as it is known which they are: those of models whose
 * provider has no key in the configuration, and those that a known ACP agent looks for.
 */
export function keyVariables(config: Config): string[] {
  const names = resolveAgents(config).flatMap(({ id, runtime, model }) => {
    if (runtime.type === "llm")
      return [runtime.model ?? model, ...runtime.fallbackModels].flatMap((ref) => variableOf(ref, config));
    if (runtime.type !== "acp") return [];
    return knownAgent(acpSettingsFor(config, id).agent ?? "")?.keys ?? [];
  });
  return [...new Set(names)];
}

function variableOf(ref: string | undefined, { models }: Config): string[] {
  const [provider = ""] = (ref ?? "").split("/");
  if (models.providers[provider]?.apiKey !== undefined) return [];
  const builtIn = Object.hasOwn(builtInProviders, provider) ? builtInProviders[provider] : undefined;
  return builtIn?.keyVariable === undefined ? [] : [builtIn.keyVariable];
}
