import type { ConfigPath } from "../path.js";

/**
 * What the report says about settings that limited somebody and do not exist here, by the place where they would stand.
 */
const known: readonly [RegExp, string][] = [
  [
    /(^|\.)groups\..+\.(tools|toolsBySender|skills)(\.|$)/,
    "tools are not limited per group here: name an agent that has only these as the group's agentId",
  ],
  [
    /^agents\..+\.(tools|sandbox|skills|subagents)(\.|$)/,
    "what an agent may do is set up in the agent itself here",
  ],
  [
    /^commands\.(allowFrom|useAccessGroups)(\.|$)/,
    "who is let in may use commands here; those that change something are for owners",
  ],
  [/^session\.reset/, "a session lasts here until /new or /reset"],
  [/(^|\.)responsePrefix$/, "there is one messages.responsePrefix for all accounts here"],
  [/^session\.(scope|groupScope)$/, "each group has a session of its own here"],
  [/^session\.maintenance/, "gateway.retentionDays says how long is kept what was said"],
  [/(^|\.)defaultTo$/, "a send names its target here"],
];

/** @param to where the setting would stand here @returns why it does not, in one sentence */
export function whyUnknown(to: ConfigPath): string {
  const place = to.join(".");
  return known.find(([pattern]) => pattern.test(place))?.[1] ?? "there is no such setting here";
}
