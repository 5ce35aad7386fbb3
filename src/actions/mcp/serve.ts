import { Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { adviceOf, version } from "../../platform/index.js";

/** A tool as MCP shows it. */
export interface McpTool {
  name: string;
  description: string;
  inputSchema: { type: "object"; [key: string]: unknown };
}

/** Where the tools are: the gateway, for one session. Both reject with an error whose message the agent may read. */
export interface ToolSource {
  /** What is on offer for the session; asked anew for each list, and again by agents whenever they like. */
  tools(): Promise<McpTool[]>;
  /** Calls a tool. @returns what the agent is told; `isError` also where the tool ran and failed */
  call(tool: string, input: unknown): Promise<{ text: string; isError: boolean }>;
}

/**
 * Serves a session's tools over stdio (behaviour 6.6), until the client closes its end.
 * @param closed resolves when the client is gone
 */
export async function serveMcp(source: ToolSource, closed: Promise<unknown>): Promise<void> {
  const server = serveStdio(() => {
    const mcp = new Server({ name: "tapback", version }, { capabilities: { tools: {} } });
    mcp.setRequestHandler("tools/list", async () => ({ tools: await source.tools() }));
    mcp.setRequestHandler("tools/call", async ({ params }) => {
      try {
        const { text, isError } = await source.call(params.name, params.arguments);
        return { content: [{ type: "text" as const, text }], isError };
      } catch (error) {
        return { content: [{ type: "text" as const, text: adviceOf(error) }], isError: true };
      }
    });
    return mcp;
  });
  await closed;
  await server.close();
}
