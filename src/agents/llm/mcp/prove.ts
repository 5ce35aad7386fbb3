import type { McpServerSettings } from "../../definition.js";
import type { McpServerParts } from "./server.js";

/**
 * Starts an MCP server of the configuration, or connects to it, asks for its tools, and ends it again (behaviour 6.7).
 * @param signal bounds the time of it all
 * @returns how many tools it has
 * @throws MCP_SERVER why it does not work; the signal's reason
 */
export async function proveMcpServer(
  name: string,
  settings: McpServerSettings,
  parts: McpServerParts,
  signal: AbortSignal,
): Promise<number> {
  const { openServer } = await import("./server.js");
  const { tools, close } = await openServer(name, settings, parts, signal);
  await close();
  return tools.length;
}
