import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3Message,
  LanguageModelV3StreamPart,
  LanguageModelV3ToolCall,
} from "@ai-sdk/provider";
import { cutText } from "../../conversation/index.js";
import { type Clock, deadline, TapbackError } from "../../platform/index.js";

const maxTextLength = 200_000;
const maxToolCalls = 16;

/** What one request to a model came to. */
export interface StepResult {
  /** Each block of text, in order, trimmed; thoughts are not in it. */
  texts: string[];
  toolCalls: LanguageModelV3ToolCall[];
  /** The model's message, to go on from; absent when it said and called nothing. */
  message?: LanguageModelV3Message;
  usage: { inputTokens: number; outputTokens: number; cachedInputTokens: number };
  /** Why it stopped, where that is not a plain end. */
  stopped?: "length" | "content-filter";
}

/**
 * Makes one request and reads its stream to the end. Nothing is done with tool calls here, so a step that fails can be
 * repeated.
 * @param stallMs how long the stream may be silent, milliseconds
 * @throws what the client throws, MODEL_STALLED, MODEL_CUT (the stream ended without its end mark), the signal's reason
 */
export async function runStep(
  model: LanguageModelV3,
  ref: string,
  options: LanguageModelV3CallOptions,
  { stallMs, clock }: { stallMs: number; clock: Clock },
  signal: AbortSignal,
): Promise<StepResult> {
  const stop = new AbortController();
  const forward = () => stop.abort(signal.reason);
  if (signal.aborted) forward();
  else signal.addEventListener("abort", forward, { once: true });
  const watch = () => deadline(clock, stallMs, () => stop.abort(stalled(ref, stallMs)));
  let stopWatch = watch();
  const alive = () => {
    stopWatch();
    stopWatch = watch();
  };
  try {
    const { stream } = await model.doStream({ ...options, abortSignal: stop.signal });
    return await read(stream, ref, alive);
  } catch (error) {
    const reason = stop.signal.aborted ? stop.signal.reason : error;
    // Ends the connection when reading ended early.
    stop.abort();
    throw reason;
  } finally {
    stopWatch();
    signal.removeEventListener("abort", forward);
  }
}

async function read(
  stream: ReadableStream<LanguageModelV3StreamPart>,
  ref: string,
  alive: () => void,
): Promise<StepResult> {
  const texts = new Map<string, string>();
  const toolCalls: LanguageModelV3ToolCall[] = [];
  let length = 0;
  let finish: Extract<LanguageModelV3StreamPart, { type: "finish" }> | undefined;
  for await (const part of stream as unknown as AsyncIterable<LanguageModelV3StreamPart>) {
    alive();
    if (part.type === "error") throw part.error;
    if (part.type === "finish") finish = part;
    if (part.type === "tool-call" && toolCalls.length < maxToolCalls) toolCalls.push(part);
    if (part.type === "text-delta") {
      length += part.delta.length;
      if (length > maxTextLength) throw new TapbackError("MODEL_OUTPUT", `${ref} wrote without end`);
      texts.set(part.id, (texts.get(part.id) ?? "") + part.delta);
    }
  }
  // The clients report `other` without a raw reason when the connection closed before the end mark.
  if (
    finish === undefined ||
    (finish.finishReason.unified === "other" && finish.finishReason.raw === undefined)
  )
    throw new TapbackError("MODEL_CUT", `The answer of ${ref} was cut off`, { retryable: true });
  return result([...texts.values()], toolCalls, finish);
}

function result(
  raw: string[],
  toolCalls: LanguageModelV3ToolCall[],
  { usage, finishReason }: Extract<LanguageModelV3StreamPart, { type: "finish" }>,
): StepResult {
  const texts = raw.map((text) => text.trim()).filter((text) => text !== "");
  const content = [
    ...texts.map((text) => ({ type: "text" as const, text })),
    ...toolCalls.map(({ toolCallId, toolName, input, providerMetadata }) => ({
      type: "tool-call" as const,
      toolCallId,
      toolName,
      input: parsed(input),
      ...(providerMetadata === undefined ? {} : { providerOptions: providerMetadata }),
    })),
  ];
  const { unified } = finishReason;
  return {
    texts,
    toolCalls,
    ...(content.length > 0 ? { message: { role: "assistant", content } } : {}),
    usage: {
      inputTokens: usage.inputTokens.total ?? 0,
      outputTokens: usage.outputTokens.total ?? 0,
      cachedInputTokens: usage.inputTokens.cacheRead ?? 0,
    },
    ...(unified === "length" || unified === "content-filter" ? { stopped: unified } : {}),
  };
}

/** A model may write arguments that are no JSON; what it wrote stays readable for it. */
function parsed(input: string): unknown {
  try {
    return JSON.parse(input || "{}");
  } catch {
    return { invalid: cutText(input, 1000) };
  }
}

function stalled(ref: string, ms: number): TapbackError {
  return new TapbackError("MODEL_STALLED", `${ref} said nothing for ${Math.round(ms / 1000)} s`, {
    retryable: true,
  });
}
