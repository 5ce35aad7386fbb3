import type { LanguageModelV3 } from "@ai-sdk/provider";
import type { ModelEndpoint } from "./endpoints.js";

/** Makes the client of an endpoint; loads only the package that speaks its protocol. No request is made. */
export async function openModel({
  provider,
  model,
  api,
  baseUrl,
  apiKey,
  headers,
}: ModelEndpoint): Promise<LanguageModelV3> {
  const settings = { baseURL: baseUrl, headers };
  if (api === "anthropic-messages") {
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    // Without a key the package looks into the environment by itself; an empty one keeps it from that.
    return createAnthropic({ ...settings, apiKey: apiKey ?? "" })(model);
  }
  if (provider === "openai") {
    // OpenAI's newer models refuse parameters that others need (`max_tokens`); this package knows which.
    const { createOpenAI } = await import("@ai-sdk/openai");
    return createOpenAI({ ...settings, apiKey: apiKey ?? "" }).chat(model);
  }
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  const key = apiKey === undefined ? {} : { apiKey };
  return createOpenAICompatible({ ...settings, ...key, name: provider, includeUsage: true }).chatModel(model);
}
