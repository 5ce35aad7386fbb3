import {
  type BaseContext,
  LATEST_PROTOCOL_VERSION,
  Protocol,
  SUPPORTED_PROTOCOL_VERSIONS,
  type Transport,
} from "@modelcontextprotocol/server";
import { version } from "../../../platform/index.js";

/** How long a server may take for one list of tools, milliseconds. */
const listMs = 30_000;
/** How long a tool may run, milliseconds. */
export const callMs = 120_000;
const mostPages = 10;

/** A tool as a server lists it. */
export interface ListedTool {
  name: string;
  description?: string | undefined;
  inputSchema: object;
}

/** The client's side of the Model Context Protocol: tools alone, nothing is offered to the server. */
export class McpClient extends Protocol<BaseContext> {
  /**
   * Connects, and agrees on a version.
   * @throws what the transport threw, or why there is no agreement; the signal's reason
   */
  async open(transport: Transport, signal: AbortSignal, timeout: number): Promise<void> {
    await this.connect(transport);
    const params = {
      protocolVersion: LATEST_PROTOCOL_VERSION,
      capabilities: {},
      clientInfo: { name: "tapback", version },
    };
    const { protocolVersion } = await this.request({ method: "initialize", params }, { signal, timeout });
    if (!SUPPORTED_PROTOCOL_VERSIONS.includes(protocolVersion))
      throw new Error(`it speaks version ${protocolVersion} of the protocol`);
    this._negotiatedProtocolVersion = protocolVersion;
    transport.setProtocolVersion?.(protocolVersion);
    await this.notification({ method: "notifications/initialized" });
  }

  /** @param most so many at most, over all pages */
  async listTools(most: number, signal: AbortSignal): Promise<ListedTool[]> {
    const tools: ListedTool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < mostPages && tools.length < most; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const answer = await this.request({ method: "tools/list", params }, { signal, timeout: listMs });
      tools.push(...answer.tools);
      cursor = answer.nextCursor;
      if (cursor === undefined) break;
    }
    return tools.slice(0, most);
  }

  /** @returns the parts of its result, and whether they tell a failure @throws where there is no result */
  async callTool(
    name: string,
    input: unknown,
    signal: AbortSignal | undefined,
  ): Promise<{ content: unknown[]; structured: unknown; isError: boolean }> {
    const params = { name, arguments: (input ?? {}) as Record<string, unknown> };
    const answer = await this.request(
      { method: "tools/call", params },
      { timeout: callMs, ...(signal && { signal }) },
    );
    return {
      content: answer.content,
      structured: answer.structuredContent,
      isError: answer.isError === true,
    };
  }

  /** What a handler is given of a request: nothing more. */
  protected buildContext(context: BaseContext): BaseContext {
    return context;
  }

  /** Allows every request: a server that lacks a method says so itself. */
  protected assertCapabilityForMethod(): void {}

  /** Allows every notification, for the same reason. */
  protected assertNotificationCapability(): void {}

  /** Allows what is answered: `ping` alone. */
  protected assertRequestHandlerCapability(): void {}
}
