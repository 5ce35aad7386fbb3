import type { ModelEndpoint } from "./endpoints.js";

/**
 * Asks an endpoint which models it has; both protocols have that under the same path, and it costs nothing.
 * @returns their names; undefined where it does not say, for whatever reason
 * @throws where it cannot be reached; the signal's reason
 */
export async function offeredModels(
  { api, baseUrl, apiKey, headers }: Pick<ModelEndpoint, "api" | "baseUrl" | "apiKey" | "headers">,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const isAnthropic = api === "anthropic-messages";
  const key: Record<string, string> =
    apiKey === undefined ? {} : isAnthropic ? { "x-api-key": apiKey } : { authorization: `Bearer ${apiKey}` };
  const version: Record<string, string> = isAnthropic ? { "anthropic-version": "2023-06-01" } : {};
  const response = await fetch(`${baseUrl}/models${isAnthropic ? "?limit=1000" : ""}`, {
    headers: { ...key, ...version, ...headers },
    signal,
  });
  const body: unknown = await response.json().catch(() => undefined);
  signal.throwIfAborted();
  const list = (body as { data?: unknown } | undefined)?.data;
  if (!response.ok || !Array.isArray(list)) return undefined;
  const names = list.map((entry: { id?: unknown } | null) => entry?.id);
  return names.filter((name) => typeof name === "string");
}
