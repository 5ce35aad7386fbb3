import type { ConfigPath } from "../../path.js";
import type { Rule } from "../rule.js";

/** Turns that are left to workers need a state that these reach, and an agent that they can run (behaviour 21.3). */
export const workersCanRun: Rule = function* (config) {
  for (const [index, { runsOn, runtime }] of config.agents.list.entries()) {
    if (runsOn !== "workers") continue;
    const path: ConfigPath = ["agents", "list", index, "runsOn"];
    if (config.store.url === undefined)
      yield {
        severity: "error",
        path,
        because: [["store"]],
        message: "workers share a state on a server, and store.url names none: nobody would answer",
        expected: "store.url, or no runsOn here",
      };
    if (runtime?.type === "channel")
      yield {
        severity: "error",
        path,
        message: "sessions attach themselves to the gateway, so it answers for this agent",
        expected: "no runsOn here",
      };
  }
};
