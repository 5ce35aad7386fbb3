import { TapbackError } from "../../platform/index.js";
import type { ModelProvider } from "../definition.js";

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
  /** Whether its models usually take pictures. */
  images: boolean;
}

interface KnownProvider {
  api: ModelApi;
  baseUrl: string;
  /** Environment variable of the key; absent: none is needed. */
  key?: string;
  images?: boolean;
}

const chat = "openai-completions";

/** Providers that need no entry in `models.providers`. */
const known: Record<string, KnownProvider> = {
  anthropic: {
    api: "anthropic-messages",
    baseUrl: "https://api.anthropic.com/v1",
    key: "ANTHROPIC_API_KEY",
    images: true,
  },
  deepseek: { api: chat, baseUrl: "https://api.deepseek.com/v1", key: "DEEPSEEK_API_KEY" },
  google: {
    api: chat,
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    key: "GEMINI_API_KEY",
    images: true,
  },
  groq: { api: chat, baseUrl: "https://api.groq.com/openai/v1", key: "GROQ_API_KEY" },
  lmstudio: { api: chat, baseUrl: "http://127.0.0.1:1234/v1" },
  mistral: { api: chat, baseUrl: "https://api.mistral.ai/v1", key: "MISTRAL_API_KEY" },
  ollama: { api: chat, baseUrl: "http://127.0.0.1:11434/v1" },
  openai: { api: chat, baseUrl: "https://api.openai.com/v1", key: "OPENAI_API_KEY", images: true },
  openrouter: { api: chat, baseUrl: "https://openrouter.ai/api/v1", key: "OPENROUTER_API_KEY", images: true },
  vllm: { api: chat, baseUrl: "http://127.0.0.1:8000/v1" },
  xai: { api: chat, baseUrl: "https://api.x.ai/v1", key: "XAI_API_KEY" },
};

/**
 * Finds out where a model is reached: by `models.providers`, with what is known of the provider beneath it.
 * @param ref `provider/model`; the model's name may hold further slashes
 * @throws MODEL_UNKNOWN for a provider that nothing is known of, MODEL_KEY where a key is needed and there is none
 */
export function endpointOf(
  ref: string,
  providers: Record<string, ModelProvider>,
  env: Record<string, string | undefined>,
): ModelEndpoint {
  const slash = ref.indexOf("/");
  const provider = ref.slice(0, Math.max(0, slash));
  const model = ref.slice(slash + 1);
  const own = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  const base = Object.hasOwn(known, provider) ? known[provider] : undefined;
  const baseUrl = own?.baseUrl ?? base?.baseUrl;
  if (baseUrl === undefined || model === "")
    throw new TapbackError("MODEL_UNKNOWN", `The model "${ref}" has no endpoint`, {
      hint: `Write it as provider/model; the provider is an entry of models.providers with a baseUrl, or one of: ${Object.keys(known).join(", ")}.`,
    });
  const apiKey = own?.apiKey ?? (base?.key === undefined ? undefined : env[base.key]);
  // An own address may be a proxy that needs no key.
  if (apiKey === undefined && base?.key !== undefined && own?.baseUrl === undefined)
    throw new TapbackError("MODEL_KEY", `There is no key for ${provider}`, {
      hint: `Set ${base.key} in the gateway's environment, or models.providers.${provider}.apiKey.`,
    });
  return {
    ref,
    provider,
    model,
    baseUrl: baseUrl.replace(/\/+$/, ""),
    api: own?.api ?? base?.api ?? chat,
    ...(apiKey === undefined ? {} : { apiKey }),
    headers: own?.headers ?? {},
    images: base?.images ?? /vision|llava|pixtral|-vl\b|gpt-4o|claude|gemini|gemma3/i.test(model),
  };
}
