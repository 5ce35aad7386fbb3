import type { ConfigPath } from "../../path.js";
import type { Rule } from "../rule.js";

/** Of what belongs to a program and to an address. */
const kinds = { command: ["args", "env", "cwd"], url: ["headers"] } as const;

/** An MCP server is a program or an address, and has nothing of the other. */
export const mcpServersAreOneThing: Rule = function* (config) {
  for (const [index, { runtime }] of config.agents.list.entries()) {
    if (runtime?.type !== "llm") continue;
    for (const [name, server] of Object.entries(runtime.mcpServers)) {
      const path: ConfigPath = ["agents", "list", index, "runtime", "mcpServers", name];
      if ((server.command === undefined) === (server.url === undefined)) {
        yield {
          severity: "error",
          path,
          atKey: true,
          message: `"${name}" is ${server.url === undefined ? "neither a program nor an address" : "a program and an address"}`,
          expected: "command or url",
        };
        continue;
      }
      const other = kinds[server.command === undefined ? "command" : "url"];
      for (const key of other.filter((each) => server[each] !== undefined))
        yield {
          severity: "error",
          path: [...path, key],
          atKey: true,
          message: `${key} is not for ${server.command === undefined ? "an address" : "a program"}`,
          expected: kinds[server.command === undefined ? "url" : "command"].join(", "),
        };
    }
  }
};
