import { createMcpHandler } from "@modelcontextprotocol/server";
import { bodyOf, refusal, unknown } from "../api/serving/index.js";
import type { Answer } from "../http/index.js";
import { TapbackError } from "../platform/index.js";
import { type Agent, agentOfToken } from "./agent.js";
import type { McpDeps } from "./deps.js";
import { AgentRequests } from "./requests.js";
import { agentServer } from "./serve.js";
import type { OpenWaits } from "./waits.js";

/** Streams for news of tools and resources, of which there are none. */
const maxSubscriptions = 16;

/** Makes what answers agents over streamable HTTP. @param ends aborts when it is served there no more @param open as in `Waits` */
export function mcpAnswer(deps: McpDeps, ends: AbortSignal, open: OpenWaits): Answer {
  const requests = new AgentRequests(deps, ends, open);
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const { agent } = authInfo!.extra as { agent: Agent };
      return agentServer((...asked) => requests.answer(agent, ...asked));
    },
    // Whoever waits for a person gets headers at once, and a sign of life every 15 seconds.
    { maxSubscriptions, responseMode: "sse" },
  );
  return async (request) => {
    const { url, method, headers, signal } = request;
    try {
      const body = await bodyOf(request);
      const agent = await agentOfToken(headers.get("authorization"), deps);
      if (new URL(url).pathname !== "/mcp") throw unknown();
      checkOrigin(headers);
      const { tokenId: clientId, scopes } = agent;
      const whole = new Request(url, { method, headers, signal, ...(method === "POST" && { body }) });
      return await handler.fetch(whole, {
        authInfo: { token: "", clientId, scopes: [...scopes], extra: { agent } },
      });
    } catch (error) {
      return refusal(error, deps.api);
    }
  };
}

/** No page of a browser asks here, but one that this gateway serves itself. `Host` was looked at by the listener before. */
function checkOrigin(headers: Headers): void {
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${headers.get("host")}`)
    throw new TapbackError("ORIGIN_REFUSED", "the request comes from a page of somebody else");
}
