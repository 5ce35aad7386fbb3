import type { RequestPermissionRequest } from "@agentclientprotocol/sdk";

/** The name that the gateway's MCP server has for agents, and the tools behind it (behaviour 6.6). */
const server = "tapback";
const tools = ["message", "history", "schedule", "ask"];

type Meta = Record<string, unknown>;

/**
 * Which of the gateway's own tools a permission request is for (behaviour 6.5). Only marks that the agent itself sets count,
 * each agent's own, all of them together: titles and inputs alone can be made to look like anything by a model, by another
 * server or by a file of the workspace. Whatever is not clear is asked for.
 * @param request with the whole tool call: Codex says only in an earlier report which tool it is
 * @returns the tool's name; undefined: something else
 */
export function ownToolAsked(request: RequestPermissionRequest): string | undefined {
  return tools.find((tool) => ways.some((is) => is(request, tool)));
}

const ways: ((request: RequestPermissionRequest, tool: string) => boolean)[] = [
  // Claude Code says which server a tool is of, and that this server came with the session and not out of a file.
  ({ toolCall: { _meta } }, tool) => {
    const claude = metaOf(_meta?.claudeCode);
    const { name, source } = metaOf(claude.mcpServer);
    return claude.toolName === `mcp__${server}__${tool}` && name === server && source === "dynamic";
  },
  ({ toolCall: { _meta, kind } }, tool) => {
    const isQwen = _meta?.toolName === `mcp__${server}__${tool}` && _meta.claudeCode === undefined;
    return isQwen && kind === "other";
  },
  // Gemini CLI offers to trust a whole server for tools of servers alone.
  ({ toolCall: { title, kind }, options }, tool) =>
    title === `${tool} (${server} MCP Server)` &&
    kind === "other" &&
    options.some(({ optionId }) => optionId === "proceed_always_server"),
  ({ _meta, toolCall: { title, rawInput } }, tool) => {
    const input = metaOf(rawInput);
    const isNamed = title === `mcp.${server}.${tool}` && input.server === server && input.tool === tool;
    return isNamed && _meta?.is_mcp_tool_approval === true;
  },
];

function metaOf(value: unknown): Meta {
  return typeof value === "object" && value !== null ? (value as Meta) : {};
}
