import { knownAgents, offeredModels } from "../../agents/index.js";
import { builtInProviders, parseConfig } from "../../config/index.js";
import { findProgram } from "../../platform/index.js";
import { type Proof, proofOf } from "../../turns/index.js";
import type { Context } from "../context.js";
import { thisProgram } from "../this-program.js";
import { type AgentChoice, modelChoice } from "./choice.js";
import { render } from "./render.js";

/** An agent that may be chosen. */
export interface Offer {
  choice: AgentChoice;
  label: string;
  hint: string;
  /** It was proved to be ready. */
  works: boolean;
}

/** A local server answers at once, or is not there, milliseconds. */
const localMs = 1000;
/** How long a question waits for the proof of what is offered in it, milliseconds. */
const proofMs = 10_000;

/**
 * What can answer on this machine (behaviour 6.7): the model agents, and the ACP agents whose programs are here; first those that
 * were proved to work. Nothing is downloaded for it.
 * @param baseUrl of an endpoint for the model agents that is not the provider's own
 */
export async function offers(context: Context, baseUrl: string | undefined): Promise<Offer[]> {
  const found = await Promise.all([...modelOffers(context, baseUrl), ...acpOffers(context)]);
  const all = found.filter((offer) => offer !== undefined);
  return [...all.filter(({ works }) => works), ...all.filter(({ works }) => !works)];
}

/**
 * Whether an agent is ready, before there is a configuration.
 * @param env in which its key stands
 */
export async function prove(choice: AgentChoice, context: Context, env: Context["env"]): Promise<Proof> {
  const hasKey = choice.kind === "model" && Boolean(env[choice.keyVariable ?? ""]);
  const answers = { cliPath: "imsg", agent: choice, allow: [], shared: false, catchUp: false };
  const parsed = await parseConfig(render(answers, hasKey), env);
  if (!parsed.ok) return { ok: false, detail: parsed.error.map(({ message }) => message).join("; ") };
  const { home, stateDir } = context;
  return proofOf(
    { id: "main" },
    parsed.value.config,
    { env, home, stateDir, program: thisProgram(context) },
    proofMs,
    "It may be loading, or download something first: once this is done, `tapback agents doctor main` waits longer.",
  );
}

function modelOffers(context: Context, baseUrl: string | undefined): Promise<Offer | undefined>[] {
  return Object.entries(builtInProviders)
    .filter(([, { title }]) => title !== undefined)
    .map(async ([provider, { title, usualModel, baseUrl: own, api }]) => {
      if (usualModel === undefined) {
        if (baseUrl !== undefined) return undefined;
        const limit = AbortSignal.timeout(localMs);
        const names = await offeredModels({ api, baseUrl: own, headers: {} }, limit).catch(() => undefined);
        const name = names?.find((each) => !/embed/i.test(each));
        if (name === undefined) return undefined;
        const choice = { kind: "model" as const, ...modelChoice(`${provider}/${name}`) };
        return { choice, label: `${title}: ${name}`, hint: "answers on this machine", works: true };
      }
      const choice = { kind: "model" as const, ...modelChoice(`${provider}/${usualModel}`, baseUrl) };
      const label = `${title}: ${usualModel}`;
      if (!context.env[choice.keyVariable!])
        return { choice, label, hint: "asks for your key", works: false };
      const { ok, detail } = await prove(choice, context, context.env);
      return { choice, label, hint: ok ? "works with your key" : detail, works: ok };
    });
}

function acpOffers(context: Context): Promise<Offer>[] {
  // What npx does not have yet would be downloaded by a question that nobody asked.
  const env = { ...context.env, npm_config_offline: "true" };
  return Object.entries(knownAgents)
    .filter(([, { program, command }]) => findProgram(program ?? command, context.env) !== undefined)
    .map(async ([name, { title }]) => {
      const choice = { kind: "acp" as const, name };
      const { ok, detail } = await prove(choice, context, env);
      return { choice, label: title, hint: ok ? "is here, and opened a session" : detail, works: ok };
    });
}
