import { askable, messageOf, TapbackError } from "../../platform/index.js";
import type { HttpSettings } from "../definition.js";

/**
 * Asks a web service for nothing (`HEAD`), which changes nothing there: any answer shows that it can be reached.
 * @throws AGENT_HTTP_UNREACHABLE; the signal's reason
 */
export async function proveService({ url, headers }: HttpSettings, signal: AbortSignal): Promise<string> {
  const { host } = new URL(url);
  try {
    const asked = askable(url, headers);
    await fetch(asked.url, { method: "HEAD", redirect: "manual", signal, headers: asked.headers });
    return `${host} answers`;
  } catch (error) {
    signal.throwIfAborted();
    const why = messageOf((error as Error).cause ?? error);
    throw new TapbackError("AGENT_HTTP_UNREACHABLE", `${host} cannot be reached: ${why}`, {
      hint: "Check the agent's `runtime.url` and that the service runs.",
      cause: error,
    });
  }
}
