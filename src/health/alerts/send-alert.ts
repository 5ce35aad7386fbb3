import { type AlertChannel, expandHome } from "../../config/index.js";
import { cutText } from "../../conversation/index.js";
import {
  askable,
  type Clock,
  err,
  messageOf,
  ok,
  type Result,
  runProgram,
  signatureHeaders,
  TapbackError,
  unaskedWhy,
} from "../../platform/index.js";
import type { Alert } from "./alert.js";

/** How long one channel may take, milliseconds. */
const limitMs = 30_000;
const late = `it did not end within ${limitMs / 1000} s`;
/** Of what a program says while it fails, UTF-16 code units. */
const mostWords = 300;

export interface AlertMeans {
  clock: Clock;
  env: Record<string, string | undefined>;
  home: string;
}

/** Tells one channel, once. @returns `ALERT_FAILED`, with why */
export async function sendAlert(
  alert: Alert,
  channel: AlertChannel,
  means: AlertMeans,
  signal: AbortSignal,
): Promise<Result<void, TapbackError>> {
  const limit = new AbortController();
  const stop = () => limit.abort();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const stopTimer = means.clock.after(limitMs, stop);
  try {
    const send = channel.type === "command" ? run : post;
    await send(alert, channel as never, means, limit.signal);
    return ok(undefined);
  } catch (error) {
    const why = limit.signal.aborted ? late : messageOf(error);
    return err(
      new TapbackError("ALERT_FAILED", `${nameOf(channel)}: ${why}`, { cause: error, retryable: true }),
    );
  } finally {
    stopTimer();
    signal.removeEventListener("abort", stop);
  }
}

/** What a person knows a channel by; of an address only the machine, for the rest may be a secret. */
export function nameOf(channel: AlertChannel): string {
  return channel.type === "command" ? channel.command : new URL(channel.url).host;
}

type ChannelOf<T extends AlertChannel["type"]> = Extract<AlertChannel, { type: T }>;

async function run(
  alert: Alert,
  { command, args }: ChannelOf<"command">,
  { env, home }: AlertMeans,
  signal: AbortSignal,
): Promise<void> {
  const done = await runProgram(expandHome(command, home), args, {
    timeoutMs: limitMs,
    signal,
    input: `${JSON.stringify(alert)}\n`,
    env: {
      ...env,
      TAPBACK_ALERT_STATE: alert.state,
      TAPBACK_ALERT_KIND: alert.kind ?? "",
      TAPBACK_ALERT_TEXT: alert.text,
    },
  });
  if (done.state === "failed") throw done.error;
  if (done.state !== "ended") throw new Error(late);
  const { exitCode, stderr } = done;
  if (exitCode === 0) return;
  const words = cutText(stderr.trim(), mostWords);
  throw new Error(`it ended with ${exitCode ?? "a signal"}${words === "" ? "" : `: ${words}`}`);
}

async function post(
  alert: Alert,
  { url, secret }: ChannelOf<"webhook">,
  { clock }: AlertMeans,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify(alert);
  const asked = askable(url);
  const response = await fetch(asked.url, {
    method: "POST",
    headers: {
      ...asked.headers,
      "content-type": "application/json",
      ...(secret !== undefined && signatureHeaders(secret, body, clock.now())),
    },
    body,
    redirect: "manual",
    signal,
  }).catch((error: unknown) => Promise.reject(new Error(unaskedWhy(error))));
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}
