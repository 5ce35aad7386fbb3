import { proveMcpServer } from "../agents/index.js";
import { type Config, resolveAgents } from "../config/index.js";
import { messageOf, secretMask, systemClock } from "../platform/index.js";
import { madeWorkspace } from "../turns/index.js";
import { type Finding, fine, warn } from "./check.js";

/** Where programs and workspaces are looked for. */
interface Place {
  env: Record<string, string | undefined>;
  home: string;
  stateDir: string;
}

/**
 * Starts every MCP server of every agent (behaviour 6.7), side by side. Turns go on without one that fails: that is a warning.
 * @param limitMs how long one server is waited for, milliseconds
 */
export async function checkMcpServers(
  config: Config,
  { env, home, stateDir }: Place,
  limitMs = 20_000,
): Promise<Finding[]> {
  const mask = secretMask(() => [env, config]);
  const checks = resolveAgents(config).flatMap((agent) => {
    const { id, runtime } = agent;
    if (runtime.type !== "llm") return [];
    return Object.entries(runtime.mcpServers).map(async ([name, settings]) => {
      const check = `agent/${id}/mcp/${name}`;
      const limit = new AbortController();
      const late = new Error(`it was not ready within ${limitMs / 1000} s`);
      const stopTimer = systemClock.after(limitMs, () => limit.abort(late), { unref: true });
      try {
        const definition = { workspace: madeWorkspace(agent, stateDir, home) };
        const parts = { definition, deps: { env, home, clock: systemClock } };
        const count = await proveMcpServer(name, settings, parts, limit.signal);
        return fine(check, `${count} ${count === 1 ? "tool" : "tools"}`);
      } catch (error) {
        const remedy = `Try by hand what stands under mcpServers.${name}; a first start may download it.`;
        return warn(check, mask(messageOf(error)), remedy);
      } finally {
        stopTimer();
      }
    });
  });
  return Promise.all(checks);
}
