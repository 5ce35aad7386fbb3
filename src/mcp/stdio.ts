import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { type AgentSource, agentServer } from "./serve.js";

/** Serves an agent over stdio until its client closes its end. @param closed resolves when the client is gone */
export async function serveAgent(source: AgentSource, closed: Promise<unknown>): Promise<void> {
  const server = serveStdio(() => agentServer(source));
  await closed;
  await server.close();
}
