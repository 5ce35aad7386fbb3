import { type BuiltInProvider, builtInProviders } from "../../config/index.js";
import { TapbackError } from "../../platform/index.js";
import type { AgentDefinition, AgentDeps, LlmSettings } from "../definition.js";
import { endpointOf, type ModelEndpoint } from "./endpoints.js";
import { modelFailure } from "./errors.js";
import { offeredModels } from "./list.js";
import { openModel } from "./model.js";
import { runStep } from "./step.js";

/** Names of models in a hint. */
const mostNamed = 8;
/** How long a model may be silent: a local one may have to be loaded first, milliseconds. */
const stallMs = 120_000;

/**
 * Proves every model that an agent may ask, side by side: its endpoint answers, takes the key and has the model.
 * @throws the first failure, as MODEL_KEY, MODEL_UNKNOWN or MODEL_NETWORK; the signal's reason
 */
export async function proveModels(
  settings: LlmSettings,
  definition: Pick<AgentDefinition, "model">,
  deps: Pick<AgentDeps, "env" | "clock" | "providers">,
  signal: AbortSignal,
): Promise<string> {
  const model = settings.model ?? definition.model;
  if (model === undefined)
    throw new TapbackError("MODEL_UNKNOWN", "it names no model", {
      hint: "Set agents.defaults.model, e.g. anthropic/claude-sonnet-4-5.",
    });
  const refs = [model, ...(settings.fallbackModels ?? [])];
  const proofs = await Promise.all(refs.map((ref) => proveModel(ref, deps, signal)));
  return proofs.join(", then ");
}

async function proveModel(
  ref: string,
  { env, clock, providers = {} }: Pick<AgentDeps, "env" | "clock" | "providers">,
  signal: AbortSignal,
): Promise<string> {
  const endpoint = endpointOf(ref, providers, env);
  const { model, baseUrl, apiKey } = endpoint;
  let offered: string[] | undefined;
  try {
    offered = await offeredModels(endpoint, signal);
    if (!(offered?.includes(model) && listProvesKey(endpoint))) {
      const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "Say hello." }] }];
      await runStep(await openModel(endpoint), ref, { prompt }, { stallMs, clock }, signal);
    }
    return `${ref} at ${baseUrl}${apiKey === undefined ? "" : ", the key is good"}`;
  } catch (thrown) {
    signal.throwIfAborted();
    const { error } = modelFailure(ref, thrown, apiKey);
    throw error.code === "MODEL_UNKNOWN" && offered ? withNames(error, offered) : error;
  }
}

/** Whether a list that has the model says all there is to know: others may give theirs to anybody, whatever the key. */
function listProvesKey({ provider, baseUrl, apiKey }: ModelEndpoint): boolean {
  if (apiKey === undefined) return true;
  const known: BuiltInProvider | undefined = builtInProviders[provider];
  return known?.listNeedsKey === true && known.baseUrl === baseUrl;
}

function withNames(error: TapbackError, offered: string[]): TapbackError {
  const named = offered.slice(0, mostNamed).join(", ");
  const more = offered.length > mostNamed ? `, and ${offered.length - mostNamed} more` : "";
  return new TapbackError("MODEL_UNKNOWN", error.message, {
    hint: `It has ${named}${more}.`,
    cause: error.cause,
  });
}
