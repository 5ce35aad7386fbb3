import { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";
import type { RelayedRequest } from "../../agents/index.js";
import { adviceOf, version } from "../../platform/index.js";
import type { ToolSource } from "./serve.js";

/** Where messages and tools of a session come from, and where its permission requests go. */
export interface ChannelSource extends ToolSource {
  /** What the model is told of it all. */
  instructions: string;
  /** A permission request of the session is to be put to an owner. */
  asked(request: RelayedRequest): void;
}

/** What a running session is told. */
export interface ChannelClient {
  /** Puts something before its model, with attributes. */
  push(content: string, meta: Record<string, string>): Promise<void>;
  /** Answers a permission request. */
  decide(requestId: string, allow: boolean): Promise<void>;
  /** Settles when the session is gone. */
  readonly closed: Promise<void>;
  /** Ends it. */
  close(): Promise<void>;
}

const relayed = z.object({
  request_id: z.string().min(1).max(100),
  tool_name: z.string().default("a tool"),
  description: z.string().default(""),
  input_preview: z.string().default(""),
});

/**
 * Serves a channel of Claude Code over stdio (behaviour 20.4, docs/spec/claude-channels.md).
 * @returns how to reach the session, once it has said that it is ready
 */
export async function serveChannel(source: ChannelSource): Promise<ChannelClient> {
  const server = new Server(
    { name: "tapback", version },
    {
      capabilities: {
        tools: {},
        experimental: { "claude/channel": {}, "claude/channel/permission": {} },
      },
      instructions: source.instructions,
    },
  );
  server.setRequestHandler("tools/list", async () => ({ tools: await source.tools() }));
  server.setRequestHandler("tools/call", async ({ params }) => {
    try {
      const { text, isError } = await source.call(params.name, params.arguments);
      return { content: [{ type: "text" as const, text }], isError };
    } catch (error) {
      return { content: [{ type: "text" as const, text: adviceOf(error) }], isError: true };
    }
  });
  server.setNotificationHandler(
    "notifications/claude/channel/permission_request",
    { params: relayed },
    ({ request_id: requestId, tool_name: tool, description, input_preview: preview }) =>
      source.asked({ requestId, tool, description, preview }),
  );
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  const ready = new Promise<void>((resolve) => {
    server.oninitialized = resolve;
  });
  await server.connect(new StdioServerTransport());
  await Promise.race([ready, closed]);
  const notify = (method: string, params: Record<string, unknown>) => server.notification({ method, params });
  return {
    push: (content, meta) => notify("notifications/claude/channel", { content, meta }),
    decide: (requestId, allow) =>
      notify("notifications/claude/channel/permission", {
        request_id: requestId,
        behavior: allow ? "allow" : "deny",
      }),
    closed,
    close: () => server.close(),
  };
}
