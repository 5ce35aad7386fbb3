import { builtInProviders, type ModelProvider } from "../../config/index.js";
import { askable, ownValue, TapbackError } from "../../platform/index.js";

type ModelApi = NonNullable<ModelProvider["api"]>;

/** Where one model is reached. */
export interface ModelEndpoint {
  /** `provider/model`, for messages and usage. */
  ref: string;
  provider: string;
  model: string;
  api: ModelApi;
  baseUrl: string;
  apiKey?: string;
  headers: Record<string, string>;
  /** Whether the model takes pictures, as far as its name and the configuration tell. */
  images: boolean;
}

/** Models that take pictures, by the provider or the model's name; `models.providers.<name>.images` counts before it. */
const seeing =
  /^(anthropic|openai)\/|vision|llava|pixtral|vl\b|gpt-4o|claude|gemini|gemma-?3|openrouter\/auto/i;

/**
 * Finds out where a model is reached: by `models.providers`, with what is known of the provider beneath it.
 * @param ref `provider/model`; the model's name may hold further slashes
 * @throws MODEL_UNKNOWN for a provider that nothing is known of, MODEL_KEY where a key is needed and there is none
 */
export function endpointOf(
  ref: string,
  providers: Record<string, Partial<ModelProvider>>,
  env: Record<string, string | undefined>,
): ModelEndpoint {
  const slash = ref.indexOf("/");
  const provider = ref.slice(0, Math.max(0, slash));
  const model = ref.slice(slash + 1);
  const own = ownValue(providers, provider);
  const base = ownValue(builtInProviders, provider);
  const baseUrl = own?.baseUrl ?? base?.baseUrl;
  if (baseUrl === undefined || model === "")
    throw new TapbackError("MODEL_UNKNOWN", `The model "${ref}" has no endpoint`, {
      hint: `Write it as provider/model; providers are: ${[...new Set([...Object.keys(providers), ...Object.keys(builtInProviders)])].join(", ")}. Others become known by an entry of models.providers with a baseUrl.`,
    });
  const apiKey =
    own?.apiKey ?? (base?.keyVariable === undefined ? undefined : env[base.keyVariable] || undefined);
  // An own address may be a proxy that needs no key.
  if (apiKey === undefined && base?.keyVariable !== undefined && own?.baseUrl === undefined)
    throw new TapbackError("MODEL_KEY", `There is no key for ${provider}`, {
      hint: `Keep it with \`tapback secrets set ${base.keyVariable}\`, or set models.providers.${provider}.apiKey.`,
    });
  const { url, headers } = askable(baseUrl, own?.headers);
  return {
    ref,
    provider,
    model,
    baseUrl: url.replace(/\/+$/, ""),
    api: own?.api ?? base?.api ?? "openai-completions",
    ...(apiKey === undefined ? {} : { apiKey }),
    headers,
    images: ownValue(own?.images, model) ?? seeing.test(ref),
  };
}
