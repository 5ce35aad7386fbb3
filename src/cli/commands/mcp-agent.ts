import { once } from "node:events";
import { askGateway } from "../../control/index.js";
import { type AgentSource, serveAgent } from "../../mcp/serving/index.js";
import type { LocalRights } from "../../mcp/wire/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";

/** A tool may wait for a person so long, and then the gateway answers, milliseconds. */
const mostMs = 6 * 60_000;

export interface McpAgentOptions {
  owner?: boolean;
  chats?: string[];
  tokenEnv?: string;
  account?: string;
  scopes?: string;
}

/**
 * `tapback mcp`: conversations for an agent of another system, over stdio (behaviour 20.3). All is asked of the running gateway over
 * its control socket, by the requests of the API, so that no port need be open; it may be started before the gateway.
 * @throws `USAGE` where it is not said once what the agent reaches
 */
export async function mcpAgent(context: Context, options: McpAgentOptions): Promise<never> {
  const closed = once(process.stdin, "close");
  const given = rightsIn(options, context.env);
  let rights: LocalRights | undefined;
  const source: AgentSource = async (method, params, left) => {
    // Numbers of chats are those of one database: what they mean now they mean until this ends.
    rights ??= { ...given, ...(given.token === undefined && (await bind(context, given))) };
    const asked = { rights, method, params };
    return answered(await askGateway(context.stateDir, "agent.ask", asked, mostMs, left));
  };
  await serveAgent(source, closed);
  // Hanging up is how the gateway learns that nobody waits any more, and a call may wait for a person still.
  process.exit(0);
}

async function bind({ stateDir }: Context, { account, chats }: LocalRights): Promise<Partial<LocalRights>> {
  return answered(await askGateway(stateDir, "agent.bind", { account, chats }));
}

function answered<Result>(answer: { result: Result } | undefined): Result {
  if (answer) return answer.result;
  throw new TapbackError("GATEWAY_UNREACHABLE", "the gateway does not run", {
    hint: "Start it with `tapback gateway`.",
  });
}

/** @throws `USAGE` */
function rightsIn(options: McpAgentOptions, env: Context["env"]): LocalRights {
  const { owner, chats, tokenEnv, account, scopes } = options;
  if ([owner, chats, tokenEnv].filter((each) => each !== undefined).length !== 1)
    throw new TapbackError("USAGE", "say what the agent reaches, in one way", {
      hint: "--owner: all; --chats TARGET…: these; --token-env NAME: what the token in that variable reaches.",
    });
  if (tokenEnv !== undefined) {
    if (account !== undefined || scopes !== undefined)
      throw new TapbackError("USAGE", "a token says itself what it is good for", {
        hint: "Leave --account and --scopes out.",
      });
    const token = env[tokenEnv];
    if (token) return { token };
    throw new TapbackError("USAGE", `${tokenEnv} is not set`, {
      hint: "It has to hold the secret of a token; `tapback token add` makes one.",
    });
  }
  return {
    account,
    chats: chats && listIn(chats),
    scopes: scopes === undefined ? undefined : listIn([scopes]),
  };
}

/** Lists may be written with commas, or as several words. */
function listIn(given: readonly string[]): string[] {
  return given
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter(Boolean);
}
