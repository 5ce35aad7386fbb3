import { APICallError, LoadAPIKeyError } from "@ai-sdk/provider";
import { errnoOf, messageOf, TapbackError } from "../../platform/index.js";

const maxDetail = 1000;

/** A model's failure, with what follows from it. */
export interface ModelFailure {
  error: TapbackError;
  /** What the endpoint asked to wait, milliseconds. */
  retryAfterMs?: number;
}

/**
 * Maps whatever a model's client threw to a code, once: MODEL_KEY, MODEL_QUOTA, MODEL_OVERLOADED, MODEL_UNKNOWN,
 * MODEL_CONTEXT, MODEL_REQUEST, MODEL_FAILED, MODEL_CUT, MODEL_NETWORK. The provider's own words are the cause, for the log and the
 * owner (behaviour 6.2).
 * @param ref `provider/model`
 * @param key that the endpoint was given: some repeat it in their answer, and it is left out
 */
export function modelFailure(ref: string, thrown: unknown, key?: string): ModelFailure {
  if (thrown instanceof TapbackError) return { error: thrown };
  const failure = (code: string, body = "") => failureOf(code, ref, thrown, body, key);
  if (LoadAPIKeyError.isInstance(thrown)) return { error: failure("MODEL_KEY") };
  if (!APICallError.isInstance(thrown)) return { error: failure(streamCode(thrown)) };
  const { statusCode, responseBody = "", responseHeaders } = thrown;
  if (statusCode === undefined) return { error: failure("MODEL_NETWORK") };
  // The answer began well and broke off before its first event.
  if (statusCode < 400) return { error: failure(streamCode(thrown.cause ?? thrown)) };
  const wait = retryAfter(responseHeaders ?? {});
  const error = failure(codeOf(statusCode, responseBody), responseBody);
  return wait === undefined ? { error } : { error, retryAfterMs: wait };
}

/** Told apart by status first; by the body only where one status means two things. */
function codeOf(status: number, body: string): string {
  const quota = /insufficient_quota|quota|billing|credit|payment/i.test(body);
  if (status === 401) return "MODEL_KEY";
  if (status === 402) return "MODEL_QUOTA";
  if (status === 403) return quota ? "MODEL_QUOTA" : "MODEL_KEY";
  if (status === 404) return "MODEL_UNKNOWN";
  if (status === 429)
    return /insufficient_quota|billing|credit/i.test(body) ? "MODEL_QUOTA" : "MODEL_OVERLOADED";
  if (status === 503 || status === 529) return "MODEL_OVERLOADED";
  if (status >= 500 || status === 408) return "MODEL_FAILED";
  if (status === 413 || /context.?(length|window)|too (long|many tokens)|maximum.{0,20}tokens/i.test(body))
    return "MODEL_CONTEXT";
  // Anthropic answers an empty balance with 400.
  return /credit balance|insufficient_quota/i.test(body) ? "MODEL_QUOTA" : "MODEL_REQUEST";
}

/** Errors inside a stream carry no status: a named one of the provider, or the connection. */
function streamCode(thrown: unknown): string {
  const text =
    typeof thrown === "object" && thrown !== null
      ? `${messageOf(thrown)} ${JSON.stringify(thrown)}`
      : String(thrown);
  if (/ended without a finish/i.test(text)) return "MODEL_CUT";
  if (/overloaded|rate.?limit|capacity/i.test(text)) return "MODEL_OVERLOADED";
  if (/terminated|socket|network|fetch failed|ECONN|EPIPE|aborted/i.test(`${text} ${errnoOf(thrown)}`))
    return "MODEL_NETWORK";
  return "MODEL_FAILED";
}

const sentences: Record<string, [message: string, hint: string, retryable: boolean]> = {
  MODEL_KEY: [
    "refused the key",
    "Check the key of this provider in the environment or in models.providers.",
    false,
  ],
  MODEL_QUOTA: ["has no quota left", "Look at the account's billing, or name another model.", false],
  MODEL_OVERLOADED: [
    "is overloaded or limits the rate",
    "It passes by itself; fallback models bridge it.",
    true,
  ],
  MODEL_UNKNOWN: [
    "does not know the model",
    "Check the model's name; local servers need it to be loaded.",
    false,
  ],
  MODEL_CONTEXT: [
    "was given more than it takes",
    "Lower the runtime's contextMessages, or /new begins afresh.",
    false,
  ],
  MODEL_REQUEST: ["refused the request", "The provider's words are in the log.", false],
  MODEL_FAILED: ["failed", "The provider's words are in the log.", true],
  MODEL_CUT: [
    "broke off in the middle of its answer",
    "Check what stands between: a proxy's time limit, or a local server that ran out of memory.",
    true,
  ],
  MODEL_NETWORK: [
    "cannot be reached, or the connection broke",
    "Check the network, and that a local server runs.",
    true,
  ],
};

function failureOf(
  code: string,
  ref: string,
  thrown: unknown,
  body: string,
  key: string | undefined,
): TapbackError {
  const [what, hint, retryable] = sentences[code]!;
  const words = `${messageOf(thrown)}${body === "" ? "" : ` ${body}`}`;
  const detail = (key ? words.replaceAll(key, "[key]") : words).slice(0, maxDetail);
  return new TapbackError(code, `${ref} ${what}`, { hint, retryable, cause: new Error(detail) });
}

function retryAfter(headers: Record<string, string>): number | undefined {
  const ms = Number(headers["retry-after-ms"] ?? Number.NaN);
  if (!Number.isNaN(ms)) return ms;
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return Number.isNaN(seconds) ? undefined : seconds * 1000;
}
