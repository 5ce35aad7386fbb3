import type { ModelEndpoint } from "./endpoints.js";

/** The headers of a question that is asked of an endpoint beside its client: its key, in its protocol's way, and its own. */
export function requestHeaders({
  api,
  apiKey,
  headers,
}: Pick<ModelEndpoint, "api" | "apiKey" | "headers">): Record<string, string> {
  const isAnthropic = api === "anthropic-messages";
  const key: Record<string, string> =
    apiKey === undefined ? {} : isAnthropic ? { "x-api-key": apiKey } : { authorization: `Bearer ${apiKey}` };
  const version: Record<string, string> = isAnthropic ? { "anthropic-version": "2023-06-01" } : {};
  return { ...key, ...version, ...headers };
}
