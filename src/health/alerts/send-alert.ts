import { type AlertChannel, expandHome } from "../../config/index.js";
import {
  type Clock,
  err,
  messageOf,
  ok,
  type Result,
  signatureHeaders,
  startProgram,
  TapbackError,
} from "../../platform/index.js";
import type { Alert } from "./alert.js";

/** How long one channel may take, milliseconds. */
const limitMs = 30_000;
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
    const why = limit.signal.aborted ? `it did not end within ${limitMs / 1000} s` : messageOf(error);
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
  signal.throwIfAborted();
  const { child, signal: end } = startProgram(expandHome(command, home), args, {
    ...env,
    TAPBACK_ALERT_STATE: alert.state,
    TAPBACK_ALERT_KIND: alert.kind ?? "",
    TAPBACK_ALERT_TEXT: alert.text,
  });
  let words = "";
  const stop = () => end("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      child.on("error", reject);
      child.stdout.on("data", () => {});
      child.stderr.on("data", (piece) => {
        words = `${words}${piece}`.slice(-mostWords);
      });
      child.on("exit", (code) =>
        code === 0
          ? resolve()
          : reject(new Error(`it ended with ${code ?? child.signalCode}: ${words.trim()}`)),
      );
      // It may have ended without reading.
      child.stdin.on("error", () => {});
      child.stdin.end(`${JSON.stringify(alert)}\n`);
    });
  } finally {
    signal.removeEventListener("abort", stop);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

async function post(
  alert: Alert,
  { url, secret }: ChannelOf<"webhook">,
  { clock }: AlertMeans,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify(alert);
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(secret !== undefined && signatureHeaders(secret, body, clock.now())),
    },
    body,
    redirect: "error",
    signal,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}
