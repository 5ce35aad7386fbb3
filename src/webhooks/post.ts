import type { WebhookConfig } from "../config/index.js";
import { askable, type Clock, follow, unaskedWhy } from "../platform/index.js";
import { standardHeaders } from "./sign.js";

/** How long a receiver may take, milliseconds. */
const limitMs = 15_000;

/** What one try came to. */
export type Posted = { state: "taken" } | { state: "gone" } | { state: "failed"; why: string };

/**
 * Posts one body, signed, once. What a receiver answers beside its status is not read.
 * @param id the same for each repeat of the same event
 */
export async function postSigned(
  { url, secret, formerSecrets }: Pick<WebhookConfig, "url" | "secret" | "formerSecrets">,
  { id, body }: { id: string; body: string },
  clock: Clock,
  signal: AbortSignal,
): Promise<Posted> {
  const limit = new AbortController();
  const stopTimer = clock.after(limitMs, () => limit.abort(), { unref: true });
  const over = new AbortController();
  const unfollow = follow(over, signal, limit.signal);
  try {
    const asked = askable(url);
    const response = await fetch(asked.url, {
      method: "POST",
      headers: {
        ...asked.headers,
        "content-type": "application/json",
        ...standardHeaders([secret, ...formerSecrets], id, body, clock.now()),
      },
      body,
      // Who signs for one address does not sign for another.
      redirect: "manual",
      signal: over.signal,
    });
    await response.body?.cancel();
    if (response.ok) return { state: "taken" };
    if (response.status === 410) return { state: "gone" };
    return { state: "failed", why: `it answered ${response.status}` };
  } catch (error) {
    if (limit.signal.aborted) return { state: "failed", why: `no answer within ${limitMs / 1000} s` };
    return { state: "failed", why: unaskedWhy(error) };
  } finally {
    stopTimer();
    unfollow();
  }
}
