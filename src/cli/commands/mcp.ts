import { once } from "node:events";
import { serveMcp, type ToolSource } from "../../actions/mcp/index.js";
import { maxAskSeconds } from "../../agents/index.js";
import { askGateway } from "../../control/index.js";
import { TapbackError } from "../../platform/index.js";
import { proofTools } from "../../turns/index.js";
import type { Context } from "../context.js";

/** Longest time that an action in Messages may take, milliseconds. */
const callMs = 120_000;

/**
 * `tapback mcp`: the message tool and the past of one conversation, for the agent of a session, over stdio. The agent is
 * handed the session's token when it starts; there is nothing to be had without it. With a file for a proof it shows tools
 * that reach nothing (behaviour 6.7).
 * @throws `USAGE` without a session, `MCP_UNAUTHORISED` without its token
 */
export async function mcp(
  context: Context,
  options: { session?: string; proof?: string },
): Promise<undefined> {
  const closed = once(process.stdin, "close");
  const { proof } = options;
  if (proof !== undefined) {
    const refuse = async () => ({ text: "This is a proof: there is no conversation.", isError: true });
    await serveMcp({ tools: () => proofTools(proof), call: refuse }, closed);
    return;
  }
  const token = context.env.TAPBACK_MCP_TOKEN;
  if (!options.session)
    throw new TapbackError("USAGE", "--session is missing", { hint: "Agents are told how to start this." });
  if (!token)
    throw new TapbackError("MCP_UNAUTHORISED", "TAPBACK_MCP_TOKEN is not set", {
      hint: "The gateway hands it to the agent of a session, together with this command.",
    });
  const access = { session: options.session, token };
  const resultOf = <T>(answer: { result: T } | undefined): T => {
    if (answer) return answer.result;
    throw new TapbackError("GATEWAY_UNREACHABLE", "the gateway does not run");
  };
  const source: ToolSource = {
    tools: async () => resultOf(await askGateway(context.stateDir, "mcp.tools", access, callMs)),
    call: async (tool, input) => {
      // A person is waited for.
      const mostMs = tool === "ask" ? maxAskSeconds * 1000 + callMs : callMs;
      return resultOf(await askGateway(context.stateDir, "mcp.call", { ...access, tool, input }, mostMs));
    },
  };
  await serveMcp(source, closed);
}
