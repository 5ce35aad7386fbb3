import { join } from "node:path";
import {
  Client,
  StreamableHTTPClientTransport,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { GatewayLab } from "./gateway-lab.js";

/** What a tool answered. */
export interface ToolAnswer {
  isError: boolean;
  /** The first text: what the model is told before the data, or of an error. */
  told: string;
  /** What was found. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered
  data: any;
  content: { type: string; [key: string]: unknown }[];
}

/** An agent of another system: a published client of MCP, over HTTP or as whoever started `tapback mcp`. */
export class McpAgent {
  private constructor(readonly client: Client) {}

  /** Comes over HTTP. @param url of the API */
  static async overHttp(url: string, token: string, mode: VersionNegotiationMode): Promise<McpAgent> {
    const headers = { Authorization: `Bearer ${token}` };
    const transport = new StreamableHTTPClientTransport(new URL("/mcp", url), { requestInit: { headers } });
    return McpAgent.#connected(transport, mode);
  }

  /** Starts `tapback mcp`. @param args of it */
  static async overStdio(
    lab: GatewayLab,
    args: string[],
    env: Record<string, string> = {},
    mode: VersionNegotiationMode = "legacy",
  ): Promise<McpAgent> {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [join(import.meta.dirname, "../../dist/cli/main.js"), "mcp", ...args],
      env: {
        PATH: process.env.PATH ?? "",
        HOME: lab.folder,
        TAPBACK_STATE_DIR: join(lab.folder, "state"),
        TAPBACK_CONFIG: join(lab.folder, "tapback.json5"),
        ...env,
      },
      stderr: "pipe",
    });
    return McpAgent.#connected(transport, mode);
  }

  static async #connected(
    transport: StdioClientTransport | StreamableHTTPClientTransport,
    mode: VersionNegotiationMode,
  ): Promise<McpAgent> {
    const client = new Client({ name: "agent", version: "1" }, { versionNegotiation: { mode } });
    await client.connect(transport);
    return new McpAgent(client);
  }

  /** The names of its tools. */
  async tools(): Promise<string[]> {
    return (await this.client.listTools()).tools.map(({ name }) => name);
  }

  /** Calls a tool. */
  async call(name: string, args: Record<string, unknown> = {}): Promise<ToolAnswer> {
    const result = await this.client.callTool({ name, arguments: args });
    const content = result.content as ToolAnswer["content"];
    const [first, second] = content.map(({ text }) => String(text));
    const isError = result.isError === true;
    return { isError, told: first ?? "", data: isError ? undefined : JSON.parse(second!), content };
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
