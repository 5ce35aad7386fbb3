import { builtInProviders } from "../../config/index.js";
import type { Clock } from "../../platform/index.js";
import type { ModelEndpoint } from "./endpoints.js";
import { requestHeaders } from "./request-headers.js";

/** For all questions together, milliseconds: a turn may wait for the answer. */
const limitMs = 5000;
/** Longest answer, bytes: lists of hundreds of models are about a megabyte. */
const maxBytes = 8_000_000;
/** What can be the size of a model, tokens. */
const plausible = { least: 512, most: 100_000_000 };

/** One question to an endpoint; undefined where the answer does not tell. */
type Question = (ask: Ask) => Promise<number | undefined>;
/** @returns the parsed body; undefined where the endpoint refuses, says no JSON, or says too much */
type Ask = (url: string, body?: object) => Promise<unknown>;

/**
 * Asks an endpoint how many tokens a model takes, question and answer together (behaviour 6.8b). No question costs
 * anything. Servers on the own machine or network are asked in their own way, too.
 * @returns undefined where it does not tell, within 5 seconds
 */
export async function contextSizeOf(endpoint: ModelEndpoint, clock: Clock): Promise<number | undefined> {
  const limit = new AbortController();
  const stopTimer = clock.after(limitMs, () => limit.abort(), { unref: true });
  try {
    for (const question of questionsTo(endpoint)) {
      const size = await question((url, body) => ask(endpoint, url, body, limit.signal));
      if (size !== undefined) return size;
    }
  } catch {
    // It cannot be reached, or takes too long: the request itself will tell.
  } finally {
    stopTimer();
  }
  return undefined;
}

function questionsTo({ api, baseUrl, provider, model }: ModelEndpoint): Question[] {
  if (api === "anthropic-messages")
    return [async (ask) => sizeIn(await ask(`${baseUrl}/models/${encodeURIComponent(model)}`))];
  const listed: Question = async (ask) => sizeIn(named(await ask(`${baseUrl}/models`), "data", model));
  // Services of the internet have no other ways.
  const base = Object.hasOwn(builtInProviders, provider) ? builtInProviders[provider] : undefined;
  if (base?.keyVariable !== undefined && base.baseUrl === baseUrl) return [listed];
  const root = baseUrl.replace(/\/v\d+$/, "");
  return [
    listed,
    // LM Studio.
    async (ask) => sizeIn(named(await ask(`${root}/api/v0/models`), "data", model)),
    // Ollama: what is loaded has its true size, else what is set for the model, else what the model could take.
    async (ask) => sizeIn(named(await ask(`${root}/api/ps`), "models", model)),
    async (ask) => shownSize(await ask(`${root}/api/show`, { model })),
  ];
}

async function ask(
  endpoint: ModelEndpoint,
  url: string,
  body: object | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const sent = body && { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(url, {
    ...sent,
    headers: { ...(body && { "content-type": "application/json" }), ...requestHeaders(endpoint) },
    // It would carry the key elsewhere.
    redirect: "error",
    signal,
  });
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > maxBytes) return undefined;
    parts.push(part);
  }
  if (!response.ok) return undefined;
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    return undefined;
  }
}

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};

/** The entry of a model in a list; Ollama lists what is named without a tag with the one that it takes then. */
function named(answer: unknown, key: string, model: string): unknown {
  const list = fieldsOf(answer)[key];
  if (!Array.isArray(list)) return undefined;
  const entryOf = (name: string) =>
    list.find((entry) => [fieldsOf(entry).id, fieldsOf(entry).model].includes(name));
  return entryOf(model) ?? entryOf(`${model}:latest`);
}

/**
 * The size as it is called by LM Studio (`loaded_…`, `max_context_length`), vLLM (`max_model_len`), Anthropic
 * (`max_input_tokens`), Groq (`context_window`), OpenRouter, Together and Ollama (`context_length`). What is loaded is what
 * counts; else the smallest of what is told.
 */
function sizeIn(entry: unknown): number | undefined {
  const fields = fieldsOf(entry);
  const loaded = sizeOf(fields.loaded_context_length);
  if (loaded !== undefined) return loaded;
  return smallest([
    fields.max_model_len,
    fields.context_length,
    fields.max_context_length,
    fields.context_window,
    fields.max_input_tokens,
    fieldsOf(fields.top_provider).context_length,
  ]);
}

/** Ollama's `/api/show`. */
function shownSize(answer: unknown): number | undefined {
  const { parameters, model_info } = fieldsOf(answer);
  const set = /^\s*num_ctx\s+(\d{1,9})\s*$/m.exec(typeof parameters === "string" ? parameters : "")?.[1];
  if (set !== undefined) return sizeOf(Number(set));
  const own = Object.entries(fieldsOf(model_info)).filter(([name]) => name.endsWith(".context_length"));
  return smallest(own.map(([, value]) => value));
}

function smallest(values: unknown[]): number | undefined {
  const sizes = values.map(sizeOf).filter((size) => size !== undefined);
  return sizes.length === 0 ? undefined : Math.min(...sizes);
}

function sizeOf(value: unknown): number | undefined {
  const { least, most } = plausible;
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
    ? value
    : undefined;
}
