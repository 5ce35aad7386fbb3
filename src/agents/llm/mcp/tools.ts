import { cutText } from "../../../conversation/index.js";
import { messageOf, TapbackError } from "../../../platform/index.js";
import type { Tool } from "../../tools/tool.js";
import type { ListedTool, McpClient } from "./client.js";
import { resultText } from "./result-text.js";

/** Longest name that providers take. */
const maxName = 64;
const maxDescription = 1000;
/** Largest schema of a tool's input, UTF-16 code units: every request carries it. */
const maxSchema = 10_000;
/** Longest result, UTF-16 code units. */
const maxResult = 20_000;

/**
 * Makes tools of those that a server lists. Their names begin with the server's and two underscores, which no tool of the
 * gateway has.
 * @returns with those that are left out, by the server's name of each
 */
export function toolsOf(
  server: string,
  listed: ListedTool[],
  client: Pick<McpClient, "callTool">,
): { tools: Tool[]; leftOut: string[] } {
  const tools = new Map<string, Tool>();
  const leftOut: string[] = [];
  for (const { name, description, inputSchema } of listed) {
    const shown = `${server}__${name}`.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, maxName);
    if (tools.has(shown) || JSON.stringify(inputSchema).length > maxSchema) {
      leftOut.push(name);
      continue;
    }
    const { $schema: _, ...schema } = inputSchema as Record<string, unknown>;
    tools.set(shown, {
      definition: {
        type: "function",
        name: shown,
        description: cutText(description ?? "", maxDescription),
        inputSchema: { ...schema, type: "object" },
      },
      maxResult,
      run: (input, _turn, signal) => call(client, name, input, signal),
    });
  }
  return { tools: [...tools.values()], leftOut };
}

async function call(
  client: Pick<McpClient, "callTool">,
  name: string,
  input: unknown,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    const { content, structured, isError } = await client.callTool(name, input, signal);
    const text = resultText(content, structured);
    if (!isError) return text;
    throw new Error(text);
  } catch (error) {
    throw new TapbackError("MCP_TOOL", messageOf(error));
  }
}
