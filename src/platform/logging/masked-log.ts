import type { Log } from "../log.js";

/**
 * A log into which no secret goes, whoever writes it down: what agents, providers and imsg say is in sentences and fields alike.
 * @param mask takes the secrets out of a text
 */
export function maskedLog(log: Log, mask: (text: string) => string): Log {
  const at = (level: keyof Log) => (message: string, fields?: Record<string, unknown>) =>
    log[level](mask(message), fields && (masked(fields, mask) as Record<string, unknown>));
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function masked(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, mask)]));
}
