/** A provider that needs no address in the configuration. */
export interface BuiltInProvider {
  api: "openai-completions" | "anthropic-messages";
  baseUrl: string;
  /** Environment variable that holds the key when the configuration has none; absent where no key is needed. */
  keyVariable?: string;
  /** Its list of models is given to nobody without a good key. */
  listNeedsKey?: true;
  /** For people, where `init` offers it. */
  title?: string;
  /** Model that `init` takes where nobody names one; absent where the endpoint's own first one is taken. */
  usualModel?: string;
}

/** Providers known by name (behaviour 6.1); an entry of `models.providers` of the same name overrides theirs. */
export const builtInProviders: Readonly<Record<string, BuiltInProvider>> = {
  anthropic: {
    api: "anthropic-messages",
    baseUrl: "https://api.anthropic.com/v1",
    keyVariable: "ANTHROPIC_API_KEY",
    listNeedsKey: true,
    title: "Anthropic",
    usualModel: "claude-sonnet-4-5",
  },
  openai: {
    api: "openai-completions",
    baseUrl: "https://api.openai.com/v1",
    keyVariable: "OPENAI_API_KEY",
    listNeedsKey: true,
    title: "OpenAI",
    usualModel: "gpt-5-mini",
  },
  openrouter: {
    api: "openai-completions",
    baseUrl: "https://openrouter.ai/api/v1",
    keyVariable: "OPENROUTER_API_KEY",
    title: "OpenRouter",
    usualModel: "openrouter/auto",
  },
  ollama: { api: "openai-completions", baseUrl: "http://127.0.0.1:11434/v1", title: "Ollama" },
  lmstudio: { api: "openai-completions", baseUrl: "http://127.0.0.1:1234/v1", title: "LM Studio" },
  vllm: { api: "openai-completions", baseUrl: "http://127.0.0.1:8000/v1" },
};
