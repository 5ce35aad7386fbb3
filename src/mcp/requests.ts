import { told } from "../api/serving/index.js";
import { messageOf, TapbackError } from "../platform/index.js";
import type { Agent } from "./agent.js";
import { attachmentOf, attachmentTemplate, contentsOf, listAttachments, readUri } from "./attachments.js";
import type { McpDeps } from "./deps.js";
import { agentTools } from "./tools/table.js";
import { type AgentTool, type Content, inputOf, PartlyDone, shownTool } from "./tools/tool.js";
import { type OpenWaits, Waits } from "./waits.js";
import type { AgentMethod } from "./wire/index.js";

/** Answers what agents of other systems ask in MCP, whatever way that came (behaviour 20.3). */
export class AgentRequests {
  readonly #tools: AgentTool[];

  /** @param ends aborts when the gateway stops @param open as in {@link Waits} */
  constructor(
    private readonly deps: McpDeps,
    ends: AbortSignal,
    open: OpenWaits,
  ) {
    this.#tools = agentTools(deps, new Waits(deps.api, ends, open));
  }

  /**
   * Answers a request of MCP.
   * @param left aborts when the agent waits no more
   * @returns its result; of a tool that failed, what its agent is told
   * @throws `REQUEST_INVALID` for a tool, and `RESOURCE_UNKNOWN` for a file, that is not there for this agent; why a file is not given
   */
  async answer(
    agent: Agent,
    method: AgentMethod,
    params: Record<string, unknown>,
    left: AbortSignal,
  ): Promise<Record<string, unknown>> {
    try {
      return await this.#answer(agent, method, params, left);
    } catch (thrown) {
      // What is not there and what is not reached are the same to the letter.
      throw told(thrown)?.error ?? thrown;
    }
  }

  async #answer(
    agent: Agent,
    method: AgentMethod,
    params: Record<string, unknown>,
    left: AbortSignal,
  ): Promise<Record<string, unknown>> {
    const { cursor, name, uri, arguments: given } = params;
    switch (method) {
      case "tools/list":
        return { tools: this.#toolsOf(agent).map(shownTool) };
      case "tools/call":
        return this.#call(agent, String(name), given, left);
      case "resources/list":
        return listAttachments(cursor === undefined ? undefined : String(cursor), agent, this.deps);
      case "resources/templates/list":
        return { resourceTemplates: agent.scopes.includes("read") ? [attachmentTemplate] : [] };
      case "resources/read": {
        const named = readUri(uri);
        if (!named) throw new TapbackError("RESOURCE_UNKNOWN", "there is no such resource");
        const file = await attachmentOf(named.message, named.number, agent, this.deps);
        return { contents: [contentsOf(String(uri), file)] };
      }
    }
  }

  #toolsOf({ scopes }: Agent): AgentTool[] {
    return this.#tools.filter((tool) => tool.scopes.every((scope) => scopes.includes(scope)));
  }

  async #call(
    agent: Agent,
    name: string,
    given: unknown,
    left: AbortSignal,
  ): Promise<{ content: Content[]; isError?: true }> {
    const tool = this.#toolsOf(agent).find((each) => each.name === name);
    if (!tool)
      throw new TapbackError("REQUEST_INVALID", `there is no tool ${name}`, { hint: "List the tools." });
    try {
      return { content: await tool.call(inputOf(tool, given), agent, left) };
    } catch (thrown) {
      return { content: [{ type: "text", text: this.#refusal(thrown) }], isError: true };
    }
  }

  /** By the API's rules: what is not there and what is not reached are the same to the letter. */
  #refusal(thrown: unknown): string {
    if (thrown instanceof PartlyDone) {
      const why = this.#refusal(thrown.cause);
      return `${why}${/[.!?…]$/.test(why) ? "" : "."} ${thrown.remedy}`;
    }
    const error = told(thrown)?.error;
    if (error) return `${error.code}: ${error.message}${error.hint === undefined ? "" : `. ${error.hint}`}`;
    // What nobody foresaw may name anything.
    this.deps.api.log.error(`a call of an agent could not be answered: ${messageOf(thrown)}`);
    return "FAILED: it went wrong in a way that nobody foresaw; the log of the gateway has it.";
  }
}
