import { membersOf } from "../../access-groups.js";
import { groupNameIn } from "../../group-name.js";
import type { Config } from "../../schema/config.js";
import { nearest } from "../near.js";
import type { Rule } from "../rule.js";
import { listsOfPeople } from "./access.js";

/** The tools that every runtime has (behaviour 6.6), and the built-in agent's own (6.8). */
const ownTools = ["message", "history", "schedule", "ask", "memory"];

/** A group of people that is not there names nobody (behaviour 18.3); owners have to be somebody. */
export const namedGroupsExist: Rule = function* (config) {
  const names = Object.keys(config.accessGroups);
  const lists = [...listsOfPeople(config)];
  for (const [index, { sendTo }] of config.agents.list.entries())
    lists.push({ entries: sendTo, path: ["agents", "list", index, "sendTo"] });
  for (const { entries = [], path } of lists)
    for (const [index, entry] of entries.entries()) {
      const name = groupNameIn(entry);
      if (name === undefined) continue;
      const at = { severity: "error" as const, path: [...path, index], because: [["accessGroups"]] };
      const group = Object.hasOwn(config.accessGroups, name) ? config.accessGroups[name] : undefined;
      if (group === undefined) {
        const near = nearest(name, names);
        yield {
          ...at,
          message: `there is no group of people "${name}"`,
          expected:
            names.length > 0 ? `accessGroup: and one of ${names.join(", ")}` : "an entry of accessGroups",
          ...(near === undefined ? {} : { suggestion: JSON.stringify(`accessGroup:${near}`) }),
        };
      } else if (path[0] === "commands" && membersOf(group).length === 0)
        yield {
          ...at,
          message: `the group "${name}" has nobody who could be an owner`,
          expected: "a group with people",
        };
    }
};

/** A misspelled tool would be denied to nobody, or leave nobody any. */
export const toolsOfPeopleExist: Rule = function* (config) {
  const servers = serverPrefixes(config);
  for (const [group, { tools }] of Object.entries(config.accessGroups))
    for (const key of ["allow", "deny"] as const)
      for (const [index, name] of (tools?.[key] ?? []).entries()) {
        if (isTool(name.trim().toLowerCase(), servers)) continue;
        const near = nearest(name, ownTools);
        yield {
          severity: "error",
          path: ["accessGroups", group, "tools", key, index],
          message: `there is no tool "${name}"`,
          expected: `${ownTools.join(", ")}, or server__tool of an agent's mcpServers; "*" at the end stands for more`,
          ...(near === undefined ? {} : { suggestion: JSON.stringify(near) }),
        };
      }
};

function isTool(name: string, servers: readonly string[]): boolean {
  const begins = name.endsWith("*") ? name.slice(0, -1) : undefined;
  if (begins === undefined) return ownTools.includes(name) || servers.some((each) => name.startsWith(each));
  return [...ownTools, ...servers].some((each) => each.startsWith(begins) || begins.startsWith(each));
}

/** How the names of the tools of each configured server begin, in lower case. */
function serverPrefixes({ agents }: Config): string[] {
  return agents.list.flatMap(({ runtime }) =>
    runtime?.type === "llm"
      ? Object.keys(runtime.mcpServers).map((name) =>
          `${name.replace(/[^A-Za-z0-9_-]/g, "_")}__`.toLowerCase(),
        )
      : [],
  );
}
