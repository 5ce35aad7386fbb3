import { type BuiltInProvider, builtInProviders } from "../../config/index.js";
import { TapbackError } from "../../platform/index.js";

/** Who is to answer, as `init` writes it down. */
export type AgentChoice =
  | ({ kind: "model" } & ModelChoice)
  | { kind: "acp"; name: string }
  | { kind: "command"; line: string }
  | { kind: "demo" };

export interface ModelChoice {
  /** `provider/model`. */
  ref: string;
  /** Where it is not the provider's own. */
  baseUrl?: string;
  /** The variable that holds its key; absent where it needs none. */
  keyVariable?: string;
}

/**
 * @param ref `provider/model`
 * @param baseUrl of an endpoint that is not the provider's own
 * @returns the model with the variable of its key: the provider's usual one, else one that is named after it
 * @throws `USAGE` for a provider that nothing is known of, without an address
 */
export function modelChoice(ref: string, baseUrl?: string): ModelChoice {
  const [provider = ""] = ref.split("/");
  const known = builtIn(provider);
  if (provider === "" || provider === ref || (known === undefined && baseUrl === undefined))
    throw new TapbackError("USAGE", `the model "${ref}" has no endpoint`, {
      hint: `Write it as provider/model, with the provider one of ${Object.keys(builtInProviders).join(", ")}; any other needs --base-url.`,
    });
  const named = `${provider.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_API_KEY`;
  const keyVariable = known === undefined ? named : known.keyVariable;
  return {
    ref,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(keyVariable !== undefined && { keyVariable }),
  };
}

/** @returns whether the provider's key is looked for under its variable without a word in the configuration */
export function isBuiltIn({ ref }: ModelChoice): boolean {
  return builtIn(ref.split("/")[0]!) !== undefined;
}

function builtIn(provider: string): BuiltInProvider | undefined {
  return Object.hasOwn(builtInProviders, provider) ? builtInProviders[provider] : undefined;
}
