import type { ConfigPath } from "../path.js";
import type { Config } from "../schema/config.js";
import { catchupBounds } from "../schema/defaults.js";
import type { SchemaIssue } from "./issues.js";

/**
 * Brings the catch-up numbers of channel and accounts into their bounds (behaviour 2.4), in place.
 * @returns a warning per number that was changed
 */
export function clampCatchup(config: Config): SchemaIssue[] {
  const channel = config.channels.imessage;
  if (channel === undefined) return [];
  const findings: SchemaIssue[] = [];
  const clamp = (catchup: typeof channel.catchup, path: ConfigPath) => {
    for (const [key, [least, most]] of Object.entries(catchupBounds)) {
      const field = key as keyof typeof catchupBounds;
      const value = catchup?.[field];
      if (catchup === undefined || value === undefined) continue;
      catchup[field] = Math.min(most, Math.max(least, Math.round(value)));
      if (catchup[field] === value) continue;
      findings.push({
        path: [...path, "catchup", key],
        message: `${value} is out of range; ${catchup[field]} is used`,
        expected: `a whole number from ${least} to ${most}`,
      });
    }
  };
  clamp(channel.catchup, ["channels", "imessage"]);
  for (const [id, account] of Object.entries(channel.accounts ?? {}))
    clamp(account.catchup, ["channels", "imessage", "accounts", id]);
  return findings;
}
