import { hostname } from "node:os";
import { type Config, expandHome } from "../config/index.js";
import { nameOf, sendAlert, testAlert } from "../health/index.js";
import { findProgram, systemClock } from "../platform/index.js";
import { type Finding, failed, fine, warn } from "./check.js";

/** Whether the commands of `alerts` are there; nothing is sent. */
export function checkAlerts(
  { alerts }: Pick<Config, "alerts">,
  { env, home }: { env: Record<string, string | undefined>; home: string },
): Finding[] {
  return alerts.flatMap((channel, index) => {
    if (channel.type !== "command" || findProgram(expandHome(channel.command, home), env)) return [];
    return [
      failed(
        `alerts/${index}`,
        `${channel.command} is not there, or may not be run`,
        `Correct alerts[${index}].command; \`tapback doctor --alert\` sends a test.`,
      ),
    ];
  });
}

/** Sends a test through every channel of `alerts`, side by side (behaviour 18.5). */
export async function proveAlerts(
  { alerts }: Pick<Config, "alerts">,
  place: { env: Record<string, string | undefined>; home: string },
): Promise<Finding[]> {
  if (alerts.length === 0)
    return [
      warn(
        "alerts",
        "nobody is told past Messages when Messages is broken",
        "Set `alerts` in the configuration (docs/alerts.md).",
      ),
    ];
  const alert = testAlert(hostname(), systemClock.now());
  const { signal } = new AbortController();
  return Promise.all(
    alerts.map(async (channel, index) => {
      const check = `alerts/${index}`;
      const sent = await sendAlert(alert, channel, { ...place, clock: systemClock }, signal);
      if (sent.ok) return fine(check, `${nameOf(channel)} took a test alert`);
      return failed(check, sent.error.message, `Try by hand what stands under alerts[${index}].`);
    }),
  );
}
