import type { ModelEndpoint } from "./endpoints.js";
import { requestHeaders } from "./request-headers.js";

/**
 * Asks an endpoint which models it has; both protocols have that under the same path, and it costs nothing.
 * @returns their names; undefined where it does not say, for whatever reason
 * @throws where it cannot be reached; the signal's reason
 */
export async function offeredModels(
  endpoint: Pick<ModelEndpoint, "api" | "baseUrl" | "apiKey" | "headers">,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const { api, baseUrl } = endpoint;
  const response = await fetch(`${baseUrl}/models${api === "anthropic-messages" ? "?limit=1000" : ""}`, {
    headers: requestHeaders(endpoint),
    signal,
  });
  const body: unknown = await response.json().catch(() => undefined);
  signal.throwIfAborted();
  const list = (body as { data?: unknown } | undefined)?.data;
  if (!response.ok || !Array.isArray(list)) return undefined;
  const names = list.map((entry: { id?: unknown } | null) => entry?.id);
  return names.filter((name) => typeof name === "string");
}
