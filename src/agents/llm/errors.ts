import { APICallError, LoadAPIKeyError } from "@ai-sdk/provider";
import { cutText } from "../../conversation/index.js";
import { modelErrors } from "../../platform/error-codes/index.js";
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
  const failure = (code: ModelErrorCode, body = "") => failureOf(code, ref, thrown, body, key);
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

const contextFull = /context.?(length|window|size)/i;
/** llama.cpp and Ollama, of a model that takes no pictures. */
const seesNothing = /image input|image_url|mmproj/i;

/** Told apart by status first; by the body only where one status means two things. */
function codeOf(status: number, body: string): ModelErrorCode {
  const quota = /insufficient_quota|quota|billing|credit|payment/i.test(body);
  if (status === 401) return "MODEL_KEY";
  if (status === 402) return "MODEL_QUOTA";
  if (status === 403) return quota ? "MODEL_QUOTA" : "MODEL_KEY";
  if (status === 404) return "MODEL_UNKNOWN";
  if (status === 429)
    return /insufficient_quota|billing|credit/i.test(body) ? "MODEL_QUOTA" : "MODEL_OVERLOADED";
  if (status === 503 || status === 529) return "MODEL_OVERLOADED";
  // Local servers report a full context, and pictures that a model does not take, as failures of theirs.
  if (contextFull.test(body)) return "MODEL_CONTEXT";
  if (seesNothing.test(body)) return "MODEL_REQUEST";
  if (status >= 500 || status === 408) return "MODEL_FAILED";
  if (status === 413 || /too (long|many tokens)|maximum.{0,20}tokens/i.test(body)) return "MODEL_CONTEXT";
  // Anthropic answers an empty balance with 400.
  return /credit balance|insufficient_quota/i.test(body) ? "MODEL_QUOTA" : "MODEL_REQUEST";
}

/** Errors inside a stream carry no status: a named one of the provider, or the connection. */
function streamCode(thrown: unknown): ModelErrorCode {
  const text =
    typeof thrown === "object" && thrown !== null
      ? `${messageOf(thrown)} ${JSON.stringify(thrown)}`
      : String(thrown);
  if (/ended without a finish/i.test(text)) return "MODEL_CUT";
  if (contextFull.test(text)) return "MODEL_CONTEXT";
  if (/overloaded|rate.?limit|capacity/i.test(text)) return "MODEL_OVERLOADED";
  if (/terminated|socket|network|fetch failed|ECONN|EPIPE|aborted/i.test(`${text} ${errnoOf(thrown)}`))
    return "MODEL_NETWORK";
  return "MODEL_FAILED";
}

/** What a provider did, said after its name; and whether the same call may succeed later. */
const failures = {
  MODEL_KEY: ["refused the key", false],
  MODEL_QUOTA: ["has no quota left", false],
  MODEL_OVERLOADED: ["is overloaded or limits the rate", true],
  MODEL_UNKNOWN: ["does not know the model", false],
  MODEL_CONTEXT: ["was given more than it takes", false],
  MODEL_REQUEST: ["refused the request", false],
  MODEL_FAILED: ["failed", true],
  MODEL_CUT: ["broke off in the middle of its answer", true],
  MODEL_NETWORK: ["cannot be reached, or the connection broke", true],
} satisfies Partial<Record<keyof typeof modelErrors, [what: string, retryable: boolean]>>;

type ModelErrorCode = keyof typeof failures;

function failureOf(
  code: ModelErrorCode,
  ref: string,
  thrown: unknown,
  body: string,
  key: string | undefined,
): TapbackError {
  const [what, retryable] = failures[code];
  const words = `${messageOf(thrown)}${body === "" ? "" : ` ${body}`}`;
  const detail = cutText(key ? words.replaceAll(key, "[key]") : words, maxDetail);
  return new TapbackError(code, `${ref} ${what}`, {
    hint: modelErrors[code].remedy,
    retryable,
    cause: new Error(detail),
  });
}

function retryAfter(headers: Record<string, string>): number | undefined {
  const ms = Number(headers["retry-after-ms"] ?? Number.NaN);
  if (!Number.isNaN(ms)) return ms;
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return Number.isNaN(seconds) ? undefined : seconds * 1000;
}
